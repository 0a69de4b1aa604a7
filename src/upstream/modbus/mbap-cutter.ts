import { MAX_PDU_BYTES } from '../../protocol/modbus/function-codes.js';
import type { RequestCutter } from '../clients/request-cutter.js';
import type { Cut, ModbusRequest } from './modbus-request.js';

/** Transaction, protocol (0), bytes that follow, unit. */
const HEADER_BYTES = 7;
/** Those that follow count the unit too. */
const LENGTH_COUNTS_FROM = 6;
const LEAST_LENGTH = 2;
const MOST_LENGTH = 1 + MAX_PDU_BYTES;

/** Cuts Modbus TCP. Holds one frame and one chunk at most, because nothing is read while there is a request. */
export class MbapCutter implements RequestCutter<Cut> {
  #held: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
  }

  end(): void {
    // A frame that is not whole is none.
  }

  get hasRequest(): boolean {
    return this.#isWrong || (this.#held.length >= HEADER_BYTES && this.#held.length >= this.#frameBytes);
  }

  next(): Cut | null {
    if (this.#isWrong) {
      this.#held = Buffer.alloc(0);
      return 'not-modbus';
    }
    if (!this.hasRequest) return null;
    const frame = this.#held.subarray(0, this.#frameBytes);
    this.#held = this.#held.subarray(frame.length);
    const pdu = Uint8Array.from(frame.subarray(HEADER_BYTES));
    return { unit: frame.readUInt8(LENGTH_COUNTS_FROM), pdu, transaction: frame.readUInt16BE(0), heardAtUs: null };
  }

  /** The length is there. */
  get #frameBytes(): number {
    return LENGTH_COUNTS_FROM + this.#held.readUInt16BE(4);
  }

  get #isWrong(): boolean {
    if (this.#held.length < LENGTH_COUNTS_FROM) return false;
    const length = this.#held.readUInt16BE(4);
    return this.#held.readUInt16BE(2) !== 0 || length < LEAST_LENGTH || length > MOST_LENGTH;
  }
}

/** The frame with which a request is answered. */
export function encodeMbap({ unit, transaction }: ModbusRequest, pdu: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(HEADER_BYTES + pdu.length);
  frame.writeUInt16BE(transaction ?? 0, 0);
  frame.writeUInt16BE(1 + pdu.length, 4);
  frame.writeUInt8(unit, LENGTH_COUNTS_FROM);
  frame.set(pdu, HEADER_BYTES);
  return frame;
}
