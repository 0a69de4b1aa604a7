import type { PairEffect } from '../../pair/state/effects.js';
import type { LedgerAnswer } from '../../pair/state/events.js';

/** The requests whose answer decides how an input goes on. (A reservation is made far ahead and waits for the disk.) */
const AWAITED = new Set<PairEffect['type']>([
  'recordInput',
  'requestCommit',
  'recordDone',
  'recordFence',
  'readHistory',
]);

/** How many answers the ledger owes: while it does, time passes that is nobody's board time (R14). */
export class AwaitedAnswers {
  count = 0;

  asked(effect: PairEffect): void {
    if (AWAITED.has(effect.type)) this.count++;
  }

  answered(answer: LedgerAnswer): void {
    if (answer.type !== 'seqsReserved') this.count--;
  }
}
