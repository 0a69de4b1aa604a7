import type { CommandOutcome } from '../../control/contract/command.js';
import { isSameLevel } from '../judge/expected-run.js';
import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';

/** What the configuration says the relay takes: no transfer may leave the actuator alone for longer. */
const OPERATE_US = 8_000;

const outcomes = new WeakMap<object, CommandOutcome[]>();

function switchNow(stage: Stage): void {
  stage.do(async () => {
    outcomes.get(stage)?.push(await stage.command({ command: 'switch' }));
  });
}

/** R26: the old level, one gap, the new level. */
function transfersAreClean(run: ReceivedRun) {
  const { transfers } = run.actuator;
  const isClean = transfers.every(({ openUs, before, after }) => openUs <= OPERATE_US && isSameLevel(before, after));
  return check('the old level, one gap, the new level', transfers.length === 2 && isClean, transfers);
}

export const switchover: Scenario = {
  name: 'switchover',
  promise:
    'copycat switch while inputs come, and back again: nothing lost, nothing repeated; the actuator sees the old level, one gap no longer than the relay takes, and the new level; protected throughout',
  runs: [
    {
      variant: '',
      plan: (stage) => {
        outcomes.set(stage, []);
        for (const share of [0.3, 0.7]) stage.inject(share, () => switchNow(stage));
      },
      checks: (run) => {
        const said = outcomes.get(run.stage) ?? [];
        return [
          ...commonChecks(run),
          check('both commands were carried out', said.length === 2 && said.every((one) => 'done' in one), said),
          check('nothing was given as a repeat', run.answers.repeats === 0, { repeats: run.answers.repeats }),
          transfersAreClean(run),
          checkDrives(run, 'a', 'b', 'a'),
          checkFaults(run, 'switched-over'),
        ];
      },
    },
  ],
};
