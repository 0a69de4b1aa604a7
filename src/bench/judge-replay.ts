import type { InputSteps } from './judge/input-steps.js';
import { idsBySeq } from './judge/input-steps.js';
import { judgeActuator } from './judge/judge-actuator.js';
import { judgeAnswers } from './judge/judge-answers.js';
import type { ExecutedInput, ExecutedInputs } from './record/executed-inputs.js';
import { replayRun } from './replay/replay-run.js';
import type { ReceivedRun } from './stage/run-record.js';
import type { SketchSubject } from './stage/sketch-subject.js';
import type { Stage } from './stage/stage.js';

/**
 * Judges a run of an image that has no reference model (DESIGN 9): what the pair has executed and committed is given to one
 * board that nobody harms, and answers, states and levels must be equal. That no input was lost, doubled or invented comes
 * from the client's record and the world's own.
 */
export function judgeByReplay(
  stage: Stage,
  sketch: SketchSubject,
  executed: ExecutedInputs,
): Pick<ReceivedRun, 'answers' | 'actuator' | 'replay'> {
  const { exchanges, client, world, firstInputAtUs: fromUs, safeLevels } = stage;
  const { order } = executed;
  const { hex, mcu, pins, resultFields: fields } = sketch;
  const replayed = replayRun(order, { program: { hex, mcu }, seed: stage.options.seed, pins, fields });
  const ids = idsBySeq(exchanges.inputs, client.sent);
  const isSomebodys = ({ seq, payload }: ExecutedInput): boolean =>
    ids.has(seq) || isTick(payload, sketch) || executed.offered.has(Buffer.from(payload).toString('hex'));
  const idsInOrder = order.map((one) => (one === null ? null : (ids.get(one.seq) ?? null)));
  const actuator = judgeActuator(
    { changes: world.recorder.changes, acts: exchanges.acts },
    { ...replayed, steps: stepsIn(order, isSomebodys) },
    { fromUs, safeLevels, ...(replayed.levels[0] === undefined ? {} : { safe: replayed.levels[0] }) },
  );
  return {
    answers: judgeAnswers(client.sent, idsInOrder, replayed.replies),
    actuator,
    replay: {
      differences: replayed.differences,
      disorders: executed.disorders,
      twice: idsInOrder.filter((id, index) => id !== null && idsInOrder.indexOf(id) !== index).map(Number),
      executed: order.length,
      isWhole: executed.dropped === 0,
    },
  };
}

/** The gateway's own ticks say nothing. */
function isTick(payload: Uint8Array, { world }: SketchSubject): boolean {
  return world.ticksUs !== null && payload.length === 0;
}

/** Each seq is the step at which it was executed: the wire tells, and no guess is needed. */
function stepsIn(order: readonly (ExecutedInput | null)[], isSomebodys: (one: ExecutedInput) => boolean): InputSteps {
  const bySeq = new Map<number, readonly number[]>();
  const restarts = new Set<number>();
  for (const [index, executed] of order.entries()) {
    const step = index + 1;
    if (executed === null) restarts.add(step);
    else if (isSomebodys(executed)) bySeq.set(executed.seq, [...(bySeq.get(executed.seq) ?? []), step]);
  }
  return { bySeq, restarts, optional: restarts };
}
