import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WallClock } from '#built/clock/clock.js';
import { parseConfig } from '#built/config/load/load-config.js';
import type { BoardStatus } from '#built/control/contract/status.js';
import { CopycatError } from '#built/errors/copycat-error.js';
import { type Gateway, startGateway } from '#built/gateway/gateway.js';
import { BoardPorts } from '#built/gateway/ports/board-ports.js';
import { createGpioProvider } from '#built/hardware/gpio/gpio-provider.js';
import { createLines } from '#built/hardware/lines/lines.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { HostTree } from '../unit/host-tree.js';
import { changeover } from '../unit/relay-contacts.js';
import { until as waitUntil } from '../until.js';
import { type PosixBoard, PosixHeater } from './posix-pair.js';

/** A pair at two sockets of a made host: boards are pulled out and come back under other names while it runs. */

const UNITS = { a: 0x111, b: 0x222 } as const;
const PLACES = { a: '1.2', b: '1.3' } as const;
type Name = keyof typeof UNITS;

let heater: PosixHeater;
let host: HostTree;
let gateway: Gateway;
let boardPorts: BoardPorts;
let names = 0;
const plugged = new Map<Name, { readonly tty: string; readonly board: PosixBoard }>();
const lines: string[] = [];

beforeEach(async () => {
  heater = new PosixHeater();
  host = new HostTree();
  await plug('a');
  await plug('b');
  const clock = new WallClock();
  const gpio = new FakeGpio();
  changeover(gpio, clock, 'GPIO17', 'GPIO27');
  const said = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(String((JSON.parse(chunk.toString()) as { msg: string }).msg));
      done();
    },
  });
  const log = pino({ base: null }, said);
  boardPorts = new BoardPorts({ clock, log, host });
  gateway = await startGateway(
    parseConfig(
      `boards:
  a: { kind: posix, port: usb-1.2 }
  b: { kind: posix, port: usb-1.3 }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 50ms
deadline: 2s
probe: 100ms
ledger: { path: ledger.sqlite, journal: journal }
`,
      'copycat.yaml',
      heater.folder,
    ),
    {
      ...{ clock, log },
      lines: createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]),
      openSession: (board, dialect) => boardPorts.open(board, dialect),
      portOf: (board) => boardPorts.statusOf(board),
      flash: () => Promise.reject(new CopycatError('FLASH_FAILED', 'nothing is flashed here')),
      openThirdCopy: () => Promise.reject(new CopycatError('INTERNAL', 'there is no third copy here')),
      end: () => {
        throw new Error('the gateway ended by itself');
      },
    },
  );
});
afterEach(async () => {
  await gateway.close();
  boardPorts.close();
  await heater.dispose();
  host.remove();
  plugged.clear();
  lines.length = 0;
});

/** Each time under a name that it never had. */
async function plug(name: Name): Promise<void> {
  const board = await heater.start(UNITS[name]);
  const tty = `ttyACM${names++}`;
  host.plug({ name: tty, at: PLACES[name], device: board.port });
  plugged.set(name, { tty, board });
}

async function pull(name: Name): Promise<void> {
  const there = plugged.get(name);
  if (there === undefined) throw new Error(`board ${name} is not plugged in`);
  host.unplug(there.tty);
  await there.board.stop();
  heater.boards.splice(heater.boards.indexOf(there.board), 1);
}

function boardStatus(name: Name): BoardStatus {
  const found = gateway.status().boards.find(({ board }) => board === name);
  if (found === undefined) throw new Error(`no board ${name}`);
  return found;
}

const until = (what: () => boolean) => waitUntil(what, () => [gateway.status(), ...lines]);

const isProtected = (): boolean => gateway.status().protected;

describe('a board that is pulled out and comes back under another name', () => {
  it('is named as missing, is taken back by itself, and the pair is protected again, without a restart', async () => {
    await until(isProtected);
    await pull('b');
    await until(() => boardStatus('b').port?.trouble?.name === 'not-there');
    expect(gateway.status()).toMatchObject({ primary: 'a', protected: false });
    expect(boardStatus('b').port).toMatchObject({ device: null });
    expect(boardStatus('b').port?.trouble?.text).toMatch(/^nothing is plugged in at usb-1\.3; there is: usb-1\.2/);
    expect(boardStatus('a').port?.trouble).toBeNull();
    await plug('b');
    await until(isProtected);
    expect(boardStatus('b').port).toMatchObject({ place: 'usb-1.3', trouble: null });
    expect(boardStatus('b').counters).toMatchObject({ opens: 2 });
    expect(gateway.status().primary).toBe('a');
  });

  it('R10: also as the primary: the other one takes over, and it comes back as the backup', async () => {
    await until(isProtected);
    await pull('a');
    await until(() => gateway.status().primary === 'b');
    await until(() => boardStatus('a').port?.trouble?.name === 'not-there');
    await plug('a');
    await until(isProtected);
    expect(gateway.status()).toMatchObject({ primary: 'b', relay: { commanded: 'b', proved: true } });
  });

  it('is asked for by what is the matter with its port, when it is there and cannot be opened', async () => {
    await until(isProtected);
    await pull('b');
    await until(() => boardStatus('b').port?.trouble?.name === 'not-there');
    expect(gateway.status().next?.text).toMatch(/^plug board b in/);
    host.plug({ name: 'ttyACM99', at: PLACES.b, device: '/dev/null' });
    await until(() => boardStatus('b').port?.trouble?.name === 'not-a-port');
    expect(gateway.status().next?.text).toMatch(/^cannot open .*ttyACM99: it is not a serial port/);
    host.unplug('ttyACM99');
    await plug('b');
    await until(isProtected);
  });

  it('does not fill the log, however often the gateway tries', async () => {
    await until(isProtected);
    await pull('b');
    await until(() => (boardStatus('b').counters['openAttempts'] ?? 0) >= 6);
    expect(lines.filter((line) => line.includes('nothing is plugged in'))).toHaveLength(1);
  });
});
