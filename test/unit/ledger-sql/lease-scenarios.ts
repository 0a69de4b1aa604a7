import { ALIGNING, arbitrated, fence, LEASE, type Scenario, stand, UNFIT } from './scenario.js';

/** Whose the lease is, and how it goes to somebody else. */
export const LEASES: readonly Scenario[] = [
  {
    what: 'R8: an epoch that goes backwards',
    before: fence('a', 'b'),
    statement: `UPDATE lease SET epoch = 1`,
    outcome: 'EPOCH_BACKWARDS',
  },
  {
    what: 'R8: an epoch that grows, backwards in owners',
    before: fence('a', 'b', 2, 0),
    statement: `UPDATE lease SET epoch = 3, owner = 'a'`,
    outcome: 'taken',
  },
  {
    what: 'R8: an older epoch of another owner',
    before: fence('a', 'b', 5, 0),
    statement: `UPDATE lease SET epoch = 4, owner = 'a'`,
    outcome: 'EPOCH_BACKWARDS',
  },
  {
    what: 'R8: an owner that changes within an epoch',
    statement: `UPDATE lease SET owner = 'b'`,
    outcome: 'EPOCH_BACKWARDS',
  },
  {
    what: 'R8: a lease that is written as it is',
    statement: `UPDATE lease SET epoch = 1, owner = 'a'`,
    outcome: 'taken',
  },
  { what: 'R8: a second lease', statement: `INSERT INTO lease VALUES (2, 9, 'b')`, outcome: 'LEASE_EXISTS' },
  {
    what: 'R8: a lease that is replaced',
    statement: `INSERT OR REPLACE INTO lease VALUES (1, 9, 'b')`,
    outcome: 'LEASE_EXISTS',
  },
  {
    what: 'R8: a lease that is another row',
    statement: `UPDATE lease SET id = 2`,
    outcome: /^CHECK constraint failed/,
  },
  { what: 'R8: a lease that is removed', statement: `DELETE FROM lease`, outcome: 'LEASE_STAYS' },
  {
    what: 'R8: a lease of an owner who is out of sync, that stays with him',
    before: stand('a', 'joining'),
    statement: `UPDATE lease SET epoch = 2, owner = 'a'`,
    outcome: 'taken',
  },
  ...UNFIT.flatMap((standing): Scenario[] => [
    {
      what: `R10, R25: a fence towards a board that is ${standing}`,
      before: stand('b', standing),
      statement: fence('a', 'b'),
      outcome: 'OWNER_UNFIT',
      leaves: [LEASE, [[1, 'a']]],
    },
    {
      what: `R26: a switchover to a board that is ${standing}`,
      before: stand('b', standing),
      statement: fence('a', 'b', 2, 0),
      outcome: 'OWNER_UNFIT',
    },
  ]),
  {
    what: 'R27: a file that is given the lease of another one, where the owner is out of sync',
    before: `${stand('b', 'joining')}; ${ALIGNING}`,
    statement: `UPDATE lease SET epoch = 2, owner = 'b'`,
    outcome: 'taken',
  },
  { what: 'R10: a fence towards nobody', statement: fence('a', 'x'), outcome: 'OWNER_UNFIT' },
  { what: 'R10: a fence towards itself', statement: fence('a', 'a'), outcome: 'OWNER_UNFIT' },
  {
    what: 'R10: a fence moves the lease',
    statement: fence('a', 'b', 7),
    outcome: 'taken',
    leaves: [LEASE, [[7, 'b']]],
  },
  {
    what: 'R10: a fence is in an epoch above the last one',
    statement: fence('a', 'b', 0),
    outcome: 'taken',
    leaves: [LEASE, [[2, 'b']]],
  },
  {
    what: 'R10: a fence locks the old owner out, and nobody else',
    statement: fence('a', 'b'),
    outcome: 'taken',
    leaves: [
      `SELECT board, standing, revision FROM board ORDER BY board`,
      [
        ['a', 'locked-out', 6],
        ['b', 'in-sync', 0],
      ],
    ],
  },
  {
    what: 'R26: a planned fence locks nobody out',
    statement: fence('a', 'b', 2, 0),
    outcome: 'taken',
    leaves: [
      `SELECT board, standing, revision FROM board ORDER BY board`,
      [
        ['a', 'in-sync', 0],
        ['b', 'in-sync', 0],
      ],
    ],
  },
  ...[0, 1].map(
    (locksOut): Scenario => ({
      what: `R10, R26: a fence is noted with what it is (locks out: ${locksOut})`,
      statement: fence('a', 'b', 4, locksOut),
      outcome: 'taken',
      leaves: [
        `SELECT fault_id, from_board, to_board, epoch, ended, planned FROM takeover`,
        [[5, 'a', 'b', 4, 0, 1 - locksOut]],
      ],
    }),
  ),
  {
    what: 'R10: a fence that is asked again, of a board that has lost the lease, does nothing',
    before: fence('a', 'b', 2, 0),
    statement: fence('a', 'b', 9),
    outcome: 'taken',
    leaves: [LEASE, [[2, 'b']]],
  },
  {
    what: 'R10: a takeover that another file has noted is noted once',
    before: `INSERT INTO takeover (fault_id, from_board, to_board, epoch) VALUES (5, 'a', 'b', 2)`,
    statement: fence('a', 'b'),
    outcome: 'taken',
    leaves: [`SELECT count(*) FROM takeover`, [[1]]],
  },
  { what: 'R25: a standing that nobody knows', statement: stand('a', 'fine'), outcome: /^CHECK constraint failed/ },
  ...['in-sync', ...UNFIT].map(
    (standing): Scenario => ({
      what: `R25: a board that is ${standing}`,
      statement: stand('b', standing),
      outcome: 'taken',
    }),
  ),
  {
    what: 'R19: a verdict that nobody knows',
    statement: arbitrated('b', 5, 'maybe'),
    outcome: /^CHECK constraint failed/,
  },
  ...['started', 'ended', 'stands', 'images', 'asked'].map(
    (what): Scenario => ({
      what: `a row of the chronicle: ${what}`,
      statement: chronicled(what),
      outcome: 'taken',
    }),
  ),
  {
    what: 'a row of the chronicle that nobody knows',
    statement: chronicled('slept'),
    outcome: /^CHECK constraint failed/,
  },
];

function chronicled(what: string): string {
  return `INSERT INTO chronicle (what, boot_id, at_us, wall_time, wall_time_trusted, detail) VALUES ('${what}', 'x', 1, '', 1, '{}')`;
}
