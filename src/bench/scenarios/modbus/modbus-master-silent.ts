import { checkDrives, checkFaults, commonChecks } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check } from '../../stage/run-record.js';
import { FIRST_HOLDING, HOLDING, MODBUS_PUMP, pdu, RUN } from './modbus-pump.js';

const TRIPPED = 8;
/** What the slaves bear, and what a gateway may add: its three usual periods, and a copy on its way. */
const BORNE_US = 1_000_000;
const PACE_US = 60_000;
const ADDED_US = 3 * PACE_US + 100_000;
const SILENCE_US = 3_000_000;

interface Trips {
  /** When the last request of the master had been answered. */
  silentFromUs: number;
  readonly atUs: { readonly board: 'a' | 'b'; readonly atUs: number }[];
}
const seen = new WeakMap<OwnFirmwareStage, Trips>();

/** Looks at the pin itself, at each change. */
function watchTrips(stage: OwnFirmwareStage): Trips {
  const trips: Trips = { silentFromUs: 0, atUs: [] };
  for (const name of ['a', 'b'] as const) {
    const uno = stage.uno(name);
    const pass = uno.onOutput;
    uno.onOutput = (atUs, pin, duty) => {
      if (pin === TRIPPED && duty > 0) trips.atUs.push({ board: name, atUs });
      pass(atUs, pin, duty);
    };
  }
  seen.set(stage, trips);
  return trips;
}

function requestOf(id: number): Uint8Array {
  if (id === 1) return pdu.writeRegister(HOLDING.speed, 500);
  return id === 2 ? pdu.writeCoil(RUN, true) : pdu.readHolding(0, FIRST_HOLDING.length);
}

export const modbusMasterSilent = ownFirmware({
  name: 'modbus-master-silent',
  promise:
    'the master falls silent: the gateway does too, and both slaves trip by their own watchdogs, as without a gateway; not before',
  plans: [
    {
      variant: '',
      firmware: MODBUS_PUMP,
      paceUs: PACE_US,
      request: requestOf,
      plan: (stage) => {
        const trips = watchTrips(stage);
        stage.afterRequests(Math.floor(stage.options.requests / 2), () => {
          stage.client.pause();
          trips.silentFromUs = stage.world.nowUs();
          stage.do(async () => {
            await stage.world.pass(SILENCE_US);
            stage.client.resume();
          });
        });
      },
      checks: (run) => {
        const { silentFromUs, atUs } = seen.get(run.stage) ?? { silentFromUs: 0, atUs: [] };
        const after = atUs.map((trip) => ({ board: trip.board, afterMs: (trip.atUs - silentFromUs) / 1000 }));
        const isTrip = (board: 'a' | 'b') =>
          after.filter((trip) => trip.board === board).length === 1 &&
          after.every(({ afterMs }) => afterMs * 1000 > BORNE_US / 2 && afterMs * 1000 < BORNE_US + ADDED_US);
        return [
          ...commonChecks(run),
          check('board a tripped once, in its time', isTrip('a'), after),
          check('board b tripped once, in its time', isTrip('b'), after),
          check(
            'nothing is pumped while nobody says so',
            run.stage.world.actuator.duty === 0,
            run.stage.world.actuator.duty,
          ),
          checkDrives(run, 'a'),
          checkFaults(run),
        ];
      },
    },
  ],
});
