import { answerLength, NO_CODES } from '../../protocol/modbus/pdu-length.js';
import { encodeRtu, hasCrc, rtuLength } from '../../protocol/modbus/rtu-frame.js';

/** What came of the bytes that a client has received. */
export interface CutAnswer {
  /** It answers nothing: the board said it unasked. */
  readonly isUnasked?: boolean;
  /** Which request it says that it answers; null: the protocol does not say, and it is the oldest. */
  readonly id: number | null;
  readonly body: Uint8Array;
}

/** How a client of the bench speaks to the gateway. */
export interface ClientProtocol {
  encode(id: number, request: Uint8Array): Uint8Array;
  /** Takes the next whole answer off the front, and says how many bytes it was; null: there is none yet. */
  cut(bytes: Uint8Array): { readonly answer: CutAnswer; readonly length: number } | null;
}

const HEADER_BYTES = 7;

/** Modbus TCP: the transaction id is the request's number. A request and an answer are `[unit, ...PDU]`. */
export const modbusTcp: ClientProtocol = {
  encode: (id, request) => {
    const frame = new Uint8Array(HEADER_BYTES - 1 + request.length);
    const view = new DataView(frame.buffer);
    view.setUint16(0, id);
    view.setUint16(4, request.length);
    frame.set(request, HEADER_BYTES - 1);
    return frame;
  },
  cut: (bytes) => {
    if (bytes.length < HEADER_BYTES) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const length = HEADER_BYTES - 1 + view.getUint16(4);
    if (bytes.length < length) return null;
    return { answer: { id: view.getUint16(0), body: bytes.slice(HEADER_BYTES - 1, length) }, length };
  },
};

/** Modbus as on a line: nothing says which request an answer belongs to. What is no answer of a slave comes as it is, and answers nothing. */
export const modbusRtu: ClientProtocol = {
  encode: (_id, [unit = 0, ...pdu]) => encodeRtu({ address: unit, pdu: Uint8Array.from(pdu) }),
  cut: (bytes) => {
    if (bytes.length === 0) return null;
    const length = answerLength(bytes, 1, bytes.length, NO_CODES);
    if (length === 'more') return null;
    const end = length === 'unknown' ? bytes.length : rtuLength(length);
    if (end > bytes.length) return null;
    if (length === 'unknown' || !hasCrc(bytes, 0, end)) {
      return { answer: { id: null, body: bytes.slice(), isUnasked: true }, length: bytes.length };
    }
    return { answer: { id: null, body: bytes.slice(0, 1 + length) }, length: end };
  },
};

/** Lines that end with LF; which of them ends an answer, and which answers nothing. Their ends are part of a body. */
export function lineProtocol(isEnd: (line: string) => boolean, isUnasked: (line: string) => boolean): ClientProtocol {
  return {
    encode: (_id, request) => Uint8Array.of(...request, 0x0a),
    cut: (bytes) => {
      let from = 0;
      for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
        const line = Buffer.from(bytes.subarray(from, at)).toString('latin1').trimEnd();
        // Unasked lines come between answers, never within one.
        if (from === 0 && isUnasked(line)) {
          return { answer: { id: null, body: bytes.slice(0, at + 1), isUnasked: true }, length: at + 1 };
        }
        from = at + 1;
        if (isEnd(line)) return { answer: { id: null, body: bytes.slice(0, from) }, length: from };
      }
      return null;
    },
  };
}
