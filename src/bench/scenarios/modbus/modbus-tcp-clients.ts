import { hasCrc } from '../../../protocol/modbus/rtu-frame.js';
import type { BoardName } from '../../bench-board.js';
import { modbusTcp } from '../../own-firmware/client-protocol.js';
import { checkAnswers, checkDrives, checkFaults, commonChecks } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import type { RawClient } from '../../own-firmware/raw-client.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { ADDRESS, FIRST_HOLDING, MODBUS_PUMP, pdu } from './modbus-pump.js';

/** Each of one register: they look alike on the wire, and only the request tells which it is. */
const READ = [2, 3, 4, 8, 9] as const;
const ROUNDS = 12;
const ROUND_US = 400_000;
/** Not in the order of time. */
const idsOf = (round: number): readonly number[] => READ.map((_, index) => 0x7000 - 16 * round - ((index * 3) % 5));
const BUSY = 6;

const others = new WeakMap<OwnFirmwareStage, { asks: RawClient }>();

/** One asks several things at once, under numbers in no order; one never reads; one leaves with its questions unanswered. */
async function talkBeside(stage: OwnFirmwareStage): Promise<void> {
  const asks = (await stage.connectOther()).read();
  const mute = await stage.connectOther();
  others.set(stage, { asks });
  for (let round = 0; round < ROUNDS; round++) {
    const ids = idsOf(round);
    const frames = READ.map((address, index) => modbusTcp.encode(ids[index] ?? 0, pdu.readHolding(address, 1)));
    asks.say(Buffer.concat(frames));
    mute.say(modbusTcp.encode(round, pdu.readHolding(0, 2)));
    const leaver = await stage.connectOther();
    leaver.say(Buffer.concat([1, 2].map((id) => modbusTcp.encode(id, pdu.readHolding(0, 3)))));
    await stage.world.pass(ROUND_US / 20);
    leaver.leave();
    await stage.world.pass(ROUND_US);
  }
  await stage.world.pass(ROUND_US);
  mute.leave();
  asks.leave();
}

function checkAsked({ stage }: OwnFirmwareRun): RunCheck {
  const told = new Map<number, string[]>();
  let bytes = others.get(stage)?.asks.received ?? new Uint8Array(0);
  for (let cut = modbusTcp.cut(bytes); cut !== null; cut = modbusTcp.cut(bytes)) {
    bytes = bytes.subarray(cut.length);
    const { id, body } = cut.answer;
    told.set(id ?? 0, [...(told.get(id ?? 0) ?? []), Buffer.from(body).toString('hex')]);
  }
  const wrong: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, id] of idsOf(round).entries()) {
      const address = READ[index] ?? 0;
      const request = pdu.readHolding(address, 1);
      const right = Buffer.from(pdu.registers(request, [FIRST_HOLDING[address] ?? 0])).toString('hex');
      const busy = Buffer.of(ADDRESS, 0x83, BUSY).toString('hex');
      const answers = told.get(id) ?? [];
      if (answers.length !== 1 || (answers[0] !== right && answers[0] !== busy)) wrong.push(`${id}: ${answers.join()}`);
    }
  }
  const isAll = told.size === ROUNDS * READ.length;
  return check('each transaction has its own answer, once', wrong.length === 0 && isAll, {
    wrong: wrong.slice(0, 5),
    told: told.size,
  });
}

/** Nothing ran together, and nothing was cut. */
function checkOneAtATime({ stage }: OwnFirmwareRun, board: BoardName): RunCheck {
  const { given } = stage.lines[board];
  const wrong = given.filter(
    ({ bytes }) => bytes.length !== 8 || bytes[0] !== ADDRESS || !hasCrc(bytes, 0, bytes.length),
  );
  return check(
    `board ${board} is asked one thing at a time`,
    wrong.length === 0 && given.length > 0,
    wrong.slice(0, 3).map(({ bytes }) => Buffer.from(bytes).toString('hex')),
  );
}

export const modbusTcpClients = ownFirmware({
  name: 'modbus-tcp-clients',
  promise:
    'several masters over TCP, one with many questions at once, one that never reads, one that leaves: each transaction is answered once, by its own answer, and a slave is asked one thing at a time',
  plans: [
    {
      variant: '',
      firmware: MODBUS_PUMP,
      paceUs: 120_000,
      requests: (total) => Math.min(total, 40),
      request: (id) => pdu.readHolding(READ[id % READ.length] ?? 2, 1),
      plan: (stage) => stage.do(() => talkBeside(stage)),
      checks: (run) => [
        ...commonChecks(run),
        checkAnswers(run, (request, answer) =>
          Buffer.from(answer).equals(pdu.registers(request, [FIRST_HOLDING[request[3] ?? 0] ?? 0])),
        ),
        checkAsked(run),
        checkOneAtATime(run, 'a'),
        checkOneAtATime(run, 'b'),
        checkDrives(run, 'a'),
        checkFaults(run),
      ],
    },
  ],
});
