import { mkdtempSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { WallClock } from '#built/clock/clock.js';
import { parseConfig } from '#built/config/load/load-config.js';
import type { Status } from '#built/control/contract/status.js';
import { CopycatError } from '#built/errors/copycat-error.js';
import { type Gateway, startGateway } from '#built/gateway/gateway.js';
import type { GatewayParts } from '#built/gateway/parts.js';
import { BoardPorts } from '#built/gateway/ports/board-ports.js';
import { createGpioProvider } from '#built/hardware/gpio/gpio-provider.js';
import { createLines } from '#built/hardware/lines/lines.js';
import { removePairFolder } from '../remove-pair-folder.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { changeover } from '../unit/relay-contacts.js';
import { until } from '../until.js';
import { PosixHeater } from './posix-pair.js';

/** What stands in the place of the usual relay, which hangs on GPIO17 and is read back on GPIO27. */
export interface Handover {
  /** The value of the key `relay`, as YAML. */
  readonly relay: string;
  /** The lines of RESET, where they are wired; they act on the boards. */
  readonly resets?: { readonly a: string; readonly b: string };
  /** Lines for a test to look at and to spoil. */
  readonly gpio?: FakeGpio;
}

/** A whole gateway in this process, on two boards that are processes of this machine. */
export class PosixGateway {
  readonly log: string[] = [];

  private constructor(
    readonly heater: PosixHeater,
    readonly gateway: Gateway,
    private readonly ports: BoardPorts,
    log: string[],
    private readonly memory: string,
  ) {
    this.log = log;
  }

  /**
   * `input`: the value of that key, as YAML. `more`: further lines of the configuration. `change`: parts for a test to look through.
   * `flags`: how the boards are compiled. `handover`: in the place of the usual relay. `board`: what the configuration says of each
   * besides its port and RESET.
   */
  static async start(
    input: string,
    more = '',
    change: (parts: GatewayParts) => GatewayParts = (parts) => parts,
    flags = '',
    handover: Handover = { relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27 }' },
    board = 'kind: posix',
  ): Promise<PosixGateway> {
    const heater = new PosixHeater(flags);
    // Where a user's journal lies.
    const memory = mkdtempSync('/dev/shm/copycat-posix-');
    const a = await heater.start(0x111);
    const b = await heater.start(0x222);
    const clock = new WallClock();
    const { resets, gpio = new FakeGpio() } = handover;
    changeover(gpio, clock, 'GPIO17', 'GPIO27');
    const before = gpio.onLevel;
    gpio.onLevel = (line, level) => {
      before(line, level);
      if (line === resets?.a) a.holdReset(level === 1);
      if (line === resets?.b) b.holdReset(level === 1);
    };
    const resetOf = (board: 'a' | 'b'): string => (resets === undefined ? '' : `, reset: ${resets[board]}`);
    const lines: string[] = [];
    const said = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const log = pino({ base: null }, said);
    const ports = new BoardPorts({ clock, log });
    const config = parseConfig(
      `boards:
  a: { ${board}, port: ${a.port}${resetOf('a')} }
  b: { ${board}, port: ${b.port}${resetOf('b')} }
relay: ${handover.relay}
input: ${input}
deadline: 1s
probe: 100ms
ledger: { path: ledger.sqlite, journal: ${memory} }
${more}`,
      'copycat.yaml',
      heater.folder,
    );
    const parts: GatewayParts = {
      ...{ clock, log },
      lines: createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]),
      openSession: (board, dialect) => ports.open(board, dialect),
      portOf: (board) => ports.statusOf(board),
      flash: () => Promise.reject(new CopycatError('FLASH_FAILED', 'nothing is flashed here')),
      openThirdCopy: () => Promise.reject(new CopycatError('INTERNAL', 'there is no third copy here')),
      end: () => {
        throw new Error('the gateway ended by itself');
      },
    };
    const gateway = await startGateway(config, change(parts));
    return new PosixGateway(heater, gateway, ports, lines, memory);
  }

  get status(): Status {
    return this.gateway.status();
  }

  /** Of the first input over TCP. */
  get port(): number {
    return Number(new URL(this.gateway.addresses.find((address) => address.startsWith('tcp://')) ?? '').port);
  }

  /** Waits for the world; the limit only ends a test that would fail anyway. */
  async until(what: () => boolean): Promise<void> {
    await until(what, () => [this.status, ...this.log.slice(-20)], 10);
  }

  async dispose(): Promise<void> {
    await this.gateway.close();
    this.ports.close();
    await this.heater.dispose();
    removePairFolder(this.memory);
  }
}
