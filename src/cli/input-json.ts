import type { StoredInput } from '../ledger/read-stored-inputs.js';

/** An input for a program: as it is kept, bytes in hex. */
export function inputJson(input: StoredInput): Readonly<Record<string, unknown>> {
  const { commit } = input;
  return {
    ...input,
    payload: hex(input.payload),
    commit:
      commit === null
        ? null
        : { ...commit, parts: commit.parts.map(({ rejected, body }) => ({ rejected, body: hex(body) })) },
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
