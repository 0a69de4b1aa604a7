import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { LINES, lineChecks } from './lines-steady.js';
import { checkValve, isAsking, isRight } from './lines-valve.js';

/** Longer than the deadline of a second. */
const SLOW_US = 1_600_000;
/** Where the image keeps where the valve was told to go; the first 16 bits are where it stands. */
const SET_POINT_AT = 2;
const FLIPPED = 0x08;

/** The board that comes back has been given what it had lost, and has answered it as was answered then. */
function checkGivenAgain({ faults }: OwnFirmwareRun): RunCheck {
  const joined = faults.flatMap(({ timeline }) => timeline).filter(({ step }) => step === 'joined');
  const [given] = joined.map(({ detail }) => detail['givenAgain']);
  return check('the board that comes back was given lines once more', typeof given === 'number' && given > 0, joined);
}

export const linesRestarted = ownFirmware({
  name: 'lines-restarted',
  promise:
    'the driving board restarts: its banner says so, the other takes over, no line is lost, and the board is given all lines once more before it counts',
  plans: [
    {
      ...LINES,
      variant: '',
      protocol: { resync: { from: 'start' } },
      plan: (stage) => stage.inject(0.4, () => stage.uno('a').resetExternal()),
      checks: (run) => [
        ...lineChecks(run, 'a'),
        checkGivenAgain(run),
        checkEqualPins(run),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'restarted'),
      ],
    },
  ],
});

export const linesSlow = ownFirmware({
  name: 'lines-slow',
  promise:
    'the driving board answers after its deadline: the other has taken over by then, the late answer is nobody’s, and the slow one comes back where the other is',
  plans: [
    {
      ...LINES,
      variant: '',
      protocol: { resync: { from: '/^SET /' } },
      plan: (stage) => stage.inject(0.4, () => stage.uno('a').pauseForUs(SLOW_US, { interrupts: 'run' })),
      checks: (run) => [
        ...lineChecks(run),
        checkGivenAgain(run),
        checkEqualPins(run),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'silent'),
      ],
    },
  ],
});

/** Between a line that sets and the one that asks, when both boards have done the first. */
function differsBeforeNextAsking(stage: OwnFirmwareStage): void {
  const from = Math.floor(stage.options.requests * 0.4);
  const setting = from + ((3 - (from % 4) + 4) % 4);
  stage.afterRequests(setting, () => {
    stage.world.at(stage.world.nowUs() + 40_000, () => {
      stage.injectedAtUs = stage.world.nowUs();
      stage.uno('b').pokeRam(stage.stateAddress + SET_POINT_AT, FLIPPED);
    });
  });
}

export const linesDiffers = ownFirmware({
  name: 'lines-differs',
  promise:
    'the backup says something else than the driving board: nobody upstream gets it, and the pair no longer counts as protected',
  plans: [
    {
      ...LINES,
      variant: '',
      ends: 'not protected',
      plan: differsBeforeNextAsking,
      checks: (run) => [
        ...commonChecks(run),
        checkAnswers(run, isRight),
        checkValve(run),
        check(
          'an asking line came after it',
          run.stage.client.asked.some(({ id, sentAtUs }) => isAsking(id) && sentAtUs > (run.stage.injectedAtUs ?? 0)),
          null,
        ),
        checkDrives(run, 'a'),
        checkFaults(run, 'mismatch'),
      ],
    },
  ],
});
