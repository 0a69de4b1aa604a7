import type { PairEffect } from '../state/effects.js';
import type { TimedPairEvent } from '../state/events.js';
import type { PairState } from '../state/pair-state.js';

/** Before what a step did is looked at: what has come from the ledger in it. */
export function hearLedger({ ledgerSaid, queue: { inputs } }: PairState, event: TimedPairEvent): void {
  if (event.type === 'messageReceived' && event.message.kind === 'result' && event.message.ending === 'not-taken') {
    // It has not had it.
    ledgerSaid.given.get(event.message.seq)?.delete(event.board);
  } else if (event.type === 'commitAnswered') {
    if (event.outcome === 'granted' && inputs.has(event.seq)) ledgerSaid.committed.add(event.seq);
  } else if (event.type === 'fenceRecorded') {
    for (const { seq, commit } of event.inputs) if (commit !== null) ledgerSaid.committed.add(seq);
  }
}

/** What is over, nobody has to know any more. */
export function forgetFinished({ ledgerSaid, queue: { inputs } }: PairState, effect: PairEffect): void {
  switch (effect.type) {
    case 'finishInput':
    case 'dropInput':
      ledgerSaid.committed.delete(effect.seq);
      ledgerSaid.answered.delete(effect.seq);
      ledgerSaid.given.delete(effect.seq);
      return;
    case 'releaseInput':
      // R22: a person has it tried again.
      ledgerSaid.given.delete(effect.seq);
      return;
    case 'answer':
      // Owed from an earlier life, and paid.
      if (!inputs.has(effect.seq)) ledgerSaid.committed.delete(effect.seq);
  }
}
