import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load/load-config.js';
import { refusalWords } from '../../../src/gateway/inputs/refusal-words.js';
import { OK, opened } from './lines-kit.js';

const protocolOf = (said: string) =>
  parseConfig(
    `boards: { a: { kind: serial, port: usb-1.2, line: 9600-8N1 }, b: { kind: serial, port: usb-1.3, line: 9600-8N1 } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27, hold-off: latched-reset }
protocol: { profile: lines-ok, ${said} }
input: { listen: 'pty:valve', framing: lines }
`,
    'valve.yaml',
    '/srv',
  ).protocol;

describe('the refusal of a line', () => {
  const refusal = 'Störung: REASON (REASON)';
  const saidOf = (why: string) => Buffer.concat([Buffer.from(`Störung: ${why} (${why})`), Buffer.of(0xff, 10)]);

  it('is said in the same bytes by who speaks with the board and by who speaks with clients', () => {
    const talk = opened({ ...OK, delimiter: '\xff\n', refusal }).input(1, 'SET 1\nSET 2');
    const [message] = talk.messages.slice(-1);
    const body = message?.kind === 'result' ? message.parts[0]?.body : undefined;
    expect(Buffer.from(body ?? [])).toEqual(saidOf('a line within a line'));
    const words = refusalWords(protocolOf(`refusal: '${refusal}', delimiter: "\\xff\\n"`));
    expect(Buffer.from(words('full') ?? [])).toEqual(saidOf('busy'));
  });

  it('is none where the protocol has no words, and where nobody waits', () => {
    expect(refusalWords(protocolOf("refusal: ''"))('full')).toBeNull();
    expect(refusalWords(protocolOf(`refusal: '${refusal}'`))('cancelled')).toBeNull();
  });
});
