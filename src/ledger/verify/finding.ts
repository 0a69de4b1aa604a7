import type { Database } from 'better-sqlite3';

/** Where something does not hold: what of it is known. */
export interface Spot {
  readonly seq?: number | null;
  readonly epoch?: number | null;
  readonly fault?: number | null;
  readonly board?: string | null;
  /** What is there, in words. */
  readonly found: string;
  /** What a sound ledger has instead, where it differs from spot to spot. */
  readonly expected?: string;
}

/** One rule that can be proved from the tables of one file. */
export interface LedgerCheck {
  /** For programs, and to search for: `commit-not-of-the-owner`. */
  readonly code: string;
  /** The rules of the design that it proves. */
  readonly rule: string;
  /** What a sound ledger has. */
  readonly expected: string;
  /** The file that has the rows; `each`: both have them. */
  readonly file: 'each' | 'with inputs' | 'with faults';
  /** Where it does not hold; nothing in a sound file. */
  readonly spots: (database: Database) => Iterable<Spot>;
}

/** The files of a ledger; `both`: they contradict each other. */
export type FileName = 'ledger' | 'journal' | 'both';

export interface LedgerFinding {
  readonly code: string;
  readonly rule: string;
  readonly file: FileName;
  readonly seq: number | null;
  readonly epoch: number | null;
  readonly fault: number | null;
  readonly board: string | null;
  readonly found: string;
  readonly expected: string;
}

/** More of one kind say nothing new. */
export const FINDINGS_A_CHECK = 100;

/** A check that is one SELECT: its columns are those of a `Spot`. */
export function select(sql: string): LedgerCheck['spots'] {
  return (database) => database.prepare(`SELECT * FROM (${sql}) LIMIT ${FINDINGS_A_CHECK}`).all() as Spot[];
}

export function findingOf(
  check: Pick<LedgerCheck, 'code' | 'rule' | 'expected'>,
  file: FileName,
  spot: Spot,
): LedgerFinding {
  return {
    code: check.code,
    rule: check.rule,
    file,
    seq: spot.seq ?? null,
    epoch: spot.epoch ?? null,
    fault: spot.fault ?? null,
    board: spot.board ?? null,
    found: spot.found,
    expected: spot.expected ?? check.expected,
  };
}

/** One line: where, what, what should be, and the rule. */
export function findingLine({ code, rule, file, seq, epoch, fault, board, found, expected }: LedgerFinding): string {
  const where = [
    file === 'both' ? 'ledger and journal' : file,
    ...(seq === null ? [] : [`input ${seq}`]),
    ...(epoch === null ? [] : [`epoch ${epoch}`]),
    ...(fault === null ? [] : [`fault ${fault}`]),
    ...(board === null ? [] : [`board ${board}`]),
  ];
  return `${code}: ${where.join(', ')}: ${found}; expected ${expected} (${rule})`;
}
