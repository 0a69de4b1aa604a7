import type { PairEffect } from '../effects.js';
import type { PairEvent } from '../events.js';
import type { LedgerRows } from '../ledger-rows.js';
import type { PairState } from '../pair-state.js';

/**
 * What the ledger itself has said of the inputs in work, kept apart from what the core makes of it, so that one can be
 * held against the other. As many entries as there are inputs in work, and answers owed from an earlier life.
 */
export interface LedgerSaid {
  readonly committed: Set<number>;
  /** Given out, unmarked, in this life (R9). */
  readonly answered: Set<number>;
}

export function ledgerSaidOf({ inputs }: Pick<LedgerRows, 'inputs'>): LedgerSaid {
  return {
    committed: new Set(inputs.filter(({ commit }) => commit !== null).map(({ seq }) => seq)),
    answered: new Set(),
  };
}

/** Before what a step did is looked at: what has come from the ledger in it. */
export function hearLedger({ ledgerSaid, inputs }: PairState, event: PairEvent): void {
  if (event.type === 'commitAnswered') {
    if (event.outcome === 'granted' && inputs.has(event.seq)) ledgerSaid.committed.add(event.seq);
  } else if (event.type === 'fenceRecorded') {
    for (const { seq, commit } of event.inputs) if (commit !== null) ledgerSaid.committed.add(seq);
  }
}

/** What is over, nobody has to know any more. */
export function forgetFinished({ ledgerSaid, inputs }: PairState, effect: PairEffect): void {
  switch (effect.type) {
    case 'finishInput':
    case 'dropInput':
      ledgerSaid.committed.delete(effect.seq);
      ledgerSaid.answered.delete(effect.seq);
      return;
    case 'answer':
      // Owed from an earlier life, and paid.
      if (!inputs.has(effect.seq)) ledgerSaid.committed.delete(effect.seq);
  }
}
