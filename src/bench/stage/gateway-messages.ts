import type { Status } from '../../control/contract/status.js';
import type { Began } from '../../gateway/parts.js';
import type { BoardName } from '../bench-board.js';
import type { PaceName } from '../world/pace.js';

/** From the bench to a gateway's process, beside the world's ticks and lines. */
export type ToGatewayProcess =
  | StartGateway
  | { readonly askStatus: true }
  /** Each answer of the third copy takes so long from now on, in emulated microseconds; 0: as if its host were as fast as can be. */
  | { readonly delayThirdCopyUs: number }
  /** Each transaction of the ledger takes so much longer from now on, in emulated microseconds; 0: as on this host. */
  | { readonly delayStorageUs: number }
  /** `stays`: the process is kept for another gateway. */
  | { readonly close: true; readonly stays: boolean }
  /** `failure` null: the board has its program. */
  | { readonly flashed: BoardName; readonly failure: string | null };

export interface StartGateway {
  /** The configuration file. */
  readonly start: string;
  /** Where the ports of the boards are that the file calls emulated, by board. */
  readonly ports: Readonly<Record<string, string>>;
  /** Whether `copycat status` is to find it. */
  readonly servesStatus: boolean;
  readonly pace: PaceName;
  readonly began?: Began;
}

export type FromGatewayProcess =
  | { readonly started: readonly string[] }
  | { readonly failed: string }
  | { readonly closed: true }
  | { readonly status: Status }
  /** A board is to be given this image, a file. */
  | { readonly flash: BoardName; readonly image: string };

export function readToGatewayProcess(raw: unknown): ToGatewayProcess | null {
  if (typeof raw !== 'object' || raw === null) return null;
  // Only our own parent sends it, from the typed side of this file.
  if ('start' in raw) return raw as StartGateway;
  if ('delayThirdCopyUs' in raw) return { delayThirdCopyUs: Number(raw.delayThirdCopyUs) };
  if ('delayStorageUs' in raw) return { delayStorageUs: Number(raw.delayStorageUs) };
  if ('askStatus' in raw) return { askStatus: true };
  if ('close' in raw) return { close: true, stays: 'stays' in raw && raw.stays === true };
  if ('flashed' in raw) return raw as Extract<ToGatewayProcess, { flashed: unknown }>;
  return null;
}

export function readFromGatewayProcess(raw: unknown): FromGatewayProcess | null {
  if (typeof raw !== 'object' || raw === null) return null;
  if ('started' in raw && Array.isArray(raw.started)) return { started: raw.started.map(String) };
  if ('closed' in raw) return { closed: true };
  if ('failed' in raw && typeof raw.failed === 'string') return { failed: raw.failed };
  // Only our own child sends it, from the typed side of this file.
  if ('status' in raw) return { status: raw.status as Status };
  if ('flash' in raw) return raw as Extract<FromGatewayProcess, { flash: unknown }>;
  return null;
}
