import { nearestWord } from '../../words/nearest-word.js';

export type RequestId = string | number;

/** One line of a client: work to be done, under an id of the client's own. */
export interface JsonRequest {
  readonly id: RequestId;
  readonly payload: Uint8Array;
  /** The client wants to know when the input is accepted (R1). */
  readonly ack: boolean;
}

export type ErrorCode =
  | 'BAD_JSON'
  | 'NO_TOKEN'
  | 'BAD_TOKEN'
  | 'UNKNOWN_KEY'
  | 'BAD_ID'
  | 'BAD_PAYLOAD'
  | 'BAD_ACK'
  | 'ID_IN_WORK'
  | 'ID_USED'
  | 'RESULT_LOST'
  | 'IN_DOUBT'
  | 'CANCELLED'
  | 'LINE_TOO_LONG'
  | 'TOO_MANY_CONNECTIONS'
  | 'GAVE_WAY'
  | 'FULL'
  | 'STOPPED'
  | 'QUARANTINED';

/** What is wrong, for a person and for a program. */
export interface RequestError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly value?: unknown;
  readonly expected: string;
}

export type ParsedRequest =
  | { readonly ok: true; readonly request: JsonRequest }
  | { readonly ok: false; readonly id?: RequestId; readonly error: RequestError };

const KEYS = ['id', 'payload', 'ack'];
const EXAMPLE = 'a line such as {"id": 1, "payload": "0190"}';
const MAX_ID_LENGTH = 128;
const EXPECTED_ID = `id: a whole number, or a text of 1 to ${MAX_ID_LENGTH} characters, none of them a control character`;
const MAX_SHOWN_LENGTH = 100;
/** Half characters, which come back from the ledger as others; and what acts on a terminal where ids are listed. */
const USELESS_IN_ID = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Reads one line. Never throws: what is wrong is a value. `isUtf8` false: what it was is lost in `line`, so its id may be that of another. */
export function parseRequest(line: string, maxPayloadBytes: number, isUtf8 = true): ParsedRequest {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch (error) {
    const message = `this is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, error: { code: 'BAD_JSON', message, value: shown(line), expected: EXAMPLE } };
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    const error = {
      code: 'BAD_JSON',
      message: 'this is no JSON object',
      value: shown(read),
      expected: EXAMPLE,
    } as const;
    return { ok: false, error };
  }
  if (!isUtf8) {
    const message = 'this line is not UTF-8, so that its id cannot be told from others';
    return { ok: false, error: { code: 'BAD_ID', message, expected: EXPECTED_ID } };
  }
  const { id, payload, ack = false } = read as Readonly<Record<string, unknown>>;
  if (!isId(id)) {
    return {
      ok: false,
      error: {
        code: 'BAD_ID',
        message: id === undefined ? 'there is no id' : 'this id is of no use',
        value: shown(id),
        expected: EXPECTED_ID,
      },
    };
  }
  const error = unknownKey(Object.keys(read)) ?? payloadError(payload, maxPayloadBytes) ?? ackError(ack);
  if (error !== null) return { ok: false, id, error };
  return { ok: true, request: { id, payload: Buffer.from(String(payload), 'hex'), ack: ack === true } };
}

function isId(id: unknown): id is RequestId {
  if (typeof id !== 'string') return Number.isSafeInteger(id);
  return id.length >= 1 && id.length <= MAX_ID_LENGTH && !USELESS_IN_ID.test(id);
}

function unknownKey(keys: readonly string[]): RequestError | null {
  const unknown = keys.find((key) => !KEYS.includes(key));
  if (unknown === undefined) return null;
  const nearest = nearestWord(unknown, KEYS);
  return {
    code: 'UNKNOWN_KEY',
    message: `there is no key "${shown(unknown)}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`,
    value: shown(unknown),
    expected: `the keys ${KEYS.join(', ')}`,
  };
}

function payloadError(payload: unknown, maxPayloadBytes: number): RequestError | null {
  const isHex = typeof payload === 'string' && /^(?:[0-9a-f]{2})*$/i.test(payload);
  if (isHex && payload.length / 2 <= maxPayloadBytes) return null;
  const message =
    payload === undefined
      ? 'there is no payload'
      : isHex
        ? `the payload has ${payload.length / 2} bytes`
        : 'the payload is not hexadecimal';
  const expected = `payload: at most ${maxPayloadBytes} bytes as text, two hexadecimal digits each`;
  return { code: 'BAD_PAYLOAD', message, value: shown(payload), expected };
}

function ackError(ack: unknown): RequestError | null {
  if (typeof ack === 'boolean') return null;
  return { code: 'BAD_ACK', message: 'ack is a yes or a no', value: shown(ack), expected: 'ack: true or false' };
}

/** A value as it can be shown: what a client sends comes back, but not all of it. */
function shown(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text !== undefined && text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : value;
}

/** `{"token": "…"}`, the first line of a connection; null when the line is anything else. */
export function tokenIn(line: string): string | null {
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read !== 'object' || read === null || !('token' in read) || Object.keys(read).length !== 1) return null;
    return typeof read.token === 'string' ? read.token : null;
  } catch {
    // The caller says what a first line has to be.
    return null;
  }
}
