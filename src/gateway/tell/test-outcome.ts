import type { CommandOutcome } from '../../control/contract/command.js';
import type { TestedCommand } from './test-messages.js';

/** In a line for each command. */
export function testOutcome(tested: readonly TestedCommand[]): CommandOutcome {
  const text = tested.map(({ name, ok, why }) => `${name}: ${ok ? 'told' : `FAILED, ${why}`}`).join('\n');
  return tested.every(({ ok }) => ok) ? { done: text } : { refused: text };
}
