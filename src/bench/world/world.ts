import { join } from 'node:path';
import { eightNoneOne } from '../../emulator/character-format.js';
import { EmulatedBoard } from '../../emulator/emulated-board.js';
import { mcuNamed } from '../../emulator/mcu-named.js';
import { CopycatError, internalError } from '../../errors/copycat-error.js';
import { SeededRandom } from '../../random/seeded-random.js';
import type { BenchBoard, BoardName } from '../bench-board.js';
import { Link } from '../link-models/link.js';
import { linkParameters } from '../link-models/link-parameters.js';
import { BenchActuator } from '../plant/actuator.js';
import { Oven } from '../plant/oven.js';
import { Recorder } from '../plant/recorder.js';
import { RelayModel } from '../plant/relay-model.js';
import { BenchPort } from './bench-port.js';
import type { GatewayProcess } from './gateway-channel.js';
import type { HostEnd } from './host-end.js';
import type { Pace, PaceName, SteppedWorld } from './pace.js';
import { Pty } from './pty.js';
import { RealTimePace } from './real-time-pace.js';
import { ChannelEnd } from './virtual/channel-end.js';
import { VirtualPace } from './virtual/virtual-pace.js';
import { VirtualClock } from './virtual-clock.js';
import {
  type BenchWorldOptions,
  defaultBaudRate,
  defaultLines,
  defaultMaxAheadUs,
  defaultPins,
  largestClockErrorPpm,
} from './world-options.js';

/** How far the two boards may be apart while they run; links and relay are exact to their own events. */
const quantumUs = 100;
/** A bootloader at 115200 baud takes about so long for the heater. */
const flashUs = 2_500_000;
/** From reset until a program is up. */
const startUs = 100_000;

/** Two boards, their links, one relay, one actuator and its plant, on one emulated time in microseconds. */
export class BenchWorld implements SteppedWorld {
  readonly recorder = new Recorder();
  readonly boards: Readonly<Record<BoardName, BenchPort>>;
  readonly relay: RelayModel;
  readonly actuator: BenchActuator;
  readonly plant: Oven;
  readonly #clock: VirtualClock;
  readonly paceName: PaceName;
  readonly #pace: Pace;
  #runsFromUs = 0;

  constructor(
    options: BenchWorldOptions,
    clock: VirtualClock,
    boards: Readonly<Record<BoardName, BenchPort>>,
    makePace: (world: SteppedWorld) => Pace,
  ) {
    this.#clock = clock;
    this.paceName = options.pace ?? 'real-time';
    this.boards = boards;
    this.relay = new RelayModel(clock, options.relay);
    this.plant = new Oven(options.plant);
    const both = { a: boards.a.board, b: boards.b.board };
    this.actuator = new BenchActuator(both, options.pins ?? defaultPins, this.recorder, this.relay.contact);
    // A tripped heater is off, whatever the duty says.
    const drives = options.drivesPlant ?? ((duty, trip) => (trip ? 0 : duty));
    this.actuator.onChange = (atUs, duty, trip, others) => this.plant.heat(atUs, drives(duty, trip, others));
    this.relay.onContact = (atUs, contact) => this.actuator.connect(atUs, contact);
    const lines = options.lines ?? defaultLines;
    const pace = makePace(this);
    this.#pace = pace;
    this.relay.onFeedback = (_atUs, value) => pace.setInput(lines.feedback, value);
    pace.onReady = () => pace.setInput(lines.feedback, this.relay.feedback);
    pace.onLine = (line, value) => {
      if (line !== lines.coil) throw internalError('the gateway drives a line that leads nowhere', line);
      this.relay.setLine(value);
    };
    pace.onStuck = (error) => this.onStuck(error);
  }

  /** Time cannot go on: the gateway does not answer any more. */
  onStuck: (error: Error) => void = (error) => {
    throw error;
  };

  nowUs(): number {
    return this.#clock.nowUs();
  }

  get isBound(): boolean {
    return this.#pace.isBound;
  }

  get limitUs(): number {
    return this.#pace.limitUs;
  }

  /** Emulated time given up because the machine was too slow. */
  get slippedUs(): number {
    return this.#pace.slippedUs;
  }

  /** Wall time spent waiting for the gateway. */
  get waitedUs(): number {
    return this.#pace.waitedUs;
  }

  get counters(): Readonly<Record<string, number>> {
    const { a, b } = this.boards;
    return {
      ...this.#pace.counters,
      relayMoves: this.relay.counters.moves,
      droppedToHost: a.hostEnd.droppedBytes + b.hostEnd.droppedBytes,
      droppedToBoard: a.link.counters.droppedToBoard + b.link.counters.droppedToBoard,
      recordsDropped: this.recorder.dropped,
    };
  }

  /** Calls `then` once when emulated time has come to `atUs`, exactly. Returns a function that cancels. */
  at(atUs: number, then: () => void): () => void {
    return this.#clock.alarm(atUs, () => {
      this.#pace.rang();
      then();
    });
  }

  /** Resolves when so much emulated time has passed. Alone it moves time on while no gateway runs. */
  pass(us: number): Promise<void> {
    const untilUs = this.nowUs() + us;
    return new Promise((resolve) => {
      this.at(untilUs, resolve);
      this.#pace.wait(untilUs);
    });
  }

  /** Emulated time stands still while this work goes on, which takes wall time alone. */
  async whileTimeStands<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#pace.quiet();
    const release = this.#pace.hold();
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** The gateway was told something beside the time. */
  nudge(): void {
    this.#pace.nudge();
  }

  /** How long it has run since `start`, in emulated time. */
  get ranUs(): number {
    return this.nowUs() - this.#runsFromUs;
  }

  /**
   * Gives an emulated board another program, as long as a bootloader takes for it; resolves when the program has started.
   * @throws CopycatError EMULATOR_FAILED for a damaged image, and for a board of another kind
   */
  flash(name: BoardName, hex: string): Promise<void> {
    const { board } = this.boards[name];
    if (!(board instanceof EmulatedBoard)) {
      throw new CopycatError(
        'EMULATOR_FAILED',
        `board ${name} is no emulated microcontroller: nothing can be flashed to it`,
      );
    }
    board.flash(hex, flashUs);
    return new Promise((resolve) => this.at(this.nowUs() + flashUs + startUs, resolve));
  }

  /** Begins to run, at its pace. */
  start(): void {
    this.#runsFromUs = this.nowUs();
    this.#pace.start();
  }

  /** Ends the run and takes the ports away. */
  stop(): void {
    this.pause();
    this.detachGateway();
    for (const port of [this.boards.a, this.boards.b]) port.unplug();
  }

  /** Stops emulated time; `start` goes on. */
  pause(): void {
    this.#pace.stop();
  }

  /**
   * Runs `durationUs` as fast as the processor allows.
   * @throws CopycatError INTERNAL while a gateway is bound: its I/O would seem to take no end of time
   */
  fastForward(durationUs: number): void {
    if (this.isBound) throw internalError('fastForward with a gateway attached');
    this.#run(this.nowUs() + durationUs, () => false);
  }

  /** Binds emulated time to a gateway in another process, from the moment it says that it is ready. */
  attachGateway(gateway: GatewayProcess): void {
    this.#pace.attach(gateway);
  }

  /** The gateway is gone; its output line stays as it was, which is what Raspberry Pi OS does. */
  detachGateway(): void {
    this.#pace.detach();
  }

  /**
   * Runs everything to `untilUs`, or until somebody else has to act first: boards never pass a known event, so relay, links
   * and alarms act at their own moment.
   */
  step(untilUs: number): void {
    this.#run(untilUs, () => this.#pace.mustStop);
    this.#pace.stepped(this.nowUs());
  }

  #run(untilUs: number, mustStop: () => boolean): void {
    const { a, b } = this.boards;
    while (this.nowUs() < untilUs && !mustStop()) {
      const nextUs = Math.min(untilUs, this.nowUs() + quantumUs, Math.max(this.nowUs(), this.#clock.nextAlarmUs()));
      a.board.runUntilUs(nextUs);
      b.board.runUntilUs(nextUs);
      this.#clock.advanceTo(nextUs);
    }
  }
}

/**
 * Builds a virtual bench; it stands still until `start` or `fastForward`.
 * @throws CopycatError EMULATOR_FAILED for a missing or damaged image, or where there are no pseudo-terminals
 */
export async function createWorld(options: BenchWorldOptions): Promise<BenchWorld> {
  const clock = new VirtualClock();
  const random = new SeededRandom(options.seed);
  const plug = async <End extends HostEnd>(name: BoardName, sign: number, makeEnd: EndMaker<End>) => {
    const parameters = linkParameters[options.link ?? 'uno-16u2'];
    const randomPpm = sign * random.nextBelow(largestClockErrorPpm);
    const seed = random.nextU32();
    const phaseUs = -random.nextBelow(4096);
    const clockErrorPpm = options.clockErrorPpm?.[name] ?? randomPpm;
    const board = options.boards?.[name] ?? emulatedBoard(options, name, seed, clockErrorPpm);
    const hostEnd = await makeEnd(join(options.folder, `board-${name}`));
    const baudRate = options.baudRate ?? defaultBaudRate;
    const { format = eightNoneOne } = options;
    const toHost = (bytes: Uint8Array) => hostEnd.write(bytes);
    const link = new Link({ clock, board, parameters, baudRate, format, phaseUs, toHost });
    return { port: new BenchPort(name, board, link, hostEnd), hostEnd };
  };
  if (options.pace === 'virtual') {
    const a = await plug('a', -1, (path) => new ChannelEnd(path, 0));
    const b = await plug('b', 1, (path) => new ChannelEnd(path, 1));
    const ends = [a.hostEnd, b.hostEnd] as const;
    return new BenchWorld(options, clock, { a: a.port, b: b.port }, (world) => new VirtualPace(world, ends));
  }
  const a = await plug('a', -1, (path) => Pty.create(path));
  const b = await plug('b', 1, (path) => Pty.create(path));
  const ptys = [a.hostEnd, b.hostEnd] as const;
  const maxAheadUs = options.maxAheadUs ?? defaultMaxAheadUs;
  return new BenchWorld(options, clock, { a: a.port, b: b.port }, (world) => new RealTimePace(world, maxAheadUs, ptys));
}

type EndMaker<End> = (path: string) => End | Promise<End>;

function emulatedBoard(options: BenchWorldOptions, name: BoardName, seed: number, clockErrorPpm: number): BenchBoard {
  const hex = options.hexOf?.[name] ?? options.hex;
  if (hex === undefined) {
    throw new CopycatError('EMULATOR_FAILED', 'no program for the emulated board', { expected: 'an Intel HEX image' });
  }
  return new EmulatedBoard({ mcu: mcuNamed(options.mcu?.[name] ?? 'atmega328p'), hex, seed, clockErrorPpm });
}
