import { ALIGNING, DROP_2, INSERT, QUARANTINE_2, type Scenario } from './scenario.js';

/** How an input begins and ends. */
export const INPUTS: readonly Scenario[] = [
  {
    what: 'R1: a seq twice',
    statement: `${INSERT} VALUES (1, 'x', 'tick', 0, x'')`,
    outcome: /^UNIQUE constraint failed: input.seq/,
  },
  {
    what: 'R1: the last seq that is reserved',
    statement: `${INSERT} VALUES (1000, 'x', 'tick', 0, x'')`,
    outcome: 'taken',
  },
  {
    what: 'R1: a seq that was not reserved',
    statement: `${INSERT} VALUES (1001, 'x', 'tick', 0, x'')`,
    outcome: 'NOT_RESERVED',
  },
  {
    what: 'R27: a seq that a board tells of',
    statement: `${INSERT} VALUES (1001, 'x', 'recovered', 0, x'')`,
    outcome: 'taken',
  },
  {
    what: 'R17: a seq that another file has',
    before: ALIGNING,
    statement: `${INSERT} VALUES (1001, 'x', 'tick', 0, x'')`,
    outcome: 'taken',
  },
  {
    what: 'R8: an input that begins with a commit',
    statement: `INSERT INTO input (seq, ref, kind, pair_time_ms, payload, commit_hash) VALUES (3, 'x', 'input', 0, x'', 5)`,
    outcome: 'NOT_OWNER',
  },
  {
    what: 'R8: what a board tells of, that begins with a commit',
    statement: `INSERT INTO input (seq, ref, kind, pair_time_ms, payload, commit_hash) VALUES (1001, 'x', 'recovered', 0, x'', 5)`,
    outcome: 'NOT_OWNER',
  },
  {
    what: 'R17: a commit that another file has',
    before: ALIGNING,
    statement: `INSERT INTO input (seq, ref, kind, pair_time_ms, payload, commit_hash) VALUES (3, 'x', 'input', 0, x'', 5)`,
    outcome: 'taken',
  },
  {
    what: 'R1: a kind that nobody knows',
    statement: `${INSERT} VALUES (3, 'x', 'y', 0, x'')`,
    outcome: /^CHECK constraint failed/,
  },
  ...['input', 'tick', 'offer', 'probe', 'recovered'].map(
    (kind): Scenario => ({
      what: `R1: an input of the kind ${kind}`,
      statement: `${INSERT} VALUES (3, 'x', '${kind}', 0, x'')`,
      outcome: 'taken',
    }),
  ),
  {
    what: 'R23: a ref twice',
    statement: `${INSERT} VALUES (3, 'tcp:1', 'input', 0, x'')`,
    outcome: /^UNIQUE constraint failed: input.ref/,
  },
  { what: 'R23: a ref of another kind', statement: `${INSERT} VALUES (3, 'tcp:1', 'tick', 0, x'')`, outcome: 'taken' },
  {
    what: 'R22: the ref of what a person dropped',
    before: `${QUARANTINE_2}; ${DROP_2}`,
    statement: `${INSERT} VALUES (3, 'tcp:2', 'input', 0, x'')`,
    outcome: /^UNIQUE constraint failed: input.ref/,
  },
  {
    what: 'R27: the ref of what a host lost',
    before: `UPDATE input SET done_by = 'a' WHERE seq = 2; ${DROP_2}`,
    statement: `${INSERT} VALUES (3, 'tcp:2', 'input', 0, x'')`,
    outcome: 'taken',
  },
  {
    what: 'R1: a reservation that shrinks',
    statement: `UPDATE pair SET reserved_through_seq = 999`,
    outcome: 'RESERVATION_BACKWARDS',
  },
  { what: 'R1: a reservation that stays', statement: `UPDATE pair SET reserved_through_seq = 1000`, outcome: 'taken' },
  { what: 'R1: a reservation that grows', statement: `UPDATE pair SET reserved_through_seq = 1001`, outcome: 'taken' },
  {
    what: 'R1: a second pair',
    statement: `INSERT INTO pair (id, boot_id) VALUES (2, 'x')`,
    outcome: /^CHECK constraint failed/,
  },
  {
    what: 'R6: an accepted input that is removed',
    statement: `DELETE FROM input WHERE seq = 2`,
    outcome: 'UNFINISHED',
  },
  {
    what: 'R6: a committed input that is removed',
    statement: `DELETE FROM input WHERE seq = 1`,
    outcome: 'UNFINISHED',
  },
  {
    what: 'R6: a finished input that is removed',
    before: `UPDATE input SET finished = 1 WHERE seq = 1`,
    statement: `DELETE FROM input WHERE seq = 1`,
    outcome: 'taken',
  },
  {
    what: 'R16: a probe that is removed',
    before: `${INSERT} VALUES (3, 'x', 'probe', 0, x'')`,
    statement: `DELETE FROM input WHERE seq = 3`,
    outcome: 'taken',
  },
  {
    what: 'R17: an input that another file has no more',
    before: ALIGNING,
    statement: `DELETE FROM input WHERE seq = 2`,
    outcome: 'taken',
  },
  {
    what: 'R6: an input that ends without a result',
    statement: `UPDATE input SET finished = 1 WHERE seq = 2`,
    outcome: 'UNFINISHED',
  },
  {
    what: 'R6: an input that goes on, and is written as it is',
    statement: `UPDATE input SET finished = 0 WHERE seq = 2`,
    outcome: 'taken',
  },
  {
    what: 'R6: an input that ends with a result',
    statement: `UPDATE input SET finished = 1 WHERE seq = 1`,
    outcome: 'taken',
  },
  {
    what: 'R27: what a board told of, that ends without a result',
    before: `${INSERT} VALUES (3, 'x', 'recovered', 0, x'')`,
    statement: `UPDATE input SET finished = 1 WHERE seq = 3`,
    outcome: 'taken',
  },
  {
    what: 'R6: an end that is taken back',
    before: `UPDATE input SET finished = 1 WHERE seq = 1`,
    statement: `UPDATE input SET finished = 0 WHERE seq = 1`,
    outcome: 'UNFINISHED',
  },
  {
    what: 'R6: an end that is written again',
    before: `${QUARANTINE_2}; ${DROP_2}`,
    statement: `UPDATE input SET dropped = 1, finished = 1 WHERE seq = 2`,
    outcome: 'taken',
  },
  {
    what: 'R22: a drop that is taken back',
    before: `${QUARANTINE_2}; ${DROP_2}`,
    statement: `UPDATE input SET dropped = 0 WHERE seq = 2`,
    outcome: 'UNFINISHED',
  },
  { what: 'R22: a drop from quarantine', before: QUARANTINE_2, statement: DROP_2, outcome: 'taken' },
  { what: 'R22: a drop that is not from quarantine', statement: DROP_2, outcome: 'NOT_QUARANTINED' },
  {
    what: 'R22: a drop of an input that goes on',
    before: QUARANTINE_2,
    statement: `UPDATE input SET dropped = 1 WHERE seq = 2`,
    outcome: 'UNFINISHED',
  },
  {
    what: 'R22: a drop of a committed input',
    before: `UPDATE input SET quarantined = 1 WHERE seq = 1`,
    statement: `UPDATE input SET dropped = 1, finished = 1 WHERE seq = 1`,
    outcome: 'NOT_QUARANTINED',
  },
  {
    what: 'R22: a drop of what is over',
    before: `${INSERT} VALUES (3, 'x', 'recovered', 0, x''); UPDATE input SET quarantined = 1, finished = 1 WHERE seq = 3`,
    statement: `UPDATE input SET dropped = 1 WHERE seq = 3`,
    outcome: 'NOT_QUARANTINED',
  },
  {
    what: 'R27: a drop of what a board has acted on',
    before: `UPDATE input SET done_by = 'a' WHERE seq = 2`,
    statement: DROP_2,
    outcome: 'taken',
  },
  {
    what: 'R9: an emission that is taken back',
    before: `UPDATE input SET emitted = 1 WHERE seq = 1`,
    statement: `UPDATE input SET emitted = 0 WHERE seq = 1`,
    outcome: 'EMITTED_ONCE',
  },
  {
    what: 'R9: an emission that is told again',
    before: `UPDATE input SET emitted = 1 WHERE seq = 1`,
    statement: `UPDATE input SET emitted = 1 WHERE seq = 1`,
    outcome: 'taken',
  },
];
