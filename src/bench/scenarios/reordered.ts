import { ScriptedOrder } from '../scripted/execution-order.js';
import { ScriptedBoard } from '../scripted-board.js';
import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, checkProtected, commonChecks } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';

const WINDOW = 3;
/** How long the primary waits for a third input before it runs what it has. */
const PATIENCE_US = 40_000;
/** As fast as the backup can follow: it gets one input at a time, so that a lost one cannot change its order (R3). */
const PACE_US = 7_500;

/** The seqs of upstream inputs a board executed, in its own order, by its own record; probes are not among them. */
function executed(stage: Stage, name: 'a' | 'b'): number[] {
  const { board } = stage.world.boards[name];
  return board instanceof ScriptedBoard ? board.executed.map(({ seq }) => seq) : [];
}

export const reordered: Scenario = {
  name: 'reordered',
  promise: 'the primary answers 3, 1, 2: the backup runs 3, 1, 2',
  runs: [
    {
      variant: '',
      // The primary waits for others before it answers, so its deadline has room for that.
      config: { deadline: '200ms' },
      client: { inFlight: WINDOW, paceUs: PACE_US },
      boards: () => ({
        a: new ScriptedBoard({ seed: 1, window: WINDOW, order: new ScriptedOrder([3, 1, 2], PATIENCE_US) }),
        b: new ScriptedBoard({ seed: 2, window: WINDOW }),
      }),
      // Seqs are given out in the order in which the client's inputs come, without gaps while one gateway lives.
      order: (stage) => {
        const ran = executed(stage, 'a');
        const first = Math.min(...ran);
        return ran.map((seq) => seq - first + 1);
      },
      checks: (run) => {
        const a = executed(run.stage, 'a');
        const b = executed(run.stage, 'b');
        const backwards = a.filter((seq, index) => index > 0 && seq < (a[index - 1] ?? 0)).length;
        return [
          ...commonChecks(run),
          check('the primary did run them out of order', backwards >= run.inputs / 6, { backwards }),
          check('the backup ran them in the order of the primary', a.join() === b.join(), {
            a: [a.length, ...a.slice(-6)],
            b: [b.length, ...b.slice(-6)],
          }),
          checkDrives(run, 'a'),
          checkFaults(run),
          checkProtected(run, true),
        ];
      },
    },
  ],
};
