import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';

/** Answered inputs from one damaged byte to the next: far enough apart that a repeat gets through. */
const EVERY = 12;
/** A frame is about this long: where in the next one the damage falls. */
const FRAME_BYTES = 24;

function damageOneByte(stage: Stage): void {
  const { random, world } = stage;
  const { link } = world.boards[random.nextBelow(2) === 0 ? 'a' : 'b'];
  const direction = random.nextBelow(2) === 0 ? link.faults.toBoard : link.faults.fromBoard;
  stage.injectedAtUs ??= world.nowUs();
  if (random.nextBelow(2) === 0) direction.corruptByte(random.nextBelow(FRAME_BYTES), 1 << random.nextBelow(8));
  else direction.dropBytes(random.nextBelow(FRAME_BYTES), 1);
}

export const lineNoise: Scenario = {
  name: 'line-noise',
  promise: 'single corrupted and lost bytes: repeats, no takeover, the degraded link is counted',
  runs: [
    {
      variant: '',
      plan: (stage) => {
        for (let answers = EVERY; answers < stage.options.inputs - EVERY; answers += EVERY) {
          stage.afterAnswers(answers, () => damageOneByte(stage));
        }
      },
      checks: (run) => {
        const counted = run.status.boards.reduce((sum, board) => sum + (board.counters['link-degraded'] ?? 0), 0);
        const damaged = [run.stage.world.boards.a, run.stage.world.boards.b].flatMap(({ link }) => [
          link.faults.toBoard.counters,
          link.faults.fromBoard.counters,
        ]);
        return [
          ...commonChecks(run),
          check(
            'bytes were damaged',
            damaged.some((counters) => counters.corrupted + counters.dropped > 0),
            damaged,
          ),
          check('link-degraded counted', counted > 0, { counted }),
          checkDrives(run, 'a'),
          checkFaults(run, 'link-degraded'),
        ];
      },
    },
  ],
};
