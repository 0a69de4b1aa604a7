import type { JoiningStatus } from '../../control/contract/status.js';
import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';
import { WireTap } from '../stage/watching/wire-tap.js';

/** Until the boards' programs run, nothing drives their pins. */
const BOOT_US = 1_000_000;
/** Nobody waits longer for a pair to be protected. */
const LONGEST_US = 20_000_000;
/** How often somebody looks at the status meanwhile. */
const POLL_EVERY_US = 3_000;

const taps = new WeakMap<object, WireTap>();
const shown = new WeakMap<object, JoiningStatus[]>();
const calledProtectedAtUs = new WeakMap<object, number>();

/** Looks at the status, as a person would, until it says that the pair is protected. */
async function watchStatus(stage: Stage): Promise<void> {
  const steps: JoiningStatus[] = [];
  shown.set(stage, steps);
  while (stage.gateway === null) await stage.pass(POLL_EVERY_US);
  const untilUs = stage.world.nowUs() + LONGEST_US;
  while (stage.world.nowUs() < untilUs) {
    const status = await stage.shownStatus();
    if (status.protected) {
      calledProtectedAtUs.set(stage, stage.world.nowUs());
      return;
    }
    for (const { joining } of status.boards) if (joining !== null) steps.push(joining);
    await stage.pass(POLL_EVERY_US);
  }
}

function transferred(run: ReceivedRun) {
  const { counts } = taps.get(run.stage) ?? { counts: { a: new Map(), b: new Map() } };
  const seen = { readFromA: counts.a.get('stateGet') ?? 0, writtenToB: counts.b.get('statePut') ?? 0 };
  return check('the state of a was read twice, and written into b', seen.readFromA >= 2 && seen.writtenToB >= 1, seen);
}

function progressShown(run: ReceivedRun) {
  const steps = shown.get(run.stage) ?? [];
  const compared = steps.filter(({ step }) => step === 'comparing').map(({ done, of }) => `${done} of ${of}`);
  const isShown = steps.some(({ step }) => step !== 'comparing') && compared.length > 0;
  return check('status showed how far the backup was', isShown, { steps: [...new Set(steps.map(({ step }) => step))] });
}

export const coldStart: Scenario = {
  name: 'cold-start',
  promise:
    'both boards from power-on: the backup is given the state of the primary, compared, and only then the pair is called protected; nothing moves at the actuator but what inputs ask for',
  runs: [
    {
      variant: 'idle',
      startsCold: true,
      plan: (stage) => {
        taps.set(stage, new WireTap(stage.world));
        stage.allowSafeLevel('a', BOOT_US);
        stage.client.pause();
        stage.do(async () => {
          await watchStatus(stage);
          stage.client.resume();
        });
      },
      checks: (run) => {
        const { world } = run.stage;
        const untilUs = calledProtectedAtUs.get(run.stage) ?? Number.POSITIVE_INFINITY;
        // The heater's safe level is a duty of nothing; that of another program is the judge's business.
        const isMoved = (duty: number): boolean => duty !== 0 && run.replay === undefined;
        const moved = world.recorder.between(0, untilUs).filter(({ board, duty }) => board !== 'a' || isMoved(duty));
        return [
          ...commonChecks(run),
          transferred(run),
          progressShown(run),
          check('nothing moved at the actuator before the pair was protected', moved.length === 0, moved.slice(0, 5)),
          checkDrives(run, 'a'),
          checkFaults(run),
        ];
      },
    },
    {
      variant: 'inputs from the first moment',
      startsCold: true,
      plan: (stage) => {
        taps.set(stage, new WireTap(stage.world));
        stage.allowSafeLevel('a', BOOT_US);
        stage.do(() => watchStatus(stage));
      },
      checks: (run) => {
        const { given } = taps.get(run.stage) ?? { given: { a: [], b: [] } };
        return [
          ...commonChecks(run),
          transferred(run),
          check('what a had executed before came to b as state, not as inputs', given.b.length < given.a.length, {
            givenToA: given.a.length,
            givenToB: given.b.length,
          }),
          checkDrives(run, 'a'),
          checkFaults(run),
        ];
      },
    },
  ],
};
