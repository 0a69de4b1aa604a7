import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { ADDRESS, HOLDING, MODBUS_PUMP, pdu } from './modbus-pump.js';

const COMMAND = 10;
const CALIBRATE = 2;
const NO_REGISTER = 100;
const NO_FUNCTION = 8;

interface Step {
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
}

const refused = (request: Uint8Array, exception: number): Step => ({
  request,
  answer: Uint8Array.of(ADDRESS, (request[1] ?? 0) | 0x80, exception),
});
const echoed = (request: Uint8Array): Step => ({ request, answer: request });

/** Calibration takes half a second, in which nothing can be written; the reads behind it fill that. */
const STEPS: readonly Step[] = [
  echoed(pdu.writeRegister(HOLDING.speed, 300)),
  refused(pdu.readHolding(NO_REGISTER, 1), 2),
  refused(pdu.writeRegister(HOLDING.speed, 2000), 3),
  refused(Uint8Array.of(ADDRESS, NO_FUNCTION, 0, 0, 0, 0), 1),
  refused(pdu.writeRegister(COMMAND, CALIBRATE), 5),
  refused(pdu.writeRegister(HOLDING.speed, 400), 6),
  ...Array.from({ length: 4 }, (): Step => {
    const request = pdu.readHolding(HOLDING.speed, 1);
    return { request, answer: pdu.registers(request, [300]) };
  }),
];

const stepOf = (id: number): Step => STEPS[(id - 1) % STEPS.length] as Step;

export const modbusException = ownFirmware({
  name: 'modbus-exception',
  promise:
    'exceptions are answers as others are: passed on as one slave gives them, and no fault; what was not taken is copied to nobody',
  plans: [
    {
      variant: '',
      firmware: MODBUS_PUMP,
      paceUs: 150_000,
      request: (id) => stepOf(id).request,
      checks: (run) => [
        ...commonChecks(run),
        checkAnswers(run, (_request, answer, id) => Buffer.from(answer).equals(stepOf(id).answer)),
        checkEqualPins(run),
        checkDrives(run, 'a'),
        checkFaults(run),
      ],
    },
  ],
});
