import { type LedgerCheck, select } from './finding.js';

/** A file that no gateway has ever brought to a state has no rows at all; every other has them all. */
const IS_USED = `(EXISTS (SELECT 1 FROM pair) OR EXISTS (SELECT 1 FROM lease) OR EXISTS (SELECT 1 FROM input))`;

/** Lease, epochs, takeovers and boards: who owned the pair, and when. Both files have them (R17). */
export const PAIR_CHECKS: readonly LedgerCheck[] = [
  {
    code: 'not-one-pair',
    rule: 'R8, R17',
    expected: 'one row in pair, one in lease, two in board',
    file: 'each',
    spots: select(
      `SELECT found FROM (SELECT (SELECT count(*) FROM pair) AS pairs, (SELECT count(*) FROM lease) AS leases,
         (SELECT count(*) FROM board) AS boards), (SELECT 1 WHERE ${IS_USED}),
         (SELECT format('%d rows in pair, %d in lease, %d in board', (SELECT count(*) FROM pair),
           (SELECT count(*) FROM lease), (SELECT count(*) FROM board)) AS found)
       WHERE pairs <> 1 OR leases <> 1 OR boards <> 2`,
    ),
  },
  {
    code: 'constraints-switched-off',
    rule: 'R8',
    expected: 'carrying 0: only while files are aligned do the constraints let pass what was decided before',
    file: 'each',
    spots: select(`SELECT 'carrying is ' || carrying AS found FROM pair WHERE carrying <> 0`),
  },
  {
    code: 'owner-unknown',
    rule: 'R8',
    expected: 'a board of the pair',
    file: 'each',
    spots: select(
      `SELECT epoch, 'the lease belongs to ' || owner AS found FROM lease WHERE owner NOT IN (SELECT board FROM board)`,
    ),
  },
  {
    code: 'owner-locked-out',
    rule: 'R8, R10, R12',
    expected: 'an owner that may commit, or a stopped pair',
    file: 'each',
    spots: select(
      `SELECT epoch, board, 'it owns the pair and is ' || standing AS found FROM lease JOIN board ON board = owner
       WHERE standing IN ('locked-out', 'kept-out') AND (SELECT stopped FROM pair) = 0`,
    ),
  },
  {
    code: 'takeover-past-the-lease',
    rule: 'R10, R17',
    expected: 'an epoch from 2 to that of the lease',
    file: 'each',
    spots: select(
      `SELECT takeover.epoch, fault_id AS fault, 'the lease is at epoch ' || lease.epoch AS found FROM takeover, lease
       WHERE takeover.epoch > lease.epoch OR takeover.epoch < 2`,
    ),
  },
  {
    code: 'epoch-used-twice',
    rule: 'R10',
    expected: 'an epoch for each takeover',
    file: 'each',
    spots: select(
      `SELECT epoch, max(fault_id) AS fault, count(*) || ' takeovers have it' AS found FROM takeover
       GROUP BY epoch HAVING count(*) > 1`,
    ),
  },
  {
    code: 'takeover-within-a-board',
    rule: 'R10',
    expected: 'from one board of the pair to the other',
    file: 'each',
    spots: select(
      `SELECT epoch, fault_id AS fault, format('from %s to %s', from_board, to_board) AS found FROM takeover
       WHERE from_board = to_board OR from_board NOT IN (SELECT board FROM board)
         OR to_board NOT IN (SELECT board FROM board)`,
    ),
  },
  {
    // Epochs next to each other: of a gap nothing can be said.
    code: 'lease-changed-without-a-takeover',
    rule: 'R8, R10',
    expected: 'the board that the takeover before gave the lease to',
    file: 'each',
    spots: select(
      `SELECT later.epoch, later.fault_id AS fault,
         format('taken from %s, and epoch %d was of %s', later.from_board, earlier.epoch, earlier.to_board) AS found
       FROM takeover AS later JOIN takeover AS earlier ON later.epoch = earlier.epoch + 1
       WHERE later.from_board <> earlier.to_board`,
    ),
  },
  {
    code: 'lease-not-of-the-heir',
    rule: 'R8, R10',
    expected: 'the owner that the takeover of this epoch made',
    file: 'each',
    spots: select(
      `SELECT lease.epoch, fault_id AS fault, format('owned by %s, taken over by %s', owner, to_board) AS found
       FROM takeover JOIN lease USING (epoch) WHERE to_board <> owner`,
    ),
  },
  {
    code: 'fenced-board-in-the-pair',
    rule: 'R10, R12',
    expected: 'the old owner locked out until the takeover has ended',
    file: 'each',
    spots: select(
      `SELECT takeover.epoch, fault_id AS fault, from_board AS board, 'it is ' || standing AS found
       FROM takeover JOIN lease USING (epoch) JOIN board ON board = from_board
       WHERE ended = 0 AND planned = 0 AND standing IN ('in-sync', 'joining')`,
    ),
  },
  {
    code: 'takeover-never-ended',
    rule: 'R10',
    expected: 'one takeover under way at most: the last',
    file: 'each',
    spots: select(
      `SELECT epoch, fault_id AS fault, 'it is not ended, and a later one has begun' AS found FROM takeover
       WHERE ended = 0 AND epoch < (SELECT max(epoch) FROM takeover)`,
    ),
  },
  {
    code: 'session-impossible',
    rule: 'R12, R25',
    expected: 'a session from 0 on, and exits as pair times in order',
    file: 'each',
    spots: select(
      `SELECT board, format('session %d, exits "%s"', session, exits) AS found FROM board
       WHERE session < 0 OR revision < 0 OR exits GLOB '*[^0-9,]*'`,
    ),
  },
  {
    code: 'settings-contradict',
    rule: 'R17',
    expected: 'durability process with a journal, or power without one',
    file: 'with faults',
    spots: select(
      `SELECT format('durability %s, journal "%s"', durability, journal) AS found FROM (
         SELECT (SELECT value FROM setting WHERE name = 'durability') AS durability,
           coalesce((SELECT value FROM setting WHERE name = 'journal'), '') AS journal)
       WHERE EXISTS (SELECT 1 FROM pair) AND
         (durability IS NULL OR durability NOT IN ('process', 'power') OR (durability = 'process') <> (journal <> ''))`,
    ),
  },
];
