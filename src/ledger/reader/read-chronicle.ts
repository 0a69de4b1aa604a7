import type { Database } from 'better-sqlite3';
import { versionOf } from '../schema/migrations.js';

/** The version that began to keep it. */
const SINCE_SCHEMA = 5;

export interface ChronicleEntry {
  readonly what: 'started' | 'ended' | 'stands' | 'images' | 'asked';
  readonly atMs: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface StoredChronicle {
  /** Oldest first. */
  readonly entries: readonly ChronicleEntry[];
  /** When a gateway last said that it runs; null: never. */
  readonly seenAtMs: number | null;
}

export function readChronicle(database: Database): StoredChronicle {
  if (versionOf(database) < SINCE_SCHEMA) return { entries: [], seenAtMs: null };
  const rows = database.prepare('SELECT what, wall_time, detail FROM chronicle ORDER BY wall_time, id').all() as {
    what: ChronicleEntry['what'];
    wall_time: string;
    detail: string;
  }[];
  const seenAtMs = Date.parse(String(database.prepare('SELECT seen_at FROM pair').pluck().get() ?? ''));
  return {
    entries: rows.map(({ what, wall_time, detail }) => ({
      what,
      atMs: Date.parse(wall_time),
      detail: objectOf(detail),
    })),
    seenAtMs: Number.isNaN(seenAtMs) ? null : seenAtMs,
  };
}

/** A damaged file may hold anything. */
function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? { ...read } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
