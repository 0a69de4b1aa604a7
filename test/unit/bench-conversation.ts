import type { BenchBoard } from '../../src/bench/bench-board.js';
import { encodeFrame } from '../../src/protocol/frame-codec.js';
import { FrameSplitter } from '../../src/protocol/frame-splitter.js';
import type { HelloMessage, Message, ResultMessage } from '../../src/protocol/messages.generated.js';
import { resultHash } from '../../src/protocol/result-hash.js';

const baudRate = 500_000;
const byteUs = 20;

type Kind = Message['kind'];
type Of<K extends Kind> = Extract<Message, { kind: K }>;

/** Talks to a bench board frame by frame, as a gateway would, in emulated time. */
export class Conversation {
  readonly heard: Message[] = [];
  session = 0;
  nowUs = 0;

  constructor(readonly board: BenchBoard) {
    const splitter = new FrameSplitter();
    board.onTransmit = (byte) => {
      const received = splitter.pushByte(byte);
      if (received?.ok === true) this.heard.push(received.message);
    };
  }

  /** Lets time pass; what was heard in it, or all of one kind of it. */
  wait(durationUs: number): Message[];
  wait<K extends Kind>(durationUs: number, kind: K): Of<K>[];
  wait(durationUs: number, kind?: Kind): Message[] {
    const from = this.heard.length;
    this.nowUs += durationUs;
    this.board.runUntilUs(this.nowUs);
    return this.heard.slice(from).filter((message) => kind === undefined || message.kind === kind);
  }

  /** Sends frames, one behind the other, and lets them arrive. */
  send(...messages: Message[]): void {
    for (const message of messages) {
      for (const byte of encodeFrame(message)) {
        this.board.receive(byte, this.nowUs, baudRate);
        this.nowUs += byteUs;
      }
    }
  }

  hello(): HelloMessage {
    this.send({ kind: 'helloRequest', session: 0, seq: 0 });
    const [hello] = this.wait(20_000, 'hello');
    if (hello === undefined) throw new Error('no HELLO');
    return hello;
  }

  open(newSession: number, resume = false): HelloMessage {
    const { boot, session } = this.hello();
    this.send({ kind: 'open', session: 0, seq: 0, newSession, wasSession: session, boot, resume, nextSeq: 1 });
    const [hello] = this.wait(20_000, 'hello');
    if (hello === undefined) throw new Error('no HELLO after OPEN');
    this.session = hello.session;
    return hello;
  }

  input(seq: number, payload: Uint8Array, more: { probe?: boolean; recall?: boolean; position?: number } = {}): void {
    const flags = { probe: false, recall: false, observedGiven: false, position: 0, ...more };
    this.send({ kind: 'input', session: this.session, seq, pairTimeMs: seq * 10, observed: [], payload, ...flags });
  }

  commit(result: ResultMessage, hash = resultHash([result], result.digest)): void {
    this.send({ kind: 'commit', session: this.session, seq: result.seq, resultHash: hash });
  }
}
