import type { BoardName } from '../../bench-board.js';
import { lineProtocol } from '../../own-firmware/client-protocol.js';
import type { OwnFirmwareRun } from '../../own-firmware/own-firmware-run.js';
import type { OwnFirmware } from '../../own-firmware/own-firmware-setup.js';
import { check, type RunCheck } from '../../stage/run-record.js';

/** Two valves that answer each line by `ok` or `error`, and somebody who talks to one of them. */
export const LINES_VALVE: OwnFirmware = {
  image: 'lines-ok',
  board: { line: '19200-8N1' },
  baudRate: 19_200,
  format: { dataBits: 8, parity: 'none', stopBits: 1 },
  pins: { duty: 9, trip: 8 },
  protocol: { profile: 'lines-ok', banner: '^valve 1\\.0 ready$', push: '^contact ', probe: 'ID' },
  input: { framing: 'lines' },
  client: lineProtocol(
    (line) => line === 'ok' || line.startsWith('error'),
    (line) => line.startsWith('contact '),
  ),
  warmUp: Buffer.from('ID', 'latin1'),
  timeoutUs: 5_000_000,
};

/** It goes no further at a time than it can before the next line. */
const LEAST = 1;
const RANGE = 9;
const FULL = 100;
const FULL_DUTY = 255;
/** Every so many lines one asks. */
const ASKS_EVERY = 4;

/** Where the valve is told to go, in per cent; never twice the same behind each other. */
export function openingOf(id: number): number {
  return LEAST + ((id * 7) % RANGE);
}

export function isAsking(id: number): boolean {
  return id % ASKS_EVERY === 0;
}

export function lineOf(id: number): Uint8Array {
  return Buffer.from(isAsking(id) ? 'GET' : `SET ${openingOf(id)}`, 'latin1');
}

export function isRight(_request: Uint8Array, answer: Uint8Array, id: number): boolean {
  const right = isAsking(id) ? `${openingOf(id - 1)}\r\nok\r\n` : 'ok\r\n';
  return Buffer.from(answer).toString('latin1') === right;
}

/** The board that comes back has been given what it had lost, and has answered it as was answered then. */
export function checkGivenAgain({ faults }: OwnFirmwareRun): RunCheck {
  const joined = faults.flatMap(({ timeline }) => timeline).filter(({ step }) => step === 'joined');
  const [given] = joined.map(({ detail }) => detail['givenAgain']);
  return check('the board that comes back was given lines once more', typeof given === 'number' && given > 0, joined);
}

/** It was never anywhere but between the places it was told to go to (or began closed, at a board that has restarted), and stands at the last one in the end. */
export function checkValve({ stage }: OwnFirmwareRun, restarted: BoardName | null = null): RunCheck {
  const told = stage.client.asked.filter(({ id }) => !isAsking(id));
  const dutyOf = (per: number) => Math.floor((per * FULL_DUTY) / FULL);
  const wrong: string[] = [];
  for (const { atUs, board, duty } of stage.world.recorder.changes) {
    if (board === null || atUs < stage.firstRequestAtUs) continue;
    const beganAnew = board === restarted && atUs >= (stage.injectedAtUs ?? 0);
    const until = told.findIndex(({ sentAtUs }) => sentAtUs > atUs);
    const given = told.slice(0, until < 0 ? told.length : until).slice(-3);
    // A board that has just taken over may be a copy behind.
    const places = [...(given.length < 3 || beganAnew ? [0] : []), ...given.map(({ id }) => dutyOf(openingOf(id)))];
    if (duty < Math.min(...places) || duty > Math.max(...places)) wrong.push(`${duty} by ${board} at ${atUs}`);
  }
  const last = told.at(-1);
  const stands = stage.world.actuator.duty;
  if (last !== undefined && stands !== dutyOf(openingOf(last.id))) wrong.push(`${stands} in the end`);
  return check('the valve is where it was told to be', wrong.length === 0, wrong.slice(0, 5));
}
