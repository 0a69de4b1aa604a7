import type { Config } from '../../config.js';
import type { Finding } from '../finding.js';

/** Whoever waits for what a board says when it starts would wait for ever where nobody knows it. */
export function checkGreeting({ inputs, protocol }: Config): readonly Finding[] {
  const isKnown = protocol.dialect === 'lines' && protocol.banner !== null;
  if (isKnown || !inputs.some((input) => 'access' in input && input.access.greets)) return [];
  return [
    {
      severity: 'error',
      key: 'input.greeting',
      message: 'input.greeting gives clients what the boards say when they start, and nothing says what that is',
      remedy: "name it (protocol.banner: '^valve [0-9.]+$'), or say greeting: none",
    },
  ];
}
