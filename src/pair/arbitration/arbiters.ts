import { isRejected } from '../../values/rejection.js';
import { compareResults } from '../result/compare.js';
import { implausible } from '../result/plausibility.js';
import type { Dispute, PairState, Step } from '../state/pair-state.js';
import { boardOf } from '../state/roles.js';
import { type Arbitrated, hex } from './mismatch-evidence.js';
import { testBoard } from './self-test.js';

/** `waiting`: somebody who may know has not answered yet; `undecided`: nobody knows. */
export type Judgement =
  | { readonly wrong: 'waiting' }
  | { readonly wrong: 'primary' | 'backup' | 'undecided'; readonly evidence: Arbitrated };

const NEVER = 'not asked: self-tests is never (the default with on-mismatch: switch or stop)';
const LIMIT_TOLD = 'not asked: the limit of a field told who is wrong';
const THIRD_COPY_TOLD = 'not asked: the third copy told who is wrong';

/** R19, in this order: limits of plausibility, the third copy, the boards themselves. */
export function judge(step: Step, dispute: Dispute): Judgement {
  return (
    byPlausibility(step.pair, dispute) ??
    byThirdCopy(step, dispute) ??
    bySelfTests(step, dispute) ?? { wrong: 'undecided', evidence: { decidedBy: 'nothing', selfTests: NEVER } }
  );
}

function byPlausibility(pair: PairState, { reference, answer, pairTimeMs }: Dispute): Judgement | null {
  const { fields } = pair.config;
  const ofPrimary = implausible(fields, reference.parts, pair.comparison.lastAgreed, pairTimeMs);
  const ofBackup = implausible(fields, answer.parts, pair.comparison.lastAgreed, pairTimeMs);
  const [first] = [...ofPrimary, ...ofBackup];
  // Where neither or both are beyond a limit, it tells nothing.
  if (first === undefined || ofPrimary.length > 0 === ofBackup.length > 0) return null;
  const { field, unit, value, limit, allowed } = first;
  return {
    wrong: ofPrimary.length > 0 ? 'primary' : 'backup',
    evidence: { decidedBy: 'plausibility', selfTests: LIMIT_TOLD, field, unit, value, limit, allowed },
  };
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
  if (compareResults(dispute.reference, third, fields).verdict === 'match') return { wrong: 'backup', evidence };
  if (compareResults(dispute.answer, third, fields).verdict === 'match') return { wrong: 'primary', evidence };
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
    if (found === 'bad')
      return { wrong, evidence: { decidedBy: 'self-test', ...evidence, selfTests: told.join(', ') } };
  }
  return { wrong: 'undecided', evidence: { decidedBy: 'nothing', selfTests: told.join(', ') } };
}
