import { internalError } from '../../../errors/copycat-error.js';

/** What the gateway is to find at the moment of a tick, in this order. Bytes are base64. */
export type WorldEvent =
  | { readonly port: 0 | 1; readonly bytes: string }
  | { readonly port: 0 | 1; readonly plugged: boolean }
  | { readonly input: string; readonly value: 0 | 1 };

/**
 * Bytes that have gone into a connection since its beginning: the client's port, or 0 for all of those over Unix sockets
 * together; `isOver` when its client has left.
 */
export interface SocketCount {
  readonly port: number;
  readonly bytes: number;
  readonly isOver: boolean;
}

/**
 * From the world to the gateway. `moveTo`: it is this late now, and something is about to come over a socket. `tick`: it is
 * this late now; these things have happened, and so many bytes are in the sockets.
 */
export type ToVirtualGateway =
  | { readonly moveTo: number }
  | { readonly tick: number; readonly events: readonly WorldEvent[]; readonly sockets: readonly SocketCount[] };

/**
 * From the gateway. `done`: nothing of that moment is left to do, in any of its threads; its next alarm rings at `nextUs`
 * (null: none is set), this was written to the ports, and so many bytes to the sockets.
 */
export type FromVirtualGateway =
  | { readonly ready: true }
  | { readonly moved: number }
  | {
      readonly done: number;
      readonly nextUs: number | null;
      readonly written: readonly { readonly port: 0 | 1; readonly bytes: string }[];
      readonly sockets: readonly SocketCount[];
    }
  | { readonly line: string; readonly value: 0 | 1 };

/** Reads a message of the gateway; null for one that is not for the world's time (the same channel carries others). */
export function readFromVirtualGateway(message: unknown): FromVirtualGateway | null {
  if (typeof message !== 'object' || message === null) return null;
  if ('ready' in message && message.ready === true) return { ready: true };
  if ('moved' in message && typeof message.moved === 'number') return { moved: message.moved };
  // Only our own child sends it, from the typed side of this file.
  if ('done' in message) return message as Extract<FromVirtualGateway, { done: number }>;
  if (!('line' in message) || typeof message.line !== 'string' || !('value' in message)) return null;
  const { line, value } = message;
  if (value === 0 || value === 1) return { line, value };
  throw internalError('the gateway drove a line to something that is no level', message);
}

/** Reads a message of the world; null for one that is not for the bench's clock. */
export function readToVirtualGateway(message: unknown): ToVirtualGateway | null {
  if (typeof message !== 'object' || message === null) return null;
  // Only our own parent sends them, from the typed side of this file.
  if ('moveTo' in message) return message as Extract<ToVirtualGateway, { moveTo: number }>;
  return 'tick' in message ? (message as Extract<ToVirtualGateway, { tick: number }>) : null;
}
