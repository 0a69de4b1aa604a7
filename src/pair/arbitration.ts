import { agrees, referenceOf } from './agreement.js';
import { compareResults } from './compare.js';
import { declareFailed } from './declare-failed.js';
import type { FaultDetail } from './effects.js';
import { openFault } from './faults-of.js';
import type { CommitRow } from './ledger-rows.js';
import type { Result } from './messages.js';
import { hex, mismatchEvidence } from './mismatch-evidence.js';
import {
  type BoardState,
  behindOf,
  boardOf,
  type Input,
  otherOf,
  ownerOf,
  type PairState,
  type Step,
} from './pair-state.js';
import { implausible } from './plausibility.js';
import { continueSelfTests, forgetSelfTests, testBoard } from './self-test.js';
import { notePermanent, setAside, stopPair } from './standing.js';

/** A self-test takes a second or two: at 100 inputs a second the default `max-lag` bears nearly three. */
const LAG_FACTOR = 8;

/** `waiting`: somebody who may know has not answered yet; `undecided`: nobody knows. */
type Judgement =
  | { readonly wrong: 'waiting' }
  | { readonly wrong: 'primary' | 'backup' | 'undecided'; readonly evidence: FaultDetail };

/** R19: two answers differ. One riddle at a time: what differs later comes from the same wrong state. */
export function openRiddle(step: Step, input: Input): void {
  step.pair.riddle ??= { seq: input.seq, sinceUs: step.atUs, asks: 'nobody' };
}

/** Called after every event: asks in the order of R19, and does what the answer says. Nobody gets VIOLATION before. */
export function continueArbitration(step: Step): void {
  const { pair } = step;
  judgeWitness(step);
  const { riddle } = pair;
  if (riddle === null) return;
  continueSelfTests(step);
  const backup = otherOf(pair);
  const input = pair.inputs.get(riddle.seq);
  const reference = input === undefined ? null : referenceOf(input);
  const answer = input?.answers.get(backup.id);
  const isServing = pair.phase === 'serving' || pair.phase === 'draining';
  if (
    !isServing ||
    backup.standing !== 'in-sync' ||
    input === undefined ||
    reference === null ||
    answer === undefined
  ) {
    // Something else has become of them: what they differ in is looked at again when it matters (adoptAnswers).
    endRiddle(pair);
    return;
  }
  const judgement = isTooLate(pair, backup)
    ? ({ wrong: 'undecided', evidence: { decidedBy: 'nothing', behind: behindOf(pair, backup) } } as const)
    : judge(step, input, reference, answer);
  if (judgement.wrong === 'waiting') return;
  endRiddle(pair);
  settle(step, input, reference, answer, judgement);
}

/** R6: a backup that is kept waiting falls behind; by so much more than usual it may. */
function isTooLate(pair: PairState, backup: BoardState): boolean {
  const allowed = pair.config.maxLag * LAG_FACTOR;
  return pair.releaseOrder.length > allowed && behindOf(pair, backup) > allowed;
}

function endRiddle(pair: PairState): void {
  pair.riddle = null;
  forgetSelfTests(pair);
}

/** When `continueArbitration` next wants to hear the time. */
export function riddleDueUs(pair: PairState): number | null {
  const { riddle, config } = pair;
  return riddle === null || riddle.asks !== 'third-copy' ? null : riddle.sinceUs + config.witnessDeadlineUs;
}

/** R19: limits of plausibility, then the third copy, then the boards themselves. */
function judge(step: Step, input: Input, reference: CommitRow, answer: Result): Judgement {
  const plausibility = judgePlausibility(step.pair, input, reference, answer);
  if (plausibility !== null) return plausibility;
  const third = askWitness(step, input, answer);
  if (third !== null) return third;
  return askSelfTests(step) ?? { wrong: 'undecided', evidence: { decidedBy: 'nothing' } };
}

function judgePlausibility(pair: PairState, input: Input, reference: CommitRow, answer: Result): Judgement | null {
  const { fields } = pair.config;
  const [ofPrimary, ofBackup] = [reference, answer].map(({ parts }) =>
    implausible(fields, parts, pair.lastAgreed, input.pairTimeMs),
  );
  const [first] = [...(ofPrimary ?? []), ...(ofBackup ?? [])];
  // Where neither or both are beyond a limit, it tells nothing.
  if (first === undefined || (ofPrimary?.length ?? 0) > 0 === (ofBackup?.length ?? 0) > 0) return null;
  const { field, unit, value, limit, allowed } = first;
  return {
    wrong: ofPrimary?.includes(first) === true ? 'primary' : 'backup',
    evidence: { decidedBy: 'plausibility', field, unit, value, limit, allowed },
  };
}

/** Two of three. */
function askWitness(step: Step, input: Input, answer: Result): Judgement | null {
  const { pair, atUs } = step;
  const { witness } = pair.config;
  const { riddle } = pair;
  if (witness === null || riddle === null) return null;
  const third = input.answers.get(witness);
  riddle.asks = 'the boards';
  if (third === undefined) {
    const { standing, session } = boardOf(pair, witness);
    const isAsked =
      standing === 'in-sync' && session === 'open' && atUs < riddle.sinceUs + pair.config.witnessDeadlineUs;
    if (isAsked) riddle.asks = 'third-copy';
    return isAsked ? { wrong: 'waiting' } : null;
  }
  const evidence = { decidedBy: 'third-copy', thirdResult: hex(third), thirdDigest: third.digest };
  if (agrees(pair, input, boardOf(pair, witness))) return { wrong: 'backup', evidence };
  if (compareResults(answer, third, pair.config.fields).verdict === 'match') return { wrong: 'primary', evidence };
  return null;
}

/**
 * The backup first, while the primary serves; then the primary, beside its work: a slice costs it less than a repeat, and a
 * hand-over without evidence would only exchange one doubt for another (docs/decisions.md).
 */
function askSelfTests(step: Step): Judgement | null {
  const { pair } = step;
  if (!pair.config.selfTests) return null;
  const told: string[] = [];
  for (const [board, wrong] of [
    [otherOf(pair), 'backup'],
    [ownerOf(pair), 'primary'],
  ] as const) {
    const { found, evidence } = testBoard(step, board);
    if (found === 'running') return { wrong: 'waiting' };
    if (found === 'bad') return { wrong, evidence: { decidedBy: 'self-test', ...evidence } };
    told.push(`board ${board.id} ${found}`);
  }
  return { wrong: 'undecided', evidence: { decidedBy: 'nothing', selfTests: told.join(', ') } };
}

function settle(
  step: Step,
  input: Input,
  reference: CommitRow,
  answer: Result,
  { wrong, evidence: found }: Exclude<Judgement, { wrong: 'waiting' }>,
): void {
  const { pair } = step;
  const { onMismatch, commitNeeds } = pair.config;
  const backup = otherOf(pair);
  const verdict = compareResults(reference, answer, pair.config.fields);
  if (verdict.verdict !== 'mismatch') return;
  const evidence = { ...mismatchEvidence(reference, backup.id, answer, verdict), ...found };
  if (wrong === 'backup') {
    setAside(step, backup, 'judged-wrong', input.seq, { ...evidence, wrong: backup.id });
    if (found['decidedBy'] === 'self-test') notePermanent(step, backup, found);
    return;
  }
  if (wrong === 'primary') {
    decideFor(step, backup, input, reference, answer);
    return declareFailed(step, ownerOf(pair), 'judged-wrong', input.seq, { ...evidence, wrong: pair.owner });
  }
  const undecided = { ...evidence, policy: onMismatch };
  if (onMismatch === 'switch') {
    decideFor(step, backup, input, reference, answer);
    return declareFailed(step, ownerOf(pair), 'mismatch', input.seq, undecided);
  }
  if (onMismatch === 'alarm' && commitNeeds === 'primary') {
    return setAside(step, backup, 'mismatch', input.seq, undecided);
  }
  openFault(step, 'mismatch', null, input.seq, undecided);
  stopPair(step, 'the boards differ', input.seq);
}

/**
 * It is decided for this board: the ledger is told, so that its constraint lets the other hash pass (R8). What was never
 * committed needs no such leave.
 */
export function decideFor(step: Step, board: BoardState, input: Input, reference: CommitRow, result: Result): void {
  if (input.commit === null) return;
  const { hash, digest, parts } = result;
  step.effects.push({ type: 'recordVerdict', seq: input.seq, board: board.id, hash, verdict: 'arbitrated' });
  input.commit = { ...reference, hash, digest, parts };
}

/** The third copy stands alone against two, or against the only one there is: it is the one that leaves. */
function judgeWitness(step: Step): void {
  const { pair } = step;
  if (pair.config.witness === null || pair.riddle !== null) return;
  const witness = boardOf(pair, pair.config.witness);
  if (witness.standing !== 'in-sync') return;
  const backup = otherOf(pair);
  for (const exchange of witness.exchanges.values()) {
    const input = pair.inputs.get(exchange.seq);
    const reference = input === undefined ? null : referenceOf(input);
    if (input === undefined || reference === null || exchange.state !== 'deciding' || exchange.result === null)
      continue;
    const verdict = compareResults(reference, exchange.result, pair.config.fields);
    if (verdict.verdict === 'match') continue;
    const confirmed = agrees(pair, input, backup);
    // The backup's answer is the one that decides.
    if (backup.standing === 'in-sync' && !confirmed && !input.answers.has(backup.id)) return;
    const evidence = mismatchEvidence(reference, witness.id, exchange.result, verdict);
    const decidedBy = confirmed ? 'the other board' : 'nothing';
    return setAside(step, witness, 'judged-wrong', input.seq, { ...evidence, decidedBy, wrong: witness.id });
  }
}
