import type { Config } from '../../config.js';
import type { ProtocolConfig } from '../../protocol-config.js';
import type { Finding } from '../finding.js';

/** Keys that are read, and that nothing does yet: a pair that relied on them would run without what they promise. */
export function checkNotServed({ protocol, inputs }: Config): readonly Finding[] {
  const greets = inputs.some((input) => 'access' in input && input.access.greets);
  return [
    ...notServed(protocol).map(([key, instead]) => finding(`protocol.${key}`, instead)),
    ...(greets ? [finding('input.greeting', 'say greeting: none')] : []),
  ];
}

function finding(key: string, remedy: string): Finding {
  return { severity: 'error', key, message: `${key} is known, and not done by this version yet`, remedy };
}

function notServed(protocol: ProtocolConfig): readonly (readonly [key: string, instead: string])[] {
  if (protocol.dialect === 'harness') return [];
  if (protocol.dialect === 'lines') {
    // Whatever it says: a pace alone, too, was written by somebody who believes that something is given again.
    return protocol.resync === null ? [] : [['resync', 'leave it out: a board that joins is compared as it stands']];
  }
  return [];
}
