import { isAnswerTo, longestAnswer } from '../../protocol/modbus/answer.js';
import { MAX_RTU_BYTES } from '../../protocol/modbus/function-codes.js';
import { answerLength, type CodeTable } from '../../protocol/modbus/pdu-length.js';
import type { Request } from '../../protocol/modbus/request.js';
import { encodeRtu, hasCrc, rtuLength } from '../../protocol/modbus/rtu-frame.js';
import { silenceUs } from '../../protocol/modbus/silence.js';
import { characterUs } from '../../values/line-settings.js';
import type { LinkCounts } from '../link-counters.js';
import { AnswerTimes } from './answer-times.js';
import type { ModbusSlave } from './modbus-options.js';

/** Address, an exception of two bytes, checksum. */
const LEAST_FRAME_BYTES = 5;
/** An echo, an answer, and noise before them; of more than that nothing is made out. */
const MAX_RECEIVED_BYTES = 2 * MAX_RTU_BYTES;
/** What begins so long after the last byte belongs to something else: a USB adapter hands on in pieces, some of them late. */
const GAP_US = 50_000;

/** A request on its way, and who wants to know of its answer. */
export interface Asked<Purpose> {
  readonly pdu: Uint8Array;
  readonly request: Request;
  readonly purpose: Purpose;
}

export type Heard<Purpose> =
  | { readonly kind: 'answer'; readonly to: Asked<Purpose>; readonly pdu: Uint8Array }
  /** It is answered no more: the slave has answered what was asked after it. */
  | { readonly kind: 'lost'; readonly to: Asked<Purpose> }
  /** Nobody had asked anything that this could be an answer to. */
  | { readonly kind: 'for-nothing'; readonly pdu: Uint8Array };

interface Owed<Purpose> {
  readonly asked: Asked<Purpose>;
  readonly endUs: number;
  dueUs: number;
  /** It has not come in time; it may still come. */
  isLate: boolean;
}

/**
 * One slave on a line of its own: what goes on the wire when, and which answer belongs to which request. RTU numbers neither, but a
 * slave answers in order: so there is never more than one request whose answer could be a given frame. What was not answered in
 * time goes on being owed until a question of another shape, asked behind it, is answered; then it is lost, or has come.
 */
export class RtuLine<Purpose> {
  readonly #characterUs: number;
  /** Between two frames, at least. */
  readonly #silenceUs: number;
  readonly #answerTimes: AnswerTimes;
  #owed: Owed<Purpose>[] = [];
  #received: number[] = [];
  /** What an adapter that echoes gives back first; null: nothing is on its way. */
  #echo: Uint8Array | null = null;
  /** Whether it does; null: not known in this opening. */
  #echoes: boolean | null = null;
  #lastByteUs = Number.NEGATIVE_INFINITY;
  #freeAtUs = Number.NEGATIVE_INFINITY;
  /** Of what was given up, an answer may still come. */
  #strayUntilUs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly slave: ModbusSlave,
    answerTimeUs: number,
    private readonly codes: CodeTable,
    private readonly counts: LinkCounts,
  ) {
    this.#characterUs = characterUs(slave.line);
    this.#silenceUs = silenceUs(slave.line);
    this.#answerTimes = new AnswerTimes(answerTimeUs);
  }

  /** Not before this is the next frame written: the silence that begins a frame has passed then. */
  get freeAtUs(): number {
    return this.#freeAtUs;
  }

  /** An answer is waited for until then; null: none is. */
  get dueUs(): number | null {
    const last = this.#owed.at(-1);
    return last === undefined || last.isLate ? null : last.dueUs;
  }

  /** Nothing is owed, and it is known what of what comes is an echo: any request may go. */
  get isSettled(): boolean {
    return this.#owed.length === 0 && this.#echoes !== null;
  }

  get owesNothing(): boolean {
    return this.#owed.length === 0;
  }

  /** True when it gives back what is sent; null: not known yet. */
  get echoes(): boolean | null {
    return this.#echoes;
  }

  /** Whether an answer to it could be taken for one to what is owed, or the other way round. */
  couldBeTaken({ code, reads }: Request, isExceptionLikely: boolean): boolean {
    return this.#owed.some(({ asked: { request: other } }) => {
      if (other.code !== code) return false;
      if (isExceptionLikely || reads === null || other.reads === null) return true;
      return longestAnswer({ code, reads, writes: null }, 0) === longestAnswer(other, 0);
    });
  }

  /** The frame to write, now. */
  send(asked: Asked<Purpose>, atUs: number): Uint8Array {
    const frame = encodeRtu({ address: this.slave.address, pdu: asked.pdu });
    const endUs = this.#sent(frame, atUs);
    const longest = rtuLength(longestAnswer(asked.request, MAX_RTU_BYTES));
    const dueUs = endUs + this.#answerTimes.allowedUs + longest * this.#characterUs;
    this.#owed.push({ asked, endUs, dueUs, isLate: false });
    return frame;
  }

  /** The same for all slaves: nobody answers. @returns with it, when its last byte is on the wire */
  sendToAll(pdu: Uint8Array, atUs: number): { readonly frame: Uint8Array; readonly endUs: number } {
    const frame = encodeRtu({ address: 0, pdu });
    return { frame, endUs: this.#sent(frame, atUs) };
  }

  /** Nothing is written before then, whatever the line is. */
  restUntil(atUs: number): void {
    this.#freeAtUs = Math.max(this.#freeAtUs, atUs);
  }

  /** We stood still: what has come meanwhile is looked at first. */
  noteStall(atUs: number): void {
    const last = this.#owed.at(-1);
    if (last !== undefined && !last.isLate) last.dueUs = Math.max(last.dueUs, atUs + GAP_US);
  }

  /** @returns true when what was waited for has just become late */
  expire(atUs: number): boolean {
    const last = this.#owed.at(-1);
    if (last === undefined || last.isLate || atUs < last.dueUs) return false;
    last.isLate = true;
    this.#drop();
    // An echo that has not come either: perhaps there is none.
    if (this.#echo !== null) this.#echoes = null;
    this.#echo = null;
    return true;
  }

  /** What is owed will not come any more. @returns what that was; an answer that comes until `strayUntilUs` all the same is no evidence */
  giveUp(strayUntilUs: number): readonly Asked<Purpose>[] {
    const lost = this.#owed.map(({ asked }) => asked);
    this.#owed = [];
    this.#strayUntilUs = Math.max(this.#strayUntilUs, strayUntilUs);
    return lost;
  }

  /** What is owed may come in the next opening yet; whether its adapter echoes is not known. */
  ended(): void {
    this.#drop();
    for (const owed of this.#owed) owed.isLate = true;
    this.#echo = null;
    this.#echoes = null;
  }

  push(bytes: Uint8Array, atUs: number): Heard<Purpose>[] {
    if (this.#received.length > 0 && atUs - this.#lastByteUs > GAP_US && this.dueUs === null) this.#drop();
    this.#lastByteUs = atUs;
    this.#freeAtUs = Math.max(this.#freeAtUs, atUs + this.#silenceUs);
    this.#received.push(...bytes);
    if (this.#received.length > MAX_RECEIVED_BYTES) {
      this.counts.overlong++;
      this.#received = [];
      return [];
    }
    const heard: Heard<Purpose>[] = [];
    while (this.#takeEcho()) {
      const frame = this.#nextFrame();
      if (frame === null) break;
      this.counts.framesIn++;
      heard.push(...this.#attribute(frame, atUs));
    }
    return heard;
  }

  #sent(frame: Uint8Array, atUs: number): number {
    this.#drop();
    this.#echo = this.#echoes === false ? null : frame;
    const endUs = Math.max(atUs, this.#freeAtUs) + frame.length * this.#characterUs;
    this.#freeAtUs = endUs + this.#silenceUs;
    return endUs;
  }

  /** What is held and was not made out. */
  #drop(): void {
    if (this.#received.length > 0) this.counts.badCrc++;
    this.#received = [];
  }

  /** False: the echo of what was sent is not all there yet. */
  #takeEcho(): boolean {
    if (this.#echoes !== true || this.#echo === null) return true;
    const at = placeOf(this.#echo, this.#received);
    if (at < 0) return false;
    this.#received.splice(0, at + this.#echo.length);
    this.#echo = null;
    return true;
  }

  /** The next PDU from this slave, with what came before it dropped; null: there is none yet. */
  #nextFrame(): Uint8Array | null {
    const bytes = Uint8Array.from(this.#received);
    for (let at = 0; at + LEAST_FRAME_BYTES <= bytes.length; at++) {
      if (bytes[at] !== this.slave.address) continue;
      const length = answerLength(bytes, at + 1, bytes.length, this.codes);
      if (typeof length !== 'number') continue;
      const end = at + rtuLength(length);
      if (end > bytes.length || !hasCrc(bytes, at, end)) continue;
      const pdu = bytes.slice(at + 1, at + 1 + length);
      // Behind noise only what is waited for is one: a checksum of 16 bits fits by chance now and then.
      if (at > 0 && this.#fitting(pdu).length === 0) continue;
      this.#noteEcho(bytes.subarray(0, at));
      if (at > 0) this.counts.tooShort++;
      this.#received.splice(0, end);
      return pdu;
    }
    return null;
  }

  /** A read is never answered by itself: what came before the answer shows whether the request came back. */
  #noteEcho(before: Uint8Array): void {
    if (this.#echoes !== null || this.#echo === null) return;
    this.#echoes = placeOf(this.#echo, [...before]) >= 0;
    this.#echo = null;
  }

  #fitting(pdu: Uint8Array): Owed<Purpose>[] {
    return this.#owed.filter(({ asked }) => isAnswerTo(asked.pdu, asked.request, pdu, this.codes));
  }

  #attribute(pdu: Uint8Array, atUs: number): Heard<Purpose>[] {
    const fitting = this.#fitting(pdu);
    const [owed] = fitting;
    if (owed === undefined || fitting.length > 1) {
      const isExpected = fitting.length > 1 || atUs < this.#strayUntilUs || this.#owed.some(({ isLate }) => isLate);
      if (!isExpected) return [{ kind: 'for-nothing', pdu }];
      this.counts.lateAnswers++;
      return [];
    }
    const place = this.#owed.indexOf(owed);
    const lost = this.#owed.slice(0, place);
    this.#owed = this.#owed.slice(place + 1);
    if (!owed.isLate) {
      this.#answerTimes.note(atUs - owed.endUs - rtuLength(pdu.length) * this.#characterUs);
    }
    return [
      ...lost.map(({ asked }): Heard<Purpose> => ({ kind: 'lost', to: asked })),
      { kind: 'answer', to: owed.asked, pdu },
    ];
  }
}

/** Where `wanted` begins in `bytes`; -1: nowhere. */
function placeOf(wanted: Uint8Array, bytes: readonly number[]): number {
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, index) => byte === bytes[at + index])) return at;
  }
  return -1;
}
