import { ScriptedOrder } from '../../model-board/execution-order.js';
import { ScriptedBoard } from '../scripted-board.js';
import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';
import { WireTap } from '../stage/watching/wire-tap.js';

const WINDOW = 3;
/** How long the primary waits for a third input before it runs what it has. */
const PATIENCE_US = 40_000;

const taps = new WeakMap<object, WireTap>();

/** The seqs of upstream inputs that were given to this board. Probes have seqs of their own. */
function inputs(stage: Stage): Set<number> {
  const given = taps.get(stage)?.given;
  return new Set([...(given?.a ?? []), ...(given?.b ?? [])]);
}

/** The upstream inputs a board executed, in its own order, by its own record. */
function executed(stage: Stage, name: 'a' | 'b'): number[] {
  const { board } = stage.world.boards[name];
  const known = inputs(stage);
  return board instanceof ScriptedBoard ? board.executed.map(({ seq }) => seq).filter((seq) => known.has(seq)) : [];
}

export const reordered: Scenario = {
  name: 'reordered',
  promise: 'the primary answers 3, 1, 2: the backup runs 3, 1, 2',
  runs: [
    {
      variant: '',
      // The primary waits for others before it answers, so its deadline has room for that.
      config: { deadline: '200ms' },
      client: { inFlight: WINDOW, paceUs: 0 },
      boards: () => ({
        a: new ScriptedBoard({ seed: 1, window: WINDOW, order: new ScriptedOrder([3, 1, 2], PATIENCE_US) }),
        b: new ScriptedBoard({ seed: 2, window: WINDOW }),
      }),
      plan: (stage) => taps.set(stage, new WireTap(stage.world)),
      // Seqs are given out in the order in which the client's inputs come.
      order: (stage) => {
        const seqs = [...inputs(stage)].sort((one, another) => one - another);
        return executed(stage, 'a').map((seq) => seqs.indexOf(seq) + 1);
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
        ];
      },
    },
  ],
};
