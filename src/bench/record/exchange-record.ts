import type { Message } from '../../protocol/messages.generated.js';
import type { BenchBoard, BoardName } from '../bench-board.js';
import type { BoardAct, Exchanges, GivenInput } from './board-acts.js';
import { FrameTap } from './frame-tap.js';

/** More acts than this are not kept for a board; the run is then too long for its record, and `dropped` says so. */
const MOST_ACTS = 1_000_000;

/** What the boards have told of themselves. */
interface Heard {
  boot: number | null;
  /** Execution counts by seq, of this life. */
  readonly executions: Map<number, number>;
  /** What the state that comes to it was taken after; null: none has come. */
  put: { readonly seq: number | null; readonly execution: number } | null;
}

/**
 * Listens at the boards' own pins, behind whatever the link does to bytes: which input a board was given, which COMMIT
 * reached it and when it said DONE. So each level of its outputs has an input that made it, whatever its value is.
 */
export class ExchangeRecord implements Exchanges {
  dropped = 0;
  readonly acts: Readonly<Record<BoardName, BoardAct[]>> = { a: [], b: [] };
  /** Hears every message at the boards' own pins too; before it, this record has taken it in. */
  onMessage: (name: BoardName, message: Message, atUs: number) => void = () => undefined;
  readonly #inputs = new Map<number, GivenInput>();
  readonly #probes = new Set<number>();
  /** The input that was executed at this count, or last before it; null: none was. */
  readonly #seqAt = new Map<number, number | null>([[0, null]]);
  readonly #heard: Readonly<Record<BoardName, Heard>> = {
    a: { boot: null, executions: new Map(), put: null },
    b: { boot: null, executions: new Map(), put: null },
  };

  constructor(boards: Readonly<Record<BoardName, BenchBoard>>) {
    for (const name of ['a', 'b'] as const) this.#listenTo(name, boards[name]);
  }

  get inputs(): readonly GivenInput[] {
    return [...this.#inputs.values()];
  }

  #listenTo(name: BoardName, board: BenchBoard): void {
    const toBoard = new FrameTap((message, _beganUs, endedUs) => {
      this.#toBoard(name, message, endedUs);
      this.onMessage(name, message, endedUs);
    });
    const receive = board.receive.bind(board);
    board.receive = (byte, startUs, baudRate, format) => {
      toBoard.push(byte, startUs);
      receive(byte, startUs, baudRate, format);
    };
    const fromBoard = new FrameTap((message, beganUs) => {
      this.#fromBoard(name, message, beganUs);
      this.onMessage(name, message, beganUs);
    });
    const pass = board.onTransmit;
    board.onTransmit = (byte, atUs, baudRate, format) => {
      fromBoard.push(byte, atUs);
      pass(byte, atUs, baudRate, format);
    };
  }

  #toBoard(name: BoardName, message: Message, atUs: number): void {
    const heard = this.#heard[name];
    if (message.kind === 'input' && !message.recall) {
      const { seq, probe, payload } = message;
      if (probe) this.#probes.add(seq);
      else if (!this.#inputs.has(seq)) this.#inputs.set(seq, { seq, payload, atUs });
    } else if (message.kind === 'commit') {
      const { seq } = message;
      const execution = heard.executions.get(seq);
      // A COMMIT of what the board has not executed sets nothing, nor does that of a probe.
      if (execution !== undefined && !this.#probes.has(seq)) this.#add(name, { kind: 'granted', atUs, seq, execution });
    } else if (message.kind === 'statePut' && message.last) {
      const { executionCount: execution } = message;
      const seq = this.#seqAt.get(execution) ?? null;
      heard.put = { seq, execution };
      this.#add(name, { kind: 'giving', atUs, seq, execution });
    }
  }

  #fromBoard(name: BoardName, message: Message, atUs: number): void {
    const heard = this.#heard[name];
    if (message.kind === 'result') {
      const { seq, executionCount } = message;
      heard.executions.set(seq, executionCount);
      this.#seqAt.set(executionCount, this.#probes.has(seq) ? (this.#seqAt.get(executionCount - 1) ?? null) : seq);
    } else if (message.kind === 'done' && !message.stale) {
      const { seq } = message;
      const execution = heard.executions.get(seq);
      if (execution !== undefined && !this.#probes.has(seq)) this.#add(name, { kind: 'acted', atUs, seq, execution });
    } else if (message.kind === 'state' && message.accepted && heard.put !== null) {
      this.#add(name, { kind: 'given', atUs, ...heard.put });
      heard.put = null;
    } else if (message.kind === 'hello' && message.boot !== heard.boot) {
      // The first word of a board that was never heard before tells of no start that would matter.
      if (heard.boot !== null) this.#add(name, { kind: 'started', atUs });
      heard.boot = message.boot;
      heard.executions.clear();
      heard.put = null;
    }
  }

  #add(name: BoardName, act: BoardAct): void {
    if (this.acts[name].length >= MOST_ACTS) this.dropped++;
    else this.acts[name].push(act);
  }
}
