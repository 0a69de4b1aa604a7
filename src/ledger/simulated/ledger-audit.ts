import type { Database } from 'better-sqlite3';
import type { Seq } from '../../pair/messages.js';

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

/** Triggers of the connection, not of the file: the schema stays what a real ledger has. */
const TRIGGERS = `
CREATE TEMP TABLE audit_recorded (seq INTEGER NOT NULL, kind TEXT NOT NULL);
CREATE TEMP TABLE audit_commit (seq INTEGER NOT NULL, hash INTEGER NOT NULL);
CREATE TEMP TABLE audit_lease (epoch INTEGER NOT NULL, owner TEXT NOT NULL);
CREATE TEMP TRIGGER audits_recorded AFTER INSERT ON main.input
BEGIN INSERT INTO audit_recorded VALUES (NEW.seq, NEW.kind); END;
CREATE TEMP TRIGGER audits_commit AFTER UPDATE OF commit_hash ON main.input WHEN OLD.commit_hash IS NULL
BEGIN INSERT INTO audit_commit VALUES (NEW.seq, NEW.commit_hash); END;
CREATE TEMP TRIGGER audits_lease AFTER UPDATE ON main.lease
BEGIN INSERT INTO audit_lease VALUES (NEW.epoch, NEW.owner); END;
CREATE TEMP TRIGGER audits_first_lease AFTER INSERT ON main.lease
BEGIN INSERT INTO audit_lease VALUES (NEW.epoch, NEW.owner); END;
`;

const TABLES = ['audit_recorded', 'audit_commit', 'audit_lease'] as const;

/** Keeps what was ever written to a file, whatever is pruned from it or lost with another. */
export class LedgerAudit {
  constructor(private readonly database: Database) {
    database.exec(TRIGGERS);
  }

  /** Goes on from a file that a power cut took. */
  continue(lost: LedgerAudit): void {
    for (const table of TABLES) {
      const rows = lost.database.prepare(`SELECT * FROM ${table}`).raw().all() as unknown[][];
      const insert = this.database.prepare(`INSERT INTO ${table} VALUES (?, ?)`);
      for (const row of rows) insert.run(...row);
    }
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
