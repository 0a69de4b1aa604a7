import type { InputMessage } from '../protocol/messages.generated.js';
import { inputCrc, resultHash } from '../protocol/result-hash.js';
import type { ApplicationResult, ScriptedApplication } from './board-application.js';
import type { BoardMemory } from './board-memory.js';
import type { BoardOutputs } from './board-outputs.js';
import { type BoardHost, type BoardSlot, isExecuted } from './board-slot.js';
import type { ExecutionOrder } from './execution-order.js';

/** A result without COMMIT is said again after this long. */
const REPEAT_US = 100_000;
const nothing: readonly BoardSlot[] = [];

/** The exchange of a harness board, as firmware-harness/src/exchange.c and execute.c have it. */
export class BoardExchange {
  /** Told of every seq executed (probes too) and acted on. */
  onExecuted: (seq: number, executionCount: number, probe: boolean) => void = () => undefined;
  /** False: it does not execute this one yet. */
  mayExecute: (seq: number) => boolean = () => true;
  onActed: (seq: number) => void = () => undefined;
  /** What was kept is forgotten: at a fresh OPEN, or with a new state. */
  onDropped: () => void = () => undefined;
  /** The old seq that is to be answered as stale. */
  staleSeq: number | null = null;
  readonly #slots = new Map<number, BoardSlot>();
  #highestSeq = 0;
  #arrivals = 0;

  constructor(
    readonly window: number,
    private readonly application: ScriptedApplication,
    private readonly memory: BoardMemory,
    private readonly outputs: BoardOutputs,
    private readonly order: ExecutionOrder,
    private readonly host: BoardHost,
    private readonly repeatUs = REPEAT_US,
  ) {}

  get isBusy(): boolean {
    for (const { phase } of this.#slots.values()) if (phase !== 'acted') return true;
    return false;
  }

  /** Something waits for its turn. */
  get hasQueued(): boolean {
    for (const { phase } of this.#slots.values()) if (phase === 'queued') return true;
    return false;
  }

  /** Executed and later, oldest executed first. */
  executed(): BoardSlot[] {
    return [...this.#slots.values()].filter(isExecuted).sort((one, other) => one.executionCount - other.executionCount);
  }

  /** The oldest executed whose DONE is due. */
  get doneDue(): BoardSlot | undefined {
    return this.#oldest(({ isDoneDue }) => isDoneDue);
  }

  /** The oldest executed with a part of its result to send. */
  get partDue(): BoardSlot | undefined {
    return this.#oldest(({ duePart }) => duePart !== null);
  }

  takeInput(input: InputMessage): void {
    const { seq } = input;
    if (seq === 0) return;
    const kept = this.#kept(seq);
    if (kept === undefined && (input.recall || this.#isBeyondWindow(seq))) this.staleSeq = seq;
    else if (kept === undefined) this.#queue(input);
    else if (input.recall) this.#repeat(kept);
    else this.#takeAgain(kept, input);
  }

  takeCommit(seq: number, hash: number): void {
    const slot = this.#kept(seq);
    if (slot === undefined) {
      if (this.#isBeyondWindow(seq)) this.staleSeq = seq;
      else this.host.say(seq, 'commit of a seq that was never given');
    } else if (slot.phase === 'queued') this.host.say(seq, 'commit before the result');
    else if (slot.hash !== hash) this.host.say(seq, 'commit of another result than the kept one');
    else if (slot.phase === 'acted') slot.isDoneDue = true;
    else {
      slot.phase = 'granted';
      this.#actGranted();
    }
  }

  /** At a fresh OPEN, or with a new state. */
  dropResults(): void {
    this.#slots.clear();
    this.#highestSeq = 0;
    this.onDropped();
  }

  /** At OPEN{resume}: what was not executed is as if never given, and a grant of the old session is asked for again. */
  keepResults(): void {
    for (const [place, slot] of this.#slots) {
      slot.duePart = null;
      slot.isDoneDue = false;
      if (slot.phase === 'queued') this.#slots.delete(place);
      if (slot.phase === 'granted') slot.phase = 'executed';
    }
    this.staleSeq = null;
  }

  /** Executes the input whose turn it is; false when none is. */
  executeNext(): boolean {
    const slot = this.#nextQueued();
    if (slot === undefined || !this.mayExecute(slot.seq)) return false;
    // R29: before an input, not after: a flipped bit is found before it reaches a result.
    if (!this.memory.isIntact) this.host.stop('stateCorrupt', this.memory.digestDifference);
    else if (!this.outputs.areIntact) this.host.stop('outputCorrupt', 0);
    else this.#execute(slot);
    return true;
  }

  /** R11: a result without an answer is said again. */
  repeatResults(): void {
    for (const slot of this.#slots.values()) {
      if (slot.phase !== 'executed' || slot.duePart !== null) continue;
      if (this.host.nowUs - slot.repeatedUs >= this.repeatUs) this.#repeat(slot);
    }
  }

  /**
   * R3: an input with a position runs when that is its execution count, and not before. One without never runs while one
   * with a position waits: it would take the place of one that has not come yet.
   */
  #nextQueued(): BoardSlot | undefined {
    const queued = this.#queued();
    if (queued.length === 0) return undefined;
    if (queued.some(({ position }) => position !== 0)) {
      return queued.find(({ position }) => position === this.memory.executionCount + 1);
    }
    const waiting = queued.map(({ seq, input, arrivedUs }) => ({ seq, probe: input.probe, arrivedUs }));
    const seq = this.order.next(waiting, this.host.nowUs);
    return seq === null ? undefined : this.#kept(seq);
  }

  /** What waits, in the order of arrival. */
  #queued(): readonly BoardSlot[] {
    // Asked at every poll, and mostly there is nothing: no list is made for that.
    let queued: BoardSlot[] | null = null;
    for (const slot of this.#slots.values()) {
      if (slot.phase !== 'queued') continue;
      if (queued === null) queued = [slot];
      else queued.push(slot);
    }
    return queued?.sort((one, other) => one.arrival - other.arrival) ?? nothing;
  }

  #oldest(isWanted: (slot: BoardSlot) => boolean): BoardSlot | undefined {
    let oldest: BoardSlot | undefined;
    for (const slot of this.#slots.values()) {
      if (slot.phase === 'queued' || !isWanted(slot)) continue;
      if (oldest === undefined || slot.executionCount < oldest.executionCount) oldest = slot;
    }
    return oldest;
  }

  #takeAgain(kept: BoardSlot, input: InputMessage): void {
    const { seq, position } = input;
    if (kept.inputCrc !== inputCrc(input)) this.host.say(seq, 'input differs from the kept one of its seq');
    else if (kept.phase !== 'queued') this.#repeat(kept);
    else if (this.#isPlaceTaken(seq, position)) this.#sayPlaceTaken(seq);
    // While it waits, the last word about its place counts.
    else kept.position = position;
  }

  /** R3: two inputs never get the same place in the order of execution, and a place behind is nobody's any more. */
  #isPlaceTaken(seq: number, position: number): boolean {
    if (position === 0) return false;
    if (position <= this.memory.executionCount) return true;
    return this.#queued().some((slot) => slot.seq !== seq && slot.position === position);
  }

  #sayPlaceTaken(seq: number): void {
    this.host.say(seq, 'input for a place that is taken');
  }

  #kept(seq: number): BoardSlot | undefined {
    const slot = this.#slots.get(seq % this.window);
    return slot?.seq === seq ? slot : undefined;
  }

  #isBeyondWindow(seq: number): boolean {
    return this.#highestSeq >= this.window && seq <= this.#highestSeq - this.window;
  }

  #repeat(slot: BoardSlot): void {
    if (!isExecuted(slot)) return;
    slot.duePart = 0;
    slot.repeatedUs = this.host.nowUs;
  }

  #queue(input: InputMessage): void {
    const { seq } = input;
    const before = this.#slots.get(seq % this.window);
    if (before !== undefined && before.phase !== 'acted') {
      this.host.say(seq, 'input came before one a window earlier was done');
      return;
    }
    if (this.memory.isTorn) {
      this.host.say(seq, 'input came in the middle of a state transfer');
      return;
    }
    if (this.#isPlaceTaken(seq, input.position)) {
      this.#sayPlaceTaken(seq);
      return;
    }
    this.#highestSeq = Math.max(this.#highestSeq, seq);
    this.#slots.set(seq % this.window, {
      seq,
      input,
      inputCrc: inputCrc(input),
      arrivedUs: this.host.nowUs,
      arrival: this.#arrivals++,
      position: input.position,
      phase: 'queued',
      executionCount: 0,
      hash: 0,
      parts: [],
      levels: [],
      readBack: [],
      duePart: null,
      isDoneDue: false,
      repeatedUs: 0,
    });
  }

  #execute(slot: BoardSlot): void {
    const observed: number[] = [];
    const read = () => {
      const own = this.host.readOwnSource();
      const given = slot.input.observedGiven ? slot.input.observed[observed.length] : undefined;
      observed.push(own);
      return given ?? own;
    };
    const idle: ApplicationResult = { state: this.memory.bytes, parts: [], levels: [], rejected: false };
    const { probe, payload } = slot.input;
    const result = probe ? idle : this.application.onInput(this.memory.bytes.slice(), payload, read);
    this.memory.keep(result.state);
    const { digest, executionCount } = this.memory;
    const bodies = result.parts.length === 0 ? [new Uint8Array()] : result.parts;
    const { seq, inputCrc: crc } = slot;
    slot.parts = bodies.map((body, part) => {
      const last = part + 1 === bodies.length;
      const { rejected } = result;
      return { kind: 'result', seq, executionCount, part, last, rejected, inputCrc: crc, digest, observed, body };
    });
    slot.executionCount = executionCount;
    slot.hash = resultHash(slot.parts, digest);
    slot.levels = result.rejected ? [] : result.levels;
    slot.phase = 'executed';
    this.#repeat(slot);
    this.onExecuted(seq, executionCount, probe);
  }

  /** R3: a board acts in its execution order, whatever order the commits arrive in. */
  #actGranted(): void {
    for (const slot of this.executed()) {
      if (slot.phase === 'acted') continue;
      if (slot.phase !== 'granted') return;
      this.outputs.take(slot.levels);
      slot.readBack = this.outputs.readBack();
      slot.phase = 'acted';
      slot.duePart = null;
      slot.isDoneDue = true;
      this.onActed(slot.seq);
    }
  }
}
