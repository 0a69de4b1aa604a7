/** What whoever writes to a file of the ledger, past our code, meets there; and what the file then has. */
export interface Scenario {
  /** With its rule. */
  readonly what: string;
  /** Statements that are taken. */
  readonly before?: string;
  readonly statement: string;
  /** `taken`, or what SQLite says. */
  readonly outcome: string | RegExp;
  /** A query, and the rows it gives after the statement, column by column. */
  readonly leaves?: readonly [string, unknown[][]];
}

const REQUEST = `INSERT INTO commit_request (board, epoch, seq, hash, execution_count, digest, result, observed)`;
export const INSERT = `INSERT INTO input (seq, ref, kind, pair_time_ms, payload)`;

export const request = (board: string, epoch: number, seq: number, hash: number, count = seq): string =>
  `${REQUEST} VALUES ('${board}', ${epoch}, ${seq}, ${hash}, ${count}, 8, x'${hash.toString(16).padStart(2, '0').slice(-2)}', '[${count}]')`;
export const write = (board: string, epoch: number, seq = 2): string =>
  `UPDATE input SET commit_board = '${board}', commit_epoch = ${epoch}, commit_hash = 102 WHERE seq = ${seq}`;
export const stand = (board: string, standing: string): string =>
  `UPDATE board SET standing = '${standing}' WHERE board = '${board}'`;
export const fence = (from: string, to: string, epoch = 2, locksOut = 1): string =>
  `INSERT INTO fence_request VALUES ('${from}', '${to}', 5, ${epoch}, 6, ${locksOut})`;
export const arbitrated = (board: string, hash: number, verdict = 'arbitrated', seq = 1): string =>
  `INSERT INTO verdict VALUES (${seq}, '${board}', ${hash}, '${verdict}')`;
export const QUARANTINE_2 = `UPDATE input SET quarantined = 1 WHERE seq = 2`;
export const DROP_2 = `UPDATE input SET dropped = 1, finished = 1 WHERE seq = 2`;
export const ALIGNING = `UPDATE pair SET carrying = 1`;
export const OUT: readonly string[] = ['locked-out', 'kept-out'];
export const UNFIT: readonly string[] = ['joining', 'set-aside', ...OUT];

export const COMMIT_OF = `SELECT commit_board, commit_epoch, commit_hash, execution_count, line, digest, hex(result), observed FROM input WHERE seq =`;
export const PAIR = `SELECT execution_count, line FROM pair`;
export const LEASE = `SELECT epoch, owner FROM lease`;
