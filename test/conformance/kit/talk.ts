import { encodeFrame } from '../../../src/protocol/frame-codec.js';
import type { HelloMessage, InputMessage, Message, ResultMessage } from '../../../src/protocol/messages.generated.js';
import { resultHash } from '../../../src/protocol/result-hash.js';
import type { BoardUnderTest, Levels } from './board-under-test.js';
import { normalised } from './normalised.js';

type Kind = Message['kind'];
type Of<K extends Kind> = Extract<Message, { kind: K }>;

/** Long enough for every answer to one exchange; many of them are short of the 100 ms after which a result is said again. */
const ANSWER_MS = 12;
const REPEAT_MS = 100;

/** A gateway's side of the line, frame by frame; writes down what it sent and what it heard and saw. */
export class Talk {
  /** What went both ways, without what may differ between kinds of boards; equal texts are equal behaviour. */
  readonly transcript: string[] = [];
  session = 0;
  #taken = 0;
  #firstBoot: number | undefined;

  constructor(readonly board: BoardUnderTest) {}

  /** Sends frames, in one write. */
  send(...messages: Message[]): void {
    const frames = messages.map((message) => encodeFrame(message));
    this.board.give(Buffer.concat(frames));
    this.transcript.push(...messages.map((message) => `> ${this.#text(message)}`));
  }

  /** Raw bytes, for what is no frame. */
  sendBytes(bytes: Uint8Array): void {
    this.board.give(bytes);
    this.transcript.push(`> ${Buffer.from(bytes).toString('hex')}`);
  }

  /** Lets time pass; what was said since the last call, or what is of one kind of it. */
  async listen(durationMs?: number): Promise<Message[]>;
  async listen<K extends Kind>(durationMs: number, kind: K): Promise<Of<K>[]>;
  async listen(durationMs = ANSWER_MS, kind?: Kind): Promise<Message[]> {
    await this.board.run(durationMs);
    const heard = this.board.heard.slice(this.#taken);
    this.#taken = this.board.heard.length;
    const { duty, trip } = this.levels();
    const said = heard.map((message) => `< ${this.#text(message)}`);
    // How often something was said again depends on when exactly it was first said.
    const lines = durationMs < REPEAT_MS ? said : said.filter((line, index) => line !== said[index - 1]);
    this.transcript.push(...lines, `= ${duty} ${trip}`);
    return heard.filter((message) => kind === undefined || message.kind === kind);
  }

  /** Sends and listens. */
  async say(...messages: Message[]): Promise<Message[]> {
    this.send(...messages);
    return this.listen();
  }

  levels(): Levels {
    return this.board.levels();
  }

  async hello(): Promise<HelloMessage> {
    this.send({ kind: 'helloRequest', session: 0, seq: 0 });
    return only(await this.listen(ANSWER_MS, 'hello'), 'HELLO');
  }

  /** Asks for HELLO and opens `newSession` as it says; the HELLO that answers OPEN. */
  async open(newSession: number, resume = false): Promise<HelloMessage> {
    const { boot, session } = await this.hello();
    this.send(this.openFrame({ newSession, wasSession: session, boot, resume }));
    const hello = only(await this.listen(ANSWER_MS, 'hello'), 'HELLO after OPEN');
    this.session = hello.session;
    return hello;
  }

  /** An OPEN; without more, a fresh one for a board that is in no session. */
  openFrame(more: Pick<Of<'open'>, 'boot' | 'newSession'> & Partial<Of<'open'>>): Of<'open'> {
    return { kind: 'open', session: 0, seq: 0, wasSession: 0, resume: false, nextSeq: 1, ...more };
  }

  inputFrame(seq: number, payload: Uint8Array, more: Partial<InputMessage> = {}): InputMessage {
    const flags = { probe: false, recall: false, observedGiven: false };
    const rest = { ...flags, pairTimeMs: seq * 10, position: 0, observed: [], ...more };
    return { kind: 'input', session: this.session, seq, payload, ...rest };
  }

  /** Gives an input; everything that is said then. */
  async input(seq: number, payload: Uint8Array, more: Partial<InputMessage> = {}): Promise<Message[]> {
    return this.say(this.inputFrame(seq, payload, more));
  }

  /** Gives an input; the parts of its result. */
  async result(seq: number, payload: Uint8Array, more: Partial<InputMessage> = {}): Promise<ResultMessage[]> {
    const parts = (await this.input(seq, payload, more)).filter((message) => message.kind === 'result');
    if (parts.length === 0) throw new Error(`no result of ${seq}`);
    return parts;
  }

  commitFrame(seq: number, result: readonly ResultMessage[] | number): Of<'commit'> {
    const hash = typeof result === 'number' ? result : hashOf(result);
    return { kind: 'commit', session: this.session, seq, resultHash: hash };
  }

  /** Commits a result, or a hash; everything that is said then. */
  async commit(seq: number, result: readonly ResultMessage[] | number): Promise<Message[]> {
    return this.say(this.commitFrame(seq, result));
  }

  /** An input from INPUT to DONE; the parts of its result. */
  async exchange(seq: number, payload: Uint8Array, more: Partial<InputMessage> = {}): Promise<ResultMessage[]> {
    const parts = await this.result(seq, payload, more);
    only(
      (await this.commit(seq, parts)).filter(({ kind }) => kind === 'done'),
      `DONE of ${seq}`,
    );
    return parts;
  }

  #text(message: Message): string {
    if (message.kind === 'hello') this.#firstBoot ??= message.boot;
    return normalised(message, this.#firstBoot ?? 0);
  }
}

/** The hash that a COMMIT of this result names. */
export function hashOf(parts: readonly ResultMessage[]): number {
  return resultHash(parts, parts[0]?.digest ?? 0);
}

/** The one there is. */
export function only<Value>(values: readonly Value[], what = 'answer'): Value {
  const [value] = values;
  if (value === undefined || values.length > 1) throw new Error(`${values.length} times ${what}, not once`);
  return value;
}
