import type { Speaker } from '../../../src/link/dialect.js';
import { type LinkCounts, noCounts } from '../../../src/link/link-counters.js';
import { modbusDialect } from '../../../src/link/modbus/modbus-dialect.js';
import type { ModbusOptions } from '../../../src/link/modbus/modbus-options.js';
import type { FromBoard, Result, ToBoard } from '../../../src/pair/result/messages.js';
import { parseLine } from '../../../src/values/line-settings.js';
import { ManualClock } from '../manual-clock.js';

export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export function lineOf(text: string) {
  const line = parseLine(text);
  if (line === null) throw new Error(text);
  return line;
}

export const OPTIONS: ModbusOptions = {
  slaves: new Map([
    ['a', { address: 5, line: lineOf('19200-8E1') }],
    ['b', { address: 9, line: lineOf('19200-8E1') }],
  ]),
  ...{ answerTimeUs: 100_000, turnaroundUs: 100_000, upstreamSilenceUs: null, codes: new Map() },
  ...{
    clearOnRead: [],
    readFrom: 'both',
    pulse: [],
    ignore: [],
    tolerances: [],
    watch: [],
    written: [],
    restartSign: null,
    probe: null,
    joinCopy: [],
    identity: null,
  },
};

/** Bit by bit, apart from the code that is tested. */
export function withCrc(bytes: readonly number[]): Uint8Array {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return Uint8Array.of(...bytes, crc & 0xff, crc >> 8);
}

/** What becomes of one request: answered after so long (of its end), or not; the bytes are those after address and before checksum. */
export interface Answered {
  readonly pdu: Uint8Array | null;
  readonly afterUs: number;
}

/** A speaker at a slave that answers as the test says, one request after the other, in time that the test moves on. */
export class WiredSlave {
  readonly clock = new ManualClock();
  readonly counts: LinkCounts = noCounts();
  readonly writes: { readonly atUs: number; readonly bytes: Uint8Array }[] = [];
  readonly said: { readonly session: number; readonly message: FromBoard }[] = [];
  /** What comes before every answer. */
  echo = false;
  noise: readonly number[] = [];
  answer: (pdu: Uint8Array, unit: number) => Answered | null = (pdu) => ({ pdu: answerOf(pdu), afterUs: 2_000 });
  readonly speaker: Speaker;
  readonly address: number;
  #busyUntilUs = 0;
  #cancel: (() => void) | null = null;

  constructor(options: Partial<ModbusOptions> = {}, board = 'a', dialect = modbusDialect({ ...OPTIONS, ...options })) {
    this.address = board === 'a' ? 5 : 9;
    this.speaker = dialect.speakWith({ board, counts: this.counts, note: () => undefined });
  }

  get results(): Result[] {
    return this.said.flatMap(({ message }) => (message.kind === 'result' ? [message] : []));
  }

  get requests(): string[] {
    return this.writes.map(({ bytes }) => toHex(bytes.subarray(0, -2)));
  }

  kinds(): string[] {
    return this.said.map(({ message }) => message.kind);
  }

  tell(message: ToBoard, session = 1): void {
    if (this.speaker.encode(session, message, this.clock.nowUs()).length > 0) throw new Error('bytes at once');
    this.#take();
  }

  give(seq: number, payload: string | Uint8Array, probe = false): void {
    const bytes = typeof payload === 'string' ? hex(payload) : payload;
    const rest = { recall: false, position: 0, pairTimeMs: 0, observed: null };
    this.tell({ kind: 'input', seq, probe, ...rest, payload: bytes });
  }

  /** From the first question to an open session. */
  open(session = 1): this {
    this.tell({ kind: 'helloRequest' });
    this.clock.advance(400_000);
    this.tell({ kind: 'open', newSession: session, wasSession: 0, boot: null, resume: false, nextSeq: 1 });
    this.said.length = 0;
    this.writes.length = 0;
    return this;
  }

  /** Bytes from the slave, now. */
  hear(bytes: Uint8Array): void {
    this.said.push(...this.speaker.push(bytes, this.clock.nowUs()));
    this.#take();
  }

  #take(): void {
    const { writes, messages, nextUs } = this.speaker.take?.(this.clock.nowUs()) ?? {
      writes: [],
      messages: [],
      nextUs: null,
    };
    this.said.push(...messages);
    for (const bytes of writes) this.#written(bytes);
    this.#cancel?.();
    this.#cancel = null;
    if (nextUs !== null) this.#cancel = this.clock.alarm(nextUs, () => this.#take());
  }

  #written(bytes: Uint8Array): void {
    const atUs = this.clock.nowUs();
    this.writes.push({ atUs, bytes });
    const endUs = atUs + bytes.length * 573;
    if (this.echo) this.#later(endUs, bytes);
    const [unit = 0] = bytes;
    const answered = this.answer(bytes.subarray(1, -2), unit);
    if (answered === null || unit === 0) return;
    this.#busyUntilUs = Math.max(endUs, this.#busyUntilUs) + answered.afterUs;
    if (answered.pdu === null) return;
    this.#later(this.#busyUntilUs, Uint8Array.of(...this.noise, ...withCrc([this.address, ...answered.pdu])));
  }

  #later(atUs: number, bytes: Uint8Array): void {
    this.clock.alarm(atUs, () => this.hear(bytes));
  }
}

/** Of a slave in which register n holds n, and whose coils are all off. */
export function answerOf(pdu: Uint8Array): Uint8Array {
  const [code = 0] = pdu;
  const first = ((pdu[1] ?? 0) << 8) | (pdu[2] ?? 0);
  const quantity = ((pdu[3] ?? 0) << 8) | (pdu[4] ?? 0);
  if (code <= 2) return Uint8Array.of(code, Math.ceil(quantity / 8), ...new Uint8Array(Math.ceil(quantity / 8)));
  if (code <= 4) {
    const values = Array.from({ length: quantity }, (_, index) => first + index);
    return Uint8Array.of(code, 2 * quantity, ...values.flatMap((value) => [value >> 8, value & 0xff]));
  }
  if (code === 5 || code === 6 || code === 22) return pdu;
  if (code === 15 || code === 16) return pdu.slice(0, 5);
  return Uint8Array.of(code | 0x80, 1);
}
