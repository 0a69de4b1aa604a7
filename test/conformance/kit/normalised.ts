import type { Message } from '../../../src/protocol/messages.generated.js';

/** Fields that tell one kind of board from another, and nothing of what it does. */
const OWN_FIELDS = new Set([
  'hello.seq', // its unit
  'hello.imageHash',
  'hello.rxBytes',
  'selfTestReport.flashBytes',
  'selfTestReport.flashCrc',
  'selfTestReport.last',
]);

/** A frame as text: every field but those that may differ, boot numbers counted from the first one heard. */
export function normalised(message: Message, firstBoot: number): string {
  const fields = Object.entries(message)
    .filter(([name]) => name !== 'kind' && !OWN_FIELDS.has(`${message.kind}.${name}`))
    .map(([name, value]: [string, unknown]) => {
      if (name === 'boot' && typeof value === 'number') return `boot=+${(value - firstBoot) >>> 0}`;
      if (value instanceof Uint8Array) return `${name}=x${Buffer.from(value).toString('hex')}`;
      return `${name}=${String(value)}`;
    });
  return `${message.kind} ${fields.sort().join(' ')}`;
}
