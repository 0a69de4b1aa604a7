import { internalError } from '../errors/copycat-error.js';

/** From the world to the gateway: emulated time has reached `t`, or an input line has changed. */
export type ToGateway = { readonly t: number } | { readonly input: string; readonly value: 0 | 1 };

/** From the gateway: it runs; it is done with everything up to `ack`; it drives a line. */
export type FromGateway =
  | { readonly ready: true }
  | { readonly ack: number }
  | { readonly line: string; readonly value: 0 | 1 };

/** What the world needs of the gateway's process: a `ChildProcess` made by `fork` has it. */
export interface GatewayProcess {
  send(message: ToGateway, sent: (error: Error | null) => void): unknown;
  readonly connected: boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isLevel = (value: unknown): value is 0 | 1 => value === 0 || value === 1;

/** Reads a message of the gateway; null for one that is not for the world (the same channel may carry others). */
export function readFromGateway(message: unknown): FromGateway | null {
  if (!isRecord(message)) return null;
  const { ready, ack, line, value } = message as { ready?: unknown; ack?: unknown; line?: unknown; value?: unknown };
  if (ready === true) return { ready };
  if (typeof ack === 'number') return { ack };
  if (typeof line !== 'string') return null;
  if (!isLevel(value)) throw internalError('the gateway drove a line to something that is no level', message);
  return { line, value };
}

/** Reads a message of the world; null for one that is not for the bench's clock or lines. */
export function readToGateway(message: unknown): ToGateway | null {
  if (!isRecord(message)) return null;
  const { t, input, value } = message as { t?: unknown; input?: unknown; value?: unknown };
  if (typeof t === 'number') return { t };
  return typeof input === 'string' && isLevel(value) ? { input, value } : null;
}
