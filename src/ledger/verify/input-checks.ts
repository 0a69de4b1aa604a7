import { type LedgerCheck, select } from './finding.js';

/** A board that is listed in `done_by`, once for each name, split by SQLite itself. */
const DONE = `WITH RECURSIVE done (seq, board, rest) AS (
  SELECT seq, NULL, done_by || ',' FROM input WHERE done_by <> ''
  UNION ALL SELECT seq, substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1) FROM done WHERE rest <> ''
)`;

/** What was accepted, what became of it, and what is kept beside it while it is in work. */
export const INPUT_CHECKS: readonly LedgerCheck[] = [
  {
    code: 'seq-not-reserved',
    rule: 'R1',
    expected: 'a number within what was reserved beforehand',
    file: 'with inputs',
    spots: select(
      `SELECT seq, 'reserved through ' || reserved_through_seq AS found FROM input, pair
       WHERE (seq > reserved_through_seq AND kind <> 'recovered') OR seq < 1 OR seq > 4294967295`,
    ),
  },
  {
    code: 'id-used-twice',
    rule: 'R23',
    expected: 'one input for an id',
    file: 'with inputs',
    spots: select(
      `SELECT max(seq) AS seq, format('"%w" has %d inputs, the first is %d', ref, count(*), min(seq)) AS found
       FROM input NOT INDEXED WHERE kind = 'input' AND (dropped = 0 OR quarantined = 1) GROUP BY ref HAVING count(*) > 1`,
    ),
  },
  {
    code: 'pair-time-went-back',
    rule: 'R21, R27',
    expected: 'pair time that never goes back',
    file: 'with inputs',
    spots: select(
      `SELECT seq, format('%d ms, after %d ms', pair_time_ms, before) AS found FROM (
         SELECT seq, pair_time_ms, max(pair_time_ms) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
           AS before FROM input WHERE kind <> 'recovered') WHERE pair_time_ms < before OR pair_time_ms < 0`,
    ),
  },
  {
    code: 'finished-without-a-result',
    rule: 'R4, R6',
    expected: 'a commit, or the hand of a person who dropped it',
    file: 'with inputs',
    spots: select(
      `SELECT seq, 'it is finished, was not dropped, and has no commit' AS found FROM input
       WHERE finished = 1 AND dropped = 0 AND commit_hash IS NULL AND kind <> 'recovered'`,
    ),
  },
  {
    code: 'finished-without-a-board',
    rule: 'R2, R4',
    expected: 'a board that has acted on it, or the hand of a person behind two that have died of it',
    file: 'with inputs',
    spots: select(
      `SELECT seq, 'it is finished, and no board is done with it' AS found FROM input
       WHERE finished = 1 AND dropped = 0 AND done_by = '' AND quarantined = 0`,
    ),
  },
  {
    code: 'answered-without-a-commit',
    rule: 'R1, R9',
    expected: 'a commit before its answer leaves',
    file: 'with inputs',
    spots: select(
      `SELECT seq, 'its answer has left, and it has no commit' AS found FROM input
       WHERE emitted = 1 AND commit_hash IS NULL`,
    ),
  },
  {
    code: 'dropped-without-a-cause',
    rule: 'R6, R22, R27',
    expected: 'finished, without a commit, and quarantined or acted on by a board',
    file: 'with inputs',
    spots: select(
      `SELECT seq, format('dropped; finished %d, quarantined %d, done by "%s", %s', finished, quarantined, done_by,
         iif(commit_hash IS NULL, 'no commit', 'a commit')) AS found FROM input
       WHERE dropped = 1 AND (finished = 0 OR commit_hash IS NOT NULL OR (quarantined = 0 AND done_by = ''))`,
    ),
  },
  {
    code: 'quarantine-left-by-itself',
    rule: 'R22',
    expected: 'a quarantine that ends by the hand of a person',
    file: 'with inputs',
    // What was committed cannot be dropped any more (R8): then that hand finishes it as it is.
    spots: select(
      `SELECT seq, 'it is finished in quarantine, and nobody dropped it' AS found FROM input
       WHERE quarantined = 1 AND finished = 1 AND dropped = 0 AND commit_hash IS NULL`,
    ),
  },
  {
    code: 'quarantine-without-a-death',
    rule: 'R22',
    expected: 'boards that were given it while alone in charge',
    file: 'with inputs',
    spots: select(
      `SELECT seq, 'it is in quarantine, and no attempt is recorded' AS found FROM input
       WHERE quarantined = 1 AND finished = 0 AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.seq = input.seq)`,
    ),
  },
  {
    code: 'done-by-a-stranger',
    rule: 'R11',
    expected: 'boards of the pair, each once',
    file: 'with inputs',
    spots: select(
      `${DONE} SELECT seq, board, 'it is named ' || count(*) || ' times in done_by' AS found FROM done WHERE board IS NOT NULL
       GROUP BY seq, board HAVING count(*) > 1 OR board NOT IN (SELECT board FROM board)`,
    ),
  },
  {
    code: 'attempt-left-behind',
    rule: 'R22',
    expected: 'attempts of inputs in work, by boards of the pair, in sessions that were given',
    file: 'with inputs',
    spots: select(
      `SELECT seq, attempt.board, format('an attempt in session %d', attempt.session) AS found
       FROM attempt LEFT JOIN board ON board.board = attempt.board
       WHERE seq NOT IN (SELECT seq FROM input WHERE finished = 0) OR board.board IS NULL
         OR attempt.session > board.session OR attempt.session < 0`,
    ),
  },
  {
    code: 'verdict-left-behind',
    rule: 'R19',
    expected: 'verdicts of inputs in work, about boards of the pair',
    file: 'with inputs',
    spots: select(
      `SELECT seq, board, 'a verdict ' || verdict AS found FROM verdict
       WHERE seq NOT IN (SELECT seq FROM input WHERE finished = 0) OR board NOT IN (SELECT board FROM board)`,
    ),
  },
];
