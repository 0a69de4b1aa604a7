import type { StoredFault } from '../stored-fault.js';
import { FAULT_KINDS, isPlanned, kindOf } from './catalogue.js';

/**
 * What the ledger keeps is a fault, or an event: something planned, which is kept and told like a fault, is closed by itself and is
 * counted as one nowhere. The code says so, or, where the same can come by itself, the evidence.
 */
export function isEvent(fault: Pick<StoredFault, 'code' | 'evidence'>): boolean {
  const { event } = kindOf(fault.code);
  return event === 'always' || (event === 'where-planned' && isPlanned(fault));
}

/** The same as an expression of SQL (1 or 0) over a row of the ledger's table of faults, for counting and choosing rows. */
export const IS_EVENT_SQL = `(code IN (${codesOf('always')}) OR (code IN (${codesOf('where-planned')})
  AND CASE WHEN json_valid(evidence) THEN json_extract(evidence, '$.planned') IS 1 ELSE 0 END))`;

function codesOf(wanted: 'always' | 'where-planned'): string {
  return Object.entries(FAULT_KINDS)
    .filter(([, { event }]) => event === wanted)
    .map(([code]) => `'${code}'`)
    .join(', ');
}
