import type { FaultView } from '../../control/contract/fault.js';
import { valuesOf } from '../../faults/named-values.js';
import type { FieldMap } from '../../faults/stored-fault.js';
import { titleOf } from '../../faults/story.js';
import type { BookedFault } from './fault-book.js';

/**
 * A fault for a program: as it is kept, bytes in hex, beside them the values that the fields name, with the title a person reads. One of a bench says which scenario
 * made it, where its ledger is, and its number there: its `id` is the running number that `faults show` takes.
 */
export function faultJson({ fault, scenario, ledger, idInLedger }: BookedFault, fields: FieldMap): FaultView {
  return {
    ...fault,
    ...(scenario === null ? {} : { scenario, ledger, idInLedger }),
    title: titleOf(fault),
    input:
      fault.input === null
        ? null
        : {
            ...fault.input,
            payload: bytes(fault.input.payload),
            values: valuesOf(fault.input.payload, fields.input),
            result: fault.input.result?.map(bytes) ?? null,
            resultValues: fault.input.result?.map((part, index) => valuesOf(part, fields.result, index)) ?? null,
          },
  };
}

function bytes(part: Uint8Array): string {
  return Buffer.from(part).toString('hex');
}
