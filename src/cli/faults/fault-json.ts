import type { FaultView } from '../../control/contract/fault.js';
import { faultViewOf } from '../../control/fault-json.js';
import type { FieldMap } from '../../faults/stored-fault.js';
import type { BookedFault } from './fault-book.js';

/**
 * A fault for a program. One of a bench says which scenario made it, where its ledger is, and its number there: its `id` is
 * the running number that `faults show` takes.
 */
export function faultJson({ fault, scenario, ledger, idInLedger }: BookedFault, fields: FieldMap): FaultView {
  return { ...faultViewOf(fault, fields), ...(scenario === null ? {} : { scenario, ledger, idInLedger }) };
}
