import type { FromBoard, ToBoard } from '../../pair/result/messages.js';
import { exceptionIn, exceptionTo } from '../../protocol/modbus/answer.js';
import { parseRequest, type Request } from '../../protocol/modbus/request.js';
import type { ReadMessage, Speaker, Taken } from '../dialect.js';
import type { LinkCounts } from '../link-counters.js';
import { InputOrders } from './input-orders.js';
import { helloOf } from './modbus-hello.js';
import type { ModbusOptions, ModbusSlave } from './modbus-options.js';
import { examinationRequests } from './modbus-wire.js';
import { Questions } from './questions.js';
import { RegisterWatch } from './register-watch.js';
import { type Heard, RtuLine } from './rtu-line.js';
import { SlaveIdentity } from './slave-identity.js';
import type { UpstreamLife } from './upstream-life.js';
import { ExaminationWork } from './work/examination-work.js';
import { IdentityWork } from './work/identity-work.js';
import { InputWork } from './work/input-work.js';
import { SlaveState } from './work/slave-state.js';
import type { Work } from './work/work.js';
import { WorkQueue } from './work/work-queue.js';

/** So many questions in a row, then a silence. */
const MAX_QUESTIONS = 3;
/** Nothing came for so long: what was asked before will not be answered any more. */
const GIVEN_UP_AFTER_US = 2_000_000;
/** Called so much later than it wanted: our loop, or the host, stood still. */
const STALL_US = 5_000;
/** An answer to what was given up is no evidence against a board that is slower still. */
const STRAY_FOR_US = 30_000_000;

const NOTHING = new Uint8Array(0);

/** Null: a question of the link's own. */
type Purpose = Work | null;

/**
 * Speaks Modbus RTU with one slave. One request at a time is on the wire, each in a write of its own; no answer is ever
 * taken for one to another request (RtuLine). What is not answered in time is not asked again by itself: a question shows
 * whether the board is there, and the core says whether what was lost is asked once more.
 */
export class ModbusSpeaker implements Speaker {
  readonly #line: RtuLine<Purpose>;
  readonly #questions: Questions;
  readonly #watch: RegisterWatch;
  readonly #identity: SlaveIdentity;
  readonly #orders: InputOrders;
  #session = 0;
  #executionCount = 0;
  /** A `helloRequest` waits for the board's answer to anything. */
  #owesHello = false;
  readonly #work = new WorkQueue();
  readonly #state: SlaveState;
  /** A broadcast is over then. */
  #doneAtUs: number | null = null;
  #messages: ReadMessage[] = [];
  #questionsAsked = 0;
  #lastSentUs = Number.NEGATIVE_INFINITY;
  /** It was to be called then. */
  #wantedUs: number | null = null;
  /** Begins with the first opening: what a program before this one asked may be answered yet. */
  #quietUntilUs: number | null = null;

  constructor(
    slave: ModbusSlave,
    private readonly options: ModbusOptions,
    private readonly upstream: UpstreamLife,
    private readonly counts: LinkCounts,
  ) {
    const { answerTimeUs, codes, written, restartSign } = options;
    this.#line = new RtuLine(slave, answerTimeUs, codes, counts);
    this.#questions = new Questions(options);
    this.#watch = new RegisterWatch(written, restartSign);
    this.#identity = new SlaveIdentity(options.identity);
    this.#orders = new InputOrders(options, upstream, this.#questions.first);
    this.#state = new SlaveState(options.joinCopy);
  }

  encode(_session: number, message: ToBoard, atUs: number): Uint8Array {
    switch (message.kind) {
      case 'helloRequest':
        this.#owesHello = true;
        break;
      case 'open':
        this.#open(message);
        break;
      case 'input':
        this.#takeInput(message, atUs);
        break;
      case 'stateGet':
        this.#enqueue(this.#state.giving(this.#session, message.offset));
        break;
      case 'statePut':
        this.#enqueue(this.#state.taking(this.#session, message));
        break;
      case 'examine':
        this.#enqueue(new ExaminationWork(this.#session, examinationRequests(this.options)));
        break;
      default:
      // What it grants, tests or resets a slave does not know.
    }
    return new Uint8Array(0);
  }

  push(bytes: Uint8Array, atUs: number): readonly ReadMessage[] {
    if (this.#quietUntilUs === null || atUs < this.#quietUntilUs) return [];
    for (const heard of this.#line.push(bytes, atUs)) this.#hear(heard);
    return this.#takeMessages();
  }

  take(atUs: number): Taken {
    // R14: what we stood still ourselves is not the slave's time; what it has said meanwhile is read after this.
    if (this.#wantedUs !== null && atUs - this.#wantedUs > STALL_US) this.#line.noteStall(atUs);
    this.#quietUntilUs ??= atUs + this.options.answerTimeUs;
    const writes: Uint8Array[] = [];
    this.#line.expire(atUs);
    const nextUs = this.#proceed(atUs, writes);
    this.#wantedUs = nextUs;
    return { writes, messages: this.#takeMessages(), nextUs };
  }

  ended(): void {
    this.#line.ended();
    this.#session = 0;
    this.#executionCount = 0;
    this.#owesHello = false;
    this.#questionsAsked = 0;
    this.#identity.forget();
    this.#forgetWork();
    this.#work.forgetAll();
    this.#messages = [];
  }

  /** Writes what may be written now. @returns when there will be more to do; null: when something happens */
  #proceed(atUs: number, writes: Uint8Array[]): number | null {
    const quietUntilUs = this.#quietUntilUs ?? atUs;
    if (atUs < quietUntilUs) return quietUntilUs;
    for (;;) {
      const { dueUs } = this.#line;
      if (dueUs !== null) return dueUs;
      if (this.#doneAtUs !== null && atUs < this.#doneAtUs) return this.#doneAtUs;
      this.#endBroadcast();
      this.#giveUpWhatIsOld(atUs);
      const work = this.#work.proceed();
      if (work?.next() === null) {
        this.#finish(work);
        continue;
      }
      const isAsking = !this.#line.owesNothing || this.#owesHello || work !== null;
      if (!isAsking) {
        const keepUs = this.#keepsAskingUs(atUs);
        if (keepUs === null || atUs < keepUs) return keepUs;
        if (!this.#ask(atUs, writes)) return null;
        continue;
      }
      if (atUs < this.#line.freeAtUs) return this.#line.freeAtUs;
      if (this.#line.isSettled && !this.#owesHello) this.#sendNext(atUs, writes);
      else if (!this.#ask(atUs, writes)) return this.#lastSentUs + GIVEN_UP_AFTER_US;
    }
  }

  /**
   * When a slave that nothing is asked is asked whether it is there. One that waits to join, or gets no copies of reads, has a watchdog of its
   * own: while somebody upstream asks, it hears of that. Null: nobody does.
   */
  #keepsAskingUs(atUs: number): number | null {
    const everyUs = this.upstream.asksEveryUs(atUs);
    return everyUs === null ? null : Math.max(this.#lastSentUs + everyUs, this.#line.freeAtUs);
  }

  #sendNext(atUs: number, writes: Uint8Array[]): void {
    const work = this.#work.current;
    const pdu = work?.next() ?? null;
    if (work === null || pdu === null) return;
    const request = parseRequest(pdu, this.options.codes);
    // No slave would carry it out, and none is asked to: whoever gave it hears the same from both.
    if ('exception' in request) {
      work.take(exceptionTo(pdu[0] ?? 0, request.exception));
      return;
    }
    this.#lastSentUs = atUs;
    if (!work.isBroadcast) {
      writes.push(this.#line.send({ pdu, request, purpose: work }, atUs));
      return;
    }
    const { frame, endUs } = this.#line.sendToAll(pdu, atUs);
    writes.push(frame);
    this.#doneAtUs = endUs + this.options.turnaroundUs;
    this.#line.restUntil(this.#doneAtUs);
  }

  /** False: there is nothing more to ask before a silence. */
  #ask(atUs: number, writes: Uint8Array[]): boolean {
    if (this.#questionsAsked >= MAX_QUESTIONS) return false;
    const question = this.#questions.next((request, isLikely) => this.#line.couldBeTaken(request, isLikely));
    if (question === null) return false;
    this.#questionsAsked++;
    this.#lastSentUs = atUs;
    writes.push(this.#line.send({ ...question, purpose: null }, atUs));
    return true;
  }

  #hear(heard: Heard<Purpose>): void {
    if (heard.kind === 'for-nothing') {
      // Before a session nobody is accused: it may be an answer to another program.
      if (this.#session === 0) this.counts.lateAnswers++;
      else this.#say({ kind: 'failed', reason: 'answer-for-nothing', detail: heard.pdu[0] ?? 0 });
      return;
    }
    const { purpose, pdu, request } = heard.to;
    if (heard.kind === 'lost') return this.#lose(purpose, request);
    this.#note(pdu, request, heard.pdu);
    if (purpose === null) return this.#hearQuestion();
    if (purpose !== this.#work.current) return;
    purpose.take(heard.pdu);
    purpose.isAskedAgain = false;
    if (purpose.next() === null) return this.#finish(purpose);
    if (purpose.partOf !== undefined) this.#say({ kind: 'alive', seq: purpose.partOf });
    if (purpose.givesWay === true) this.#work.giveWay();
  }

  #note(pdu: Uint8Array, request: Request, answer: Uint8Array): void {
    if (request.reads !== null && exceptionIn(answer) === null) this.#questions.noteGiven(request.code);
    const found = this.#watch.look(pdu, request, answer);
    if (found === null || this.#session === 0) return;
    const detail = found.finding === 'restarted' ? found.value : found.address;
    this.#say({ kind: 'failed', reason: found.finding, detail });
  }

  #hearQuestion(): void {
    this.#questionsAsked = 0;
    if (this.#owesHello) this.#introduce();
    else this.#say({ kind: 'alive' });
    this.#owesHello = false;
  }

  #open({ newSession, resume }: Extract<ToBoard, { kind: 'open' }>): void {
    // Asked for again while it is asked who it is.
    if (newSession === this.#session && this.#identity.question(newSession) !== null) return this.#introduce();
    this.#session = newSession;
    this.#watch.begin(!resume);
    this.#forgetWork();
    this.#identity.sessionOpens(!resume);
    this.#introduce();
  }

  /** R25: HELLO is said when it has said who it is. */
  #introduce(): void {
    const question = this.#identity.question(this.#session);
    if (question === null) this.#sayHello();
    else this.#enqueue(question);
  }

  #sayHello(): void {
    this.#say(helloOf(this.#executionCount, this.#state.bytes, this.#identity.settings));
  }

  /** It will not be answered any more. Asked for once more meanwhile, it is sent again; otherwise the core's deadline decides. */
  #lose(purpose: Purpose, request: Request): void {
    this.#watch.forgetWrites(request.writes);
    if (purpose === null || purpose !== this.#work.current) return;
    if (purpose.noteLost !== undefined) purpose.noteLost();
    else if (purpose.isAskedAgain) {
      purpose.isAskedAgain = false;
      purpose.noteSentAgain?.();
    } else this.#work.end();
  }

  /** Of a board that has said nothing for so long all that waited is dropped: the core asks for it, if it still wants it. */
  #giveUpWhatIsOld(atUs: number): void {
    const isWaiting = !this.#line.owesNothing || this.#questionsAsked > 0;
    if (!isWaiting || atUs < this.#lastSentUs + GIVEN_UP_AFTER_US) return;
    for (const { request } of this.#line.giveUp(atUs + STRAY_FOR_US)) this.#watch.forgetWrites(request.writes);
    this.#questionsAsked = 0;
    this.#owesHello = false;
    this.#forgetWork();
  }

  #takeInput(message: Extract<ToBoard, { kind: 'input' }>, atUs: number): void {
    const { seq } = message;
    if (!message.probe) this.upstream.asked(seq, atUs);
    const mayBeRepeated = this.#orders.mayBeRepeated(message);
    if (this.#work.askAgain(InputWork.keyOf(seq), mayBeRepeated)) return;
    // What it may have carried out it is never given again.
    if (this.#work.wasGiven(seq) && !mayBeRepeated) return;
    this.#work.noteGiven(seq);
    this.#enqueue(this.#orders.workOf(message, this.#session, atUs));
  }

  /** Null: there is nothing to do. */
  #enqueue(work: Work | null): void {
    if (work !== null && !this.#work.add(work)) this.counts.droppedWrites++;
  }

  #endBroadcast(): void {
    if (this.#doneAtUs === null) return;
    this.#doneAtUs = null;
    const work = this.#work.current;
    if (work?.isBroadcast !== true) return;
    const pdu = work.next() ?? NOTHING;
    const request = parseRequest(pdu, this.options.codes);
    if (!('exception' in request)) this.#watch.noteWritten(pdu, request.code, request.writes);
    this.#finish(work);
  }

  #finish(work: Work): void {
    this.#work.end();
    if (work.session !== this.#session) return;
    if (work instanceof IdentityWork) {
      this.#identity.answered(work);
      return this.#sayHello();
    }
    const { message, executionCount } = work.end(this.#executionCount);
    this.#executionCount = executionCount;
    this.#state.noteEnd();
    // It was not executed: it may come again.
    if (message?.kind === 'result' && message.ending === 'not-taken') this.#work.forgetGiven(message.seq);
    if (message !== null) this.#say(message);
  }

  #forgetWork(): void {
    this.#work.clear();
    this.#doneAtUs = null;
    this.#state.forget();
  }

  #say(message: FromBoard): void {
    this.#messages.push({ session: this.#session, message });
  }

  #takeMessages(): readonly ReadMessage[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }
}
