import type { InputView } from '../control/contract/input.js';
import { outputsOf, readingsOf, valuesOf } from '../faults/named-values.js';
import type { FieldMap } from '../faults/stored-fault.js';
import type { StoredInput } from '../ledger/reader/read-stored-inputs.js';
import { isRejected, reasonText } from '../values/rejection.js';

/** An input for a program: as it is kept, bytes in hex, and beside them the values that the fields name. */
export function inputJson(input: StoredInput, fields: FieldMap): InputView {
  const { commit } = input;
  return {
    ...input,
    payload: hex(input.payload),
    values: valuesOf(input.payload, fields.input),
    readBacks: input.readBacks.map(({ board, levels }) => ({
      ...{ board, levels },
      values: outputsOf(levels, fields.outputs ?? []),
    })),
    commit:
      commit === null
        ? null
        : {
            ...commit,
            readings: readingsOf(commit.observed, fields.sources ?? []),
            // What a sketch says when it rejects an input, for a person too; its bytes are in the parts.
            ...(isRejected(commit.parts)
              ? { rejected: true, reason: reasonText(commit.parts.map(({ body }) => body)) }
              : { rejected: false }),
            parts: commit.parts.map(({ rejected, body }, part) => ({
              rejected,
              body: hex(body),
              values: rejected ? [] : valuesOf(body, fields.result, part),
            })),
          },
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
