import { SeededRandom } from '../../../random/seeded-random.js';
import type { BoardName } from '../../bench-board.js';
import { checkDrives, checkFaults } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwarePlan } from '../../own-firmware/own-firmware-plan.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import type { RawClient } from '../../own-firmware/raw-client.js';
import { check } from '../../stage/run-record.js';
import { HOLDING, pdu } from './modbus-pump.js';
import { WRITES, writeChecks } from './modbus-write.js';

/** Longer than a deadline, and over before the board is tried again a third time: whoever comes to that rests for minutes (R19). */
const FLOOD_US = 400_000;
const TALK_US = 1_500_000;
/** A client says so much each time: 40,000 bytes a second. */
const CHUNK_BYTES = 200;
const CHUNK_EVERY_US = 5_000;

const flooding = (board: BoardName) => (stage: OwnFirmwareStage) =>
  stage.inject(0.3, () => stage.world.boards[board].link.flood(FLOOD_US, stage.random.nextU32()));

const thrownOut = new WeakMap<OwnFirmwareStage, number>();

/** Whenever it is thrown out it comes back. */
async function talkGarbage(stage: OwnFirmwareStage): Promise<void> {
  const { world } = stage;
  const random = new SeededRandom(stage.random.nextU32());
  const untilUs = world.nowUs() + TALK_US;
  let client: RawClient = (await stage.connectOther()).read();
  while (world.nowUs() < untilUs) {
    client.say(Uint8Array.from({ length: CHUNK_BYTES }, () => random.nextBelow(256)));
    await world.pass(CHUNK_EVERY_US);
    if (client.closedAtUs === null) continue;
    thrownOut.set(stage, (thrownOut.get(stage) ?? 0) + 1);
    client = (await stage.connectOther()).read();
  }
  client.leave();
}

/** Slaves that bear the silence of a line which nothing can be made out on; one that trips is for a person to reset. */
const BEARS_SILENCE = pdu.writeRegister(HOLDING.silenceMs, 5_000);

const GARBAGE: Pick<OwnFirmwarePlan, 'firmware' | 'paceUs' | 'request' | 'protocol'> = {
  ...WRITES,
  request: (id) => (id === 2 ? BEARS_SILENCE : WRITES.request(id)),
  protocol: { join: { copy: [{ holding: '0-7' }, { coils: '0-3' }] } },
};

export const modbusGarbage = ownFirmware({
  name: 'modbus-garbage',
  promise:
    'garbage at full speed, from the line of either slave or from a client: nobody gets a wrong answer, no write is lost or given to a slave twice, and in the end the pair protects',
  plans: [
    {
      ...GARBAGE,
      variant: 'from the driving slave',
      plan: flooding('a'),
      checks: (run) => [...writeChecks(run), checkDrives(run, 'a', 'b')],
    },
    {
      ...GARBAGE,
      variant: 'from the other',
      plan: flooding('b'),
      checks: (run) => [...writeChecks(run), checkDrives(run, 'a')],
    },
    {
      ...GARBAGE,
      variant: 'from a client',
      plan: (stage) => stage.inject(0.3, () => stage.do(() => talkGarbage(stage))),
      checks: (run) => [
        ...writeChecks(run),
        check('it was thrown out', (thrownOut.get(run.stage) ?? 0) > 0, thrownOut.get(run.stage)),
        checkDrives(run, 'a'),
        checkFaults(run),
      ],
    },
  ],
});
