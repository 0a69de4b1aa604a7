import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { WallClock } from '#built/clock/clock.js';
import { parseConfig } from '#built/config/load/load-config.js';
import type { Status } from '#built/control/contract/status.js';
import { CopycatError } from '#built/errors/copycat-error.js';
import { type Gateway, startGateway } from '#built/gateway/gateway.js';
import { BoardPorts } from '#built/gateway/ports/board-ports.js';
import { createGpioProvider } from '#built/hardware/gpio/gpio-provider.js';
import { createLines } from '#built/hardware/lines/lines.js';
import { FakeGpio } from '../../unit/fake-gpio.js';
import { changeover } from '../../unit/relay-contacts.js';
import { until } from '../../until.js';

/** Where the two boards are, and the keys of the configuration that the test is about, as YAML. */
export interface SlaveSetup {
  readonly paths: readonly [string, string];
  /** Of each board, besides its port. */
  readonly board: string;
  readonly protocol: string;
  readonly input: string;
  readonly more?: string;
  /** One that is closed: this one goes on with its ledger. */
  readonly after?: SlaveGateway;
}

/** A whole gateway in this process, on two boards of the test's own behind pseudo-terminals; its relay hangs on lines of memory. */
export class SlaveGateway {
  private constructor(
    readonly gateway: Gateway,
    readonly gpio: FakeGpio,
    readonly log: readonly string[],
    readonly folder: string,
    private readonly ports: BoardPorts,
    private readonly memory: string,
  ) {}

  static async start({ paths: [a, b], board, protocol, input, more = '', after }: SlaveSetup): Promise<SlaveGateway> {
    const folder = after?.folder ?? mkdtempSync(join(tmpdir(), 'copycat-slaves-'));
    const memory = after?.memory ?? mkdtempSync('/dev/shm/copycat-slaves-');
    const clock = new WallClock();
    const gpio = new FakeGpio();
    changeover(gpio, clock, 'GPIO17', 'GPIO27');
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
  a: { ${board}, port: ${a} }
  b: { ${board}, port: ${b} }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
protocol: ${protocol}
input: ${input}
ledger: { path: ledger.sqlite, journal: ${memory} }
${more}`,
      'copycat.yaml',
      folder,
    );
    const gateway = await startGateway(config, {
      ...{ clock, log },
      lines: createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]),
      openSession: (one, dialect) => ports.open(one, dialect),
      portOf: (one) => ports.statusOf(one),
      flash: () => Promise.reject(new CopycatError('FLASH_FAILED', 'nothing is flashed here')),
      openThirdCopy: () => Promise.reject(new CopycatError('INTERNAL', 'there is no third copy here')),
      end: () => {
        throw new Error('the gateway ended by itself');
      },
    });
    return new SlaveGateway(gateway, gpio, lines, folder, ports, memory);
  }

  get status(): Status {
    return this.gateway.status();
  }

  /** Of the first input over TCP. */
  get port(): number {
    return Number(
      /:(\d+)(?: |$)/.exec(this.gateway.addresses.find((address) => address.startsWith('tcp:')) ?? '')?.[1],
    );
  }

  /** Waits for the world; the limit only ends a test that would fail anyway. */
  async until(what: () => boolean): Promise<void> {
    await until(what, () => [this.status, ...this.log.slice(-20)], 10);
  }

  async close(): Promise<void> {
    await this.gateway.close();
    this.ports.close();
  }

  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.memory, { recursive: true, force: true });
  }
}
