import type { ExpectedRun } from './judge/expected-run.js';
import { inputSteps } from './judge/input-steps.js';
import { type ActuatorVerdict, judgeActuator } from './judge/judge-actuator.js';
import type { Stage } from './stage/stage.js';

/** What the actuator of a stage got, judged; `order`: ids in the order of execution, null for a fresh start. */
export function judgeStage(stage: Stage, order: readonly (number | null)[], expected: ExpectedRun): ActuatorVerdict {
  const { exchanges, client, world, firstInputAtUs: fromUs, safeLevels } = stage;
  return judgeActuator(
    { changes: world.recorder.changes, acts: exchanges.acts },
    { ...expected, steps: inputSteps(exchanges.inputs, client.sent, order) },
    { fromUs, safeLevels },
  );
}
