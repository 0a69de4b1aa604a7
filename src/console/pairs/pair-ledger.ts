import { statSync } from 'node:fs';
import { CopycatError } from '../../errors/copycat-error.js';
import type { FieldMap } from '../../faults/stored-fault.js';
import { type LedgerReader, openLedgerReader } from '../../ledger/reader/reader.js';

const NO_FIELDS: FieldMap = { input: [], result: [] };

/**
 * The ledger's file, read only. It is opened for each look and closed again: a gateway that ends or puts another file in its place
 * must not find a reader on the old one.
 */
export class PairLedger {
  constructor(readonly path: string) {}

  /** @throws CopycatError LEDGER_UNAVAILABLE, and what `look` throws */
  look<Found>(look: (reader: LedgerReader, fields: FieldMap) => Found): Found {
    const reader = openLedgerReader(this.path);
    try {
      return look(reader, reader.fields() ?? NO_FIELDS);
    } catch (error) {
      throw damageIn(error, this.path) ?? error;
    } finally {
      reader.close();
    }
  }

  /** Another one after each write: there is something to be read. */
  get stamp(): string {
    return [this.path, `${this.path}-wal`].map(stampOf).join(' ');
  }
}

/** A file that is damaged, or busy for too long, is the world's doing: what is not of it is told on. Null: it is something else. */
function damageIn(error: unknown, path: string): CopycatError | null {
  if (!(error instanceof Error) || error instanceof CopycatError) return null;
  const isOfFile = error instanceof SyntaxError || ('code' in error && String(error.code).startsWith('SQLITE_'));
  if (!isOfFile) return null;
  return new CopycatError('LEDGER_UNAVAILABLE', `The ledger ${path} cannot be read: ${error.message}`, {
    ...{ value: path, expected: 'a readable ledger: copycat ledger verify says what is wrong', cause: error },
  });
}

function stampOf(path: string): string {
  try {
    const facts = statSync(path, { throwIfNoEntry: false, bigint: true });
    return facts === undefined ? 'none' : `${facts.ino}:${facts.size}:${facts.mtimeNs}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
}
