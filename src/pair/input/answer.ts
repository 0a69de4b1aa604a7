import { isRejected } from '../../values/rejection.js';
import { count, noteFault } from '../state/fault-log.js';
import type { Input, PairState, Step } from '../state/pair-state.js';
import { primaryOf } from '../state/roles.js';
import { agrees } from './agreement.js';

/** R9: one emission for each seq; the answer leaves first and is recorded as sent after. */
export function emit(step: Step, input: Input): void {
  if (input.emission !== 'none' || input.commit === null || isFromJudged(step.pair, input)) return;
  input.emission = 'asked';
  if (input.kind === 'probe' || input.kind === 'recovered') return;
  step.pair.counts.answered++;
  const rejected = isRejected(input.commit.parts);
  if (rejected) {
    step.pair.counts.rejected++;
    count(step, 'inputs-rejected');
  }
  const { takeover } = step.pair;
  if (takeover !== null && !takeover.answered && input.commit.board === takeover.to) {
    takeover.answered = true;
    noteFault(step, takeover.faultId, 'first-answer', { board: takeover.to, input: input.seq });
  }
  step.effects.push({
    type: 'answer',
    seq: input.seq,
    ref: input.ref,
    kind: input.kind,
    bodies: input.commit.parts.map((part) => part.body),
    repeat: input.restored,
    rejected,
  });
}

/** R23: what an earlier life of the gateway committed, and did not live to record as sent, is sent again, marked. */
export function sendUnsentAnswers(step: Step): void {
  for (const input of step.pair.queue.unsentAnswers.splice(0)) emit(step, input);
}

/** R19: what a board had committed that was judged wrong is not given out before the new primary has come to the same. */
function isFromJudged(pair: PairState, input: Input): boolean {
  const {
    takeover,
    lease: { owner: primary },
  } = pair;
  if (takeover === null || !takeover.isDistrusted || input.doneBy.has(primary)) return false;
  return input.commit?.board === takeover.from && !input.arbitrated && !agrees(pair, input, primaryOf(pair));
}

export function answerSent(step: Step, seq: number): void {
  const input = step.pair.queue.inputs.get(seq);
  if (input !== undefined) input.emission = 'sent';
  step.effects.push({ type: 'recordEmitted', seq });
}
