import { BoardCore } from '../../model-board/board-core.js';
import { BoardOutputs } from '../../model-board/board-outputs.js';
import { BoardDefects } from '../../model-board/board-self-test.js';
import { arrivalOrder } from '../../model-board/execution-order.js';
import type { FromBoardMessage, HelloResetCause, ToBoardMessage } from '../../protocol/messages.generated.js';
import type { Schedule } from '../schedule.js';
import type { SeededChoices } from '../seeded-choices.js';
import type { CopyName } from './copy-name.js';
import { HistoryApplication, type WrongStates } from './history-application.js';
import { PoweredBoard } from './powered-board.js';
import { ShuffledOrder } from './shuffled-order.js';

export interface SimulatedBoardOptions {
  readonly id: CopyName;
  readonly window: number;
  readonly stateBytes: number;
  /** It neither gives nor takes a state. */
  readonly replays: boolean;
  /** Takes its inputs in an order of its own. */
  readonly shuffled: boolean;
  readonly silenceUs: number;
  readonly silencePolicy: 'safe' | 'hold';
  /** What its own source reads: two boards never quite agree (R21). */
  readonly reading: number;
  /** What it tells of itself in its answers; null: nothing. */
  readonly warmth: number | null;
  readonly wrongStates: WrongStates;
  readonly executeUs: number;
  readonly startUs: number;
}

/** What others want to know of a board, from outside. */
export interface BoardObserver {
  /** `answer` stands for state and level: the same for two boards that agree. */
  executed(board: SimulatedBoard, seq: number, executionCount: number, answer: number): void;
  acted(board: SimulatedBoard, seq: number): void;
  levelChanged(board: SimulatedBoard): void;
  heard(board: SimulatedBoard, message: ToBoardMessage): void;
}

const OUTPUT_PIN = 1;
/** What the boards call themselves at first; the third copy cannot tell. */
const UNITS: Record<CopyName, number> = { a: 0xa0a0a0a0, b: 0xb0b0b0b0, third: 0 };
const POLL_US = 110_000;
const QUEUED_LOOK_US = 700;

/** A harness board: the scripted firmware with a clock, lives, pins and faults of its own. */
export class SimulatedBoard extends PoweredBoard {
  readonly application: HistoryApplication;
  /** What its self-test finds; a restart mends nothing. */
  readonly defects = new BoardDefects();
  /** Counts up with every start; kept over restarts (in EEPROM). */
  boot: number;
  executeUs: number;
  /** Which very board it is. */
  unit: number;
  /** Its sensor has gone wrong by so much. */
  driftedBy = 0;
  /** It died on the poison of this number. */
  onPerished: (poison: number) => void = () => undefined;
  readonly #silenceUs: number;
  #core: BoardCore | null = null;
  #outputs: BoardOutputs | null = null;
  #busyUntilUs = 0;
  readonly #heardSeqs = new Set<number>();
  #lookAtUs = Number.POSITIVE_INFINITY;
  #dies: 'halt' | 'restart' | null = null;

  constructor(
    readonly options: SimulatedBoardOptions,
    schedule: Schedule,
    random: SeededChoices,
    private readonly observer: BoardObserver,
    private readonly send: (message: FromBoardMessage) => void,
  ) {
    super(options.id, schedule, random, options.startUs);
    this.boot = random.between(1, 1_000_000);
    this.executeUs = options.executeUs;
    this.unit = UNITS[options.id];
    this.#silenceUs = options.silenceUs;
    this.application = new HistoryApplication(options.stateBytes, options.warmth, options.wrongStates);
    this.application.onPoison = (poison) => {
      this.onPerished(poison);
      this.#dies = random.oneIn(2) ? 'halt' : 'restart';
    };
  }

  /** Null while it is off or starts. */
  get core(): BoardCore | null {
    return this.#core;
  }

  /** What its output pin shows; null while the pin floats, or is at its safe level. */
  override get level(): number | null {
    const duty = this.#outputs?.duty(OUTPUT_PIN) ?? 0;
    return duty === 0 ? null : duty;
  }

  override get hasFailed(): boolean {
    return this.#core !== null && this.#core.failed !== 'none';
  }

  /** It can do its work: nobody has to press a button. */
  override get isSound(): boolean {
    return this.condition === 'starting' || (this.condition === 'running' && !this.hasFailed);
  }

  protected override lose(starts: boolean): void {
    this.#core = null;
    this.#outputs = null;
    if (starts) {
      this.boot = (this.boot + 1) >>> 0;
      this.#dies = null;
      this.executeUs = this.options.executeUs;
      this.application.wrong = 'none';
      this.application.lastAnswer = null;
    }
    this.observer.levelChanged(this);
  }

  /** Another board is wired in its place: nobody knows it, and as it happens it has started as often. */
  replaceBySpare(): void {
    this.mend();
    this.unit++;
    if (this.condition === 'off') return;
    this.boot--;
    this.powerOn();
  }

  /** Everything that is wrong with it for good is mended. */
  override mend(): void {
    this.application.wrong = 'none';
    this.application.broken = 'none';
    this.driftedBy = 0;
    this.defects.wrongCpu = false;
    this.defects.stuckCells.clear();
  }

  /** R29: somebody else's write hits its memory. */
  corruptState(): void {
    const bytes = this.#core?.memory.bytes;
    if (bytes === undefined) return;
    const index = this.random.below(bytes.length);
    bytes[index] = (bytes[index] ?? 0) ^ (1 << this.random.below(8));
  }

  corruptOutput(): void {
    this.#outputs?.corrupt(OUTPUT_PIN, 31_000 + this.random.below(1_000));
  }

  /** The application gives up. */
  fail(): void {
    this.#core?.stop('application', 7);
    this.#work();
  }

  /** Says something that nobody asked for, in its present session. */
  babble(message: FromBoardMessage): void {
    if (this.condition === 'running' && this.#core !== null) this.send({ ...message, session: this.#core.session });
  }

  /** A frame has come whole. It is taken when the board has time: it does one thing at once. */
  receive(message: ToBoardMessage): void {
    if (this.condition !== 'running') return;
    const life = this.life;
    const costUs = message.kind === 'input' && this.#isNews(message.seq) ? this.random.vary(this.executeUs) : 60;
    this.#busyUntilUs = Math.max(this.#busyUntilUs, this.schedule.nowUs) + costUs;
    this.schedule.at(this.#busyUntilUs, () => {
      if (life !== this.life || this.condition !== 'running') return;
      this.observer.heard(this, message);
      this.#core?.receive(message, this.schedule.nowUs);
      if (life === this.life) this.#work();
    });
  }

  /** A repeat costs no execution. */
  #isNews(seq: number): boolean {
    if (this.#heardSeqs.has(seq)) return false;
    if (this.#heardSeqs.size >= 64) this.#heardSeqs.clear();
    this.#heardSeqs.add(seq);
    return true;
  }

  protected override begin(resetCause: HelloResetCause): void {
    const { window, shuffled, silencePolicy, reading } = this.options;
    this.condition = 'running';
    this.#busyUntilUs = this.schedule.nowUs;
    this.#heardSeqs.clear();
    const life = this.life;
    const outputs = new BoardOutputs(this.application.outputs, () => {
      if (life === this.life) this.observer.levelChanged(this);
    });
    this.#outputs = outputs;
    const core = new BoardCore({
      application: this.application,
      window,
      order: shuffled ? new ShuffledOrder(this.random) : arrivalOrder,
      outputs,
      unit: this.unit,
      boot: this.boot,
      resetCause,
      silenceUs: this.#silenceUs,
      silencePolicy,
      rxBytes: 1_024,
      replays: this.options.replays,
      defects: this.defects,
      canSend: () => true,
      send: (message) => {
        if (life === this.life && this.#dies === null) this.send(message);
      },
      restart: () => this.restart('commanded'),
      readOwnSource: () => reading + this.driftedBy,
    });
    core.exchange.onExecuted = (seq, executionCount) => {
      if (this.#dies === null) this.observer.executed(this, seq, executionCount, this.#takeAnswer());
    };
    core.exchange.onActed = (seq) => this.observer.acted(this, seq);
    this.#core = core;
    this.#lookAtUs = Number.POSITIVE_INFINITY;
    this.#work();
  }

  #takeAnswer(): number {
    const { lastAnswer } = this.application;
    // A probe does not ask the application.
    this.application.lastAnswer = null;
    // R20: where a value has a tolerance, states are not compared.
    if (this.options.warmth !== null) return lastAnswer ?? 0;
    const digest = this.#core?.memory.digest ?? 0;
    return digest * 0x1_0000 + ((lastAnswer ?? 0) % 0x1_0000);
  }

  #work(): void {
    const core = this.#core;
    const life = this.life;
    while (core !== null && life === this.life && this.condition === 'running' && core.poll(this.schedule.nowUs)) {
      if (this.#dies !== null) break;
    }
    if (life !== this.life) return;
    const dies = this.#dies;
    this.#dies = null;
    if (dies === 'halt') return this.halt();
    if (dies === 'restart') return this.restart();
    this.#lookAgain();
  }

  /** Repeats and silence need the time; a board with something queued looks often, an idle one seldom. */
  #lookAgain(): void {
    if (this.#core === null || this.#core.session === 0) return;
    const { exchange } = this.#core;
    const afterUs = !exchange.isBusy
      ? this.#silenceUs
      : this.options.shuffled && exchange.hasQueued
        ? QUEUED_LOOK_US
        : POLL_US;
    const atUs = this.schedule.nowUs + afterUs;
    if (atUs >= this.#lookAtUs) return;
    this.#lookAtUs = atUs;
    const life = this.life;
    this.schedule.at(atUs, () => {
      // An earlier look was asked for since.
      if (life !== this.life || this.#lookAtUs !== atUs) return;
      this.#lookAtUs = Number.POSITIVE_INFINITY;
      if (this.condition === 'running') this.#work();
    });
  }
}
