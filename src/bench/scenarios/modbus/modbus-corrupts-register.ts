import type { BoardName } from '../../bench-board.js';
import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  checkGivenOnce,
  checkLevels,
  checkLevelsAround,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwarePlan } from '../../own-firmware/own-firmware-plan.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { HOLDING } from './modbus-pump.js';
import { isRight, isWrite, levelsOf, READS_EVERY, WRITES } from './modbus-write.js';

const WORD_BYTES = 2;
/** In the low byte of the speed: a few steps of the pump's pin. */
const FLIPPED_BIT = 0x40;
const PACE_US = 100_000;
/** From the request that writes: by then both slaves have done it, and the next request has not been sent. */
const DONE_AFTER_US = 85_000;

/** Behind a write, and before the read that asks for it. */
function corrupt(stage: OwnFirmwareStage, name: BoardName): void {
  const due = Math.floor(stage.options.requests * 0.4);
  const write = due - (due % READS_EVERY) + READS_EVERY - 1;
  stage.afterRequests(write, () => {
    const sentAtUs = stage.client.asked.at(-1)?.sentAtUs ?? 0;
    stage.world.at(Math.max(stage.world.nowUs(), sentAtUs + DONE_AFTER_US), () => {
      const address = stage.stateAddress + HOLDING.speed * WORD_BYTES;
      stage.injectedAtUs = stage.world.nowUs();
      stage.uno(name).pokeRam(address, FLIPPED_BIT);
    });
  });
}

/** One board alone was judged, by the register that was written. */
function checkJudged({ faults }: OwnFirmwareRun, wrong: BoardName): RunCheck {
  const judged = faults.filter(({ code }) => code === 'judged-wrong');
  const seen = judged.map(({ board, evidence }) => ({ board, decidedBy: evidence['decidedBy'] }));
  const [only] = seen;
  return check(
    `board ${wrong} judged wrong by what was written`,
    seen.length === 1 && only?.board === wrong && only.decidedBy === 'written',
    seen,
  );
}

/** What the master was told of it by the driving slave itself: one read. */
function checkOneWrongAnswer({ stage }: OwnFirmwareRun): RunCheck {
  const wrong = stage.client.asked.filter(({ request, answers, id }) =>
    answers.some(({ body }) => !isRight(request, body, id)),
  );
  const isItsRead = wrong.every(({ sentAtUs }) => sentAtUs > (stage.injectedAtUs ?? 0));
  return check(
    'one read at most tells the corrupted value',
    wrong.length <= 1 && isItsRead,
    wrong.map(({ id }) => id),
  );
}

const CORRUPTED: Pick<OwnFirmwarePlan, 'firmware' | 'paceUs' | 'request' | 'protocol'> = {
  ...WRITES,
  paceUs: PACE_US,
  protocol: { written: { holding: '0-7' }, join: { copy: [{ holding: '0-7' }, { coils: '0-3' }] } },
};

const checksOf = (run: OwnFirmwareRun, wrong: BoardName): RunCheck[] => [
  ...commonChecks(run),
  checkJudged(run, wrong),
  checkGivenOnce(run, isWrite, 'a'),
  checkGivenOnce(run, isWrite, 'b'),
  checkEqualPins(run),
  checkFaults(run, 'judged-wrong'),
];

export const modbusCorruptsRegister = ownFirmware({
  name: 'modbus-corrupts-register',
  promise:
    'a register of one slave no longer holds what was written to it: at the first answer that differs both are read again, and that slave is the wrong one; it leaves, is given its registers anew, and protects again',
  plans: [
    {
      ...CORRUPTED,
      variant: 'of the driving slave',
      plan: (stage) => corrupt(stage, 'a'),
      checks: (run) => [
        ...checksOf(run, 'a'),
        checkOneWrongAnswer(run),
        checkLevelsAround(run, levelsOf(run), () => true),
        checkDrives(run, 'a', 'b'),
      ],
    },
    {
      ...CORRUPTED,
      variant: 'of the other',
      plan: (stage) => corrupt(stage, 'b'),
      checks: (run) => [
        ...checksOf(run, 'b'),
        checkAnswers(run, isRight),
        checkLevels(run, levelsOf(run)),
        checkDrives(run, 'a'),
      ],
    },
    {
      ...CORRUPTED,
      variant: 'where answers wait for both',
      config: { commit: { needs: 'both' } },
      plan: (stage) => corrupt(stage, 'a'),
      checks: (run) => [
        ...checksOf(run, 'a'),
        checkAnswers(run, isRight),
        checkLevelsAround(run, levelsOf(run), () => true),
        checkDrives(run, 'a', 'b'),
      ],
    },
  ],
});
