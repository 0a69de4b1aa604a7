import { arbitrated, COMMIT_OF, fence, request, type Scenario, write } from './scenario.js';

/** Which results stay: verdicts, and writing to the row itself. */
export const RESULTS: readonly Scenario[] = [
  ...(['match', 'arbitrated'] as const).flatMap((verdict): Scenario[] => [
    {
      what: `R8: another hash with a verdict ${verdict}`,
      before: arbitrated('b', 5, verdict),
      statement: request('b', 1, 1, 5),
      outcome: 'taken',
    },
    {
      what: `R8: another hash than the verdict ${verdict} is of`,
      before: arbitrated('b', 5, verdict),
      statement: request('b', 1, 1, 6),
      outcome: 'DIFFERENT',
    },
    {
      what: `R8: the hash of a verdict ${verdict} for another board`,
      before: arbitrated('b', 5, verdict),
      statement: request('a', 1, 1, 5),
      outcome: 'DIFFERENT',
    },
    {
      what: `R8: the hash of a verdict ${verdict} on another input`,
      before: arbitrated('b', 5, verdict, 2),
      statement: request('b', 1, 1, 5),
      outcome: 'DIFFERENT',
    },
  ]),
  {
    what: 'R20: what only matches leaves the committed result',
    before: arbitrated('b', 5, 'match'),
    statement: request('b', 1, 1, 5),
    outcome: 'taken',
    leaves: [`${COMMIT_OF} 1`, [['a', 1, 101, 1, 1, 7, '01', '[1]']]],
  },
  ...[arbitrated('a', 5), arbitrated('b', 6), arbitrated('b', 5, 'arbitrated', 2)].map(
    (before): Scenario => ({
      what: `R19, R20: what only matches, where something else was decided (${before})`,
      before: `${arbitrated('b', 5, 'match')}; ${before}`,
      statement: request('b', 1, 1, 5),
      outcome: 'taken',
      leaves: [`${COMMIT_OF} 1`, [['a', 1, 101, 1, 1, 7, '01', '[1]']]],
    }),
  ),
  {
    what: 'R19: what was decided for is the result; observed values, count and line stay those of the first execution',
    before: arbitrated('b', 5),
    statement: request('b', 3, 1, 5, 9),
    outcome: 'taken',
    leaves: [`${COMMIT_OF} 1`, [['b', 3, 5, 1, 1, 8, '05', '[1]']]],
  },
  {
    what: 'R19: it is of the epoch of the lease where that is the later one',
    before: `${fence('a', 'b', 8, 0)}; ${arbitrated('b', 5)}`,
    statement: request('b', 3, 1, 5, 9),
    outcome: 'taken',
    leaves: [`${COMMIT_OF} 1`, [['b', 8, 5, 1, 1, 8, '05', '[1]']]],
  },
  {
    what: 'R19: the verdict on one input decides no other',
    before: `${request('a', 1, 2, 102)}; ${arbitrated('b', 5)}; ${arbitrated('b', 5, 'arbitrated', 2)}`,
    statement: request('b', 1, 1, 5, 9),
    outcome: 'taken',
    leaves: [
      `SELECT seq, commit_hash FROM input ORDER BY seq`,
      [
        [1, 5],
        [2, 102],
      ],
    ],
  },
  {
    what: 'R19: who asks again for what was decided changes it no more',
    before: `${arbitrated('b', 5)}; ${request('b', 3, 1, 5, 9)}`,
    statement: request('b', 4, 1, 5, 9),
    outcome: 'taken',
    leaves: [`${COMMIT_OF} 1`, [['b', 3, 5, 1, 1, 8, '05', '[1]']]],
  },
  ...[
    [`execution_count = 9`, 'the count'],
    [`observed = '[9]'`, 'observed values'],
    [`line = 9`, 'the line'],
  ].map(
    ([change, what]): Scenario => ({
      what: `R19: ${what} of a decided result`,
      before: arbitrated('b', 5),
      statement: `UPDATE input SET commit_board = 'b', commit_hash = 5, ${change} WHERE seq = 1`,
      outcome: 'DIFFERENT',
    }),
  ),
  ...[arbitrated('b', 5, 'match'), arbitrated('b', 6), arbitrated('a', 5), arbitrated('b', 5, 'arbitrated', 2)].map(
    (before): Scenario => ({
      what: `R19: a result that is written over with no verdict for it (${before})`,
      before,
      statement: `UPDATE input SET commit_board = 'b', commit_hash = 5 WHERE seq = 1`,
      outcome: 'DIFFERENT',
    }),
  ),
  { what: 'R8: a row that the owner writes itself', statement: write('a', 1), outcome: 'taken' },
  { what: 'R8: a row that the other writes itself', statement: write('b', 1), outcome: 'NOT_OWNER' },
  { what: 'R8: a row of another epoch', statement: write('a', 2), outcome: 'NOT_OWNER' },
  ...[`commit_hash = 102`, `commit_board = 'b'`, `commit_epoch = 4`, `result = x'00'`, `line = 3`].map(
    (change): Scenario => ({
      what: `R8: a part of a first commit alone, without the lease: ${change}`,
      statement: `UPDATE input SET ${change} WHERE seq = 2`,
      outcome: 'NOT_OWNER',
    }),
  ),
  ...[
    `commit_hash = 5`,
    `commit_hash = NULL, commit_board = NULL`,
    `commit_board = 'b'`,
    `commit_epoch = 2`,
    `execution_count = 2`,
    `digest = 9`,
    `result = x'00'`,
    `observed = '[]'`,
    `line = 9`,
  ].map(
    (change): Scenario => ({
      what: `R8: a commit that is changed: ${change}`,
      statement: `UPDATE input SET ${change} WHERE seq = 1`,
      outcome: 'DIFFERENT',
    }),
  ),
  {
    what: 'R8: a commit that is written again as it is',
    statement: `UPDATE input SET commit_hash = 101, digest = 7, observed = '[1]' WHERE seq = 1`,
    outcome: 'taken',
  },
  ...[`seq = 7`, `ref = 'x'`, `payload = x'09'`].flatMap((change): Scenario[] => [
    {
      what: `R1: an input that becomes another: ${change}`,
      statement: `UPDATE input SET ${change} WHERE seq = 2`,
      outcome: 'INPUT_IS_FINAL',
    },
  ]),
  {
    what: 'R1: an input that is written as it is',
    statement: `UPDATE input SET seq = 2, ref = 'tcp:2', payload = x'01' WHERE seq = 2`,
    outcome: 'taken',
  },
];
