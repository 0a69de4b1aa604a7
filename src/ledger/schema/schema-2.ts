/**
 * From schema 1 to schema 2: boards that join or are kept out, switchovers, inputs that a person dropped, and the line of
 * execution that a joining board is given again. What mentions `board` is dropped before the table is built anew.
 */
export const SCHEMA_2 = `
DROP VIEW commit_request;
DROP VIEW fence_request;
DROP TRIGGER lease_only_to_a_fit_board;
DROP TRIGGER first_commit_needs_the_lease;
DROP TRIGGER commit_is_final;
DROP TRIGGER input_only_from_the_reservation;
DROP TRIGGER input_begins_uncommitted;

CREATE TABLE board_2 (
  board TEXT PRIMARY KEY,
  standing TEXT NOT NULL DEFAULT 'in-sync'
    CHECK (standing IN ('in-sync', 'joining', 'set-aside', 'locked-out', 'kept-out')),
  session INTEGER NOT NULL DEFAULT 0,
  boot INTEGER,
  revision INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO board_2 (board, standing, session, boot, revision) SELECT board, standing, session, boot, revision FROM board;
DROP TABLE board;
ALTER TABLE board_2 RENAME TO board;

ALTER TABLE takeover ADD COLUMN planned INTEGER NOT NULL DEFAULT 0;

-- A line is one unbroken count of executions: a pair whose owner began to count anew is on another one. What schema 1
-- committed is on line 0, because it may be of several.
ALTER TABLE pair ADD COLUMN line INTEGER NOT NULL DEFAULT 1;
ALTER TABLE input ADD COLUMN line INTEGER NOT NULL DEFAULT 0;
ALTER TABLE input ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
-- A ref whose result was lost may be used again; one that a person dropped may not: nobody is to die of it once more.
DROP INDEX input_ref;
CREATE UNIQUE INDEX input_ref ON input (ref) WHERE kind = 'input' AND (dropped = 0 OR quarantined = 1);

-- Aligning files that a stopped pair left writes what is so; only from then on is it decided.
CREATE TRIGGER lease_only_to_a_fit_board BEFORE UPDATE OF owner ON lease
WHEN NEW.owner IS NOT OLD.owner AND (SELECT carrying FROM pair) = 0
  AND NOT EXISTS (SELECT 1 FROM board WHERE board = NEW.owner AND standing = 'in-sync')
BEGIN SELECT RAISE(ABORT, 'OWNER_UNFIT'); END;

-- 'recovered': a board executed it, so the seq was reserved, by a file that is lost (R27).
CREATE TRIGGER input_begins BEFORE INSERT ON input
WHEN (NEW.commit_hash IS NOT NULL OR (NEW.seq > (SELECT reserved_through_seq FROM pair) AND NEW.kind <> 'recovered'))
  AND (SELECT carrying FROM pair) = 0
BEGIN
  SELECT CASE WHEN NEW.commit_hash IS NOT NULL THEN RAISE(ABORT, 'NOT_OWNER') ELSE RAISE(ABORT, 'NOT_RESERVED') END;
END;

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
BEGIN SELECT RAISE(ABORT, 'DIFFERENT'); END;

-- R6, R22: an accepted input ends with a result, or by the hand of a person after two boards have died on it.
CREATE TRIGGER finished_for_good BEFORE UPDATE OF finished, dropped ON input
WHEN NEW.finished < OLD.finished OR NEW.dropped < OLD.dropped OR NEW.dropped > NEW.finished
  OR (NEW.finished > OLD.finished AND NEW.commit_hash IS NULL AND NEW.dropped = 0 AND OLD.kind <> 'recovered')
BEGIN SELECT RAISE(ABORT, 'UNFINISHED'); END;
-- ... or where a host that lost power has lost the result of what a board has acted on (R27).
CREATE TRIGGER dropped_only_from_quarantine BEFORE UPDATE OF dropped ON input
WHEN NEW.dropped > OLD.dropped AND (
  (OLD.quarantined = 0 AND OLD.done_by = '') OR OLD.commit_hash IS NOT NULL OR OLD.finished = 1)
BEGIN SELECT RAISE(ABORT, 'NOT_QUARANTINED'); END;

-- Every commit is an INSERT here, whichever board asks and however often: the one door of R8. A board that joins or is set
-- aside has no right but to what is committed already.
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
  UPDATE pair SET execution_count = NEW.execution_count, line = line + (NEW.execution_count <= execution_count)
  WHERE EXISTS (SELECT 1 FROM input WHERE seq = NEW.seq AND commit_hash IS NULL);
  UPDATE input SET commit_board = NEW.board, commit_epoch = NEW.epoch, commit_hash = NEW.hash,
    execution_count = NEW.execution_count, digest = NEW.digest, result = NEW.result, observed = NEW.observed,
    line = (SELECT line FROM pair)
  WHERE seq = NEW.seq AND commit_hash IS NULL;
END;

-- R10: the point of no return, as one statement: the lease is the other board's and, unless it is a switchover (R26), the
-- old owner is locked out. Where 'from' has lost the lease already nothing happens, so that a start may ask again.
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
`;
