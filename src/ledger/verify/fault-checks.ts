import { IS_EVENT_SQL } from '../../faults/catalogue/events.js';
import { type LedgerCheck, select } from './finding.js';

/** What went for room is older than all that is kept of its kind: of a switchover's, than all events. */
const IS_KEPT = `fault_id >= (SELECT coalesce(min(id), 9e18) FROM fault WHERE planned = 0 OR ${IS_EVENT_SQL})`;

/** The fault log: every fault whole, and none missing that something else speaks of. */
export const FAULT_CHECKS: readonly LedgerCheck[] = [
  {
    code: 'fault-unreadable',
    rule: 'R19, R24',
    expected: 'a code, evidence as JSON, times, and repeats from 0 on',
    file: 'with faults',
    // A code that the catalogue does not have may be of another version.
    spots: select(
      `SELECT * FROM (SELECT id AS fault, CASE
         WHEN code = '' OR code GLOB '*[^a-z0-9-]*' THEN 'its code is ' || code
         WHEN json_valid(evidence) = 0 THEN 'its evidence is no JSON'
         WHEN julianday(wall_time) IS NULL THEN 'its time is ' || wall_time
         WHEN closed_at IS NOT NULL AND julianday(closed_at) IS NULL THEN 'it was closed at ' || closed_at
         WHEN repeats < 0 OR id < 1 THEN repeats || ' repeats' END AS found FROM fault) WHERE found IS NOT NULL`,
    ),
  },
  {
    code: 'step-without-a-fault',
    rule: 'R6',
    expected: 'the fault that the step is of',
    file: 'with faults',
    spots: select(
      `SELECT fault_id AS fault, format('a step %s of a fault that is not there', step) AS found FROM fault_step
       WHERE fault_id NOT IN (SELECT id FROM fault) OR json_valid(detail) = 0`,
    ),
  },
  {
    code: 'input-of-a-fault-in-part',
    rule: 'R6',
    expected: 'id, kind and payload of its input, or none of them',
    file: 'with faults',
    spots: select(
      `SELECT id AS fault, seq, 'only a part of its input is there' AS found FROM fault
       WHERE (input_ref IS NOT NULL) + (input_kind IS NOT NULL) + (input_payload IS NOT NULL) NOT IN (0, 3)
         OR (input_ref IS NOT NULL AND seq IS NULL)`,
    ),
  },
  {
    // The sixth of a kind within ten seconds is counted on the fifth, and has no row.
    code: 'takeover-without-a-fault',
    rule: 'R10, R15',
    expected: 'the fault that began it',
    file: 'with faults',
    spots: select(
      `SELECT epoch, fault_id AS fault, 'the takeover is there, its fault is not' AS found FROM takeover
       WHERE ${IS_KEPT} AND fault_id NOT IN (SELECT id FROM fault)
         AND NOT EXISTS (SELECT 1 FROM fault WHERE board = from_board AND id < fault_id AND repeats > 0)`,
    ),
  },
];
