import { connect, type Socket } from 'node:net';
import type { BenchTime } from '../bench-client.js';
import type { ClientProtocol, CutAnswer } from './client-protocol.js';

/** A request, and what its client got for it. */
export interface Asked {
  /** From 1. */
  readonly id: number;
  readonly request: Uint8Array;
  readonly sentAtUs: number;
  /** More than one is a fault of whoever answers. */
  readonly answers: { readonly atUs: number; readonly body: Uint8Array }[];
  /** Its time-out has passed without an answer, or its connection has ended: its client has gone on. */
  hasTimedOut: boolean;
}

export interface AskingClientOptions {
  readonly protocol: ClientProtocol;
  readonly requests: number;
  /** From one request to the next, at least. */
  readonly paceUs: number;
  /** As stock masters have it: so long it waits for an answer, and then goes on. */
  readonly timeoutUs: number;
  readonly request: (id: number) => Uint8Array;
  /** What it asks, again and again, before it begins: reads, which change nothing. */
  readonly warmUp: Uint8Array;
  /** Nobody answers this one, as of a broadcast: it is not waited for. */
  readonly isAnswered?: (request: Uint8Array) => boolean;
}

/** Numbers of requests are below it. */
const WARM_UP = 0x8000;

/** Somebody who talks to the boards as if there were one: one request at a time over TCP, each with its time-out. */
export class AskingClient {
  readonly asked: Asked[] = [];
  /** What it asked before it began, and after it was done; numbered from WARM_UP on. */
  readonly warmUps: Asked[] = [];
  /** What the boards said unasked. */
  readonly unasked: { readonly atUs: number; readonly body: Uint8Array }[] = [];
  /** What came that answers nothing it has asked. */
  readonly strays: CutAnswer[] = [];
  /** What its connection came to, besides being closed here. */
  readonly errors: string[] = [];
  /** Called when a request has come to its end, with how many have by then. */
  onEnd: (ended: number, atUs: number) => void = () => undefined;
  lastProgressUs = 0;
  #ended = 0;
  #socket: Socket | null = null;
  #bytes: Uint8Array = new Uint8Array(0);
  #open: Asked | null = null;
  #nextAtUs = 0;
  #isPaused = false;
  #hasBegun = false;
  #isLingering = false;
  #cancelTimeout: () => void = () => undefined;
  #cancelPace: () => void = () => undefined;

  constructor(
    private readonly world: BenchTime,
    private readonly options: AskingClientOptions,
  ) {}

  /** Requests that were answered, timed out, or need no answer. */
  get ended(): number {
    return this.#ended;
  }

  get isFinished(): boolean {
    return this.#ended >= this.options.requests;
  }

  /** Connects (again). What was unanswered on the connection before has come to its end: it is not asked again by itself. */
  async connect(address: string): Promise<void> {
    this.#giveUp();
    const { hostname, port } = new URL(address);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    // A gateway that is killed resets its connections: that is the world's, and told by what stays unanswered.
    socket.on('error', (error) => this.errors.push(error.message));
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#giveUp();
    });
    this.#bytes = new Uint8Array(0);
    this.#socket = socket;
    this.lastProgressUs = this.world.nowUs();
    this.#sendNext();
  }

  /** From now on it asks what it is there for. */
  begin(): void {
    this.#hasBegun = true;
    this.lastProgressUs = this.world.nowUs();
  }

  /** What others say on its line: it comes over the same connection. */
  say(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  /** All is asked: what it asked before it began it asks again, so that the boards have something by which they can be compared. */
  linger(): void {
    this.#isLingering = true;
    this.#sendNext();
  }

  disconnect(): void {
    this.#cancelPace();
    this.#cancelTimeout();
    this.#socket?.destroy();
    this.#socket = null;
  }

  /** Says nothing more until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.lastProgressUs = this.world.nowUs();
    this.#sendNext();
  }

  #sendNext(): void {
    this.#cancelPace();
    if (this.#socket === null || this.#isPaused || this.#open !== null) return;
    const isOver = this.asked.length >= this.options.requests;
    if (isOver && !this.#isLingering) return;
    const nowUs = this.world.nowUs();
    if (nowUs < this.#nextAtUs) {
      this.#cancelPace = this.world.at(this.#nextAtUs, () => this.#sendNext());
      return;
    }
    const { paceUs, timeoutUs, protocol, request: make, warmUp, isAnswered = () => true } = this.options;
    this.#nextAtUs = nowUs + paceUs;
    const isWarmUp = !this.#hasBegun || isOver;
    const list = isWarmUp ? this.warmUps : this.asked;
    const id = (isWarmUp ? WARM_UP : 1) + list.length;
    const request = isWarmUp ? warmUp : make(id);
    const one: Asked = { id, request, sentAtUs: nowUs, answers: [], hasTimedOut: false };
    list.push(one);
    this.#socket.write(protocol.encode(id, one.request));
    if (!isAnswered(one.request)) {
      this.#end();
      return;
    }
    this.#open = one;
    this.#cancelTimeout = this.world.at(nowUs + timeoutUs, () => this.#giveUp());
  }

  #giveUp(): void {
    if (this.#open === null) return;
    this.#open.hasTimedOut = true;
    this.#end();
  }

  #receive(chunk: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (let cut = this.options.protocol.cut(this.#bytes); cut !== null; ) {
      this.#bytes = this.#bytes.subarray(cut.length);
      this.#answer(cut.answer);
      cut = this.options.protocol.cut(this.#bytes);
    }
  }

  #answer(answer: CutAnswer): void {
    if (answer.isUnasked === true) {
      this.unasked.push({ atUs: this.world.nowUs(), body: answer.body });
      return;
    }
    const of = answer.id === null ? this.#open : this.#askedBy(answer.id);
    if (of === undefined || of === null) {
      this.strays.push(answer);
      return;
    }
    of.answers.push({ atUs: this.world.nowUs(), body: answer.body });
    if (of === this.#open) this.#end();
  }

  #askedBy(id: number): Asked | undefined {
    return id >= WARM_UP ? this.warmUps[id - WARM_UP] : this.asked[id - 1];
  }

  #end(): void {
    const nowUs = this.world.nowUs();
    const wasWarmUp = (this.#open?.id ?? 0) >= WARM_UP;
    this.#cancelTimeout();
    this.#open = null;
    this.lastProgressUs = nowUs;
    if (!wasWarmUp) {
      this.#ended += 1;
      this.onEnd(this.#ended, nowUs);
    }
    this.#sendNext();
  }
}
