import { compareResults } from '../result/compare.js';
import { implausible } from '../result/plausibility.js';
import type { FaultDetail } from '../state/effects.js';
import type { PairState, Riddle, Step } from '../state/pair-state.js';
import { boardOf } from '../state/roles.js';
import { hex } from './mismatch-evidence.js';
import { testBoard } from './self-test.js';

/** `waiting`: somebody who may know has not answered yet; `undecided`: nobody knows. */
export type Judgement =
  | { readonly wrong: 'waiting' }
  | { readonly wrong: 'primary' | 'backup' | 'undecided'; readonly evidence: FaultDetail };

/** R19, in this order: limits of plausibility, the third copy, the boards themselves. */
export function judge(step: Step, riddle: Riddle): Judgement {
  return (
    byPlausibility(step.pair, riddle) ??
    byWitness(step, riddle) ??
    bySelfTests(step, riddle) ?? { wrong: 'undecided', evidence: { decidedBy: 'nothing' } }
  );
}

function byPlausibility(pair: PairState, { reference, answer, pairTimeMs }: Riddle): Judgement | null {
  const { fields } = pair.config;
  const ofPrimary = implausible(fields, reference.parts, pair.comparison.lastAgreed, pairTimeMs);
  const ofBackup = implausible(fields, answer.parts, pair.comparison.lastAgreed, pairTimeMs);
  const [first] = [...ofPrimary, ...ofBackup];
  // Where neither or both are beyond a limit, it tells nothing.
  if (first === undefined || ofPrimary.length > 0 === ofBackup.length > 0) return null;
  const { field, unit, value, limit, allowed } = first;
  return {
    wrong: ofPrimary.length > 0 ? 'primary' : 'backup',
    evidence: { decidedBy: 'plausibility', field, unit, value, limit, allowed },
  };
}

/** Two of three. */
function byWitness(step: Step, riddle: Riddle): Judgement | null {
  const { pair } = step;
  const { witness, fields } = pair.config;
  if (witness === null) return null;
  const third = pair.queue.inputs.get(riddle.seq)?.answers.get(witness);
  riddle.asks = 'the boards';
  if (third === undefined) {
    if (!isAsked(step, riddle, witness)) return null;
    riddle.asks = 'third-copy';
    return { wrong: 'waiting' };
  }
  const evidence = { decidedBy: 'third-copy', thirdResult: hex(third), thirdDigest: third.digest };
  if (compareResults(riddle.reference, third, fields).verdict === 'match') return { wrong: 'backup', evidence };
  if (compareResults(riddle.answer, third, fields).verdict === 'match') return { wrong: 'primary', evidence };
  return null;
}

/** What came to it with the primary's state it is not asked for. */
function isAsked({ pair, atUs }: Step, riddle: Riddle, witness: string): boolean {
  const {
    membership: { standing },
    session: { state: session },
  } = boardOf(pair, witness);
  const isThere = standing === 'in-sync' && session === 'open';
  const isDue = pair.queue.inputs.get(riddle.seq)?.doneBy.has(witness) === false;
  return isThere && isDue && atUs < witnessDueUs(pair, riddle);
}

export function witnessDueUs(pair: PairState, riddle: Riddle): number {
  return riddle.sinceUs + pair.config.witnessDeadlineUs;
}

/**
 * The backup first, while the primary serves; then the primary, beside its work: a slice costs it less than a repeat, and a
 * hand-over without evidence would only exchange one doubt for another (docs/decisions.md).
 */
function bySelfTests(step: Step, riddle: Riddle): Judgement | null {
  const { pair } = step;
  if (!pair.config.selfTests) return null;
  const told: string[] = [];
  for (const wrong of ['backup', 'primary'] as const) {
    const { found, evidence } = testBoard(step, boardOf(pair, riddle[wrong]));
    if (found === 'running') return { wrong: 'waiting' };
    if (found === 'bad') return { wrong, evidence: { decidedBy: 'self-test', ...evidence } };
    told.push(`board ${riddle[wrong]} ${found}`);
  }
  return { wrong: 'undecided', evidence: { decidedBy: 'nothing', selfTests: told.join(', ') } };
}
