import { agrees, referenceOf } from '../input/agreement.js';
import { verdictOn } from '../input/verdict-on.js';
import { keepOut, notePermanent, setAside } from '../membership/membership.js';
import type { CommitRow } from '../result/ledger-rows.js';
import type { Result } from '../result/messages.js';
import { accuse, stop } from '../state/accuse.js';
import type { BoardState } from '../state/board-state.js';
import type { FaultDetail } from '../state/effects.js';
import { openFault } from '../state/fault-log.js';
import type { Dispute, Input, PairState, Step } from '../state/pair-state.js';
import { behindOf, boardOf, isAccused, isEligible, otherOf, primaryOf, takesPart } from '../state/roles.js';
import { type Decision, judge, thirdCopyDueUs } from './arbiters.js';
import { accuseWhoWasFound, continueExamination, examinationDueUs } from './examination.js';
import { mismatchEvidence } from './mismatch-evidence.js';
import { continueSelfTests, forgetSelfTests } from './self-test.js';

/** A self-test takes a second or two: at 100 inputs a second the default `max-lag` bears nearly three. */
const LAG_FACTOR = 8;

const TOO_LATE = 'not waited for: the backup was too far behind';
const THIRD_COPY_ALONE = { selfTests: 'not asked: the third copy stands alone, and drives nothing' };

/** R19: two answers differ. One dispute at a time: what differs later comes from the same wrong state. */
export function openDispute(step: Step, input: Input, backup: BoardState, reference: CommitRow, answer: Result): void {
  const { pair } = step;
  pair.comparison.dispute ??= {
    seq: input.seq,
    pairTimeMs: input.pairTimeMs,
    payload: input.payload,
    primary: pair.lease.owner,
    backup: backup.id,
    reference,
    answer,
    sinceUs: step.atUs,
    stage: 'limits',
    examination: null,
  };
}

/**
 * Called after every event: asks in the order of R19, and does what the answer says. Nobody gets VIOLATION before. That
 * the backup leaves meanwhile answers nothing: until it is known who is wrong it is not given the primary's state either.
 */
export function continueArbitration(step: Step): void {
  const { pair } = step;
  judgeThirdCopy(step);
  const { dispute } = pair.comparison;
  if (dispute === null) return;
  continueSelfTests(step);
  continueExamination(step, dispute);
  if (pair.lease.owner !== dispute.primary || (pair.phase !== 'serving' && pair.phase !== 'draining')) {
    accuseWhoWasFound(step, dispute);
    // What they differ in is looked at again when it matters (adoptAnswers).
    return endDispute(pair);
  }
  const judgement = isTooLate(pair, dispute)
    ? ({
        wrong: 'undecided',
        reason: 'judged-wrong',
        evidence: { decidedBy: 'nothing', behind: behindOf(pair, otherOf(pair)), selfTests: TOO_LATE },
      } as const)
    : judge(step, dispute);
  if (judgement.wrong === 'waiting') return;
  endDispute(pair);
  settle(step, dispute, judgement);
}

/** When `continueArbitration` next wants to hear the time. */
export function disputeDueUs(pair: PairState): number | null {
  const { dispute } = pair.comparison;
  if (dispute === null) return null;
  return dispute.stage === 'third-copy' ? thirdCopyDueUs(pair, dispute) : examinationDueUs(pair, dispute);
}

/** R6: a backup that is kept waiting falls behind; by so much more than usual it may. */
function isTooLate(pair: PairState, { backup }: Dispute): boolean {
  const allowed = pair.config.maxLag * LAG_FACTOR;
  return pair.queue.releaseOrder.length > allowed && behindOf(pair, boardOf(pair, backup)) > allowed;
}

function endDispute(pair: PairState): void {
  pair.comparison.dispute = null;
  forgetSelfTests(pair);
}

function settle(step: Step, dispute: Dispute, { wrong, evidence: found, reason }: Decision): void {
  const { pair } = step;
  const { reference, answer, seq } = dispute;
  const backup = boardOf(pair, dispute.backup);
  const verdict = verdictOn(pair, dispute, reference, answer);
  if (verdict.verdict !== 'mismatch') return;
  const evidence = mismatchEvidence(pair, reference, backup.id, answer, verdict, found);
  switch (wrong) {
    case 'backup':
      return backupIsWrong(step, backup, seq, reason, { ...evidence, wrong: backup.id }, found);
    case 'primary':
      return replacePrimary(step, dispute, reason, { ...evidence, wrong: pair.lease.owner });
    case 'undecided':
      return followPolicy(step, dispute, { ...evidence, policy: pair.config.onMismatch });
  }
}

function backupIsWrong(
  step: Step,
  backup: BoardState,
  seq: number,
  reason: Decision['reason'],
  evidence: FaultDetail,
  found: FaultDetail,
): void {
  // One that has left meanwhile is out already: what it was is told all the same.
  if (takesPart(backup)) setAside(step, backup, reason, seq, evidence);
  else openFault(step, reason, backup.id, seq, evidence);
  if (found['decidedBy'] === 'self-test') notePermanent(step, backup, found);
}

function replacePrimary(
  step: Step,
  dispute: Dispute,
  reason: Decision['reason'] | 'mismatch',
  evidence: FaultDetail,
): void {
  const { pair } = step;
  const backup = boardOf(pair, dispute.backup);
  const input = pair.queue.inputs.get(dispute.seq);
  if (isEligible(backup) && input !== undefined) decideFor(step, backup, input, dispute.reference, dispute.answer);
  accuse(step, boardOf(pair, dispute.primary), reason, dispute.seq, evidence);
}

/** R19: nobody knows. */
function followPolicy(step: Step, dispute: Dispute, evidence: FaultDetail): void {
  const { pair } = step;
  const { onMismatch, commitNeeds } = pair.config;
  const backup = boardOf(pair, dispute.backup);
  if (onMismatch === 'switch' && isEligible(backup)) return replacePrimary(step, dispute, 'mismatch', evidence);
  if (onMismatch === 'stop' || commitNeeds === 'both') {
    // DESIGN 4: to go on would be to commit what one of two boards calls wrong.
    openFault(step, 'mismatch', null, dispute.seq, evidence);
    return stop(step, 'the boards differ', dispute.seq);
  }
  // Its state may be the right one: it is not overwritten before a person has looked.
  if (takesPart(backup)) return setAside(step, backup, 'mismatch', dispute.seq, evidence);
  keepOut(step, backup, 'mismatch', evidence);
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
  input.arbitrated = true;
}

/**
 * The third copy stands alone against two, or against the only one there is: it is the one that leaves. Unless nothing is
 * to be committed that another copy calls wrong (DESIGN 4).
 */
function judgeThirdCopy(step: Step): void {
  const { pair } = step;
  if (pair.config.thirdCopy === null || pair.comparison.dispute !== null) return;
  if ((pair.phase !== 'serving' && pair.phase !== 'draining') || isAccused(pair, primaryOf(pair))) return;
  const thirdCopy = boardOf(pair, pair.config.thirdCopy);
  if (thirdCopy.membership.state !== 'in-sync') return;
  const backup = otherOf(pair);
  for (const exchange of thirdCopy.work.exchanges.values()) {
    const input = pair.queue.inputs.get(exchange.seq);
    const reference = input === undefined ? null : referenceOf(input);
    const answer = exchange.result;
    if (input === undefined || reference === null || exchange.state !== 'awaiting-commit' || answer === null) continue;
    const verdict = verdictOn(pair, input, reference, answer);
    if (verdict.verdict === 'match') continue;
    const confirmed = agrees(pair, input, backup);
    // The backup's answer is the one that decides.
    const willAnswer = backup.membership.state === 'in-sync' && !input.doneBy.has(backup.id);
    if (willAnswer && !confirmed && !input.answers.has(backup.id)) return;
    const evidence = mismatchEvidence(pair, reference, thirdCopy.id, answer, verdict, THIRD_COPY_ALONE);
    if (!confirmed && pair.config.commitNeeds === 'both' && input.commit === null) {
      openFault(step, 'mismatch', null, input.seq, { ...evidence, decidedBy: 'nothing' });
      return stop(step, 'the boards differ', input.seq);
    }
    const decidedBy = confirmed ? 'the other board' : 'nothing';
    return setAside(step, thirdCopy, 'judged-wrong', input.seq, { ...evidence, decidedBy, wrong: thirdCopy.id });
  }
}
