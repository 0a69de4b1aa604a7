import type { PairState } from '../pair/state/pair-state.js';
import { isProtected, otherOf, primaryOf } from '../pair/state/roles.js';

/**
 * Where a pair stands when a fault strikes: the core's phases, with `serving` told apart by what the backup is doing.
 * `down`: no gateway runs.
 */
export const PHASES = [
  'down',
  'starting',
  'serving-idle',
  'serving-busy',
  'unprotected',
  'joining-waiting',
  'joining-reading',
  'joining-writing',
  'joining-comparing',
  'draining',
  'fencing',
  'catching-up',
  'moving',
  'stopped',
] as const;
export type SimulatedPhase = (typeof PHASES)[number];

export function phaseOf(pair: PairState | null): SimulatedPhase {
  if (pair === null) return 'down';
  if (pair.phase !== 'serving') return pair.phase as SimulatedPhase;
  const joining = otherOf(pair).membership.joining;
  if (joining !== null) {
    switch (joining.step) {
      case 'reading':
      case 'replaying':
        return 'joining-reading';
      case 'writing':
        return 'joining-writing';
      case 'comparing':
        return 'joining-comparing';
      default:
        return 'joining-waiting';
    }
  }
  if (!isProtected(pair)) return 'unprotected';
  return pair.queue.inputs.size > 0 || primaryOf(pair).work.exchanges.size > 0 ? 'serving-busy' : 'serving-idle';
}
