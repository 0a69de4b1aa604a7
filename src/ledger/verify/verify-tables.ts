import type { Database } from 'better-sqlite3';
import { isDamage } from '../worker/sqlite-errors.js';
import { BETWEEN_CHECKS, type BetweenCheck, faultsWithAnotherInput, SEQ_IS_ANOTHER } from './between-checks.js';
import { COMMIT_CHECKS } from './commit-checks.js';
import { FAULT_CHECKS } from './fault-checks.js';
import { type FileName, findingOf, type LedgerCheck, type LedgerFinding, type Spot } from './finding.js';
import { INPUT_CHECKS } from './input-checks.js';
import { PAIR_CHECKS } from './pair-checks.js';

const TABLE_CHECKS: readonly LedgerCheck[] = [...PAIR_CHECKS, ...INPUT_CHECKS, ...COMMIT_CHECKS, ...FAULT_CHECKS];

/** The open files of a ledger; `journal` is null where everything is in one, or where it is not there. */
export interface LedgerTables {
  readonly ledger: Database;
  readonly journal: Database | null;
}

/** Every rule that the tables alone can prove, today's schema provided. Reads only, and opens nothing. */
export function verifyTables({ ledger, journal }: LedgerTables): LedgerFinding[] {
  if (journal === null) {
    return [
      ...TABLE_CHECKS.flatMap((check) => found(check, 'ledger', () => check.spots(ledger))),
      ...found(SEQ_IS_ANOTHER, 'ledger', () => faultsWithAnotherInput(ledger, ledger)),
    ];
  }
  const of = (name: FileName, database: Database, has: LedgerCheck['file']): LedgerFinding[] =>
    TABLE_CHECKS.filter(({ file }) => file === 'each' || file === has).flatMap((check) =>
      found(check, name, () => check.spots(database)),
    );
  return [
    ...of('ledger', ledger, 'with faults'),
    ...of('journal', journal, 'with inputs'),
    ...BETWEEN_CHECKS.flatMap((check: BetweenCheck) => found(check, 'both', () => check.spots(ledger, journal))),
  ];
}

/** A page that cannot be read is a finding; the other checks go on. */
export function found(
  check: Pick<LedgerCheck, 'code' | 'rule' | 'expected'>,
  file: FileName,
  spots: () => Iterable<Spot>,
): LedgerFinding[] {
  try {
    return [...spots()].map((spot) => findingOf(check, file, spot));
  } catch (error) {
    if (!isDamage(error)) throw error;
    const spot = { found: `${check.code} could not be looked at: ${(error as Error).message}` };
    return [findingOf({ code: 'sqlite-damaged', rule: 'SQLite', expected: 'pages that can be read' }, file, spot)];
  }
}
