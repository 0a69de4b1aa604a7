import type { CommitRow } from '../result/ledger-rows.js';
import type { TimedPairEvent } from '../state/events.js';
import type { Input, PairState } from '../state/pair-state.js';
import { broken } from './broken-invariant.js';

/**
 * R27: once, at a start: what the ledger told does not contradict itself. A pair that is stopped has time: a person is
 * told, and may have it go on all the same.
 */
export function checkRestored(event: TimedPairEvent, pair: PairState): void {
  if (pair.phase === 'stopped') return;
  const {
    takeover,
    config,
    lease: { owner: primary },
  } = pair;
  if (takeover !== null && (takeover.to !== primary || !config.boards.includes(takeover.from))) {
    const text = `a takeover from ${takeover.from} to ${takeover.to}, and ${primary} has the lease`;
    broken(pair, event, 'ledgerHoldsTogether', text);
  }
  for (const input of pair.queue.inputs.values()) checkInput(event, pair, input);
  for (const input of pair.queue.unsentAnswers) checkInput(event, pair, input);
}

function checkInput(event: TimedPairEvent, pair: PairState, { seq, kind, commit, doneBy }: Input): void {
  // R27: what was recovered from a board is of a reservation that was lost.
  if (seq >= pair.seqs.nextSeq && kind !== 'recovered') {
    broken(
      pair,
      event,
      'ledgerHoldsTogether',
      `input ${seq} is there, and ${pair.seqs.nextSeq} would be given out next`,
    );
  }
  const why = commit === null ? null : whyImpossible(pair, commit);
  if (why !== null) broken(pair, event, 'ledgerHoldsTogether', `input ${seq} ${why}`);
  for (const board of doneBy) {
    if (isOfThePair(pair, board)) continue;
    broken(pair, event, 'ledgerHoldsTogether', `input ${seq} was done by ${board}, which this pair does not have`);
  }
}

function whyImpossible(pair: PairState, { board, epoch }: CommitRow): string | null {
  if (!isOfThePair(pair, board)) return `was committed by ${board}, which this pair does not have`;
  return epoch > pair.lease.epoch
    ? `was committed in epoch ${epoch}, and the lease is of epoch ${pair.lease.epoch}`
    : null;
}

function isOfThePair({ config }: PairState, board: string): boolean {
  return board === config.boards[0] || board === config.boards[1];
}
