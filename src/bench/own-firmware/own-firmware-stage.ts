import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Status } from '../../control/contract/status.js';
import { EmulatedBoard } from '../../emulator/emulated-board.js';
import { CopycatError, internalError } from '../../errors/copycat-error.js';
import { makeTemporaryFolder } from '../../private-files/temporary-folder.js';
import { SeededRandom } from '../../random/seeded-random.js';
import type { BoardName } from '../bench-board.js';
import type { LinkModelName } from '../link-models/link-parameters.js';
import { GatewayChild } from '../stage/gateway-child.js';
import { standsWhileAsked } from '../stage/pair-end.js';
import type { PaceName } from '../world/pace.js';
import { type BenchWorld, createWorld } from '../world/world.js';
import { largestClockErrorPpm } from '../world/world-options.js';
import { AskingClient } from './asking-client.js';
import { LineRecord } from './line-record.js';
import type { OwnFirmwareSetup } from './own-firmware-setup.js';
import { RawClient } from './raw-client.js';

/** For the boards to come up before a gateway opens their ports. */
const BOOT_US = 300_000;
/** Longer than any gateway takes to start again, and any client waits. */
const STUCK_US = 8_000_000;
const REST_US = 300_000;
const MOST_SETTLING_US = 20_000_000;
const SETTLE_EVERY_US = 20_000;
const POLL_EVERY_US = 1_000;
/** What a Pi needs to load the program again. */
const START_US = 400_000;
const CONTROL_SOCKET = 'control.sock';
const LEVEL_VOLTS = 2.5;

const IMAGES = new URL('../../../firmware-harness/images/', import.meta.url);

export interface OwnFirmwareOptions {
  readonly name: string;
  readonly folder: string;
  readonly seed: number;
  readonly requests: number;
  readonly link: LinkModelName;
  readonly pace?: PaceName;
}

/** One bench with two boards whose firmware knows nothing of pairs, a gateway in a process of its own, and a client. */
export class OwnFirmwareStage {
  /** When the (first) fault was put in. */
  injectedAtUs: number | null = null;
  /** Before the first request was sent; the actuator's record counts from here. */
  firstRequestAtUs = 0;
  /** How the pair stood by then; false: not as it was to, and nothing that follows says much. */
  stoodAtStart = true;
  gateway: GatewayChild | null = null;
  #failure: { readonly cause: unknown } | null = null;
  #busy = 0;

  private constructor(
    readonly options: OwnFirmwareOptions,
    readonly setup: OwnFirmwareSetup,
    readonly world: BenchWorld,
    readonly client: AskingClient,
    readonly lines: Readonly<Record<BoardName, LineRecord>>,
    readonly random: SeededRandom,
    private readonly controlPath: string,
  ) {
    world.onStuck = (cause) => {
      this.#failure ??= { cause };
    };
  }

  get ledgerFile(): string {
    return join(this.options.folder, 'ledger.sqlite');
  }

  /** Rejects with EMULATOR_FAILED where it cannot run. */
  static async create(options: OwnFirmwareOptions, setup: OwnFirmwareSetup): Promise<OwnFirmwareStage> {
    const { folder, seed, link, pace = 'virtual' } = options;
    const { firmware } = setup;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const random = new SeededRandom(seed);
    const hex = readFileSync(new URL(`${firmware.image}.atmega328p.hex`, IMAGES), 'utf8');
    const boardOf = (name: BoardName) => {
      const eeprom = setup.eeprom?.[name];
      const clockErrorPpm = (name === 'a' ? -1 : 1) * random.nextBelow(largestClockErrorPpm);
      const seed = random.nextU32();
      const board = new EmulatedBoard({ hex, seed, clockErrorPpm, ...(eeprom === undefined ? {} : { eeprom }) });
      board.setVolts(0, LEVEL_VOLTS);
      return board;
    };
    const world = await createWorld({
      ...{ folder, seed, link, pace, pins: firmware.pins, baudRate: firmware.baudRate, format: firmware.format },
      boards: { a: boardOf('a'), b: boardOf('b') },
    });
    const lines = { a: new LineRecord(world.boards.a.board), b: new LineRecord(world.boards.b.board) };
    const client = new AskingClient(world, {
      ...{ protocol: firmware.client, requests: options.requests, paceUs: setup.paceUs, timeoutUs: firmware.timeoutUs },
      ...{ request: setup.request, warmUp: firmware.warmUp },
      ...(setup.isAnswered === undefined ? {} : { isAnswered: setup.isAnswered }),
    });
    const controlPath = join(makeTemporaryFolder('copycat-', CONTROL_SOCKET), CONTROL_SOCKET);
    const ports = { a: world.boards.a.portPath, b: world.boards.b.portPath };
    writeFileSync(join(folder, 'copycat.yaml'), configOf(options.name, setup, ports, controlPath));
    return new OwnFirmwareStage(options, setup, world, client, lines, random, controlPath);
  }

  /** Plays the run to its end; the gateway still runs then. `onReady`: the run's faults may be planned. */
  async play(onReady: () => void): Promise<void> {
    const { begins = 'protected', ends = 'protected' } = this.setup;
    this.world.fastForward(BOOT_US);
    this.world.start();
    await this.startGateway();
    await this.connectClient();
    // While nobody asks the boards anything, nothing is copied, and there is nothing by which they can be compared.
    const stood = await this.settled((status) => standsWhileAsked(begins, status));
    this.stoodAtStart = stood !== null && standsWhileAsked(begins, stood);
    this.firstRequestAtUs = this.world.nowUs();
    onReady();
    this.client.begin();
    await this.#until(() => this.client.isFinished && this.#busy === 0);
    await this.#rest(REST_US);
    this.client.linger();
    await this.settled((status) => standsWhileAsked(ends, status));
  }

  async startGateway(): Promise<void> {
    const { folder } = this.options;
    const configFile = join(folder, 'copycat.yaml');
    const logFile = join(folder, 'gateway.log');
    this.gateway = await GatewayChild.start(this.world, { configFile, logFile, servesStatus: true });
    GatewayChild.prepare();
  }

  async killGateway(): Promise<void> {
    const { gateway } = this;
    this.gateway = null;
    await gateway?.kill();
  }

  /** The service manager starts it again, and the client connects again. */
  async startAgain(): Promise<void> {
    await this.world.pass(START_US);
    await this.startGateway();
    await this.connectClient();
  }

  connectClient(): Promise<void> {
    return this.world.whileTimeStands(() => this.client.connect(this.#address));
  }

  /** Somebody else, who says what the scenario says. */
  connectOther(): Promise<RawClient> {
    return this.world.whileTimeStands(() => RawClient.connect(this.#address, () => this.world.nowUs()));
  }

  get #address(): string {
    const { gateway } = this;
    if (gateway === null) throw internalError('there is no gateway on this stage', null);
    // Behind the address it says how its clients speak.
    const [address = ''] = gateway.address.split(' ');
    return address;
  }

  /** Puts a fault in after this share of the requests, at a moment of the exchange that the seed decides. */
  inject(share: number, fault: () => void): void {
    this.afterRequests(Math.max(2, Math.floor(this.options.requests * share)), () => {
      this.world.at(this.world.nowUs() + this.random.nextBelow(this.setup.paceUs), () => {
        this.injectedAtUs ??= this.world.nowUs();
        fault();
      });
    });
  }

  /** Calls `then` once, when so many requests have come to their end. */
  afterRequests(requests: number, then: () => void): void {
    const { client } = this;
    const before = client.onEnd;
    let isDue = true;
    client.onEnd = (ended, atUs) => {
      before(ended, atUs);
      if (!isDue || ended < requests) return;
      isDue = false;
      then();
    };
  }

  /** Something that takes time: the run does not end before it has. */
  do(work: () => Promise<void>): void {
    this.#busy += 1;
    work()
      .catch((cause: unknown) => {
        this.#failure ??= { cause };
      })
      .finally(() => {
        this.#busy -= 1;
      });
  }

  /** Where what the boards run keeps its state. */
  get stateAddress(): number {
    const { image } = this.setup.firmware;
    const text = readFileSync(new URL(`${image}.atmega328p.symbols.json`, IMAGES), 'utf8');
    // Written by tools/build-firmware.mjs.
    return (JSON.parse(text) as { readonly symbols: { readonly state: { readonly address: number } } }).symbols.state
      .address;
  }

  /** An emulated board's insides. */
  uno(name: BoardName): EmulatedBoard {
    const { board } = this.world.boards[name];
    if (!(board instanceof EmulatedBoard)) throw internalError('this board is not an emulated microcontroller', name);
    return board;
  }

  async settled(stands: (status: Status) => boolean): Promise<Status | null> {
    const untilUs = this.world.nowUs() + MOST_SETTLING_US;
    for (;;) {
      const status = (await this.gateway?.status()) ?? null;
      if (status === null || stands(status) || this.world.nowUs() >= untilUs) return status;
      await this.#rest(SETTLE_EVERY_US);
    }
  }

  async close(): Promise<void> {
    this.client.disconnect();
    await this.gateway?.retire();
    this.world.stop();
    rmSync(dirname(this.controlPath), { recursive: true, force: true });
  }

  async #rest(durationUs: number): Promise<void> {
    const untilUs = this.world.nowUs() + durationUs;
    this.client.lastProgressUs = untilUs;
    await this.#until(() => this.world.nowUs() >= untilUs);
  }

  /** Waits while the world runs. Ends too when nothing comes to its end any more. */
  #until(isDone: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const nowUs = this.world.nowUs();
        const isStuck = this.#busy === 0 && nowUs - this.client.lastProgressUs > STUCK_US;
        if (this.#failure !== null) reject(asError(this.#failure.cause));
        else if (isDone() || isStuck) resolve();
        else this.world.at(nowUs + POLL_EVERY_US, look);
      };
      look();
    });
  }
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new CopycatError('EMULATOR_FAILED', String(cause));
}

/** What its owner would write for two boards on these ports. */
function configOf(
  name: string,
  { firmware, protocol, config }: OwnFirmwareSetup,
  ports: Readonly<Record<BoardName, string>>,
  control: string,
): string {
  const board = (port: string) => ({ kind: 'serial', port, ...firmware.board });
  return stringify({
    name,
    boards: { a: board(ports.a), b: board(ports.b) },
    relay: { pin: 'GPIO17', 'at-rest': 'a', feedback: 'GPIO27', operate: '8ms', settle: '40ms' },
    protocol: { ...firmware.protocol, ...protocol },
    input: { listen: 'tcp://127.0.0.1:0', ...firmware.input },
    control,
    ledger: { path: 'ledger.sqlite', journal: 'journal' },
    ...config,
  });
}
