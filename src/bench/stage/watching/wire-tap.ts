import { FrameSplitter } from '../../../protocol/frame-splitter.js';
import type { BenchBoard, BoardName } from '../../bench-board.js';
import type { BenchWorld } from '../../world/world.js';

/** What was given to the boards on the wire, as a listener on the cable hears it. */
export class WireTap {
  /** Every INPUT of an upstream, by board: first time each seq was given. */
  readonly given: Readonly<Record<BoardName, number[]>> = { a: [], b: [] };
  /** Seqs that went out for two different inputs. */
  readonly reused = new Set<number>();
  /** How many messages of each kind went to each board. */
  readonly counts: Readonly<Record<BoardName, Map<string, number>>> = { a: new Map(), b: new Map() };
  /** Writes of the gateway that carried both a COMMIT and an INPUT. */
  readonly sharedWrites: Record<BoardName, number> = { a: 0, b: 0 };
  /** Most inputs that were given to a board and not yet acted on. */
  readonly mostInWork: Record<BoardName, number> = { a: 0, b: 0 };
  /** What each board read for itself, in counts, by seq: of its first answer. */
  readonly readings: Readonly<Record<BoardName, Map<number, readonly number[]>>> = { a: new Map(), b: new Map() };
  readonly #inWork: Readonly<Record<BoardName, Set<number>>> = { a: new Set(), b: new Set() };
  readonly #contents = new Map<number, string>();

  constructor(world: BenchWorld) {
    for (const name of ['a', 'b'] as const) {
      const { board, hostEnd } = world.boards[name];
      this.#listenTo(name, board);
      const splitter = new FrameSplitter();
      const pass = hostEnd.onData;
      hostEnd.onData = (bytes) => {
        const kinds = new Set<string>();
        for (const received of splitter.push(bytes)) {
          if (!received.ok) continue;
          const { kind } = received.message;
          kinds.add(kind);
          this.counts[name].set(kind, (this.counts[name].get(kind) ?? 0) + 1);
          if (received.message.kind !== 'input') continue;
          const { seq, recall, probe, pairTimeMs, payload } = received.message;
          if (!recall) this.#see(name, seq, probe, `${pairTimeMs} ${Buffer.from(payload).toString('hex')}`);
        }
        if (kinds.has('commit') && kinds.has('input')) this.sharedWrites[name]++;
        pass(bytes);
      };
    }
  }

  #listenTo(name: BoardName, board: BenchBoard): void {
    const splitter = new FrameSplitter();
    const pass = board.onTransmit;
    board.onTransmit = (byte, atUs, baudRate, format) => {
      const received = splitter.pushByte(byte);
      const message = received?.ok === true ? received.message : null;
      if (message?.kind === 'done') this.#inWork[name].delete(message.seq);
      if (message?.kind === 'result' && !this.readings[name].has(message.seq)) {
        this.readings[name].set(message.seq, message.observed);
      }
      pass(byte, atUs, baudRate, format);
    };
  }

  #see(name: BoardName, seq: number, probe: boolean, content: string): void {
    const before = this.#contents.get(seq);
    if (before !== undefined && before !== content) this.reused.add(seq);
    this.#contents.set(seq, content);
    if (probe || this.given[name].includes(seq)) return;
    this.given[name].push(seq);
    this.#inWork[name].add(seq);
    this.mostInWork[name] = Math.max(this.mostInWork[name], this.#inWork[name].size);
  }
}
