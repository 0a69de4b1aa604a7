import { checkAnswers, soundChecks } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwarePlan } from '../../own-firmware/own-firmware-plan.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check } from '../../stage/run-record.js';
import { FIRST_HOLDING, MODBUS_PUMP, pdu } from './modbus-pump.js';

/** Reads of one register each: they look alike on the wire, and only the request tells which it is. */
const READ = [2, 3, 4, 9] as const;
const addressOf = (id: number): number => READ[id % READ.length] ?? 2;

function lateBy(pauseUs: number, variant: string): OwnFirmwarePlan {
  return {
    variant,
    firmware: MODBUS_PUMP,
    paceUs: 60_000,
    request: (id) => pdu.readHolding(addressOf(id), 1),
    plan: (stage) => stage.inject(0.4, () => stage.uno('a').pauseForUs(pauseUs, { interrupts: 'run' })),
    checks: (run) => [
      ...soundChecks(run),
      check(
        'every request had its answer within the patience of its client',
        run.stage.client.asked.every(({ hasTimedOut }) => !hasTimedOut),
        run.stage.client.asked.filter(({ hasTimedOut }) => hasTimedOut).map(({ id }) => id),
      ),
      checkAnswers(run, (request, answer, id) =>
        Buffer.from(answer).equals(pdu.registers(request, [FIRST_HOLDING[addressOf(id)] ?? 0])),
      ),
    ],
  };
}

export const modbusLate = ownFirmware({
  name: 'modbus-late',
  promise: 'a slave answers late, sooner or later than its deadline: no client ever gets the value of another request',
  plans: [lateBy(100_000, 'within its deadline'), lateBy(250_000, 'beyond it')],
});
