import type { InputMessage, Message, ResultMessage } from '../../protocol/messages.generated.js';
import type { BoardName } from '../bench-board.js';

/** What a board made of an input. */
export interface ExecutedResult {
  readonly parts: readonly { readonly body: Uint8Array; readonly rejected: boolean }[];
  /** Of its state afterwards. */
  readonly digest: number;
}

/** An input that a board was granted the commit of, with all that its result depends on (R21). */
export interface ExecutedInput {
  readonly seq: number;
  readonly payload: Uint8Array;
  readonly pairTimeMs: number;
  /** What it computed with: what it was given, or what it read itself. */
  readonly observed: readonly number[];
  /** What each board that was granted it has made of it. */
  readonly results: { readonly board: BoardName; readonly result: ExecutedResult }[];
}

/** More than this is not kept; the run is then too long to be replayed, and `dropped` says so. */
const MOST_EXECUTIONS = 100_000;

interface Underway {
  readonly count: number;
  readonly observed: readonly number[];
  readonly digest: number;
  readonly parts: Map<number, { readonly body: Uint8Array; readonly rejected: boolean }>;
}

/** One board as its frames tell of it, from one start to the next. */
class Life {
  boot: number | null = null;
  /** It was given a state, or has executed something in this life. */
  isPartOfPair = false;
  readonly inputs = new Map<number, InputMessage>();
  readonly results = new Map<number, Underway>();
  isBeingGiven = false;
}

/**
 * What the pair has executed and committed, in the order of execution, from the frames at the boards' own pins: what
 * another board has to be given to come to the same results. Probes are left out: they reach no program.
 */
export class ExecutedInputs {
  dropped = 0;
  /** Inputs that two boards executed at different places of the order (R3), and places at which they executed different ones. */
  readonly disorders: number[] = [];
  /** Payloads that a board itself has offered, in hex. */
  readonly offered = new Set<string>();
  /** One for each time that the pair began anew; by execution count. */
  readonly #eras: Map<number, ExecutedInput>[] = [new Map()];
  #size = 0;
  #lives: Record<BoardName, Life> = { a: new Life(), b: new Life() };

  /** In the order of execution; null: the pair began anew there. */
  get order(): (ExecutedInput | null)[] {
    return this.#eras.flatMap((era, index) => {
      const inOrder = [...era].sort(([one], [other]) => one - other).map(([, executed]) => executed);
      return index === 0 ? inOrder : [null, ...inOrder];
    });
  }

  /** Every message at the pins of a board, either way, in the order of time. */
  hear(board: BoardName, message: Message): void {
    const life = this.#lives[board];
    switch (message.kind) {
      case 'hello':
        if (message.boot === life.boot) return;
        this.#lives[board] = new Life();
        this.#lives[board].boot = message.boot;
        return;
      case 'offer':
        if (this.offered.size < MOST_EXECUTIONS) this.offered.add(Buffer.from(message.payload).toString('hex'));
        return;
      case 'statePut':
        life.isBeingGiven = message.last;
        return;
      case 'state':
        if (!message.accepted || !life.isBeingGiven) return;
        life.isPartOfPair = true;
        life.isBeingGiven = false;
        return;
      case 'input':
        if (!message.recall && !life.inputs.has(message.seq)) life.inputs.set(message.seq, message);
        return;
      case 'result':
        this.#note(life, message);
        return;
      case 'commit':
      case 'done':
        this.#granted(board, life, message.seq);
        return;
      default:
    }
  }

  #note(life: Life, message: ResultMessage): void {
    const { seq, executionCount: count, observed, digest, part, body, rejected } = message;
    const known = life.results.get(seq);
    const underway = known?.count === count ? known : { count, observed, digest, parts: new Map() };
    underway.parts.set(part, { body, rejected });
    life.results.set(seq, underway);
  }

  /** Its COMMIT has come to it, or it says that it has acted: the ledger has accepted that result. */
  #granted(board: BoardName, life: Life, seq: number): void {
    const input = life.inputs.get(seq);
    const result = life.results.get(seq);
    if (input === undefined || result === undefined || input.probe) return;
    let era = this.#eras.at(-1) ?? new Map<number, ExecutedInput>();
    // Where commits need both, a backup that was given a state may be granted the first input before its primary is.
    const isSame = era.get(result.count)?.seq === seq;
    if (!life.isPartOfPair && era.size > 0 && !isSame) {
      era = new Map();
      this.#eras.push(era);
    }
    life.isPartOfPair = true;
    const executed = era.get(result.count) ?? this.#begin(era, result, input);
    if (executed === null) return;
    if (executed.seq !== seq) this.disorders.push(seq);
    else if (!executed.results.some((one) => one.board === board)) {
      const parts = [...result.parts].sort(([one], [other]) => one - other).map(([, part]) => part);
      executed.results.push({ board, result: { parts, digest: result.digest } });
    }
  }

  #begin(era: Map<number, ExecutedInput>, { count, observed }: Underway, input: InputMessage): ExecutedInput | null {
    if (this.#size >= MOST_EXECUTIONS) {
      this.dropped++;
      return null;
    }
    this.#size++;
    const { seq, payload, pairTimeMs } = input;
    const given = input.observedGiven ? input.observed : observed;
    const executed = { seq, payload, pairTimeMs, observed: given, results: [] };
    era.set(count, executed);
    return executed;
  }
}
