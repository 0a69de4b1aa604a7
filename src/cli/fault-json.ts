import type { StoredFault } from '../faults/stored-fault.js';
import { titleOf } from '../faults/story.js';

/** A fault for a program: as it is kept, bytes in hex, with the title a person reads. */
export function faultJson(fault: StoredFault): Readonly<Record<string, unknown>> {
  return {
    ...fault,
    title: titleOf(fault),
    input:
      fault.input === null
        ? null
        : {
            ...fault.input,
            payload: bytes(fault.input.payload),
            result: fault.input.result?.map(bytes) ?? null,
          },
  };
}

function bytes(part: Uint8Array): string {
  return Buffer.from(part).toString('hex');
}
