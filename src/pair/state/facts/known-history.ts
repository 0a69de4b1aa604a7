import type { LedgerRows } from '../../result/ledger-rows.js';
import type { PairConfig } from '../pair-config.js';
import type { KnownHistory, Step } from '../pair-state.js';
import { primaryOf } from '../roles.js';

const FACT = 'known-history';
const NEVER = '-';

/** A ledger that is new begins with boards that are taken to be empty; one that has never said so knows nothing of what was before. */
export function restoreKnownHistory({ facts, executionCount }: LedgerRows): KnownHistory {
  const kept = facts[FACT] ?? null;
  if (kept === null) return { emptyAt: executionCount === 0 ? 0 : null, brokenAt: executionCount, kept };
  const [emptyAt = NEVER, brokenAt = '0'] = kept.split(' ');
  return { emptyAt: emptyAt === NEVER ? null : Number(emptyAt), brokenAt: Number(brokenAt), kept };
}

/** The primary's session is open: is it where the ledger says, or has it begun anew, or may it have while nobody listened? */
export function noteWherePrimaryIs(step: Step, { isFresh, mayHaveRestarted }: PrimaryNews): void {
  if (isFresh) notePrimaryIsEmpty(step);
  else if (mayHaveRestarted) noteDoubtInHistory(step);
  else keep(step);
}

/** It has just started, or is held in RESET. */
export function notePrimaryIsEmpty(step: Step): void {
  step.pair.history.emptyAt = executedBy(step);
  noteDoubtInHistory(step);
}

interface PrimaryNews {
  readonly isFresh: boolean;
  readonly mayHaveRestarted: boolean;
}

/** R31: something may have been executed, or not, of which nobody can say which; or the state may have begun anew. */
export function noteDoubtInHistory(step: Step): void {
  const { history } = step.pair;
  history.brokenAt = Math.max(history.brokenAt, executedBy(step));
  keep(step);
}

function executedBy({ pair }: Step): number {
  return Math.max(primaryOf(pair).work.executionCount, pair.start.executionCount);
}

function keep(step: Step): void {
  const { history, config } = step.pair;
  const value = `${history.emptyAt ?? NEVER} ${history.brokenAt}`;
  if (!isKept(config) || value === history.kept) return;
  history.kept = value;
  step.effects.push({ type: 'keepFact', name: FACT, value });
}

function isKept({ wire }: PairConfig): boolean {
  return wire.resync !== undefined;
}
