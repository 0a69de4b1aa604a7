import type { Database } from 'better-sqlite3';
import type { Seq } from '../../pair/result/messages.js';

interface Lease {
  readonly epoch: number;
  readonly owner: string;
}

/** What the ledger says at the end, for checks that trust nobody else's book-keeping. */
export interface LedgerCounts {
  /** Inputs ever recorded, those a board told of after a power cut (`recovered`) left out. */
  readonly recorded: number;
  /** Seqs given to two inputs; must be none (R1). */
  readonly recordedTwice: readonly Seq[];
  /** First commits ever. */
  readonly firstCommits: number;
  /** Seqs that got a first commit twice with different hashes, host power cuts included; must be none (R9). */
  readonly committedTwice: readonly Seq[];
  /** Epochs in which somebody held the lease, in the order in which they came. */
  readonly epochs: readonly Lease[];
  /** Of the rows that are there now: in work and not in quarantine. */
  readonly unfinished: readonly Seq[];
  readonly quarantined: readonly Seq[];
  readonly dropped: readonly Seq[];
  /** Committed inputs of an upstream whose answer is not known to have left. */
  readonly unanswered: readonly Seq[];
}

/**
 * Triggers of the connection, not of the file: the schema stays what a real ledger has. A row that is there speaks for
 * itself; kept is what a row said before it was pruned, lost or (which must never be) changed.
 */
const TRIGGERS = `
CREATE TEMP TABLE audit_gone (seq INTEGER NOT NULL, kind TEXT NOT NULL, hash INTEGER);
CREATE TEMP TABLE audit_changed (seq INTEGER NOT NULL, hash INTEGER NOT NULL);
CREATE TEMP TABLE audit_lease (epoch INTEGER NOT NULL, owner TEXT NOT NULL);
CREATE TEMP TRIGGER audits_gone AFTER DELETE ON main.input
BEGIN INSERT INTO audit_gone VALUES (OLD.seq, OLD.kind, OLD.commit_hash); END;
CREATE TEMP TRIGGER audits_changed AFTER UPDATE OF commit_hash ON main.input
WHEN OLD.commit_hash IS NOT NULL AND NEW.commit_hash IS NOT OLD.commit_hash AND NOT EXISTS (SELECT 1 FROM main.verdict
  WHERE seq = NEW.seq AND board = NEW.commit_board AND hash = NEW.commit_hash AND verdict = 'arbitrated')
BEGIN INSERT INTO audit_changed VALUES (OLD.seq, OLD.commit_hash); END;
CREATE TEMP TRIGGER audits_lease AFTER UPDATE ON main.lease
BEGIN INSERT INTO audit_lease VALUES (NEW.epoch, NEW.owner); END;
CREATE TEMP TRIGGER audits_first_lease AFTER INSERT ON main.lease
BEGIN INSERT INTO audit_lease VALUES (NEW.epoch, NEW.owner); END;
CREATE TEMP VIEW audit_recorded AS
  SELECT seq, kind, hash FROM audit_gone UNION ALL SELECT seq, kind, commit_hash FROM main.input;
CREATE TEMP VIEW audit_commit AS
  SELECT seq, hash FROM audit_recorded WHERE hash IS NOT NULL UNION ALL SELECT seq, hash FROM audit_changed;
`;

/** Keeps what was ever written to a file, whatever is pruned from it or lost with another. */
export class LedgerAudit {
  constructor(private readonly database: Database) {
    database.exec(TRIGGERS);
  }

  /** Goes on from a file that a power cut took. */
  continue(lost: LedgerAudit): void {
    const carry = (from: string, to: string): void => {
      const rows = lost.database.prepare(`SELECT * FROM ${from}`).raw().all() as unknown[][];
      const [first] = rows;
      if (first === undefined) return;
      const insert = this.database.prepare(`INSERT INTO ${to} VALUES (${first.map(() => '?').join(', ')})`);
      for (const row of rows) insert.run(...row);
    };
    carry('audit_recorded', 'audit_gone');
    carry('audit_changed', 'audit_changed');
    carry('audit_lease', 'audit_lease');
  }

  counts(): LedgerCounts {
    const column = (sql: string): number[] => this.database.prepare(sql).pluck().all() as number[];
    const one = (sql: string): number => Number(this.database.prepare(sql).pluck().get());
    return {
      recorded: one(`SELECT count(*) FROM audit_recorded WHERE kind <> 'recovered'`),
      recordedTwice: column(
        `SELECT seq FROM audit_recorded WHERE kind <> 'recovered' GROUP BY seq HAVING count(*) > 1 ORDER BY seq`,
      ),
      firstCommits: one(`SELECT count(*) FROM audit_commit`),
      committedTwice: column(`SELECT seq FROM audit_commit GROUP BY seq HAVING count(DISTINCT hash) > 1 ORDER BY seq`),
      epochs: (this.database.prepare(`SELECT epoch, owner FROM audit_lease ORDER BY rowid`).all() as Lease[])
        // A new journal is given the lease that the disk has.
        .filter(({ epoch, owner }, index, all) => epoch !== all[index - 1]?.epoch || owner !== all[index - 1]?.owner),
      unfinished: column(`SELECT seq FROM input WHERE finished = 0 AND quarantined = 0 ORDER BY seq`),
      quarantined: column(`SELECT seq FROM input WHERE finished = 0 AND quarantined = 1 ORDER BY seq`),
      dropped: column(`SELECT seq FROM input WHERE dropped = 1 ORDER BY seq`),
      unanswered: column(
        `SELECT seq FROM input WHERE emitted = 0 AND kind = 'input' AND commit_hash IS NOT NULL ORDER BY seq`,
      ),
    };
  }
}
