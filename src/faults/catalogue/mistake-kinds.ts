import { fact } from '../plain-words.js';
import type { FaultKind } from './fault-kind.js';

/** What the gateway finds wrong with itself: no board failed, and none is blamed for it (R30). */
export const MISTAKE_KINDS: Readonly<Record<string, FaultKind>> = {
  'own-mistake': {
    title: ({ fault }) =>
      fault.evidence['again'] === true
        ? 'Copycat found a mistake of its own, again'
        : 'Copycat found a mistake of its own',
    happened: ({ fault }) =>
      `The gateway looks at its own work after every step. ${whatWasFound(fact(fault, 'promise'), fact(fault, 'found'))} It ended at once, before anything of that step was done, and was started again.`,
    cause: 'A mistake in the program of Copycat, or a ledger whose rows contradict each other.',
    look: 'Nothing is wrong with the boards. Please report the evidence of this fault, with the lines of the log before the gateway ended.',
  },
};

function whatWasFound(promise: string | undefined, found: string | undefined): string {
  if (promise === undefined) return `It came upon this: ${found ?? 'it did not say what'}.`;
  return `It holds itself to this: ${promise}. It found: ${found ?? 'something else'}.`;
}
