import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';

/** The ledger of one run of a scenario; some scenarios have several. */
export interface BenchRun {
  readonly scenario: string;
  /** Path of its ledger. */
  readonly ledger: string;
}

/** What the last bench left, in the order in which it ran, so that `copycat faults` finds it without being told. */
export interface LastBench {
  readonly runs: readonly BenchRun[];
}

/** The bench's own folders, the first that can be used: beside the work, else among the user's state. */
function stateFolders(): readonly string[] {
  const userState = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return [join(process.cwd(), '.copycat'), join(userState, 'copycat')];
}

/** A folder for what a bench leaves behind; made if need be. Throws USAGE when none can be written. */
export function benchFolder(): string {
  for (const folder of stateFolders()) {
    const bench = join(folder, 'bench');
    if (canMake(bench)) return bench;
  }
  throw new CopycatError('USAGE', 'there is no folder to keep the ledgers of the bench in', {
    value: stateFolders().join(', '),
    expected: 'a folder that can be written: bench --keep DIR',
  });
}

function canMake(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.writable'), '');
    return true;
  } catch {
    // Read-only or somebody else's: the next folder is tried, and the caller says when none is left.
    return false;
  }
}

export function rememberBench(bench: LastBench): void {
  const file = join(dirname(benchFolder()), 'last-bench.json');
  writeFileSync(file, `${JSON.stringify(bench, null, 2)}\n`);
}

/** Null when no bench has run here. */
export function recallBench(): LastBench | null {
  for (const folder of stateFolders()) {
    try {
      const kept: unknown = JSON.parse(readFileSync(join(folder, 'last-bench.json'), 'utf8'));
      if (isLastBench(kept)) return kept;
    } catch {
      // None here, or a note that was cut short: the next folder is tried.
    }
  }
  return null;
}

function isLastBench(value: unknown): value is LastBench {
  if (typeof value !== 'object' || value === null || !('runs' in value) || !Array.isArray(value.runs)) return false;
  return value.runs.every(
    (run: unknown) =>
      typeof run === 'object' &&
      run !== null &&
      'scenario' in run &&
      typeof run.scenario === 'string' &&
      'ledger' in run &&
      typeof run.ledger === 'string',
  );
}
