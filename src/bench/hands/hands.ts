import { formatDuration } from '../../config/schema/duration.js';
import { EmulatedBoard } from '../../emulator/emulated-board.js';
import { internalError } from '../../errors/copycat-error.js';
import { FrameSplitter } from '../../protocol/frame-splitter.js';
import type { BoardName } from '../bench-board.js';
import type { BenchPort } from '../world/bench-port.js';
import type { BenchWorld } from '../world/world.js';
import type { Hand } from './hand.js';
import type { HandledBoards } from './read-hand.js';

/** A USB frame and the bytes of an INPUT: by then the board has it. */
const BYTES_TO_BOARD_US = 500;
const VOLTS = 5;
const COUNTS = 1024;
/** One seed for each direction of each line: what is damaged there has nothing to do with what is damaged elsewhere. */
const SEEDS: Readonly<Record<BoardName, readonly [number, number]>> = { a: [11, 12], b: [21, 22] };

/** What was done, as the beginning of a sentence; or why it makes no sense as things stand, and nothing was done. */
export type Handled = { readonly did: string } | { readonly refused: string };

/** What the gateway's process is told. */
interface SlowStorage {
  delayStorage(delayStorageUs: number): void;
}

interface Slowed {
  byUs: number;
  splitter: FrameSplitter;
}

/**
 * What a person does to a running emulated pair, by the same ways as the scenarios of the bench. It is done to the world, which the
 * gateway does not know of: nothing that is said here goes through it (R32). What a hand holds the world does not move, until `release`.
 */
export class Hands {
  readonly #slowed: Readonly<Record<BoardName, Slowed>> = {
    a: { byUs: 0, splitter: new FrameSplitter() },
    b: { byUs: 0, splitter: new FrameSplitter() },
  };
  #isRelayStuck = false;

  constructor(
    private readonly world: BenchWorld,
    private readonly boards: HandledBoards,
    private readonly gateway: SlowStorage,
    /** False: the pair has none (relay: none), and the world's is connected to nothing of it. */
    private readonly hasRelay: boolean,
  ) {
    for (const at of ['a', 'b'] as const) this.#watchInputs(at);
  }

  lay(hand: Hand): Handled {
    switch (hand.do) {
      case 'halt':
        return this.#halt(hand.at);
      case 'restart':
        this.#board(hand.at).resetExternal();
        return { did: `${this.#name(hand.at)} restarted` };
      case 'unplug':
        return this.#plug(hand.at, false);
      case 'plug':
        return this.#plug(hand.at, true);
      case 'noise':
        return this.#noise(hand);
      case 'slow':
        this.#slowed[hand.at].byUs = hand.byUs;
        return { did: `${this.#name(hand.at)} slowed by ${formatDuration(hand.byUs)} for each input` };
      case 'flip':
        return this.#flip(hand);
      case 'pin':
        return this.#pin(hand);
      case 'analog':
        this.#board(hand.at).outside.holdVolts(hand.channel, ((hand.counts + 0.5) / COUNTS) * VOLTS);
        return { did: `A${hand.channel} of ${this.#name(hand.at)} held at ${hand.counts}` };
      case 'relay-stuck':
        return this.#stick();
      case 'ledger-slow':
        this.gateway.delayStorage(hand.byUs);
        return { did: `each transaction of the ledger slowed by ${formatDuration(hand.byUs)}` };
      case 'release':
        return { did: this.#release() };
    }
  }

  #halt(at: BoardName): Handled {
    const board = this.#board(at);
    if (isHalted(board)) return { refused: `${this.#name(at)} is halted already` };
    board.halt();
    return { did: `${this.#name(at)} halted` };
  }

  #plug(at: BoardName, isPlugged: boolean): Handled {
    const port = this.#port(at);
    const name = this.#name(at);
    if (port.hostEnd.isPlugged === isPlugged)
      return { refused: `${name} is ${isPlugged ? 'plugged in' : 'unplugged'} already` };
    if (isPlugged) port.plug();
    else port.unplug();
    return { did: `${name} ${isPlugged ? 'plugged in' : 'unplugged'}` };
  }

  #noise({ at, share }: Extract<Hand, { do: 'noise' }>): Handled {
    const { faults } = this.#port(at).link;
    const [toBoard, fromBoard] = SEEDS[at];
    faults.toBoard.setNoise(share, toBoard);
    faults.fromBoard.setNoise(share, fromBoard);
    return { did: `${percent(share)} of the bytes from and to ${this.#name(at)} damaged` };
  }

  #flip({ at, address, bit }: Extract<Hand, { do: 'flip' }>): Handled {
    const board = this.#board(at);
    if (board.machine === null) return { refused: `${this.#name(at)} is in reset: its memory is nobody's` };
    board.pokeRam(address, 1 << bit);
    return { did: `bit ${bit} of byte 0x${address.toString(16)} of ${this.#name(at)} flipped` };
  }

  #pin({ at, pin, level }: Extract<Hand, { do: 'pin' }>): Handled {
    const board = this.#board(at);
    const name = `${this.#pinName(at, pin)} of ${this.#name(at)}`;
    if (board.isOutput(pin)) return { refused: `${name} is an output of its program: nothing outside drives it` };
    board.outside.holdLevel(pin, level);
    return { did: level === null ? `${name} left open` : `${name} held ${level === 1 ? 'high' : 'low'}` };
  }

  #stick(): Handled {
    if (!this.hasRelay) return { refused: 'the pair has no relay (relay: none)' };
    if (this.#isRelayStuck) return { refused: 'the relay is stuck already' };
    this.#isRelayStuck = true;
    this.world.relay.stick();
    const { contact } = this.world.relay;
    return { did: `the relay stuck ${contact === null ? 'between its contacts' : `at ${this.#name(contact)}`}` };
  }

  /** What hangs is restarted, what has no cable gets it back. */
  #release(): string {
    const done: string[] = [];
    for (const { at, name } of this.boards) {
      const board = this.#board(at);
      this.#noise({ do: 'noise', at, share: 0 });
      this.#slowed[at].byUs = 0;
      board.outside.letGo();
      if (!this.#port(at).hostEnd.isPlugged) {
        this.#port(at).plug();
        done.push(`${name} plugged in`);
      }
      if (!isHalted(board)) continue;
      board.resetExternal();
      done.push(`${name} restarted`);
    }
    if (this.#isRelayStuck) {
      this.#isRelayStuck = false;
      this.world.relay.free();
      done.push('the relay freed');
    }
    this.gateway.delayStorage(0);
    return `every hand taken off${done.length === 0 ? '' : `, ${done.join(', ')}`}`;
  }

  /** A slow board begins to be slow when it has an input, also for one that it is asked for again. */
  #watchInputs(at: BoardName): void {
    const { hostEnd } = this.#port(at);
    const slowed = this.#slowed[at];
    const pass = hostEnd.onData;
    hostEnd.onData = (bytes) => {
      pass(bytes);
      if (slowed.byUs === 0) return;
      const hasInput = slowed.splitter.push(bytes).some((read) => read.ok && read.message.kind === 'input');
      if (hasInput) this.world.at(this.world.nowUs() + BYTES_TO_BOARD_US, () => this.#holdUp(at, slowed.byUs));
    };
  }

  #holdUp(at: BoardName, byUs: number): void {
    const board = this.#board(at);
    // One that halts or is held up already stays so.
    if (board.machine?.stall === 'none') board.pauseForUs(byUs);
  }

  #port(at: BoardName): BenchPort {
    return this.world.boards[at];
  }

  #board(at: BoardName): EmulatedBoard {
    const { board } = this.#port(at);
    if (board instanceof EmulatedBoard) return board;
    throw internalError('hands on a board that is no emulated microcontroller', at);
  }

  #handled(at: BoardName) {
    const board = this.boards.find((one) => one.at === at);
    if (board === undefined) throw internalError('a pair without this board', at);
    return board;
  }

  #name(at: BoardName): string {
    return this.#handled(at).name;
  }

  #pinName(at: BoardName, pin: number): string {
    const { firstAnalogPin } = this.#handled(at).mcu;
    return pin < firstAnalogPin ? `D${pin}` : `A${pin - firstAnalogPin}`;
  }
}

function isHalted(board: EmulatedBoard): boolean {
  return board.machine?.stall === 'all';
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}
