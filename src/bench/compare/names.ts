import type { FieldMap } from '../../faults/stored-fault.js';

/** What people call the values in payloads, results, readings and outputs; empty where nobody has said. */
export type Names = Required<FieldMap>;

/** Of each kind the names of the first that has any. */
export function firstNames(...said: readonly (Partial<FieldMap> | null)[]): Names {
  const first = <Kind extends keyof Names>(kind: Kind): Names[Kind] | undefined =>
    said.map((one) => one?.[kind] as Names[Kind] | undefined).find((names) => names !== undefined && names.length > 0);
  return {
    input: first('input') ?? [],
    result: first('result') ?? [],
    sources: first('sources') ?? [],
    outputs: first('outputs') ?? [],
    state: first('state') ?? [],
  };
}
