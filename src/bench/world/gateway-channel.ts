import { internalError } from '../../errors/copycat-error.js';

/** Bytes that went through each port since the beginning, first and second board. */
export type ByteCounts = readonly [number, number];

/**
 * From the world to the gateway: emulated time has reached `t`, and by then the boards have sent so many bytes; or an
 * input line has changed.
 */
export type ToGateway =
  | { readonly t: number; readonly sent: ByteCounts }
  | { readonly input: string; readonly value: 0 | 1 };

/** From the gateway: it runs; it is done with everything up to `ack`, and has written so many bytes by then; it drives a line. */
export type FromGateway =
  | { readonly ready: true }
  | { readonly ack: number; readonly written: ByteCounts }
  | { readonly line: string; readonly value: 0 | 1 };

/** What the world needs of the gateway's process: a `ChildProcess` made by `fork` has it. */
export interface GatewayProcess {
  send(message: object, sent: (error: Error | null) => void): unknown;
  readonly connected: boolean;
  on(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
  off(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
}

interface AnyMessage {
  readonly ready?: unknown;
  readonly ack?: unknown;
  readonly written?: unknown;
  readonly line?: unknown;
  readonly value?: unknown;
  readonly t?: unknown;
  readonly sent?: unknown;
  readonly input?: unknown;
}

const isRecord = (value: unknown): value is AnyMessage => typeof value === 'object' && value !== null;

const isByteCounts = (value: unknown): value is ByteCounts =>
  Array.isArray(value) && value.length === 2 && value.every((count) => typeof count === 'number');

const isLevel = (value: unknown): value is 0 | 1 => value === 0 || value === 1;

/** Reads a message of the gateway; null for one that is not for the world (the same channel may carry others). */
export function readFromGateway(message: unknown): FromGateway | null {
  if (!isRecord(message)) return null;
  const { ready, ack, written, line, value } = message;
  if (ready === true) return { ready };
  if (typeof ack === 'number' && isByteCounts(written)) return { ack, written };
  if (typeof line !== 'string') return null;
  if (!isLevel(value)) throw internalError('the gateway drove a line to something that is no level', message);
  return { line, value };
}

/** Reads a message of the world; null for one that is not for the bench's clock or lines. */
export function readToGateway(message: unknown): ToGateway | null {
  if (!isRecord(message)) return null;
  const { t, sent, input, value } = message;
  if (typeof t === 'number' && isByteCounts(sent)) return { t, sent };
  return typeof input === 'string' && isLevel(value) ? { input, value } : null;
}
