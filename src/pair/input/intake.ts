import { isRejected } from '../../values/rejection.js';
import { stop } from '../state/accuse.js';
import { tellsLife } from '../state/board-abilities.js';
import type { RefusalReason } from '../state/effects.js';
import type { PairEvent } from '../state/events.js';
import { count } from '../state/fault-log.js';
import type { Input, PairState, Step, UnnumberedInput } from '../state/pair-state.js';
import { pairTimeMsAt } from '../state/pair-time.js';
import { followersOf, isAccused, isFollowing, isSuspected, otherOf, primaryOf } from '../state/roles.js';
import { windowOf } from './feed.js';
import { forget } from './finish.js';

type Arrival = Extract<PairEvent, { type: 'inputArrived' }>;
type Known = Extract<PairEvent, { type: 'inputKnown' }>;

/** Takes work in, or says clearly that it cannot (R6): nothing that was accepted is ever dropped for room. */
export function takeInput(step: Step, arrival: Arrival): void {
  const { pair } = step;
  if (pair.phase === 'stopped') return refuse(step, arrival.ref, 'stopped');
  const pending = pair.queue.inputs.size + pair.queue.unnumbered.length;
  const waiting = pending - backlog(pair);
  if (arrival.kind === 'tick' && waiting >= windowOf(pair, primaryOf(pair))) {
    // R6: a tick that is due while the window is full is skipped and counted: the next one says more.
    return count(step, 'ticks-skipped');
  }
  if (waiting >= pair.config.maxPending) return refuse(step, arrival.ref, 'full');
  pair.queue.unnumbered.push({ ref: arrival.ref, kind: arrival.kind, payload: arrival.payload, isAccepted: false });
}

/**
 * R1: gives each waiting input a seq from the reserved range and has the ledger record it. Not at a start: which seqs are
 * used is known only when the boards were heard or are counted as missing, because the ledger may have lost its tail (R27).
 */
export function numberInputs(step: Step): void {
  const { pair } = step;
  if (pair.phase === 'starting' || pair.phase === 'stopped') return;
  const mayNumber = !isToldUsedSeqs(pair);
  while (mayNumber && pair.queue.unnumbered.length > 0 && pair.seqs.nextSeq <= pair.seqs.reservedThroughSeq) {
    if (pair.seqs.nextSeq > pair.config.wire.lastSeq) return stopWithoutNumbers(step);
    const next = pair.queue.unnumbered.shift();
    if (next === undefined) break;
    createInput(step, next);
  }
  reserveAhead(step);
}

/**
 * R1, R27: a board that is taken back says once more what it has executed. What was on its way to it when the last gateway died
 * it has said nothing of before, and the ledger may have lost.
 */
function isToldUsedSeqs({ seqs, boards }: PairState): boolean {
  if (seqs.nextSeq !== seqs.numbersFromSeq) return false;
  return [...boards.values()].some(({ session: { state, resume } }) => state === 'opening' && resume);
}

/** R1: none is used twice: on the harness's wire 497 days at 100 Hz, then a new ledger. What has a number is finished first. */
function stopWithoutNumbers(step: Step): void {
  if (step.pair.queue.inputs.size > 0) return;
  stop(step, 'the numbers of inputs are used up: begin a new ledger', null);
}

export function createInput(step: Step, { ref, kind, payload, isAccepted }: UnnumberedInput, seq?: number): Input {
  const { pair } = step;
  const input: Input = {
    seq: seq ?? pair.seqs.nextSeq++,
    ref,
    kind,
    pairTimeMs: nextPairTime(pair, step.atUs),
    payload,
    recorded: false,
    commit: null,
    proposed: null,
    answers: new Map(),
    arbitrated: false,
    operatorOverride: false,
    operatorRetries: false,
    asked: [],
    emission: 'none',
    isAccepted,
    isEarlier: false,
    restored: false,
    tailLost: false,
    doneBy: new Set(),
    attemptedBy: new Set(),
    attemptedIn: new Set(),
    quarantined: false,
    wasUnanswered: false,
    disputedResult: null,
    finished: false,
  };
  pair.queue.inputs.set(input.seq, input);
  pair.lastWorkUs = step.atUs;
  step.effects.push({ type: 'recordInput', seq: input.seq, ref, kind, pairTimeMs: input.pairTimeMs, payload });
  return input;
}

export function inputRecorded(step: Step, seq: number): void {
  const input = step.pair.queue.inputs.get(seq);
  if (input === undefined) return;
  input.recorded = true;
  if (input.kind !== 'input' || input.isAccepted) return;
  input.isAccepted = true;
  step.effects.push({ type: 'accepted', ref: input.ref, seq });
}

/** R23: the upstream asks again for what it asked before: the old answer, marked; or the work that is under way. */
export function inputKnown(step: Step, known: Known): void {
  const { pair } = step;
  forget(pair, known.seq);
  step.effects.push({ type: 'accepted', ref: known.ref, seq: known.knownSeq });
  if (known.answer === null) return;
  count(step, 'repeats-answered');
  // R9: it is owed no more.
  pair.queue.unsentAnswers = pair.queue.unsentAnswers.filter(({ seq }) => seq !== known.knownSeq);
  step.effects.push({
    type: 'answer',
    seq: known.knownSeq,
    ref: known.ref,
    kind: 'input',
    bodies: known.answer.map(({ body }) => body),
    repeat: true,
    rejected: isRejected(known.answer),
  });
}

/** R23: a ref means one input for ever. The old answer would be taken for that of work which nobody has done. */
export function refUsed(step: Step, seq: number, ref: string, reason: RefusalReason): void {
  forget(step.pair, seq);
  refuse(step, ref, reason);
}

/**
 * R16: a no-op input through the whole path, once the pair has been idle for so long. To boards that tell no life it comes while they work,
 * too: it is what finds out that one has restarted, or forgotten what it was told, where nobody upstream asks for that.
 */
export function probeIfDue(step: Step): void {
  const { pair } = step;
  const dueUs = probeDueUs(pair);
  if (dueUs === null || step.atUs < dueUs) return;
  count(step, 'probes');
  pair.lastProbeUs = step.atUs;
  pair.queue.unnumbered.push({ ref: 'probe', kind: 'probe', payload: new Uint8Array(0), isAccepted: false });
}

export function probeDueUs(pair: PairState): number | null {
  const { probeEveryUs } = pair.config;
  if (probeEveryUs === 0 || pair.phase !== 'serving') return null;
  if (pair.queue.unnumbered.length > 0) return null;
  // R12: of an accused primary it is known already that it is not well.
  if (primaryOf(pair).session.state !== 'open' || isAccused(pair, primaryOf(pair))) return null;
  if (isAnyInWork(pair)) return tellsLife(pair) || isProbing(pair) ? null : pair.lastProbeUs + probeEveryUs;
  // R25: a board that is compared has its comparisons soon, also when nothing comes from upstream.
  const isComparing = followersOf(pair).some(({ membership: { joining } }) => joining?.step === 'comparing');
  const whenIdleUs = pair.lastWorkUs + (isComparing ? Math.min(probeEveryUs, pair.config.deadlineUs) : probeEveryUs);
  return tellsLife(pair) ? whenIdleUs : Math.min(whenIdleUs, pair.lastProbeUs + probeEveryUs);
}

function isProbing(pair: PairState): boolean {
  for (const { kind } of pair.queue.inputs.values()) if (kind === 'probe') return true;
  return false;
}

/** What only the third copy has not done, or a backup that is kept waiting (R19), is no sign of life of the primary. */
function isAnyInWork(pair: PairState): boolean {
  const backup = otherOf(pair);
  const isBusy = isFollowing(backup) && !isSuspected(pair, backup);
  for (const { doneBy, quarantined } of pair.queue.inputs.values()) {
    // R22: it waits for a person, and nobody works on it.
    if (quarantined) continue;
    if (!doneBy.has(pair.lease.owner) || (isBusy && !doneBy.has(backup.id))) return true;
  }
  return false;
}

function refuse(step: Step, ref: string, reason: RefusalReason): void {
  step.pair.counts.refused++;
  count(step, 'inputs-refused');
  step.effects.push({ type: 'refuse', ref, reason });
}

function reserveAhead(step: Step): void {
  const { pair } = step;
  const left = pair.seqs.reservedThroughSeq - pair.seqs.nextSeq + 1;
  if (pair.seqs.reserving || left > pair.config.reserveSeqs / 2) return;
  pair.seqs.reserving = true;
  const throughSeq = Math.max(pair.seqs.reservedThroughSeq, pair.seqs.nextSeq - 1) + pair.config.reserveSeqs;
  step.effects.push({ type: 'reserveSeqs', throughSeq });
}

export function seqsReserved(step: Step, throughSeq: number): void {
  step.pair.seqs.reserving = false;
  step.pair.seqs.reservedThroughSeq = Math.max(step.pair.seqs.reservedThroughSeq, throughSeq);
}

/** Never backwards, over restarts and takeovers too. */
function nextPairTime(pair: PairState, atUs: number): number {
  pair.time.lastMs = pairTimeMsAt(pair.time, atUs);
  return pair.time.lastMs;
}

/** Inputs that only wait for the backup do not count against the room for new ones (R5). */
function backlog(pair: PairState): number {
  let waiting = 0;
  for (const input of pair.queue.inputs.values()) if (input.doneBy.has(pair.lease.owner)) waiting++;
  return waiting;
}
