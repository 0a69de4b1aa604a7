import { constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import { pino } from 'pino';
import { WallClock } from '#built/clock/clock.js';
import { parseConfig } from '#built/config/load/load-config.js';
import type { BoardStatus } from '#built/control/contract/status.js';
import { CopycatError } from '#built/errors/copycat-error.js';
import { type Gateway, startGateway } from '#built/gateway/gateway.js';
import { BoardPorts } from '#built/gateway/ports/board-ports.js';
import { createGpioProvider } from '#built/hardware/gpio/gpio-provider.js';
import { createLines } from '#built/hardware/lines/lines.js';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import type { StoredFault } from '../../src/faults/stored-fault.js';
import { loadPtyCalls } from '../../src/pseudo-terminal/pty-calls.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { HostTree } from '../unit/host-tree.js';
import { changeover } from '../unit/relay-contacts.js';
import { until } from '../until.js';
import { type PosixBoard, PosixHeater } from './posix-pair.js';
import { PseudoTerminal } from './pseudo-terminal.js';

const calls = await loadPtyCalls();

export type Name = 'a' | 'b';
export const PLACES = { a: '1.2', b: '1.3' } as const;
const UNITS = { a: 0x111, b: 0x222 } as const;

/** A board that has its supply from elsewhere, and the USB cable between it and a made host: pulled out, the board lives on. */
export class Cable {
  /** The converter hangs: nothing passes any more, and nothing says so. */
  isUnresponsive = false;
  tty: string | null = null;
  #terminal: PseudoTerminal | null = null;
  readonly #descriptor: number;
  readonly #fromBoard: ReadStream;

  constructor(
    readonly board: PosixBoard,
    private readonly host: HostTree,
  ) {
    this.#descriptor = openSync(board.port, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    calls.makeRaw(this.#descriptor);
    this.#fromBoard = new ReadStream(this.#descriptor);
    this.#fromBoard.on('error', () => undefined); // EIO when the board's process ends
    this.#fromBoard.on('data', (bytes: Buffer) => {
      if (!this.isUnresponsive) this.#terminal?.send(bytes);
    });
  }

  plugIn(tty: string, place: string): void {
    const terminal = new PseudoTerminal();
    terminal.onData = (bytes) => {
      if (!this.isUnresponsive) writeSync(this.#descriptor, bytes);
    };
    this.host.plug({ name: tty, at: place, device: terminal.path });
    this.#terminal = terminal;
    this.tty = tty;
  }

  /** The path that leads to its terminal, whatever the host calls it. */
  get device(): string {
    return this.#terminal?.path ?? '';
  }

  pullOut(): void {
    if (this.tty === null) return;
    this.host.unplug(this.tty);
    this.#terminal?.unplug();
    this.#terminal = null;
    this.tty = null;
  }

  dispose(): void {
    this.pullOut();
    this.#fromBoard.destroy();
  }
}

/** Two boards in two sockets of a made host, with a gateway as a user has it but for the kernel's files. */
export class PluggedPair {
  readonly heater = new PosixHeater();
  readonly host = new HostTree();
  readonly gpio = new FakeGpio();
  readonly clock = new WallClock();
  readonly contact = changeover(this.gpio, this.clock, 'GPIO17', 'GPIO27');
  readonly lines: string[] = [];
  readonly cables = {} as Record<Name, Cable>;
  readonly #boardPorts: BoardPorts;
  readonly #log: pino.Logger;
  #gateway: Gateway | null = null;

  private constructor() {
    const said = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.lines.push(String((JSON.parse(chunk.toString()) as { msg: string }).msg));
        done();
      },
    });
    this.#log = pino({ base: null }, said);
    this.#boardPorts = new BoardPorts({ clock: this.clock, log: this.#log, host: this.host });
  }

  /** Boards run, cables are not plugged in, and no gateway runs. */
  static async make(): Promise<PluggedPair> {
    const pair = new PluggedPair();
    for (const name of ['a', 'b'] as const)
      pair.cables[name] = new Cable(await pair.heater.start(UNITS[name]), pair.host);
    return pair;
  }

  async startGateway(): Promise<void> {
    const text = `boards:
  a: { kind: posix, port: usb-${PLACES.a} }
  b: { kind: posix, port: usb-${PLACES.b} }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 50ms
deadline: 2s
probe: 100ms
ledger: { path: ledger.sqlite, journal: journal }
`;
    const { clock, gpio } = this;
    this.#gateway = await startGateway(parseConfig(text, 'copycat.yaml', this.heater.folder), {
      ...{ clock, log: this.#log },
      lines: createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]),
      openSession: (board, dialect) => this.#boardPorts.open(board, dialect),
      portOf: (board) => this.#boardPorts.statusOf(board),
      flash: () => Promise.reject(new CopycatError('FLASH_FAILED', 'nothing is flashed here')),
      openThirdCopy: () => Promise.reject(new CopycatError('INTERNAL', 'there is no third copy here')),
      end: () => {
        throw new Error('the gateway ended by itself');
      },
    });
  }

  get gateway(): Gateway {
    if (this.#gateway === null) throw new Error('no gateway runs');
    return this.#gateway;
  }

  boardStatus(name: Name): BoardStatus {
    const found = this.gateway.status().boards.find(({ board }) => board === name);
    if (found === undefined) throw new Error(`no board ${name}`);
    return found;
  }

  get isProtected(): boolean {
    return this.gateway.status().protected;
  }

  troubleOf(name: Name): string | undefined {
    return this.boardStatus(name).port?.trouble?.name;
  }

  /** Oldest first; while a gateway runs, too. */
  faults(): StoredFault[] {
    const reader = openLedgerReader(join(this.heater.folder, 'ledger.sqlite'));
    const faults = reader.listFaults().reverse();
    reader.close();
    return faults;
  }

  /** Oldest first; without messages that had to be repeated, as a busy machine makes them. */
  faultCodes(): string[] {
    return this.faults().flatMap(({ code }) => (code === 'link-degraded' ? [] : [code]));
  }

  /** What `done` is given is called when the relay's line next changes to this level. */
  whenRelayMoves(to: 0 | 1, then: () => void): void {
    const before = this.gpio.onLevel;
    let isDone = false;
    this.gpio.onLevel = (line, level) => {
      before(line, level);
      if (isDone || line !== 'GPIO17' || level !== to) return;
      isDone = true;
      then();
    };
  }

  async until(what: () => boolean): Promise<void> {
    await until(what, () => [this.gateway.status(), ...this.lines], 10);
  }

  async dispose(): Promise<void> {
    await this.#gateway?.close();
    this.#boardPorts.close();
    for (const cable of Object.values(this.cables)) cable.dispose();
    await this.heater.dispose();
    this.host.remove();
  }
}
