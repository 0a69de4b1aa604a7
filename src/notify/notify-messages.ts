import type { CommandEnd, CommandRun } from './run-command.js';

/** A line to the process that runs commands … */
export interface RunWanted extends CommandRun {
  readonly number: number;
}

/** … and the line that answers it. */
export interface RunEnded extends CommandEnd {
  readonly number: number;
}

/** Null: no such line, as one that was cut off. */
export function runWantedFrom(line: string): RunWanted | null {
  const read = parse(line);
  return read !== null && 'number' in read && 'command' in read ? (read as unknown as RunWanted) : null; // our own lines
}

/** Null: no such line. */
export function runEndedFrom(line: string): RunEnded | null {
  const read = parse(line);
  return read !== null && 'number' in read && 'ok' in read ? (read as unknown as RunEnded) : null; // our own lines
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : null;
  } catch {
    return null; // half a line, from one that was killed while it wrote
  }
}
