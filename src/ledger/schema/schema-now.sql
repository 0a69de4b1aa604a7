-- The ledger's schema as it is now (version 5). What makes a file so are the steps beside this page (schema-1.ts and on), which are never
-- changed once released; a test holds what they arrive at, from every version, to this text. Both files of a ledger and a standby store have it.
-- docs/ledger.md draws it.

-- The pair as a whole: what a start goes on from. `carrying` is 1 only while rows are carried from one file to another. `seen_at`: when a
-- gateway last said that it runs.
CREATE TABLE pair (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  boot_id TEXT NOT NULL,
  host_restarted INTEGER NOT NULL DEFAULT 0,
  reserved_through_seq INTEGER NOT NULL DEFAULT 0,
  pair_time_ms INTEGER NOT NULL DEFAULT 0,
  execution_count INTEGER NOT NULL DEFAULT 0,
  stopped INTEGER NOT NULL DEFAULT 0,
  stopped_revision INTEGER NOT NULL DEFAULT 0,
  carrying INTEGER NOT NULL DEFAULT 0,
  line INTEGER NOT NULL DEFAULT 1,
  seen_at TEXT NOT NULL DEFAULT ''
) STRICT;

-- What a report is made of, and nothing is decided by: starts, orderly ends, how the pair stood, what people asked for.
CREATE TABLE chronicle (
  id INTEGER PRIMARY KEY,
  what TEXT NOT NULL CHECK (what IN ('started', 'ended', 'stands', 'images', 'asked')),
  boot_id TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  wall_time TEXT NOT NULL,
  wall_time_trusted INTEGER NOT NULL,
  detail TEXT NOT NULL,
  UNIQUE (boot_id, at_us, what, detail)
) STRICT;

-- What is known of each board. `exits`: when it left the pair by a fault of its own, in pair time (ms), oldest first.
CREATE TABLE board (
  board TEXT PRIMARY KEY,
  standing TEXT NOT NULL DEFAULT 'in-sync'
    CHECK (standing IN ('in-sync', 'joining', 'set-aside', 'locked-out', 'kept-out')),
  session INTEGER NOT NULL DEFAULT 0,
  boot INTEGER,
  revision INTEGER NOT NULL DEFAULT 0,
  exits TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- R8, R10: whose turn it is. One row, whose epoch never goes back.
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
  ended INTEGER NOT NULL DEFAULT 0,
  planned INTEGER NOT NULL DEFAULT 0
) STRICT;

-- An input from acceptance to its one row at rest. `line`: the unbroken count of executions its own is one of (R25); 0: not known.
-- `read_back`: what the output registers of each board showed when it had acted, `a=255,0 b=255,0`.
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
  finished INTEGER NOT NULL DEFAULT 0,
  line INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0,
  read_back TEXT NOT NULL DEFAULT ''
) STRICT;

-- R23: an id is used once. One whose result was lost may be used again; one that a person dropped may not.
CREATE UNIQUE INDEX input_ref ON input (ref) WHERE kind = 'input' AND (dropped = 0 OR quarantined = 1);
CREATE INDEX input_unfinished ON input (seq) WHERE finished = 0;

-- R22: which boards may have died of it. R19: which results were found equal to the committed one, or in the right against it.
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

-- What happened, what was done about it, and how often what.
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

-- R1: a seq is never given twice.
CREATE TRIGGER reservation_never_backwards BEFORE UPDATE OF reserved_through_seq ON pair
WHEN NEW.reserved_through_seq < OLD.reserved_through_seq
BEGIN SELECT RAISE(ABORT, 'RESERVATION_BACKWARDS'); END;

-- R10: the lease goes on, and only to a board that is fit for it.
CREATE TRIGGER lease_is_one BEFORE INSERT ON lease WHEN EXISTS (SELECT 1 FROM lease)
BEGIN SELECT RAISE(ABORT, 'LEASE_EXISTS'); END;
CREATE TRIGGER lease_stays BEFORE DELETE ON lease
BEGIN SELECT RAISE(ABORT, 'LEASE_STAYS'); END;
CREATE TRIGGER lease_never_backwards BEFORE UPDATE ON lease
WHEN NEW.epoch < OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.owner IS NOT OLD.owner)
BEGIN SELECT RAISE(ABORT, 'EPOCH_BACKWARDS'); END;
CREATE TRIGGER lease_only_to_a_fit_board BEFORE UPDATE OF owner ON lease
WHEN NEW.owner IS NOT OLD.owner AND (SELECT carrying FROM pair) = 0
  AND NOT EXISTS (SELECT 1 FROM board WHERE board = NEW.owner AND standing = 'in-sync')
BEGIN SELECT RAISE(ABORT, 'OWNER_UNFIT'); END;

-- R6, R27: only what was reserved is accepted, without a result; 'recovered': a board executed it, so the seq was, by a file that is lost.
CREATE TRIGGER input_begins BEFORE INSERT ON input
WHEN (NEW.commit_hash IS NOT NULL OR (NEW.seq > (SELECT reserved_through_seq FROM pair) AND NEW.kind <> 'recovered'))
  AND (SELECT carrying FROM pair) = 0
BEGIN
  SELECT CASE WHEN NEW.commit_hash IS NOT NULL THEN RAISE(ABORT, 'NOT_OWNER') ELSE RAISE(ABORT, 'NOT_RESERVED') END;
END;
CREATE TRIGGER seq_is_final BEFORE UPDATE OF seq, ref, payload ON input
WHEN NEW.seq IS NOT OLD.seq OR NEW.ref IS NOT OLD.ref OR NEW.payload IS NOT OLD.payload
BEGIN SELECT RAISE(ABORT, 'INPUT_IS_FINAL'); END;

-- R8, R9: the first commit is the lease holder's; from then on it is final, but for what was decided anew (R19).
CREATE TRIGGER first_commit_needs_the_lease
BEFORE UPDATE OF commit_hash, commit_board, commit_epoch, result, line ON input
WHEN OLD.commit_hash IS NULL
BEGIN
  SELECT CASE
    WHEN OLD.dropped = 1 THEN RAISE(ABORT, 'DROPPED')
    WHEN (SELECT standing FROM board WHERE board = NEW.commit_board) IN ('locked-out', 'kept-out')
      THEN RAISE(ABORT, 'LOCKED_OUT')
    WHEN NOT EXISTS (SELECT 1 FROM lease WHERE owner = NEW.commit_board AND epoch = NEW.commit_epoch)
      THEN RAISE(ABORT, 'NOT_OWNER')
    WHEN (SELECT standing FROM board WHERE board = NEW.commit_board) IS NOT 'in-sync' THEN RAISE(ABORT, 'OUT_OF_SYNC')
  END;
END;
CREATE TRIGGER commit_is_final
BEFORE UPDATE OF commit_hash, commit_board, commit_epoch, execution_count, digest, result, observed, line ON input
WHEN OLD.commit_hash IS NOT NULL AND (
  NEW.commit_hash IS NOT OLD.commit_hash OR NEW.commit_board IS NOT OLD.commit_board
  OR NEW.commit_epoch IS NOT OLD.commit_epoch OR NEW.result IS NOT OLD.result OR NEW.digest IS NOT OLD.digest
  OR NEW.execution_count IS NOT OLD.execution_count OR NEW.observed IS NOT OLD.observed OR NEW.line IS NOT OLD.line)
  AND (NEW.execution_count IS NOT OLD.execution_count OR NEW.observed IS NOT OLD.observed OR NEW.line IS NOT OLD.line
    OR NOT EXISTS (SELECT 1 FROM verdict
      WHERE seq = NEW.seq AND board = NEW.commit_board AND hash = NEW.commit_hash AND verdict = 'arbitrated'))
BEGIN SELECT RAISE(ABORT, 'DIFFERENT'); END;

-- R6, R22: an accepted input ends with a result, or by the hand of a person; what is over stays so.
CREATE TRIGGER input_stays_until_finished BEFORE DELETE ON input
WHEN OLD.finished = 0 AND OLD.kind <> 'probe' AND (SELECT carrying FROM pair) = 0
BEGIN SELECT RAISE(ABORT, 'UNFINISHED'); END;
CREATE TRIGGER finished_for_good BEFORE UPDATE OF finished, dropped ON input
WHEN NEW.finished < OLD.finished OR NEW.dropped < OLD.dropped OR NEW.dropped > NEW.finished
  OR (NEW.finished > OLD.finished AND NEW.commit_hash IS NULL AND NEW.dropped = 0 AND OLD.kind <> 'recovered')
BEGIN SELECT RAISE(ABORT, 'UNFINISHED'); END;
CREATE TRIGGER dropped_only_from_quarantine BEFORE UPDATE OF dropped ON input
WHEN NEW.dropped > OLD.dropped AND (
  (OLD.quarantined = 0 AND OLD.done_by = '') OR OLD.commit_hash IS NOT NULL OR OLD.finished = 1)
BEGIN SELECT RAISE(ABORT, 'NOT_QUARANTINED'); END;
CREATE TRIGGER emitted_once BEFORE UPDATE OF emitted ON input WHEN NEW.emitted < OLD.emitted
BEGIN SELECT RAISE(ABORT, 'EMITTED_ONCE'); END;

-- R8: every commit is an INSERT here, whichever board asks and however often: the one door.
CREATE VIEW commit_request (board, epoch, seq, hash, execution_count, digest, result, observed)
AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL WHERE 0;
CREATE TRIGGER commit_decided INSTEAD OF INSERT ON commit_request
BEGIN
  SELECT CASE
    WHEN (SELECT standing FROM board WHERE board = NEW.board) IN ('locked-out', 'kept-out')
      THEN RAISE(ABORT, 'LOCKED_OUT')
    WHEN NOT EXISTS (SELECT 1 FROM input WHERE seq = NEW.seq) THEN RAISE(ABORT, 'UNKNOWN_INPUT')
    WHEN (SELECT commit_hash FROM input WHERE seq = NEW.seq) <> NEW.hash
      AND NOT EXISTS (SELECT 1 FROM verdict WHERE seq = NEW.seq AND board = NEW.board AND hash = NEW.hash)
      THEN RAISE(ABORT, 'DIFFERENT')
  END;
  UPDATE input SET commit_board = NEW.board, commit_epoch = max(NEW.epoch, (SELECT epoch FROM lease)),
    commit_hash = NEW.hash, digest = NEW.digest, result = NEW.result
  WHERE seq = NEW.seq AND commit_hash <> NEW.hash AND EXISTS (SELECT 1 FROM verdict
    WHERE seq = NEW.seq AND board = NEW.board AND hash = NEW.hash AND verdict = 'arbitrated');
  UPDATE pair SET execution_count = NEW.execution_count, line = line + (NEW.execution_count <= execution_count)
  WHERE EXISTS (SELECT 1 FROM input WHERE seq = NEW.seq AND commit_hash IS NULL);
  UPDATE input SET commit_board = NEW.board, commit_epoch = NEW.epoch, commit_hash = NEW.hash,
    execution_count = NEW.execution_count, digest = NEW.digest, result = NEW.result, observed = NEW.observed,
    line = (SELECT line FROM pair)
  WHERE seq = NEW.seq AND commit_hash IS NULL;
END;

-- R10: the point of no return, as one statement: the lease is the other board's and, unless it is a switchover (R26), the old
-- owner is locked out. Where 'from' has lost the lease already nothing happens, so that a start may ask again.
CREATE VIEW fence_request (from_board, to_board, fault_id, epoch, revision, locks_out)
AS SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE 0;
CREATE TRIGGER fence_decided INSTEAD OF INSERT ON fence_request
WHEN EXISTS (SELECT 1 FROM lease WHERE owner = NEW.from_board)
BEGIN
  SELECT RAISE(ABORT, 'OWNER_UNFIT') WHERE NEW.from_board = NEW.to_board;
  UPDATE lease SET epoch = max(epoch + 1, NEW.epoch), owner = NEW.to_board;
  UPDATE board SET standing = 'locked-out', revision = NEW.revision WHERE board = NEW.from_board AND NEW.locks_out <> 0;
  INSERT OR IGNORE INTO takeover (fault_id, from_board, to_board, epoch, planned)
    SELECT NEW.fault_id, NEW.from_board, NEW.to_board, epoch, NEW.locks_out = 0 FROM lease;
END;
