import {
  type FailedReason,
  type FromBoardMessage,
  MESSAGES,
  type Message,
  type OpenMessage,
  type StateMessage,
} from '../protocol/messages.generated.js';
import type { BoardCoreOptions } from './board-core-options.js';
import { BoardExchange } from './board-exchange.js';
import { boardHello, boardProgram } from './board-hello.js';
import { BoardMemory } from './board-memory.js';
import { runSlice } from './board-self-test.js';
import type { BoardHost } from './board-slot.js';

const helloIntervalUs = 20_000;
/** Types up to this one go to a board. */
const mostToBoard = 127;
const text = new TextEncoder();
const kindsToBoard = new Set<string>(MESSAGES.filter(({ type }) => type <= mostToBoard).map(({ kind }) => kind));

/** One life of a scripted board, from a start to the next: sessions, dispatch, silence, and what is due to the gateway. */
export class BoardCore implements BoardHost {
  nowUs = 0;
  session = 0;
  isParked = false;
  failed: FailedReason = 'none';
  readonly exchange: BoardExchange;
  readonly memory: BoardMemory;
  readonly #options: BoardCoreOptions;
  #failedDetail = 0;
  #isFailedDue = false;
  #isHelloAsked = true;
  #isHelloDue = false;
  #helloUs = Number.NEGATIVE_INFINITY;
  /** When the sketch last looked around for itself; null before the first time. */
  #lookedUs: number | null = null;
  #isOffered = false;
  #heardUs = 0;
  #state: StateMessage | null = null;
  /** The slice of the self-test that was asked for; a later one takes its place. */
  #sliceDue: number | null = null;

  constructor(options: BoardCoreOptions) {
    this.#options = options;
    const { application, window, outputs, order, repeatUs } = options;
    this.memory = new BoardMemory(application.startState);
    this.exchange = new BoardExchange(window, application, this.memory, outputs, order, this, repeatUs);
  }

  readOwnSource(): number {
    return this.#options.readOwnSource();
  }

  say(seq: number, line: string): void {
    if (this.#options.canSend()) this.#send({ kind: 'log', session: 0, seq, text: text.encode(line) });
  }

  stop(reason: FailedReason, detail: number): void {
    // The first reason is kept: what follows from a failure must not hide it.
    if (this.failed !== 'none') return;
    this.#options.outputs.makeSafe();
    this.#isFailedDue = true;
    this.failed = reason;
    this.#failedDetail = detail;
  }

  /** Does what time asks for and one thing that is due; true when there may be more. */
  poll(nowUs: number): boolean {
    this.nowUs = nowUs;
    const { silenceUs, silencePolicy, outputs } = this.#options;
    const isServing = () => this.#isServing;
    this.#guard();
    if (isServing() && nowUs - this.#heardUs >= silenceUs) {
      // R11, R27: without a gateway the board parks; waiting results are kept, nothing is acted on.
      this.isParked = true;
      if (silencePolicy === 'safe') outputs.makeSafe();
    }
    const executed = isServing() && this.exchange.executeNext();
    if (isServing()) this.exchange.repeatResults();
    return this.#sendDue(isServing()) || executed || this.#runSlice();
  }

  /** Only when there is nothing else to do. */
  #runSlice(): boolean {
    if (this.#sliceDue === null || !this.#isServing || !this.#options.canSend()) return false;
    const { application, defects } = this.#options;
    const report = runSlice(this.#sliceDue, boardProgram(application), defects);
    this.#sliceDue = null;
    return this.#send(report);
  }

  /** As cc_offer: false when it cannot be sent now, for want of a session or of room. */
  offer(payload: Uint8Array): boolean {
    if (!this.#isServing || !this.#options.canSend()) return false;
    return this.#send({ kind: 'offer', session: 0, seq: 0, payload });
  }

  get #isServing(): boolean {
    return this.session !== 0 && !this.isParked && this.failed === 'none';
  }

  #guard(): void {
    const { guard } = this.#options.application;
    if (guard === undefined) return;
    this.#lookedUs ??= this.nowUs;
    if (this.nowUs - this.#lookedUs < guard.everyUs) return;
    this.#lookedUs = this.nowUs;
    const seen = guard.look(this.readOwnSource());
    if (seen.kind === 'stop') this.stop(seen.reason, seen.detail);
    else this.#isOffered = seen.kind === 'offer' && (this.#isOffered || this.offer(seen.payload));
  }

  /** Takes one frame, by type, session and the board's own condition. */
  receive(message: Message, nowUs: number): void {
    this.nowUs = nowUs;
    if (!kindsToBoard.has(message.kind)) return;
    if (message.kind === 'helloRequest') this.#isHelloAsked = true;
    else if (message.kind === 'open') this.#takeOpen(message);
    else if (message.session !== this.session) {
      // R15: a board that has restarted says so to whoever speaks.
      if (this.session === 0) this.#isHelloDue = true;
    } else if (message.kind === 'reset') this.#options.restart();
    else if (this.failed !== 'none') this.#isFailedDue = true;
    else if (this.session === 0) this.#isHelloDue = true;
    else if (message.kind === 'violation') this.stop('violation', message.reason);
    else if (this.isParked) this.#isHelloDue = true;
    else this.#serve(message);
  }

  #serve(message: Message): void {
    const { exchange, memory } = this;
    const { outputs, replays = false } = this.#options;
    if (replays && (message.kind === 'stateGet' || message.kind === 'statePut')) return;
    this.#heardUs = this.nowUs;
    if (message.kind === 'input') exchange.takeInput(message);
    else if (message.kind === 'commit') exchange.takeCommit(message.seq, message.resultHash);
    else if (message.kind === 'stateGet') {
      if (memory.isIntact) this.#state = memory.chunk(message.offset, exchange.isBusy, outputs);
      else this.stop('stateCorrupt', memory.digestDifference);
    } else if (message.kind === 'statePut') {
      this.#state = memory.put(message, exchange.isBusy, outputs, () => exchange.dropResults()) ?? this.#state;
    } else if (message.kind === 'selfTest') this.#sliceDue = message.slice;
  }

  #takeOpen(open: OpenMessage): void {
    if (this.failed !== 'none') {
      this.#isFailedDue = true;
      return;
    }
    this.#isHelloAsked = true;
    if (open.boot !== this.#options.boot || open.newSession === 0) return;
    // A repeat, because its HELLO was lost, must not drop what has been done since.
    if (this.session === open.newSession) this.#heardUs = this.nowUs;
    if (this.session === open.newSession || this.session !== open.wasSession) return;
    this.session = open.newSession;
    this.#sliceDue = null;
    this.#heardUs = this.nowUs;
    if (open.resume) {
      this.exchange.keepResults();
      if (this.isParked) this.#options.outputs.restoreActed();
    } else {
      this.exchange.dropResults();
      this.memory.openForPut();
      this.#options.outputs.adoptWritten();
    }
    this.isParked = false;
  }

  #sendDue(isServing: boolean): boolean {
    if (!this.#options.canSend()) return false;
    const isHelloReady = this.#isHelloAsked || (this.#isHelloDue && this.nowUs - this.#helloUs >= helloIntervalUs);
    if (isHelloReady) {
      // One that was asked for by name holds back no other.
      if (!this.#isHelloAsked) this.#helloUs = this.nowUs;
      this.#isHelloAsked = false;
      this.#isHelloDue = false;
      return this.#send(boardHello(this, this.#options));
    }
    if (this.#isFailedDue) {
      this.#isFailedDue = false;
      return this.#send({ kind: 'failed', session: 0, seq: 0, reason: this.failed, detail: this.#failedDetail });
    }
    return isServing && this.#sendExchange();
  }

  #sendExchange(): boolean {
    const done = this.exchange.doneDue;
    if (done !== undefined) {
      done.isDoneDue = false;
      return this.#send({ kind: 'done', session: 0, seq: done.seq, stale: false, readBack: done.readBack });
    }
    // Parts of two results never mix: the oldest executed is said to its end first.
    const result = this.exchange.partDue;
    const part = result?.parts[result.duePart ?? 0];
    if (result !== undefined && part !== undefined) {
      result.duePart = part.last ? null : part.part + 1;
      const { kind, seq, executionCount, part: number, last, rejected, inputCrc, digest, observed, body } = part;
      // Field by field: of all messages this is the one that comes most often.
      const { session } = this;
      this.#options.send({
        ...{ kind, session, seq, executionCount, part: number, last, rejected, inputCrc, digest, observed, body },
      });
      return true;
    }
    const seq = this.exchange.staleSeq;
    if (seq !== null) {
      this.exchange.staleSeq = null;
      return this.#send({ kind: 'done', session: 0, seq, stale: true, readBack: this.#options.outputs.readBack() });
    }
    const state = this.#state;
    if (state === null) return false;
    this.#state = null;
    return this.#send(state);
  }

  #send(message: FromBoardMessage): true {
    this.#options.send(Object.assign({ ...message }, { session: this.session }));
    return true;
  }
}
