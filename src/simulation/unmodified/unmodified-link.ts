import type { FromBoard, Hello, Result, ToBoard } from '../../pair/result/messages.js';
import { resultHash } from '../../protocol/result-hash.js';
import { Lane } from '../parts/lane.js';
import type { Schedule } from '../schedule.js';
import type { SeededChoices } from '../seeded-choices.js';
import type { DeviceReply, DeviceRequest } from './device-messages.js';

/** A frame's time on the wire. */
const FRAME_US = 900;
/** An answer that comes later is nobody's: it could be taken for that of the next request. */
const ANSWER_WITHIN_US = 25_000;
/** More than any board is given at once: what comes beyond is not sent, and its deadline tells. */
const MOST_WAITING = 16;
const RX_BYTES = 1_024;

/** Something to be asked of the board: an input under its seq, or whether it is there. */
type Errand = { readonly seq: number; readonly payload: Uint8Array | null } | 'who';

interface Asked {
  readonly id: number;
  /** Null: whoever asked has gone (another session was opened since). */
  readonly errand: Errand | null;
}

/**
 * The way to a board with firmware of its own, and the dialect that speaks with it, by messages: requests one at a time, and
 * what the core hears of it. What the dialect cannot know it does not say.
 */
export class UnmodifiedLink {
  plugged = true;
  readonly toBoard: Lane<DeviceRequest>;
  readonly fromBoard: Lane<DeviceReply>;
  #open = false;
  /** Pulled out since it was opened: whatever is plugged in next, this opening carries nothing any more. */
  #isHungUp = false;
  #session = 0;
  #answered = 0;
  /** It has said that it starts, and has been given nothing since. */
  #isFresh = false;
  /** It may read after its start what left for it before: until its answer would have come that is not known. */
  #overtaken: { readonly id: number; readonly untilUs: number } | null = null;
  #waiting: Errand[] = [];
  #asked: Asked | null = null;
  #ids = 0;

  constructor(
    private readonly schedule: Schedule,
    random: SeededChoices,
    private readonly window: number,
    deliver: (request: DeviceRequest) => void,
    private readonly heard: (session: number, message: FromBoard) => void,
  ) {
    this.toBoard = new Lane(schedule, random, FRAME_US, deliver);
    this.fromBoard = new Lane(schedule, random, FRAME_US, (reply) => this.#hear(reply));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#open = true;
    this.#isHungUp = false;
    this.#begin();
  }

  close(): void {
    this.#open = false;
    this.#begin();
  }

  forget(): void {
    this.close();
    this.fromBoard.clear();
  }

  unplug(): void {
    this.plugged = false;
    this.#isHungUp = true;
    this.toBoard.clear();
    this.fromBoard.clear();
  }

  send(session: number, message: ToBoard): void {
    if (!this.#open) return;
    switch (message.kind) {
      case 'helloRequest':
        return this.#ask('who');
      case 'open':
        this.#session = message.newSession;
        this.#answered = 0;
        this.#leaveWork();
        return this.#say(message.newSession, this.#hello());
      case 'input':
        if (session !== this.#session) return;
        if (!message.probe) this.#isFresh = false;
        return this.#ask({ seq: message.seq, payload: message.probe ? null : message.payload });
      default:
        // It has no such ability.
        return;
    }
  }

  sendFromBoard(reply: DeviceReply): void {
    if (this.#carries) this.fromBoard.push(reply);
  }

  get #carries(): boolean {
    return this.plugged && this.#open && !this.#isHungUp;
  }

  #begin(): void {
    this.#session = 0;
    this.#answered = 0;
    this.#isFresh = false;
    this.#waiting = [];
    this.#asked = null;
  }

  /** What was asked for in the session before is nobody's; the wire is free once that is answered, or was long enough in coming. */
  #leaveWork(): void {
    this.#waiting = [];
    if (this.#asked !== null) this.#asked = { ...this.#asked, errand: null };
  }

  #ask(errand: Errand): void {
    if (this.#waiting.length >= MOST_WAITING || this.#waiting.some((other) => isSame(errand, other))) return;
    this.#waiting.push(errand);
    this.#askNext();
  }

  #askNext(): void {
    if (this.#asked !== null) return;
    const errand = this.#waiting.shift();
    if (errand === undefined) return;
    const id = ++this.#ids;
    this.#asked = { id, errand };
    if (this.#carries) this.toBoard.push({ id, payload: errand === 'who' ? null : errand.payload });
    this.schedule.after(ANSWER_WITHIN_US, () => {
      if (this.#asked?.id === id) this.#free();
    });
  }

  #free(): void {
    this.#asked = null;
    this.#askNext();
  }

  #hear(reply: DeviceReply): void {
    if (!this.#open) return;
    if (reply.kind === 'said') return this.heard(this.#session, reply);
    if (reply.kind === 'banner') {
      const asked = this.#asked?.id ?? null;
      this.#begin();
      this.#isFresh = true;
      this.#overtaken = asked === null ? null : { id: asked, untilUs: this.schedule.nowUs + ANSWER_WITHIN_US };
      return this.heard(0, this.#hello());
    }
    if (this.#overtaken?.id === reply.id) this.#isFresh = false;
    if (this.#asked?.id !== reply.id) return;
    const { errand } = this.#asked;
    if (errand === 'who') this.heard(this.#session, this.#hello());
    else if (errand !== null) {
      // It was given once more, and that has not left yet.
      this.#waiting = this.#waiting.filter((other) => !isSame(errand, other));
      this.heard(this.#session, resultOf(errand.seq, ++this.#answered, reply));
    }
    if (this.#asked?.id === reply.id) this.#free();
  }

  /** After what the core is doing now: it is told nothing in the middle of a step. */
  #say(session: number, message: FromBoard): void {
    this.schedule.after(0, () => {
      if (this.#open && session === this.#session) this.heard(session, message);
    });
  }

  #hello(): Hello {
    return {
      kind: 'hello',
      unit: 0,
      boot: null,
      imageHash: null,
      stateLayout: null,
      stateBytes: 0,
      transfersState: false,
      mostOutputs: 0,
      rxBytes: RX_BYTES,
      window: this.window,
      resetCause: 'unknown',
      failed: false,
      parked: false,
      executionCount: this.#answered,
      digest: null,
      kept: [],
      actedBits: 0,
      ...(this.#isFresh && this.schedule.nowUs >= (this.#overtaken?.untilUs ?? 0) ? { isFresh: true } : {}),
    };
  }
}

function isSame(one: Errand, other: Errand): boolean {
  if (one === 'who' || other === 'who') return one === other;
  return one.seq === other.seq;
}

function resultOf(seq: number, executionCount: number, reply: Extract<DeviceReply, { kind: 'answer' }>): Result {
  const { body, rejected, ending } = reply;
  return {
    kind: 'result',
    seq,
    executionCount,
    parts: [{ rejected, body }],
    digest: null,
    hash: resultHash([{ part: 0, last: true, rejected, body }], 0),
    observed: [],
    inputMatches: true,
    ...(ending === null ? {} : { ending }),
  };
}
