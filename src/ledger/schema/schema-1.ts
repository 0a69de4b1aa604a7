/**
 * Schema 1; `schema-2.ts` goes on from it. Both files of a ledger, and a standby store, have the same one (R17): a row means the same wherever it lies,
 * and what a failure leaves in one file can be carried to another. docs/ledger.md draws it.
 */
export const SCHEMA_1 = `
CREATE TABLE pair (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  boot_id TEXT NOT NULL,
  host_restarted INTEGER NOT NULL DEFAULT 0,
  reserved_through_seq INTEGER NOT NULL DEFAULT 0,
  pair_time_ms INTEGER NOT NULL DEFAULT 0,
  execution_count INTEGER NOT NULL DEFAULT 0,
  stopped INTEGER NOT NULL DEFAULT 0,
  stopped_revision INTEGER NOT NULL DEFAULT 0,
  carrying INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE board (
  board TEXT PRIMARY KEY,
  standing TEXT NOT NULL DEFAULT 'in-sync' CHECK (standing IN ('in-sync', 'set-aside', 'locked-out')),
  session INTEGER NOT NULL DEFAULT 0,
  boot INTEGER,
  revision INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  owner TEXT NOT NULL
) STRICT;

CREATE TABLE takeover (
  fault_id INTEGER PRIMARY KEY,
  from_board TEXT NOT NULL,
  to_board TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE input (
  seq INTEGER PRIMARY KEY,
  ref TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('input', 'tick', 'offer', 'probe', 'recovered')),
  pair_time_ms INTEGER NOT NULL,
  payload BLOB NOT NULL,
  commit_board TEXT,
  commit_epoch INTEGER,
  commit_hash INTEGER,
  execution_count INTEGER,
  digest INTEGER,
  result BLOB,
  observed TEXT,
  emitted INTEGER NOT NULL DEFAULT 0,
  done_by TEXT NOT NULL DEFAULT '',
  quarantined INTEGER NOT NULL DEFAULT 0,
  finished INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX input_ref ON input (ref) WHERE kind = 'input';
CREATE INDEX input_unfinished ON input (seq) WHERE finished = 0;

CREATE TABLE attempt (
  seq INTEGER NOT NULL,
  board TEXT NOT NULL,
  session INTEGER NOT NULL,
  PRIMARY KEY (seq, board, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (
  seq INTEGER NOT NULL,
  board TEXT NOT NULL,
  hash INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('match', 'arbitrated')),
  PRIMARY KEY (seq, board, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE fault (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  board TEXT,
  seq INTEGER,
  at_us INTEGER NOT NULL,
  wall_time TEXT NOT NULL,
  wall_time_trusted INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  evidence TEXT NOT NULL,
  input_ref TEXT,
  input_kind TEXT,
  input_payload BLOB,
  input_result BLOB,
  closed_at TEXT,
  repeats INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE fault_step (
  id INTEGER PRIMARY KEY,
  fault_id INTEGER NOT NULL,
  step TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  detail TEXT NOT NULL,
  UNIQUE (fault_id, step, at_us, detail)
) STRICT;

CREATE TABLE counter (
  counter TEXT NOT NULL,
  board TEXT NOT NULL,
  total INTEGER NOT NULL,
  PRIMARY KEY (counter, board)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** R1, R8, R9, R10 as SQLite sees them: whoever writes to the file, through our code or past it, meets these. */
export const CONSTRAINTS_1 = `
CREATE TRIGGER reservation_never_backwards BEFORE UPDATE OF reserved_through_seq ON pair
WHEN NEW.reserved_through_seq < OLD.reserved_through_seq
BEGIN SELECT RAISE(ABORT, 'RESERVATION_BACKWARDS'); END;

CREATE TRIGGER lease_is_one BEFORE INSERT ON lease WHEN EXISTS (SELECT 1 FROM lease)
BEGIN SELECT RAISE(ABORT, 'LEASE_EXISTS'); END;
CREATE TRIGGER lease_stays BEFORE DELETE ON lease
BEGIN SELECT RAISE(ABORT, 'LEASE_STAYS'); END;
CREATE TRIGGER lease_never_backwards BEFORE UPDATE ON lease
WHEN NEW.epoch < OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.owner IS NOT OLD.owner)
BEGIN SELECT RAISE(ABORT, 'EPOCH_BACKWARDS'); END;
CREATE TRIGGER lease_only_to_a_fit_board BEFORE UPDATE OF owner ON lease
WHEN NEW.owner IS NOT OLD.owner AND NOT EXISTS (SELECT 1 FROM board WHERE board = NEW.owner AND standing <> 'locked-out')
BEGIN SELECT RAISE(ABORT, 'OWNER_LOCKED_OUT'); END;

-- 'recovered': a board executed it, so the seq was reserved, by a file that is lost (R27).
CREATE TRIGGER input_only_from_the_reservation BEFORE INSERT ON input
WHEN NEW.kind <> 'recovered' AND NEW.seq > (SELECT reserved_through_seq FROM pair) AND (SELECT carrying FROM pair) = 0
BEGIN SELECT RAISE(ABORT, 'NOT_RESERVED'); END;
CREATE TRIGGER input_begins_uncommitted BEFORE INSERT ON input
WHEN NEW.commit_hash IS NOT NULL AND (SELECT carrying FROM pair) = 0
BEGIN SELECT RAISE(ABORT, 'NOT_OWNER'); END;
CREATE TRIGGER first_commit_needs_the_lease BEFORE UPDATE OF commit_hash, commit_board, commit_epoch, result ON input
WHEN OLD.commit_hash IS NULL
BEGIN
  SELECT RAISE(ABORT, 'LOCKED_OUT') WHERE EXISTS (
    SELECT 1 FROM board WHERE board = NEW.commit_board AND standing = 'locked-out');
  SELECT RAISE(ABORT, 'NOT_OWNER') WHERE NOT EXISTS (
    SELECT 1 FROM lease WHERE owner = NEW.commit_board AND epoch = NEW.commit_epoch);
END;
CREATE TRIGGER commit_is_final
BEFORE UPDATE OF commit_hash, commit_board, commit_epoch, execution_count, digest, result, observed ON input
WHEN OLD.commit_hash IS NOT NULL AND (
  NEW.commit_hash IS NOT OLD.commit_hash OR NEW.commit_board IS NOT OLD.commit_board
  OR NEW.commit_epoch IS NOT OLD.commit_epoch OR NEW.result IS NOT OLD.result OR NEW.digest IS NOT OLD.digest
  OR NEW.execution_count IS NOT OLD.execution_count OR NEW.observed IS NOT OLD.observed)
BEGIN SELECT RAISE(ABORT, 'DIFFERENT'); END;
CREATE TRIGGER seq_is_final BEFORE UPDATE OF seq, ref, payload ON input
WHEN NEW.seq IS NOT OLD.seq OR NEW.ref IS NOT OLD.ref OR NEW.payload IS NOT OLD.payload
BEGIN SELECT RAISE(ABORT, 'INPUT_IS_FINAL'); END;
-- R6: nothing accepted is dropped.
CREATE TRIGGER input_stays_until_finished BEFORE DELETE ON input
WHEN OLD.finished = 0 AND OLD.kind <> 'probe' AND (SELECT carrying FROM pair) = 0
BEGIN SELECT RAISE(ABORT, 'UNFINISHED'); END;
CREATE TRIGGER emitted_once BEFORE UPDATE OF emitted ON input WHEN NEW.emitted < OLD.emitted
BEGIN SELECT RAISE(ABORT, 'EMITTED_ONCE'); END;

-- Every commit is an INSERT here, whichever board asks and however often: the one door of R8.
CREATE VIEW commit_request (board, epoch, seq, hash, execution_count, digest, result, observed)
AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE 0;
CREATE TRIGGER commit_decided INSTEAD OF INSERT ON commit_request
BEGIN
  SELECT RAISE(ABORT, 'LOCKED_OUT') WHERE EXISTS (
    SELECT 1 FROM board WHERE board = NEW.board AND standing = 'locked-out');
  SELECT RAISE(ABORT, 'UNKNOWN_INPUT') WHERE NOT EXISTS (SELECT 1 FROM input WHERE seq = NEW.seq);
  SELECT RAISE(ABORT, 'DIFFERENT') WHERE EXISTS (
    SELECT 1 FROM input WHERE seq = NEW.seq AND commit_hash <> NEW.hash)
    AND NOT EXISTS (SELECT 1 FROM verdict WHERE seq = NEW.seq AND board = NEW.board AND hash = NEW.hash);
  UPDATE pair SET execution_count = NEW.execution_count WHERE EXISTS (
    SELECT 1 FROM input WHERE seq = NEW.seq AND commit_hash IS NULL);
  UPDATE input SET commit_board = NEW.board, commit_epoch = NEW.epoch, commit_hash = NEW.hash,
    execution_count = NEW.execution_count, digest = NEW.digest, result = NEW.result, observed = NEW.observed
  WHERE seq = NEW.seq AND commit_hash IS NULL;
END;

-- R10: the point of no return, as one statement: the old owner is locked out and the lease is the other board's. Where
-- 'from' has lost the lease already nothing happens, so that a start may ask again.
CREATE VIEW fence_request (from_board, to_board, fault_id, epoch, revision) AS SELECT NULL, NULL, NULL, NULL, NULL WHERE 0;
CREATE TRIGGER fence_decided INSTEAD OF INSERT ON fence_request
WHEN EXISTS (SELECT 1 FROM lease WHERE owner = NEW.from_board)
BEGIN
  SELECT RAISE(ABORT, 'OWNER_LOCKED_OUT') WHERE NEW.from_board = NEW.to_board;
  UPDATE lease SET epoch = max(epoch + 1, NEW.epoch), owner = NEW.to_board;
  UPDATE board SET standing = 'locked-out', revision = NEW.revision WHERE board = NEW.from_board;
  INSERT OR IGNORE INTO takeover (fault_id, from_board, to_board, epoch)
    SELECT NEW.fault_id, NEW.from_board, NEW.to_board, epoch FROM lease;
END;
`;
