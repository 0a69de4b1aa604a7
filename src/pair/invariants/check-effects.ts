import type { PairEffect } from '../state/effects.js';
import type { TimedPairEvent } from '../state/events.js';
import type { PairState, Step } from '../state/pair-state.js';
import { type BeforeStep, wasOrIs } from './before-step.js';
import { broken } from './broken-invariant.js';
import { checkSent } from './check-sent.js';
import { forgetFinished } from './ledger-said.js';

type Of<T extends PairEffect['type']> = Extract<PairEffect, { type: T }>;

/** Each effect of a step against the rule that it could break. */
export function checkEffects(before: BeforeStep, event: TimedPairEvent, step: Step): void {
  const { pair, effects } = step;
  let lastSeq = before.nextSeq - 1;
  let faultId = before.nextFaultId;
  let fences = 0;
  for (const effect of effects) {
    switch (effect.type) {
      case 'send':
        checkSent(before, event, step, effect);
        break;
      case 'recordInput':
        if (effect.kind !== 'recovered') lastSeq = checkNumber(lastSeq, before, event, pair, effect);
        break;
      case 'requestCommit':
        checkCommit(event, pair, effect);
        break;
      case 'recordDone':
        checkDone(before, event, pair, effect.board);
        break;
      case 'accepted':
        checkAccepted(event, pair, effect);
        break;
      case 'answer':
        checkAnswer(event, pair, effect);
        forgetFinished(pair, effect);
        break;
      case 'releaseInput':
      case 'finishInput':
      case 'dropInput':
        forgetFinished(pair, effect);
        break;
      case 'moveRelay':
        if (effect.to !== pair.lease.owner) {
          broken(pair, event, 'relayOnlyToTheOwner', `to ${effect.to}; ${pair.lease.owner} has the lease`);
        }
        break;
      case 'recordFence':
        checkFence(before, event, pair, effect, ++fences);
        break;
      case 'recordMemberState':
      case 'recordSession':
      case 'recordAttempt':
      case 'recordVerdict':
      case 'recordHealth':
        refuseThirdCopy(event, pair, effect.board, effect.type);
        break;
      case 'openFault':
        if (effect.fault.faultId !== faultId) {
          broken(pair, event, 'faultsAreNumberedOnce', `fault ${effect.fault.faultId}; ${faultId} is next`);
        }
        faultId++;
        break;
    }
  }
}

/** R1: one after the other, out of the reservation, and in the order of pair time. */
function checkNumber(
  last: number,
  before: BeforeStep,
  event: TimedPairEvent,
  pair: PairState,
  effect: Of<'recordInput'>,
) {
  const { seq, pairTimeMs } = effect;
  if (seq <= last || seq >= pair.seqs.nextSeq) broken(pair, event, 'seqNeverTwice', `input ${seq} after ${last}`);
  if (seq > pair.seqs.reservedThroughSeq) {
    broken(pair, event, 'seqNeverTwice', `input ${seq}; reserved are those up to ${pair.seqs.reservedThroughSeq}`);
  }
  if (pairTimeMs < before.lastPairTimeMs) {
    broken(pair, event, 'pairTimeNeverFalls', `${pairTimeMs} ms for input ${seq} after ${before.lastPairTimeMs} ms`);
  }
  if (before.phase === 'stopped' && pair.phase === 'stopped') {
    broken(pair, event, 'nothingInAStop', `input ${seq} is taken in`);
  }
  return seq;
}

/** R8: a late result of a board that was fenced is asked for in the name of its old epoch, and refused. */
function checkCommit(event: TimedPairEvent, pair: PairState, { board, epoch, seq }: Of<'requestCommit'>): void {
  refuseThirdCopy(event, pair, board, 'requestCommit');
  if (epoch <= pair.lease.epoch) return;
  broken(pair, event, 'committedOnlyInTheEpoch', `input ${seq} in epoch ${epoch}; it is ${pair.lease.epoch}`);
}

/** R12 */
function checkDone(before: BeforeStep, event: TimedPairEvent, pair: PairState, id: string): void {
  refuseThirdCopy(event, pair, id, 'recordDone');
  const board = pair.boards.get(id);
  if (board !== undefined && wasOrIs(before, board, 'isIn')) return;
  broken(
    pair,
    event,
    'nothingToWhoIsOut',
    `${id} is recorded as done, and is ${board?.membership.state ?? 'not known'}`,
  );
}

/** R1: upstream is told only of what the ledger has. */
function checkAccepted(event: TimedPairEvent, pair: PairState, { seq }: Of<'accepted'>): void {
  // R23: it was recorded under an earlier seq.
  if (event.type === 'inputKnown' && event.knownSeq === seq) return;
  if (pair.queue.inputs.get(seq)?.recorded !== false) return;
  broken(pair, event, 'givenOnlyWhenRecorded', `upstream is told of input ${seq}`);
}

/** R9, R23 */
function checkAnswer(event: TimedPairEvent, pair: PairState, { seq, repeat }: Of<'answer'>): void {
  const {
    ledgerSaid,
    queue: { inputs },
  } = pair;
  if (event.type === 'inputKnown' && event.knownSeq === seq && event.answer !== null) return;
  // Said in this very step, and over with it: a commit that was asked for in a past life of both boards.
  const isSaidNow = event.type === 'commitAnswered' && event.outcome === 'granted' && event.seq === seq;
  if (!isSaidNow && !ledgerSaid.committed.has(seq)) {
    broken(pair, event, 'emittedOnlyWhenCommitted', `input ${seq} is answered`);
  }
  if (repeat) return;
  if (ledgerSaid.answered.has(seq)) broken(pair, event, 'emittedOnce', `input ${seq} is answered again, unmarked`);
  if (inputs.has(seq)) ledgerSaid.answered.add(seq);
}

/** R10 */
function checkFence(
  before: BeforeStep,
  event: TimedPairEvent,
  pair: PairState,
  fence: Of<'recordFence'>,
  nth: number,
): void {
  const { from, to, epoch } = fence;
  const text = `from ${from} to ${to} in epoch ${epoch}, and ${pair.lease.owner} has epoch ${pair.lease.epoch}`;
  const isNext = epoch === pair.lease.epoch + 1 && from === pair.lease.owner && from !== to;
  const isInFlight = before.phase === 'fencing' && event.type !== 'fenceRecorded';
  if (!isNext || nth > 1 || isInFlight) broken(pair, event, 'oneFence', text);
  const heir = pair.boards.get(to);
  if (heir === undefined || to === pair.config.thirdCopy || !wasOrIs(before, heir, 'isEligible')) {
    broken(
      pair,
      event,
      'oneFence',
      `${text}; ${to} is ${heir?.membership.state ?? 'not known'}, ${heir?.session.state ?? 'no link'}`,
    );
  }
}

/** R19: there is no actuator behind it, and it does not outlive the gateway. */
function refuseThirdCopy(event: TimedPairEvent, pair: PairState, board: string, what: string): void {
  if (board === pair.config.thirdCopy) broken(pair, event, 'thirdCopyIsNobody', `${what} of ${board}`);
}
