import { isEvent } from '../faults/catalogue/events.js';
import { valuesOf } from '../faults/named-values.js';
import type { FieldMap, StoredFault, StoredFaultStep } from '../faults/stored-fault.js';
import { titleOf } from '../faults/story.js';
import type { EventView } from './contract/event.js';
import type { FaultView } from './contract/fault.js';

/** A fault for a program: as it is kept, bytes in hex, beside them the values that the fields name, with the title a person reads. */
export function faultViewOf(fault: StoredFault, fields: FieldMap): FaultView {
  return {
    ...fault,
    title: titleOf(fault),
    event: isEvent(fault),
    timeline: fault.timeline.map(eventJson),
    ...closingOf(fault),
    input:
      fault.input === null
        ? null
        : {
            ...fault.input,
            payload: bytes(fault.input.payload),
            values: valuesOf(fault.input.payload, fields.input),
            result: fault.input.result?.map(bytes) ?? null,
            // What a rejection says has no fields.
            resultValues:
              fault.input.result?.map((part, index) =>
                fault.input?.rejected === true ? [] : valuesOf(part, fields.result, index),
              ) ?? null,
          },
  };
}

/** Who closed it, and what he noted. */
function closingOf({ timeline }: StoredFault): Pick<FaultView, 'closedBy' | 'note'> {
  const { by, note } = timeline.findLast(({ step }) => step === 'closed')?.detail ?? {};
  return {
    ...(typeof by === 'string' ? { closedBy: by } : {}),
    ...(typeof note === 'string' ? { note } : {}),
  };
}

/** Field by field: what the log keeps beside them is not for programs. */
function eventJson({ step, atUs, detail }: StoredFaultStep): EventView {
  return { step, atUs, detail };
}

function bytes(part: Uint8Array): string {
  return Buffer.from(part).toString('hex');
}
