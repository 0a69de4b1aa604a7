/**
 * From schema 2 to schema 3. R19: what was decided in favour of another board is the result of an input from then on, for who asks
 * again, joins by a replay or starts; the values that were observed stay those of the first execution. And when a board left the pair by a fault of its own, in pair time (milliseconds, oldest
 * first, commas between): what tells a transient fault from an intermittent and a permanent one, over restarts too.
 */
export const SCHEMA_3 = `
ALTER TABLE board ADD COLUMN exits TEXT NOT NULL DEFAULT '';

DROP TRIGGER commit_is_final;
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

DROP TRIGGER commit_decided;
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
`;
