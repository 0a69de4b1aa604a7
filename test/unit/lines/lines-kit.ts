import { linesDialect } from '../../../src/link/lines/lines-dialect.js';
import type { LinesOptions } from '../../../src/link/lines/lines-options.js';
import { noCounts } from '../../../src/link/link-counters.js';
import type { LinkNote } from '../../../src/link/link-notes.js';
import type { FromBoard, ToBoard } from '../../../src/pair/result/messages.js';

export const OK: LinesOptions = {
  ...{ answerEnds: 'done', delimiter: '\n', lineEnd: '\n', done: '^ok$', error: '^error', notTaken: '^busy$' },
  ...{ answer: null, push: '^!', banner: '^valve ', keepAlive: '^\\.$', prompt: null, ignore: [], tolerances: [] },
  ...{ promptQuietUs: 20_000, startQuietUs: 100_000, identity: [], probe: null, mayRepeat: '^GET' },
  ...{ window: { of: 'lines', most: 1 }, maxLineBytes: 40, maxAnswerBytes: 200, deadlineUs: 1_000_000 },
  ...{ resync: null, refusal: 'error: REASON' },
};

export const QUERY: LinesOptions = { ...OK, answerEnds: 'line', done: null };
export const PROMPT: LinesOptions = {
  ...{ ...OK, answerEnds: 'prompt', delimiter: '\r\n', lineEnd: '\r', prompt: '^> $', done: null, notTaken: null },
  ...{ push: null, keepAlive: null, probe: '', mayRepeat: null },
};

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** What was said, in short. */
function inShort(message: FromBoard, session: number): string {
  switch (message.kind) {
    case 'hello':
      return `hello ${session}`;
    case 'result': {
      const [part] = message.parts;
      const marks = `${part?.rejected ? ' rejected' : ''}${message.ending === undefined ? '' : ` ${message.ending}`}`;
      return `#${message.seq} ${JSON.stringify(text(part?.body ?? new Uint8Array(0)))}${marks}`;
    }
    case 'said':
      return `said ${JSON.stringify(text(message.body))}`;
    case 'failed':
      return `failed ${message.reason}`;
    default:
      return message.kind;
  }
}

/** A speaker, and whoever stands at its two ends: what was written for the board and what was said to the core, in order. */
export class Conversation {
  readonly written: string[] = [];
  readonly said: string[] = [];
  readonly messages: FromBoard[] = [];
  /** What the board said at its starts. */
  readonly banners: string[] = [];
  readonly counts = noCounts();
  nowUs = 0;
  #nextUs: number | null = null;
  readonly #speaker;

  constructor(readonly options: LinesOptions) {
    const note = (one: LinkNote): void => {
      if (one.kind === 'banner') this.banners.push(one.text);
    };
    this.#speaker = linesDialect(options).speakWith({ board: 'a', counts: this.counts, note });
  }

  tell(message: ToBoard, session = 0): this {
    const bytes = this.#speaker.encode(session, message, this.nowUs);
    if (bytes.length > 0) throw new Error('it writes when it is called for it');
    return this.#take();
  }

  input(seq: number, line: string, more: Partial<Extract<ToBoard, { kind: 'input' }>> = {}): this {
    const payload = Buffer.from(line, 'latin1');
    const fixed = { probe: false, recall: false, position: 0, pairTimeMs: 0, observed: null };
    return this.tell({ kind: 'input', seq, ...fixed, payload, ...more }, 1);
  }

  open(newSession = 1): this {
    const fixed = { wasSession: 0, boot: null, resume: false, nextSeq: 1 };
    return this.tell({ kind: 'open', newSession, ...fixed });
  }

  /** The board says it: a whole line without its end, or, of a board with a prompt, bytes. */
  hear(...pieces: readonly string[]): this {
    for (const piece of pieces) {
      this.#note(this.#speaker.push(Buffer.from(piece, 'latin1'), this.nowUs));
      this.#take();
    }
    return this;
  }

  /** Time passes; whatever the speaker wanted to be called for is done at its time. */
  wait(us: number): this {
    const untilUs = this.nowUs + us;
    while (this.#nextUs !== null && this.#nextUs <= untilUs) {
      this.nowUs = Math.max(this.nowUs, this.#nextUs);
      this.#take();
    }
    this.nowUs = untilUs;
    return this;
  }

  end(): this {
    this.#speaker.ended();
    return this;
  }

  /** What was said since the last time. */
  heard(): string[] {
    return this.said.splice(0);
  }

  wrote(): string[] {
    return this.written.splice(0);
  }

  #take(): this {
    const taken = this.#speaker.take?.(this.nowUs);
    if (taken === undefined) throw new Error('it wants to be called');
    this.written.push(...taken.writes.map(text));
    this.#note(taken.messages);
    this.#nextUs = taken.nextUs;
    return this;
  }

  #note(read: readonly { readonly session: number; readonly message: FromBoard }[]): void {
    this.said.push(...read.map(({ session, message }) => inShort(message, session)));
    this.messages.push(...read.map(({ message }) => message));
  }
}

/** In session 1, and nothing said or written that a test would have to know of. */
export function opened(options: LinesOptions): Conversation {
  const talk = new Conversation(options).tell({ kind: 'helloRequest' });
  if (talk.written.length > 0) talk.hear(...(options.answerEnds === 'prompt' ? ['\r\n> '] : ['ok'])).wait(200_000);
  talk.open();
  talk.heard();
  talk.wrote();
  return talk;
}
