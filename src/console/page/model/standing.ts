import type { PageStatus } from '../net/shapes.js';

/** How a pair stands, for whoever glances at it. `connecting`: nothing has been heard yet. */
export type Standing = 'protected' | 'unprotected' | 'stopped' | 'stale' | 'connecting';

/** R32: what is older than this looks like what it is. */
const STALE_AFTER_MS = 5000;

/** What a standing is read from: a whole status, or a line of the list of pairs. */
type Told = Pick<PageStatus, 'phase' | 'protected' | 'coreAgeMs' | 'isStale'>;

export interface Heard<Status extends Told = PageStatus> {
  readonly status: Status;
  /** By this browser's clock. */
  readonly receivedAtMs: number;
}

/** Since the core's last step, as far as this page can tell. */
export function ageMsOf({ status, receivedAtMs }: Heard<Told>, nowMs: number): number {
  // A clock that was set back makes nothing younger.
  return status.coreAgeMs + Math.max(0, nowMs - receivedAtMs);
}

export function standingOf(heard: Heard<Told> | null, nowMs: number): Standing {
  if (heard === null) return 'connecting';
  if (heard.status.isStale || ageMsOf(heard, nowMs) > STALE_AFTER_MS) return 'stale';
  if (heard.status.phase === 'stopped') return 'stopped';
  return heard.status.protected ? 'protected' : 'unprotected';
}
