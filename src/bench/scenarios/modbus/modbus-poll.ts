import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { FIRST_HOLDING, MODBUS_PUMP, pdu } from './modbus-pump.js';

/** Of the sensor's 5 V. */
const LEVEL_PER_MILLE = 500;

const POLLS = [
  { request: pdu.readHolding(0, FIRST_HOLDING.length), values: FIRST_HOLDING },
  { request: pdu.readInput(0, 3), values: [0, 0, LEVEL_PER_MILLE] },
  { request: pdu.readHolding(2, 1), values: FIRST_HOLDING.slice(2, 3) },
];

function pollOf(id: number): (typeof POLLS)[number] {
  return POLLS[id % POLLS.length] as (typeof POLLS)[number];
}

export const modbusPoll = ownFirmware({
  name: 'modbus-poll',
  promise: 'a master that polls two Modbus slaves as one: every poll answered once, with what a slave alone answers',
  plans: [
    {
      variant: '',
      firmware: MODBUS_PUMP,
      paceUs: 60_000,
      request: (id) => pollOf(id).request,
      checks: (run) => [
        ...commonChecks(run),
        checkAnswers(run, (request, answer, id) =>
          Buffer.from(answer).equals(pdu.registers(request, pollOf(id).values)),
        ),
        checkEqualPins(run),
        checkDrives(run, 'a'),
        checkFaults(run),
      ],
    },
  ],
});
