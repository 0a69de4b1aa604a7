import { PseudoTerminal } from '../pseudo-terminal.js';

/** What was written to a slave, in the order in which it was done. */
export interface SlaveWrite {
  readonly address: number;
  readonly value: number;
  readonly atMs: number;
}

/** A frame is over when nothing has come for so long: many characters at any rate that a pseudo-terminal has. */
const SILENCE_MS = 4;

/**
 * A Modbus RTU slave of this process, behind a pseudo-terminal, written from the protocol's own papers and not from the gateway's
 * codec: codes 1, 3 to 6 and 16, below address 100. As real ones do, it says nothing to another address, to a bad checksum and to a frame that came in pieces.
 */
export class ModbusSlave {
  readonly terminal = new PseudoTerminal();
  readonly holding = new Map<number, number>();
  readonly coils = new Set<number>();
  readonly writes: SlaveWrite[] = [];
  /** Requests that it understood, also those that it did not answer. */
  requests = 0;
  /** What came and was no request. */
  noise = 0;
  /** It hangs: it reads on, and does nothing. */
  isHalted = false;
  /** What it says it is (43/14): its product code; null: it knows no such function. */
  product: string | null = null;
  /** Told when a request is there, before it is done. */
  onRequest: (pdu: Uint8Array) => void = () => undefined;
  #bytes: number[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(
    readonly address: number,
    private readonly answersAfterMs = 0,
  ) {
    this.terminal.onData = (bytes) => {
      this.#bytes.push(...bytes);
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#frame(), SILENCE_MS);
    };
  }

  get path(): string {
    return this.terminal.path;
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.terminal.unplug();
  }

  #frame(): void {
    const frame = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    const body = frame.subarray(0, -2);
    const sum = (frame.at(-2) ?? 0) | ((frame.at(-1) ?? 0) << 8);
    if (frame.length < 4 || crcOf(body) !== sum) {
      this.noise++;
      return;
    }
    if (body[0] !== this.address && body[0] !== 0) return;
    this.requests++;
    const pdu = body.subarray(1);
    this.onRequest(pdu);
    if (this.isHalted) return;
    const answer = this.#do(pdu);
    if (body[0] === 0) return;
    const said = Uint8Array.from([this.address, ...answer]);
    const crc = crcOf(said);
    const send = (): void => void this.terminal.send(Uint8Array.from([...said, crc & 0xff, crc >> 8]));
    if (this.answersAfterMs === 0) send();
    else setTimeout(send, this.answersAfterMs);
  }

  #do(pdu: Uint8Array): readonly number[] {
    const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.length);
    const [code = 0] = pdu;
    if (code >= 1 && code <= 16 && view.getUint16(1) >= 100) return [code | 0x80, 2];
    if (code === 1) {
      const bits = Array.from({ length: view.getUint16(3) }, (_, index) => this.coils.has(view.getUint16(1) + index));
      const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
        bits.slice(8 * byte, 8 * byte + 8).reduce((sum, bit, index) => sum + (bit ? 1 << index : 0), 0),
      );
      return [code, bytes.length, ...bytes];
    }
    if (code === 5) {
      if (view.getUint16(3) === 0) this.coils.delete(view.getUint16(1));
      else this.coils.add(view.getUint16(1));
      return [...pdu.subarray(0, 5)];
    }
    if (code === 3 || code === 4) {
      const count = view.getUint16(3);
      const values = Array.from({ length: count }, (_, index) => this.holding.get(view.getUint16(1) + index) ?? 0);
      return [code, 2 * count, ...values.flatMap((value) => [value >> 8, value & 0xff])];
    }
    if (code === 6) {
      this.#write(view.getUint16(1), view.getUint16(3));
      return [...pdu.subarray(0, 5)];
    }
    if (code === 16) {
      for (let index = 0; index < view.getUint16(3); index++) {
        this.#write(view.getUint16(1) + index, view.getUint16(6 + 2 * index));
      }
      return [...pdu.subarray(0, 5)];
    }
    if (code === 43 && pdu[1] === 14 && this.product !== null) {
      return [43, 14, 1, 1, 0, 0, 1, 1, this.product.length, ...Buffer.from(this.product, 'latin1')];
    }
    return [code | 0x80, 1];
  }

  #write(address: number, value: number): void {
    this.holding.set(address, value);
    this.writes.push({ address, value, atMs: performance.now() });
  }
}

/** CRC-16 of Modbus: the polynomial 0xA001, begun at 0xFFFF. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
