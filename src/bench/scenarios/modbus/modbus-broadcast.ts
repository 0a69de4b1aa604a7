import {
  checkAnswers,
  checkDrives,
  checkEqualPins,
  checkFaults,
  checkGivenOnce,
  checkLevels,
  commonChecks,
} from '../../own-firmware/own-firmware-checks.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { dutyAt, HOLDING, MODBUS_PUMP, pdu, RUN } from './modbus-pump.js';

const TO_ALL = 0;
/** Longer than both slaves' turnaround. */
const PACE_US = 300_000;

const speedOf = (id: number): number => 1 + ((id * 371) % 999);
const isRead = (id: number): boolean => id % 2 === 0;
const isBroadcast = (request: Uint8Array): boolean => request[0] === TO_ALL;

function requestOf(id: number): Uint8Array {
  if (id === 1) return pdu.writeCoil(RUN, true);
  if (isRead(id)) return pdu.readHolding(HOLDING.speed, 1);
  return Uint8Array.of(TO_ALL, ...pdu.writeRegister(HOLDING.speed, speedOf(id)).subarray(1));
}

export const modbusBroadcast = ownFirmware({
  name: 'modbus-broadcast',
  promise: 'a write to all slaves: done once by both, answered by nobody, and read back right afterwards',
  plans: [
    {
      variant: '',
      firmware: {
        ...MODBUS_PUMP,
        input: { ...MODBUS_PUMP.input, units: { ...(MODBUS_PUMP.input['units'] as object), [TO_ALL]: 'broadcast' } },
      },
      paceUs: PACE_US,
      requests: (total) => Math.min(total, 40),
      request: requestOf,
      isAnswered: (request) => !isBroadcast(request),
      checks: (run) => {
        const speeds = run.stage.client.asked
          .filter(({ request }) => isBroadcast(request))
          .map(({ id }) => speedOf(id));
        const broadcasts = run.stage.client.asked.filter(({ request }) => isBroadcast(request));
        return [
          ...commonChecks(run),
          checkAnswers(
            run,
            (request, answer, id) =>
              (isRead(id) && Buffer.from(answer).equals(pdu.registers(request, [id === 2 ? 0 : speedOf(id - 1)]))) ||
              (id === 1 && Buffer.from(answer).equals(request)),
          ),
          checkLevels(run, [0, ...speeds.map(dutyAt)]),
          checkGivenOnce(run, isBroadcast, 'a', broadcasts.length),
          checkGivenOnce(run, isBroadcast, 'b', broadcasts.length),
          checkEqualPins(run),
          checkDrives(run, 'a'),
          checkFaults(run),
        ];
      },
    },
  ],
});
