import type { FromBoard, Setting, ToBoard } from '../../pair/result/messages.js';
import { type Answer, AnswerReader } from '../../protocol/lines/answer-reader.js';
import type { TextComparer } from '../../protocol/lines/compared-text.js';
import { mustCompile } from '../../protocol/lines/pattern.js';
import { PromptCutter } from '../../protocol/lines/prompt-cutter.js';
import type { DialectListener, ReadMessage, Speaker, Taken } from '../dialect.js';
import { bytesOf, joined, textBytes, textOf, withoutEnd } from './byte-text.js';
import { type GivenLine, GivenLines } from './given-lines.js';
import { Introduction } from './introduction.js';
import { helloOf, type LineEnd, resultOf } from './lines-messages.js';
import type { LinesOptions } from './lines-options.js';
import { refusalLine } from './refusal-line.js';
import { StartText } from './start-text.js';

const NOTHING = new Uint8Array(0);

/**
 * `ready`: what comes is what it is. Else lines are held back, and what comes is nobody's, until the board has been silent for a while:
 * `starting`, it has said its banner (at a prompt it is ready too); `draining`, answers may come that nobody can tell the question of.
 * `settling`: it has said who it is; what comes now shows that those were answers to somebody else.
 */
type Phase = 'ready' | 'starting' | 'draining' | 'settling';

/** Speaks with one board that answers lines, as its options say. Decides nothing; what does not fit the order is told, never guessed away. */
export class LinesSpeaker implements Speaker {
  readonly #given: GivenLines;
  readonly #reader: AnswerReader;
  readonly #cutter: PromptCutter | null;
  readonly #delimiter: Uint8Array;
  readonly #lineEnd: Uint8Array;
  #phase: Phase = 'ready';
  /** When the board was last heard, or the phase began. */
  #silentSinceUs = 0;
  #promptSinceUs: number | null = null;
  #session = 0;
  #executionCount = 0;
  readonly #startText: StartText;
  /** It has been heard to start, and given nothing since but questions. */
  #isFresh = false;
  /** Its banner came while it owed an answer. */
  #isOvertaken = false;
  #introduction: Introduction | null = null;
  /** Null: this life of the board has not said who it is. */
  #settings: readonly Setting[] | null = null;
  /** Said at the next `take`. */
  #said: ReadMessage[] = [];
  #atUs = 0;

  constructor(
    private readonly options: LinesOptions,
    private readonly comparer: TextComparer,
    private readonly listener: DialectListener,
  ) {
    this.#given = new GivenLines(options);
    this.#reader = new AnswerReader(options);
    this.#delimiter = bytesOf(options.delimiter);
    this.#lineEnd = bytesOf(options.lineEnd);
    this.#startText = new StartText(options.maxAnswerBytes);
    this.#cutter =
      options.answerEnds === 'prompt' && options.prompt !== null
        ? new PromptCutter(this.#delimiter, mustCompile(options.prompt), options.maxLineBytes)
        : null;
  }

  encode(session: number, message: ToBoard, atUs: number): Uint8Array {
    this.#atUs = atUs;
    if (message.kind === 'helloRequest') this.#introduce();
    else if (message.kind === 'open') this.#open(message.newSession);
    else if (message.kind === 'input') this.#give(session, message);
    // There is no commit to give, no wait to hold, and a reset restarts nothing.
    return NOTHING;
  }

  push(bytes: Uint8Array, atUs: number): readonly ReadMessage[] {
    this.#atUs = atUs;
    // At its start whatever it says belongs to that, and with a prompt all of it is answers.
    if (this.#phase === 'starting' || this.#cutter !== null) this.#silentSinceUs = atUs;
    if (this.#cutter === null) {
      if (bytes.length > this.options.maxLineBytes + 1) this.listener.counts.overlong++;
      else this.#hear(bytes, joined(bytes, this.#delimiter));
    } else {
      for (const line of this.#cutter.push(bytes)) this.#hear(withoutEnd(line, this.#delimiter), line);
      this.#lookForPrompt(this.#cutter);
    }
    return this.#said.splice(0);
  }

  take(atUs: number): Taken {
    this.#atUs = atUs;
    this.#endPrompt();
    this.#endSilence();
    const writes = this.#phase === 'ready' ? this.#given.write(atUs).map(({ bytes }) => bytes) : [];
    return { writes, messages: this.#said.splice(0), nextUs: this.#nextUs() };
  }

  ended(): void {
    this.#given.clear();
    this.#reader.drop();
    this.#cutter?.take();
    this.#startText.take();
    this.#said = [];
    this.#phase = 'ready';
    this.#promptSinceUs = null;
    this.#session = 0;
    this.#executionCount = 0;
    this.#isFresh = false;
    this.#introduction = null;
    this.#settings = null;
  }

  // Who it is

  #introduce(): void {
    if (this.#introduction !== null) {
      if (!this.#introduction.isLost(this.#atUs, this.options.deadlineUs)) return;
      this.#introduction = null;
      this.#given.forgetQuestion();
      if (this.#given.due === null) this.#enter('draining');
    }
    // Within a session the next answer shows that it lives. Where that counts as lost, and outside of one, nobody waits for it any more.
    const isOwed = this.#given.due !== null;
    if (this.#session !== 0 && isOwed && !this.#given.isOverdue(this.#atUs)) return;
    if (this.#session === 0 || isOwed) this.#startAfresh();
    const asked = this.#session === 0 ? 'board' : isOwed ? 'life-behind-a-lost-answer' : 'life';
    this.#ask(new Introduction(asked, this.options, this.#atUs));
  }

  #open(newSession: number): void {
    this.#session = newSession;
    this.#startAfresh();
    if (this.#settings !== null) this.#sayHello();
    else this.#ask(new Introduction('board', this.options, this.#atUs));
  }

  #ask(introduction: Introduction): void {
    this.#introduction = introduction;
    const { question } = introduction;
    if (question === null) this.#introduced(introduction);
    else this.#given.add({ of: 'question', ...this.#line(textBytes(question)) });
  }

  #questionAnswered(introduction: Introduction, answer: Uint8Array, isTaken: boolean): void {
    if (!isTaken && introduction.again()) return this.#ask(introduction);
    introduction.answered(this.comparer.comparable(answer));
    introduction.begunUs = this.#atUs;
    if (introduction.question !== null) return this.#ask(introduction);
    if (introduction.of === 'life') return this.#introduced(introduction);
    this.#enter('settling');
  }

  #introduced(introduction: Introduction): void {
    this.#introduction = null;
    if (introduction.of === 'board') this.#settings = this.options.identity.length === 0 ? [] : introduction.settings;
    this.#sayHello();
  }

  #sayHello(): void {
    this.#say(helloOf(this.options, this.#settings ?? [], this.#executionCount, this.#isFresh));
  }

  // What it is given

  #give(session: number, input: Extract<ToBoard, { kind: 'input' }>): void {
    const { seq } = input;
    if (this.#given.waitsFor(seq)) return;
    const isRepeat = this.#isLost(seq);
    if (isRepeat === null) return;
    const asked = this.options.probe ?? this.options.identity[0];
    if (input.probe && asked === undefined) return this.#sayResult(session, { seq, body: NOTHING }); // there is no question
    const text = input.probe ? textBytes(asked ?? '') : input.payload;
    if (text.length > this.options.maxLineBytes) {
      throw new RangeError(`a line of ${text.length} bytes, beyond ${this.options.maxLineBytes}`);
    }
    if (!input.probe) this.#isFresh = false;
    if (this.#endsALine(text)) return this.#refuse(session, seq, 'a line within a line');
    if (!this.#given.add({ of: 'input', session, seq, isRepeat, ...this.#line(text) }))
      this.listener.counts.droppedWrites++;
  }

  #line(text: Uint8Array): Pick<GivenLine, 'text' | 'bytes'> {
    return { text, bytes: joined(text, this.#lineEnd) };
  }

  /** True: it was given before, and its answer counts as lost. Null: it may come yet. */
  #isLost(seq: number): boolean | null {
    const givenUs = this.#given.writtenUs(seq);
    if (givenUs === null) return false;
    const { deadlineUs } = this.options;
    if (deadlineUs !== null && this.#atUs - givenUs < deadlineUs / 2) return null;
    this.#given.forget(seq);
    return true;
  }

  /** Two lines would have two answers. */
  #endsALine(text: Uint8Array): boolean {
    return text.some((byte) => byte === 10 || byte === 13 || this.#lineEnd.includes(byte));
  }

  #refuse(session: number, seq: number, reason: string): void {
    const { refusal, delimiter } = this.options;
    this.#sayResult(session, {
      seq,
      body: refusalLine(refusal, delimiter, reason),
      rejected: true,
      ending: 'not-taken',
    });
  }

  // What it says

  #hear(line: Uint8Array, whole: Uint8Array): void {
    this.listener.counts.framesIn++;
    if (this.#phase === 'starting') return this.#hearAtStart(line, whole);
    const isReady = this.#phase === 'ready';
    const heard = this.#reader.hear(line, whole, isReady ? (this.#given.due?.text ?? null) : null);
    if (heard.what === 'banner') return this.#hasStarted(whole);
    if (heard.what === 'said' && (isReady || this.#cutter === null)) return this.#say({ kind: 'said', body: whole });
    if (heard.what === 'alive') return this.#say({ kind: 'alive' });
    if (heard.what === 'blank' || heard.what === 'more') return;
    if (!isReady) this.#hearTooLate();
    else if (heard.what === 'ended') this.#endAnswer(heard.answer);
    else this.#answeredNothing();
  }

  /** It may have read after its start what left for it before: then it answers that, and is not empty any more. */
  #hearAtStart(line: Uint8Array, whole: Uint8Array): void {
    const isAnswer = this.#isOvertaken && this.#reader.hear(line, whole, null).what === 'for-nothing';
    if (isAnswer) this.#isFresh = false;
    else this.#startText.add(whole);
  }

  /** An answer, while none is waited for. */
  #hearTooLate(): void {
    this.#silentSinceUs = this.#atUs;
    const introduction = this.#introduction;
    // What was taken for answers to our questions was for somebody before us.
    this.#isFresh = false;
    if (this.#phase !== 'settling' || introduction === null || !introduction.again()) return;
    introduction.begunUs = this.#atUs;
    this.#enter('draining');
    this.#ask(introduction);
  }

  #endAnswer({ body, isRejected, isNotTaken, isTooLong }: Answer): void {
    const { due } = this.#given;
    this.#given.shift();
    if (due === null) return;
    if (due.of === 'question') {
      if (this.#introduction !== null) this.#questionAnswered(this.#introduction, body, !isRejected && !isTooLong);
      return;
    }
    const ends = { rejected: isRejected, ...(isNotTaken ? { ending: 'not-taken' as const } : {}) };
    if (isTooLong) this.#say({ kind: 'failed', reason: 'answer-too-long', detail: this.options.maxAnswerBytes });
    else this.#sayResult(due.session, { seq: due.seq, body, ...ends });
    // The first answer may come yet, and would be taken for that of the next line.
    if (due.isRepeat) this.#enter('draining');
  }

  #sayResult(session: number, end: Omit<LineEnd, 'executionCount'>): void {
    this.#executionCount++;
    const executionCount = this.#executionCount;
    this.#said.push({ session, message: resultOf({ ...end, executionCount }, this.comparer) });
  }

  /** R15: order is lost, and which answer is for what nobody knows. Outside of a session it is somebody else's. */
  #answeredNothing(): void {
    this.#isFresh = false;
    if (this.#session !== 0) this.#say({ kind: 'failed', reason: 'answer-for-nothing', detail: 0 });
  }

  /** A new life: whatever it was given is gone, and it has to say anew who it is. */
  #hasStarted(banner: Uint8Array): void {
    const wasOpen = this.#session !== 0;
    const wasAsking = this.#introduction !== null;
    this.#isOvertaken = this.#given.clear();
    this.#reader.drop();
    this.#session = 0;
    this.#settings = null;
    this.#introduction = null;
    this.#executionCount = 0;
    // What a board with a prompt says at its start and what it answers looks the same.
    this.#isFresh = !(this.#isOvertaken && this.#cutter !== null);
    if (this.#isFresh) this.#startText.begin(banner);
    this.#enter('starting');
    if (wasOpen) this.#sayHello();
    else if (wasAsking) this.#ask(new Introduction('board', this.options, this.#atUs));
  }

  // Silence

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#silentSinceUs = this.#atUs;
    this.#promptSinceUs = null;
  }

  /** Nothing that the board still owes is waited for. */
  #startAfresh(): void {
    const owes = this.#given.clear();
    this.#introduction = null;
    this.#reader.drop();
    if (this.#phase === 'settling') this.#phase = 'ready';
    if (owes && this.#phase === 'ready') this.#enter('draining');
  }

  #endSilence(): void {
    if (this.#phase === 'ready' || this.#atUs < this.#silentSinceUs + this.options.startQuietUs) return;
    if (this.#phase === 'starting' && this.#cutter !== null && !this.#cutter.isAtPrompt) return;
    const was = this.#phase;
    this.#phase = 'ready';
    if (was !== 'settling') this.#endStart(this.#cutter?.take() ?? NOTHING);
    else if (this.#introduction !== null) this.#introduced(this.#introduction);
  }

  /** Nothing more belongs to its start: the prompt it stands at is the end of that. */
  #endStart(prompt: Uint8Array): void {
    this.#startText.add(prompt);
    const text = this.#startText.take();
    if (text !== null) this.listener.note({ board: this.listener.board, kind: 'banner', text: textOf(text) });
  }

  #lookForPrompt(cutter: PromptCutter): void {
    this.#promptSinceUs = this.#phase === 'ready' && cutter.isAtPrompt ? this.#atUs : null;
  }

  /** What stands there may be the begin of a line yet, until nothing has come behind it for a while. */
  #endPrompt(): void {
    if (this.#promptSinceUs === null || this.#cutter === null) return;
    if (this.#atUs < this.#promptSinceUs + this.options.promptQuietUs) return;
    this.#promptSinceUs = null;
    const prompt = this.#cutter.take();
    if (this.#given.due === null) return this.#answeredNothing();
    this.#endAnswer(this.#reader.end(prompt));
  }

  #nextUs(): number | null {
    const silent = this.#phase === 'ready' ? Infinity : this.#silentSinceUs + this.options.startQuietUs;
    const prompt = this.#promptSinceUs === null ? Infinity : this.#promptSinceUs + this.options.promptQuietUs;
    const next = Math.min(silent, prompt);
    // A board that is not at its prompt yet is waited for, and not looked after all the time.
    return next === Infinity || next <= this.#atUs ? null : next;
  }

  #say(message: FromBoard): void {
    this.#said.push({ session: this.#session, message });
  }
}
