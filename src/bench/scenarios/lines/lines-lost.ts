import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check } from '../../stage/run-record.js';
import { LINES, lineChecks } from './lines-steady.js';
import { checkGivenAgain, checkValve, isAsking, isRight } from './lines-valve.js';

/** Longer than the deadline of a second. */
const SLOW_US = 1_600_000;
/** Where the image keeps where the valve was told to go; the first 16 bits are where it stands. */
const SET_POINT_AT = 2;
const FLIPPED = 0x08;

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
