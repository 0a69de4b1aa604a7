import { isRejected } from '../../values/rejection.js';
import { compareResults } from '../result/compare.js';
import { implausible } from '../result/plausibility.js';
import type { Dispute, PairState, StateLost, Step } from '../state/pair-state.js';
import { boardOf } from '../state/roles.js';
import { examine } from './examination.js';
import { type Arbitrated, hex } from './mismatch-evidence.js';
import { testBoard } from './self-test.js';

/** `undecided`: nobody knows. `reason`: what is said of the wrong one. */
export interface Decision {
  readonly wrong: 'primary' | 'backup' | 'undecided';
  readonly reason: StateLost['reason'];
  readonly evidence: Arbitrated;
}

/** `waiting`: somebody who may know has not answered yet. */
type Judgement = { readonly wrong: 'waiting' } | Decision;

const NEVER = 'not asked: self-tests is never (the default with on-mismatch: switch or stop)';
const LIMIT_TOLD = 'not asked: the limit of a field told who is wrong';
const REGISTERS_TOLD = 'not asked: the registers of one of them told who is wrong';
const THIRD_COPY_TOLD = 'not asked: the third copy told who is wrong';

/** R19, in this order: what their link can find out of them, limits of plausibility, the third copy, the boards themselves. */
export function judge(step: Step, dispute: Dispute): Judgement {
  return (
    byExamination(step, dispute) ??
    byPlausibility(step.pair, dispute) ??
    byThirdCopy(step, dispute) ??
    bySelfTests(step, dispute) ??
    decided('undecided', { decidedBy: 'nothing', selfTests: NEVER })
  );
}

function decided(wrong: Decision['wrong'], evidence: Arbitrated): Decision {
  return { wrong, reason: 'judged-wrong', evidence };
}

/** Hard evidence: it needs no second opinion. Of both it tells nothing. */
function byExamination(step: Step, dispute: Dispute): Judgement | null {
  const examination = examine(step, dispute);
  if (examination === null) return null;
  const { found, unread } = examination;
  if (unread.size > 0) return { wrong: 'waiting' };
  const [primary, backup] = [found.get(dispute.primary), found.get(dispute.backup)];
  const lost = primary ?? backup;
  if (lost !== undefined && (primary === undefined || backup === undefined)) {
    const evidence = { ...lost.evidence, decidedBy: String(lost.evidence['decidedBy']), selfTests: REGISTERS_TOLD };
    return { wrong: lost === primary ? 'primary' : 'backup', reason: lost.reason, evidence };
  }
  return null;
}

function byPlausibility(pair: PairState, { reference, answer, pairTimeMs }: Dispute): Judgement | null {
  const { fields } = pair.config;
  const ofPrimary = implausible(fields, reference.parts, pair.comparison.lastAgreed, pairTimeMs);
  const ofBackup = implausible(fields, answer.parts, pair.comparison.lastAgreed, pairTimeMs);
  const [first] = [...ofPrimary, ...ofBackup];
  // Where neither or both are beyond a limit, it tells nothing.
  if (first === undefined || ofPrimary.length > 0 === ofBackup.length > 0) return null;
  const { field, unit, value, limit, allowed } = first;
  return decided(ofPrimary.length > 0 ? 'primary' : 'backup', {
    ...{ decidedBy: 'plausibility', selfTests: LIMIT_TOLD },
    ...{ field, unit, value, limit, allowed },
  });
}

/** Two of three. */
function byThirdCopy(step: Step, dispute: Dispute): Judgement | null {
  const { pair } = step;
  const { thirdCopy, fields } = pair.config;
  if (thirdCopy === null) return null;
  const third = pair.queue.inputs.get(dispute.seq)?.answers.get(thirdCopy);
  dispute.stage = 'self-tests';
  if (third === undefined) {
    if (!isAsked(step, dispute, thirdCopy)) return null;
    dispute.stage = 'third-copy';
    return { wrong: 'waiting' };
  }
  const evidence = {
    decidedBy: 'third-copy',
    thirdResult: hex(third),
    ...(isRejected(third.parts) ? { thirdRejected: true } : {}),
    thirdDigest: third.digest,
    selfTests: THIRD_COPY_TOLD,
  };
  if (compareResults(dispute.reference, third, fields).verdict === 'match') return decided('backup', evidence);
  if (compareResults(dispute.answer, third, fields).verdict === 'match') return decided('primary', evidence);
  return null;
}

/** What came to it with the primary's state it is not asked for. */
function isAsked({ pair, atUs }: Step, dispute: Dispute, thirdCopy: string): boolean {
  const {
    membership: { state: memberState },
    session: { state: session },
  } = boardOf(pair, thirdCopy);
  const isThere = memberState === 'in-sync' && session === 'open';
  const isDue = pair.queue.inputs.get(dispute.seq)?.doneBy.has(thirdCopy) === false;
  return isThere && isDue && atUs < thirdCopyDueUs(pair, dispute);
}

export function thirdCopyDueUs(pair: PairState, dispute: Dispute): number {
  return dispute.sinceUs + pair.config.thirdCopyDeadlineUs;
}

/**
 * The backup first, while the primary serves; then the primary, beside its work: a slice costs it less than a repeat, and a
 * hand-over without evidence would only exchange one doubt for another (docs/decisions.md).
 */
function bySelfTests(step: Step, dispute: Dispute): Judgement | null {
  const { pair } = step;
  if (!pair.config.selfTests) return null;
  const told: string[] = [];
  for (const wrong of ['backup', 'primary'] as const) {
    const { found, evidence } = testBoard(step, boardOf(pair, dispute[wrong]));
    if (found === 'running') return { wrong: 'waiting' };
    told.push(`board ${dispute[wrong]} ${found}`);
    if (found === 'bad') return decided(wrong, { decidedBy: 'self-test', ...evidence, selfTests: told.join(', ') });
  }
  return decided('undecided', { decidedBy: 'nothing', selfTests: told.join(', ') });
}
