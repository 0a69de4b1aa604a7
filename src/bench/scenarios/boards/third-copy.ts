import type { Status } from '../../../control/contract/status.js';
import type { Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, commonChecks } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';

const THIRD = 'third';
/** Many times what an input has from one to the next: no window makes up for that. */
const SLOW_US = 200_000;
const MOST_BEHIND = 8;

/** Time to fall behind, and to come back while inputs come. */
const OVER_US = 3_000_000;

const roleOf = (status: Status) => status.boards.find(({ board }) => board === THIRD)?.role;
const isIn = (status: Status) => roleOf(status) === 'third copy';

async function slowThenFast(stage: Stage): Promise<void> {
  await stage.settled(isIn);
  stage.gateway?.delayThirdCopy(SLOW_US);
  await stage.settled((status) => roleOf(status) === 'set aside');
  stage.gateway?.delayThirdCopy(0);
  await stage.settled(isIn);
}

export const thirdCopySlow: Scenario = {
  name: 'third-copy-slow',
  onlyNamed: true,
  promise:
    'the host is too slow for the third copy: it is set aside, the pair serves and stays protected; when there is time again it joins again',
  runs: [
    {
      variant: '',
      config: { 'third-copy': { image: 'heater.hex', id: THIRD }, 'max-lag': MOST_BEHIND },
      client: { overUs: OVER_US },
      plan: (stage) => stage.do(() => slowThenFast(stage)),
      checks: (run) => {
        const behind = run.faults.filter(({ code }) => code === 'backup-behind');
        const third = run.status.boards.find(({ board }) => board === THIRD);
        return [
          ...commonChecks(run),
          checkDrives(run, 'a'),
          check(
            'the third copy was set aside for being behind',
            behind.some(({ board }) => board === THIRD),
            behind,
          ),
          check(
            'no fault of anybody else',
            run.faults.every(({ board }) => board === THIRD),
            run.faults,
          ),
          check('the third copy is in again', isIn(run.status) && third?.behind === 0, third),
        ];
      },
    },
  ],
};
