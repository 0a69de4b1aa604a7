import {
  arbitrated,
  COMMIT_OF,
  DROP_2,
  fence,
  INSERT,
  OUT,
  PAIR,
  QUARANTINE_2,
  request,
  type Scenario,
  stand,
  write,
} from './scenario.js';

/** Who may commit what: the one door of R8. */
export const COMMITS: readonly Scenario[] = [
  {
    what: 'R8: the owner commits: the row, the count and the line are as it said',
    statement: request('a', 1, 2, 102),
    outcome: 'taken',
    leaves: [`${COMMIT_OF} 2`, [['a', 1, 102, 2, 1, 8, '66', '[2]']]],
  },
  {
    what: 'R3: a first commit moves the pair to its count',
    statement: request('a', 1, 2, 102, 7),
    outcome: 'taken',
    leaves: [PAIR, [[7, 1]]],
  },
  {
    what: 'R3, R25: a count that begins anew, and one that is said twice, is another line',
    statement: request('a', 1, 2, 102, 1),
    outcome: 'taken',
    leaves: [PAIR, [[1, 2]]],
  },
  {
    what: 'R3: what is committed on another line has that line',
    before: `UPDATE pair SET line = 4`,
    statement: request('a', 1, 2, 102),
    outcome: 'taken',
    leaves: [
      `SELECT seq, line FROM input ORDER BY seq`,
      [
        [1, 1],
        [2, 4],
      ],
    ],
  },
  {
    what: 'R8: a repeat changes nothing, whoever asks and whatever else he says',
    statement: request('b', 9, 1, 101, 44),
    outcome: 'taken',
    leaves: [`${COMMIT_OF} 1`, [['a', 1, 101, 1, 1, 7, '01', '[1]']]],
  },
  {
    what: 'R8: a repeat leaves the count',
    statement: request('a', 1, 1, 101, 44),
    outcome: 'taken',
    leaves: [PAIR, [[1, 1]]],
  },
  {
    what: 'R8: a request touches no other input',
    before: `${INSERT} VALUES (3, 'tcp:3', 'input', 0, x'')`,
    statement: request('a', 1, 2, 102),
    outcome: 'taken',
    leaves: [
      `SELECT seq, commit_hash FROM input ORDER BY seq`,
      [
        [1, 101],
        [2, 102],
        [3, null],
      ],
    ],
  },
  { what: 'R8: a request without the lease', statement: request('b', 1, 2, 102), outcome: 'NOT_OWNER' },
  { what: 'R8: a request in a later epoch', statement: request('a', 2, 2, 102), outcome: 'NOT_OWNER' },
  {
    what: 'R8: a request in an epoch that is over',
    before: `${fence('a', 'b', 2, 0)}; ${fence('b', 'a', 3, 0)}`,
    statement: request('a', 1, 2, 102),
    outcome: 'NOT_OWNER',
  },
  { what: 'R8: a request by a stranger', statement: request('x', 1, 2, 102), outcome: 'NOT_OWNER' },
  { what: 'R8: a request for an unknown input', statement: request('a', 1, 9, 102), outcome: 'UNKNOWN_INPUT' },
  { what: 'R8: a later request with a higher hash', statement: request('b', 1, 1, 500), outcome: 'DIFFERENT' },
  { what: 'R8: a later request with a lower hash', statement: request('a', 1, 1, 5), outcome: 'DIFFERENT' },
  ...OUT.flatMap((standing): Scenario[] => [
    {
      what: `R8, R12: a first request by an owner that is ${standing}`,
      before: stand('a', standing),
      statement: request('a', 1, 2, 102),
      outcome: 'LOCKED_OUT',
    },
    {
      what: `R8, R12: a repeat by a board that is ${standing}`,
      before: stand('b', standing),
      statement: request('b', 1, 1, 101),
      outcome: 'LOCKED_OUT',
    },
    {
      what: `R8, R12: another hash, decided for, of a board that is ${standing}`,
      before: `${stand('b', standing)}; ${arbitrated('b', 5)}`,
      statement: request('b', 1, 1, 5),
      outcome: 'LOCKED_OUT',
    },
    {
      what: `R8: the other board, while one is ${standing}`,
      before: stand('b', standing),
      statement: request('a', 1, 2, 102),
      outcome: 'taken',
    },
    {
      what: `R8: a row that an owner which is ${standing} writes itself`,
      before: stand('a', standing),
      statement: write('a', 1),
      outcome: 'LOCKED_OUT',
    },
  ]),
  ...['joining', 'set-aside'].flatMap((standing): Scenario[] => [
    {
      what: `R8, R25: a first request by an owner that is ${standing}`,
      before: stand('a', standing),
      statement: request('a', 1, 2, 102),
      outcome: 'OUT_OF_SYNC',
    },
    {
      what: `R8, R25: a row that an owner which is ${standing} writes itself`,
      before: stand('a', standing),
      statement: write('a', 1),
      outcome: 'OUT_OF_SYNC',
    },
    {
      what: `R25: a repeat by a board that is ${standing}`,
      before: stand('b', standing),
      statement: request('b', 1, 1, 101),
      outcome: 'taken',
    },
    {
      what: `R25: another hash of a board that is ${standing}`,
      before: stand('b', standing),
      statement: request('b', 1, 1, 5),
      outcome: 'DIFFERENT',
    },
  ]),
  {
    what: 'R22: a request for an input that a person dropped',
    before: `${QUARANTINE_2}; ${DROP_2}`,
    statement: request('a', 1, 2, 102),
    outcome: 'DROPPED',
  },
  {
    what: 'R10: the new owner commits, whatever the standing of the old one',
    before: fence('a', 'b'),
    statement: `${request('b', 2, 2, 102)}; ${write('b', 2, 2)}`,
    outcome: 'taken',
  },
  {
    what: 'R8, R25: the new owner is out of sync, whatever the standing of the old one',
    before: `${fence('a', 'b', 2, 0)}; ${stand('b', 'joining')}`,
    statement: write('b', 2),
    outcome: 'OUT_OF_SYNC',
  },
];
