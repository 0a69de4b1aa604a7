import { encodeRtu } from '../../../protocol/modbus/rtu-frame.js';
import { modbusRtu } from '../../own-firmware/client-protocol.js';
import { checkDrives, checkFaults } from '../../own-firmware/own-firmware-checks.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmwareStage } from '../../own-firmware/own-firmware-stage.js';
import { ownFirmware } from '../../own-firmware/play-own-firmware.js';
import { check, type RunCheck } from '../../stage/run-record.js';
import { ADDRESS, HOLDING, MODBUS_PUMP, pdu } from './modbus-pump.js';
import { isWrite, WRITES, writeChecks } from './modbus-write.js';

const PACE_US = 200_000;
/** By then the pair has answered. */
const OTHERS_FROM_US = 90_000;
const ANSWER_AFTER_US = 30_000;
const OTHER_SLAVE = 9;
/** Nobody asks for this speed. */
const NEVER = 1000;

const frameOf = (address: number, ...bytes: number[]): Uint8Array =>
  encodeRtu({ address, pdu: Uint8Array.from(bytes) });
/** A write to the pair, whole and with its checksum, in the middle of something else. */
const hidden = encodeRtu({ address: ADDRESS, pdu: pdu.writeRegister(HOLDING.speed, NEVER).subarray(1) });
const damaged = (frame: Uint8Array): Uint8Array => Uint8Array.of(...frame.subarray(0, -1), (frame.at(-1) ?? 0) ^ 0x10);
const answered = frameOf(OTHER_SLAVE, 3, hidden.length, ...hidden);

/** What the master asks the other slave, and what that says. */
const TALKS: readonly (readonly [request: Uint8Array, answer: Uint8Array])[] = [
  [frameOf(OTHER_SLAVE, 3, 0, 0, 0, 4), answered],
  [frameOf(OTHER_SLAVE, 6, 0, 1, 3, 0xe8), frameOf(OTHER_SLAVE, 6, 0, 1, 3, 0xe8)],
  [frameOf(OTHER_SLAVE, 3, 0, 0, 0, 4), damaged(answered)],
  // Of another slave that has our address, or our own echo.
  [frameOf(OTHER_SLAVE, 3, 0, 0, 0, 1), frameOf(ADDRESS, 3, 2, 1, 2)],
  // A request that was damaged on its way, and nobody's answer.
  [damaged(frameOf(OTHER_SLAVE, 16, 0, 0, 0, 4, 8, ...hidden)), new Uint8Array(0)],
];

/** Between two requests to the pair the master talks with another slave. */
function talkWithOther(stage: OwnFirmwareStage): void {
  const { client, world } = stage;
  const before = client.onEnd;
  client.onEnd = (ended, atUs) => {
    before(ended, atUs);
    const [request, answer] = TALKS[ended % TALKS.length] ?? [];
    if (request === undefined || answer === undefined) return;
    const sentAtUs = client.asked.at(-1)?.sentAtUs ?? atUs;
    world.at(Math.max(atUs, sentAtUs + OTHERS_FROM_US), () => {
      client.say(request);
      world.at(world.nowUs() + ANSWER_AFTER_US, () => client.say(answer));
    });
  };
}

function checkGivenIsAsked({ stage }: OwnFirmwareRun): RunCheck {
  const asked = new Set(stage.client.asked.map(({ request }) => Buffer.from(request).toString('hex')));
  const wrong = (['a', 'b'] as const).flatMap((board) =>
    stage.lines[board].given
      .filter(({ bytes }) => isWrite(bytes) && !asked.has(Buffer.from(bytes.slice(0, -2)).toString('hex')))
      .map(({ bytes }) => `${board}: ${Buffer.from(bytes).toString('hex')}`),
  );
  return check('no slave is given what was not asked of the pair', wrong.length === 0, wrong.slice(0, 5));
}

export const modbusSharedBus = ownFirmware({
  name: 'modbus-shared-bus',
  promise:
    'the master has other slaves on the same line, as behind a converter: what they say is taken for no request, whatever is in it, nothing is answered for them, and where it cannot be told the gateway is silent',
  plans: [
    {
      ...WRITES,
      variant: '',
      firmware: {
        ...MODBUS_PUMP,
        input: { ...MODBUS_PUMP.input, framing: 'modbus-rtu' },
        client: modbusRtu,
      },
      paceUs: PACE_US,
      requests: (total) => Math.min(total, 60),
      plan: talkWithOther,
      checks: (run) => [
        ...writeChecks(run),
        checkGivenIsAsked(run),
        check(
          'nothing was said beside the answers',
          run.stage.client.unasked.length === 0,
          run.stage.client.unasked.length,
        ),
        checkDrives(run, 'a'),
        checkFaults(run),
      ],
    },
  ],
});
