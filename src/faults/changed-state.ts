import { changedPlace } from '../values/changed-place.js';
import type { NamedField } from '../values/named-field.js';
import type { StoredFault } from './stored-fault.js';

/**
 * R29: what changed in a board's memory by itself, `bit 9 of level`. Null: nobody can say, because it is more than one value, or
 * because the fault is of before this was kept.
 */
export function changedInMemory({ evidence }: StoredFault, state: readonly NamedField[] = []): string | null {
  const { reason, detail, stateBytes } = evidence;
  if (reason !== 'stateCorrupt' || typeof detail !== 'number' || typeof stateBytes !== 'number') return null;
  return changedPlace(detail, stateBytes, state);
}

/** R18: in what the states of two boards differ; null as for `changedInMemory`, and where they do not. */
export function statesDiffer({ evidence }: StoredFault, state: readonly NamedField[] = []): string | null {
  const { committedDigest, otherDigest, stateBytes } = evidence;
  if (typeof committedDigest !== 'number' || typeof otherDigest !== 'number' || typeof stateBytes !== 'number')
    return null;
  return changedPlace((committedDigest ^ otherDigest) >>> 0, stateBytes, state);
}
