import type { ChronicleEntry, StoredChronicle } from '../ledger/reader/read-chronicle.js';

/** How a pair stood. `stopped`: nobody commits, by a fault or by a person. `not-known`: from before this was kept. */
export type Stood = 'protected' | 'not-protected' | 'stopped' | 'not-running' | 'not-known';

export interface Stretch {
  readonly stood: Stood;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A gateway that runs says so every five minutes at least. */
const SILENT_AFTER_MS = 6 * 60_000;

/**
 * How the pair stood, without a hole from `fromMs` to `toMs`. A life that nobody ended ends where it was last heard of; from a start until
 * its gateway knows better the pair is not protected.
 */
export function reckonTime(
  { entries, seenAtMs }: StoredChronicle,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let stood: Stood = 'not-known';
  let sinceMs = Number.NEGATIVE_INFINITY;
  const turn = (next: Stood, atMs: number): void => {
    // A clock that was set back makes no stretch of it.
    const untilMs = Math.max(atMs, sinceMs);
    add(stretches, { stood, fromMs: Math.max(sinceMs, fromMs), toMs: Math.min(untilMs, toMs) });
    stood = next;
    sinceMs = untilMs;
  };
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const entry of entries) {
    const { what, atMs } = entry;
    if (what === 'started') {
      if (stood !== 'not-known' && stood !== 'not-running') {
        turn('not-running', Math.min(Math.max(lastMs, seenBefore(entry)), atMs));
      }
      turn('not-protected', atMs);
    } else if (what === 'ended') turn('not-running', atMs);
    else if (what === 'stands') turn(standing(entry), atMs);
    lastMs = Math.max(lastMs, atMs);
  }
  const seenMs = Math.max(lastMs, seenAtMs ?? Number.NEGATIVE_INFINITY);
  const runs = stood !== 'not-known' && stood !== 'not-running';
  if (runs && toMs - seenMs > SILENT_AFTER_MS) turn('not-running', seenMs);
  turn(stood, Math.max(toMs, sinceMs));
  return stretches;
}

function seenBefore({ detail }: ChronicleEntry): number {
  const seen = Date.parse(String(detail['seenAt'] ?? ''));
  return Number.isNaN(seen) ? Number.NEGATIVE_INFINITY : seen;
}

function standing({ detail }: ChronicleEntry): Stood {
  if (detail['stopped'] === true) return 'stopped';
  return detail['protected'] === true ? 'protected' : 'not-protected';
}

function add(stretches: Stretch[], next: Stretch): void {
  if (next.toMs <= next.fromMs) return;
  const last = stretches.at(-1);
  if (last?.stood === next.stood && last.toMs === next.fromMs) {
    stretches.splice(-1, 1, { ...last, toMs: next.toMs });
  } else stretches.push(next);
}
