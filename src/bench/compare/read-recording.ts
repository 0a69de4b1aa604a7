import { closeSync, openSync, readSync } from 'node:fs';
import { readUserFile } from '../../config/load/read-user-file.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { inputsInCsv } from './inputs-in-csv.js';
import { inputsOfExport } from './inputs-of-export.js';
import { inputsOfLedger } from './inputs-of-ledger.js';
import type { Names } from './names.js';
import type { Recording } from './recording.js';

const SQLITE_MAGIC = 'SQLite format 3\0';
const MOST_BYTES = 268_435_456;

/**
 * The inputs in a file, whatever it is: a ledger, what `copycat inputs list --json` printed, or a CSV file.
 * @param shown what its user calls it
 * @param names of the columns of a CSV file
 * @throws CopycatError USAGE, CONFIG_INVALID or LEDGER_UNAVAILABLE: what is wrong with it; USAGE where it has no inputs
 */
export function readRecording(path: string, shown: string, names: Names): Recording {
  const recording = readIt(path, shown, names);
  if (recording.inputs.length > 0) return recording;
  const without = recording.leftOut === 0 ? '' : ` with a result (${recording.leftOut} without)`;
  throw new CopycatError('USAGE', `${recording.from} has no inputs${without}`, {
    expected: 'the ledger of a pair that was given some',
  });
}

function readIt(path: string, shown: string, names: Names): Recording {
  if (isSqlite(path)) return inputsOfLedger(path, shown);
  const options = { shown, what: 'the recorded inputs', code: 'USAGE', mostBytes: MOST_BYTES } as const;
  const text = readUserFile(path, options);
  return /^\s*[[{]/.test(text) ? inputsOfExport(text, shown) : inputsInCsv(path, shown, names);
}

/** False too for what cannot be read: whoever reads it as text says why. */
function isSqlite(path: string): boolean {
  const head = Buffer.alloc(SQLITE_MAGIC.length);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
  return head.toString('latin1') === SQLITE_MAGIC;
}
