import type { Database } from 'better-sqlite3';
import { resultHash } from '../../protocol/result-hash.js';
import { decodeParts, encodeParts } from '../result-blob.js';
import { FINDINGS_A_CHECK, type LedgerCheck, type Spot, select } from './finding.js';

interface CommittedRow {
  readonly seq: number;
  readonly commit_hash: number;
  readonly digest: number;
  readonly result: Uint8Array;
  readonly observed: string;
}

/** What the one door of R8 let in: by whom, in which order, and that the result is the one that was committed. */
export const COMMIT_CHECKS: readonly LedgerCheck[] = [
  {
    code: 'commit-in-part',
    rule: 'R4, R8',
    expected: 'a commit with board, epoch, hash, execution count, digest, result and observed values, or none of them',
    file: 'with inputs',
    spots: select(
      `SELECT seq, found FROM (SELECT seq, line, commit_hash, (commit_board IS NOT NULL) + (commit_epoch IS NOT NULL) +
         (commit_hash IS NOT NULL) + (execution_count IS NOT NULL) + (digest IS NOT NULL) + (result IS NOT NULL) +
         (observed IS NOT NULL) AS there FROM input),
         (SELECT 'only a part of a commit is there' AS found)
       WHERE there NOT IN (0, 7) OR (commit_hash IS NULL AND line <> 0)`,
    ),
  },
  {
    code: 'commit-of-no-epoch',
    rule: 'R8',
    expected: 'an epoch from 1 to that of the lease, and a board of the pair',
    file: 'with inputs',
    spots: select(
      `SELECT seq, commit_epoch AS epoch, commit_board AS board, 'committed; the lease is at epoch ' || lease.epoch AS found
       FROM input, lease WHERE commit_hash IS NOT NULL AND
         (commit_epoch > lease.epoch OR commit_epoch < 1 OR commit_board NOT IN (SELECT board FROM board))`,
    ),
  },
  {
    // Whose an epoch was, the lease and the takeover at either end of it say; of others nothing can be said.
    code: 'commit-not-of-the-owner',
    rule: 'R8, R10, R12',
    expected: 'a commit by the board that owned the pair in that epoch',
    file: 'with inputs',
    spots: select(
      `WITH owned (epoch, owner) AS (SELECT epoch, owner FROM lease UNION SELECT epoch, to_board FROM takeover
         UNION SELECT epoch - 1, from_board FROM takeover)
       SELECT seq, commit_epoch AS epoch, commit_board AS board, 'committed; the owner was ' || owner AS found
       FROM input JOIN owned ON owned.epoch = commit_epoch WHERE commit_board <> owner`,
    ),
  },
  {
    code: 'executed-twice',
    rule: 'R3, R9',
    expected: 'one input for an execution',
    file: 'with inputs',
    spots: select(
      `SELECT max(seq) AS seq, format('execution %d of line %d has %d inputs, the first is %d', execution_count, line,
         count(*), min(seq)) AS found FROM input WHERE commit_hash IS NOT NULL AND line > 0
       GROUP BY line, execution_count HAVING count(*) > 1`,
    ),
  },
  {
    code: 'execution-past-the-count',
    rule: 'R3, R27',
    expected: 'no execution after the last that the pair counts',
    file: 'with inputs',
    spots: select(
      `SELECT seq, format('execution %d of line %d; the pair is at %d of line %d', input.execution_count, input.line,
         pair.execution_count, pair.line) AS found FROM input, pair
       WHERE commit_hash IS NOT NULL AND (input.line > pair.line OR input.line < 0 OR input.execution_count < 0
         OR (input.line = pair.line AND input.execution_count > pair.execution_count))`,
    ),
  },
  {
    code: 'result-not-as-committed',
    rule: 'R4, R8, R9, R21',
    expected: 'a whole result whose hash is the one that was committed, with its observed values',
    file: 'with inputs',
    spots: alteredResults,
  },
];

/** The hash is of the parts and the digest: it finds what SQLite, which has no checksums, does not see. */
function* alteredResults(database: Database): Iterable<Spot> {
  const isOfParts = !areHashesOfLinks(database);
  const rows = database.prepare(
    `SELECT seq, commit_hash, digest, result, observed FROM input
     WHERE commit_hash IS NOT NULL AND digest IS NOT NULL AND result IS NOT NULL AND observed IS NOT NULL ORDER BY seq`,
  );
  let left = FINDINGS_A_CHECK;
  for (const row of rows.iterate() as IterableIterator<CommittedRow>) {
    const found = differenceIn(row, isOfParts);
    if (found === null) continue;
    yield { seq: row.seq, found };
    if (--left === 0) return;
  }
}

/**
 * Boards that tell no life of theirs (they have been opened, and never said which start it was) do not run the harness: their link makes the
 * hash, of what it compares of an answer, and only the link knows what that is.
 */
function areHashesOfLinks(database: Database): boolean {
  const told = database.prepare(`SELECT count(*) AS opened, count(boot) AS told FROM board WHERE session > 0`).get();
  const { opened, told: boots } = told as { readonly opened: number; readonly told: number };
  return opened > 0 && boots === 0;
}

function differenceIn(
  { commit_hash: hash, digest, result, observed }: CommittedRow,
  isOfParts: boolean,
): string | null {
  const parts = decodeParts(result);
  if (parts.length === 0) return 'the result has no part';
  if (encodeParts(parts).byteLength !== result.byteLength) return 'the result ends within a part';
  const hashed = parts.map((part, index) => ({ ...part, part: index, last: index === parts.length - 1 }));
  const is = resultHash(hashed, digest);
  if (isOfParts && is !== hash) return `the result has the hash ${hex(is)}, committed was ${hex(hash)}`;
  return isNumbers(observed) ? null : 'the observed values are no list of numbers';
}

function isNumbers(text: string): boolean {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((value) => typeof value === 'number');
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}
