import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readStatus } from '../../api/socket/read-status.js';
import { sendCommand } from '../../api/socket/send-command.js';
import type { Command, CommandOutcome } from '../../control/contract/command.js';
import type { Status } from '../../control/contract/status.js';
import { EmulatedBoard } from '../../emulator/emulated-board.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { SeededRandom } from '../../random/seeded-random.js';
import type { BoardName } from '../bench-board.js';
import type { BenchClient } from '../bench-client.js';
import type { SafeLevel } from '../judge/safe-levels.js';
import type { ExchangeRecord } from '../record/exchange-record.js';
import type { ExecutedInputs } from '../record/executed-inputs.js';
import type { BenchWorld } from '../world/world.js';
import { buildStage, type StageOptions, type StageParts } from './build-stage.js';
import { GatewayChild } from './gateway-child.js';
import { type HeaterSymbols, heaterSymbols } from './heater-image.js';
import { type PairEnd, standsAs } from './pair-end.js';
import type { StageSetup } from './stage-setup.js';
import { type ThermometerErrors, wireThermometer } from './thermometer.js';
import { wireWorld } from './wire-world.js';

/** Emulated time for the boards to come up, bootloader included, before a gateway opens their ports. */
const BOOT_US = 1_500_000;
/** Longer than any gateway takes to start again. */
const STUCK_US = 8_000_000;
/** Emulated time after the last answer for the backup, the relay and the ledger to come to rest. */
const REST_US = 150_000;
/** Emulated time in which a pair comes to stand as it is expected to: every wait of a join, several times over. */
const MOST_SETTLING_US = 20_000_000;
/** How often the pair is looked at meanwhile, in emulated time. */
const SETTLE_EVERY_US = 20_000;
/** Wall time for an answer over the control socket; only a machine that is far too slow comes near it. */
const ANSWER_MS = 60_000;
/**
 * What a gateway takes from its start until it opens its ports, in emulated time: a Pi 3 needs some such. Its process loads
 * while time stands still, so that the machine it really runs on has no say in it.
 */
const START_US = 400_000;
/** How often the bench looks, in emulated time. */
const POLL_EVERY_US = 1_000;

/** One bench, set up for one run: the world, a gateway in its own process, and a client upstream. */
export class Stage {
  /** When the (first) fault was put in. */
  injectedAtUs: number | null = null;
  /** When inputs began to come; the actuator's record counts from here. */
  firstInputAtUs = 0;
  /** False: the pair was not protected in time, and nothing that follows says much. */
  stoodAtStart = true;
  /** Levels that are allowed though no input gave them: a board that failed shows its safe level, or floating pins (R7). */
  readonly safeLevels: SafeLevel[] = [];
  /** Sensors that have gone wrong, in degC. */
  readonly thermometerErrors: ThermometerErrors = { a: 0, b: 0 };
  gateway: GatewayChild | null = null;
  /** Failures of what a plan does by itself (a kill, a restart): they end the run. */
  #failure: { readonly cause: unknown } | null = null;
  #busy = 0;
  /** Ends what is waited for. */
  readonly #whenFailed = new Set<(cause: unknown) => void>();

  readonly world: BenchWorld;
  readonly client: BenchClient;
  readonly exchanges: ExchangeRecord;
  /** Null: the heater, whose reference model needs no replay. */
  readonly executed: ExecutedInputs | null;
  readonly configFile: string;
  /** Decides moments and other chances of the run. */
  readonly random: SeededRandom;
  readonly #controlPath: string;

  private constructor(
    readonly options: StageOptions,
    private readonly setup: StageSetup,
    parts: StageParts,
  ) {
    this.world = parts.world;
    this.client = parts.client;
    this.exchanges = parts.exchanges;
    this.executed = parts.executed;
    this.configFile = parts.configFile;
    this.#controlPath = parts.controlPath;
    this.random = new SeededRandom(options.seed);
    this.world.onStuck = (error) => this.#fail(error);
  }

  get ends(): PairEnd {
    return this.setup.ends ?? 'protected';
  }

  get ledgerFile(): string {
    return join(this.options.folder, 'ledger.sqlite');
  }

  static async create(options: StageOptions, setup: StageSetup): Promise<Stage> {
    return new Stage(options, setup, await buildStage(options, setup));
  }

  /** Plays the run to its end; the gateway still runs then. `onReady`: the run's faults may be planned. */
  async play(onReady: () => void = () => undefined): Promise<void> {
    if (this.options.sketch === undefined) wireThermometer(this.world, this.thermometerErrors);
    else wireWorld(this.world, this.options.sketch.world);
    if (this.setup.startsCold !== true) this.world.fastForward(BOOT_US);
    this.world.start();
    if (this.setup.startsCold === true) onReady();
    await this.startGateway();
    if (this.setup.startsCold !== true) {
      // Whatever is to be shown is to be shown of a pair that is one.
      this.stoodAtStart = (await this.settled((status) => status.protected))?.protected === true;
      onReady();
    }
    this.firstInputAtUs = this.world.nowUs();
    await this.connectClient();
    await this.until(() => this.client.isFinished && this.#busy === 0);
    await this.rest(REST_US);
    await this.settled((status) => standsAs(this.ends, status));
  }

  async startGateway(): Promise<void> {
    const logFile = join(this.options.folder, 'gateway.log');
    this.gateway = await GatewayChild.start(this.world, {
      configFile: this.configFile,
      logFile,
      servesStatus: true,
    });
    GatewayChild.prepare();
  }

  async killGateway(): Promise<void> {
    const { gateway } = this;
    this.gateway = null;
    await gateway?.kill();
  }

  /** The service manager starts it again: boards and clients wait for as long as that takes. */
  async startAgain(): Promise<void> {
    await this.pass(START_US);
    await this.startGateway();
  }

  /** Connects the client (again) to the gateway that runs now. */
  connectClient(): Promise<void> {
    return this.world.whileTimeStands(() => this.client.connect(this.address()));
  }

  address(): string {
    if (this.gateway === null) throw new CopycatError('INTERNAL', 'there is no gateway on this stage');
    return this.gateway.address;
  }

  /** Puts a fault in after this share of the inputs is answered, at a moment of the exchange that the seed decides. */
  inject(share: number, fault: () => void): void {
    this.afterAnswers(Math.max(2, Math.floor(this.options.inputs * share)), () => {
      this.world.at(this.world.nowUs() + this.random.nextBelow(9000), () => {
        this.injectedAtUs ??= this.world.nowUs();
        fault();
      });
    });
  }

  /** Calls `then` once, when so many inputs are answered. */
  afterAnswers(answers: number, then: () => void): void {
    const { client } = this;
    const before = client.onAnswer;
    let due = true;
    client.onAnswer = (answered, atUs) => {
      before(answered, atUs);
      if (!due || answered < answers) return;
      due = false;
      then();
    };
  }

  /** Something that takes time (a kill, a start, a wait): the run does not end before it has. */
  do(work: () => Promise<void>): void {
    this.#busy++;
    work()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#busy--;
      });
  }

  /** Waits while the world runs. Ends too when nothing is answered any more, and then says false. */
  until(isDone: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const end = (then: () => void): void => {
        this.#whenFailed.delete(fail);
        then();
      };
      const fail = (cause: unknown): void => end(() => reject(cause));
      const look = (): void => {
        const nowUs = this.world.nowUs();
        const isStuck = this.#busy === 0 && nowUs - this.client.lastProgressUs > (this.options.stuckUs ?? STUCK_US);
        if (this.#failure !== null) fail(this.#failure.cause);
        else if (isDone()) end(() => resolve(true));
        else if (isStuck) end(() => resolve(false));
        else this.world.at(nowUs + POLL_EVERY_US, look);
      };
      this.#whenFailed.add(fail);
      look();
    });
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause };
    for (const fail of [...this.#whenFailed]) fail(cause);
  }

  /** Lets emulated time pass. */
  async rest(durationUs: number): Promise<void> {
    const untilUs = this.world.nowUs() + durationUs;
    this.client.lastProgressUs = untilUs;
    await this.until(() => this.world.nowUs() >= untilUs);
  }

  /** Waits until the pair stands so, for a bounded time; the last status seen. */
  async settled(stands: (status: Status) => boolean): Promise<Status | null> {
    const untilUs = this.world.nowUs() + MOST_SETTLING_US;
    for (;;) {
      const status = (await this.gateway?.status()) ?? null;
      if (status === null || stands(status) || this.world.nowUs() >= untilUs) return status;
      await this.rest(SETTLE_EVERY_US);
    }
  }

  /** Asks the gateway as `copycat switch` and its like do: over its control socket. */
  command(command: Command): Promise<CommandOutcome> {
    return sendCommand(this.#controlPath, command, { timeoutMs: ANSWER_MS });
  }

  /** From now until the relay has left this board, what it shows may be its safe level or floating pins (R7). */
  allowSafeLevel(board: BoardName, forUs = Number.POSITIVE_INFINITY): void {
    const fromUs = this.world.nowUs();
    this.safeLevels.push({ board, fromUs, untilUs: fromUs + forUs });
  }

  /** What `copycat status` would show now. */
  shownStatus(): Promise<Status> {
    return this.world.whileTimeStands(() => readStatus(this.#controlPath, { timeoutMs: ANSWER_MS }));
  }

  /** Lets emulated time pass, from within what a plan does. */
  pass(us: number): Promise<void> {
    return this.world.pass(us);
  }

  /** Where to look into what the emulated boards run. */
  get symbols(): HeaterSymbols {
    if (this.options.sketch !== undefined)
      throw new CopycatError('INTERNAL', 'nothing is known of where this image keeps what');
    return heaterSymbols(this.setup.image, this.options.kind);
  }

  /** An emulated board's insides, for faults that no wire can make. */
  uno(name: 'a' | 'b'): EmulatedBoard {
    const { board } = this.world.boards[name];
    if (!(board instanceof EmulatedBoard))
      throw new CopycatError('INTERNAL', `board ${name} is not an emulated microcontroller`);
    return board;
  }

  log(): string {
    return readFileSync(join(this.options.folder, 'gateway.log'), 'utf8');
  }

  async close(): Promise<void> {
    this.client.disconnect();
    await this.gateway?.retire();
    this.world.stop();
    rmSync(dirname(this.#controlPath), { recursive: true, force: true });
  }
}
