import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  checkGivenOnce,
  checkLevels,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwarePlan } from '../../own-firmware/own-firmware-plan.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import type { RunCheck } from '../../stage/run-record.js';
import { dutyAt, HOLDING, MODBUS_PUMP, pdu, RUN, speedSetBy } from './modbus-pump.js';

/** Every so many requests one reads back what was written last. */
export const READS_EVERY = 5;
const WRITE_SINGLE = 6;

/** 1 to 999, each once before one comes again, and no two behind each other with the same duty. */
function speedOf(id: number): number {
  return 1 + ((id * 371) % 999);
}

function isRead(id: number): boolean {
  return id % READS_EVERY === 0;
}

function requestOf(id: number): Uint8Array {
  if (id === 1) return pdu.writeCoil(RUN, true);
  return isRead(id) ? pdu.readHolding(HOLDING.speed, 1) : pdu.writeRegister(HOLDING.speed, speedOf(id));
}

export function isRight(request: Uint8Array, answer: Uint8Array, id: number): boolean {
  // A single write is echoed. What is read is what was written by the request before.
  const right = isRead(id) ? pdu.registers(request, [speedOf(id - 1)]) : request;
  return Buffer.from(answer).equals(right);
}

/** What the pump's pin shows, one level after another, when each write is done once. */
export function levelsOf({ stage }: OwnFirmwareRun): number[] {
  const speeds = stage.client.asked.flatMap(({ request }) => speedSetBy(request) ?? []);
  return [0, ...speeds.map(dutyAt)].filter((duty, index, all) => duty !== all[index - 1]);
}

export const isWrite = (given: Uint8Array): boolean => given[1] === WRITE_SINGLE;

export const WRITES: Pick<OwnFirmwarePlan, 'firmware' | 'paceUs' | 'request'> = {
  firmware: MODBUS_PUMP,
  paceUs: 60_000,
  request: requestOf,
};

export function writeChecks(run: OwnFirmwareRun): RunCheck[] {
  return [
    ...commonChecks(run),
    checkAnswers(run, isRight),
    checkLevels(run, levelsOf(run)),
    checkGivenOnce(run, isWrite, 'a'),
    checkGivenOnce(run, isWrite, 'b'),
  ];
}

export const modbusWrite = ownFirmware({
  name: 'modbus-write',
  promise:
    'a master that writes: each write done once by both slaves, in order, at the actuator as with one slave, and given to no slave twice',
  plans: [
    {
      ...WRITES,
      variant: '',
      checks: (run) => [...writeChecks(run), checkEqualPins(run), checkDrives(run, 'a'), checkFaults(run)],
    },
  ],
});

export const modbusHalted = ownFirmware({
  name: 'modbus-halted',
  promise:
    'the driving slave hangs: the other takes over before a master loses patience, no write is lost, and none is given to a slave twice',
  plans: [
    {
      ...WRITES,
      variant: '',
      ends: 'not protected',
      plan: (stage) => stage.inject(0.4, () => stage.uno('a').halt()),
      checks: (run) => [...writeChecks(run), checkDrives(run, 'a', 'b'), checkFaults(run, 'silent')],
    },
  ],
});
