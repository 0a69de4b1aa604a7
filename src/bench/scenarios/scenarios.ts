import type { Scenario } from '../stage/run-plan.js';
import { backupCorruptsState, backupHalts, primaryCorruptsState } from './corrupted-state.js';
import { gatewayKilled, gatewayPowerCycledAfterTakeover } from './gateway-lost.js';
import { lineNoise } from './line-noise.js';
import { primaryHalts, primaryRestarts, primarySlow, primaryUnplugged } from './primary-lost.js';
import { reordered } from './reordered.js';
import { steady } from './steady.js';

/** The standard tour, in the order in which it is told. */
export const scenarios: readonly Scenario[] = [
  steady,
  primaryHalts,
  primaryUnplugged,
  primaryRestarts,
  primarySlow,
  primaryCorruptsState,
  lineNoise,
  reordered,
  backupHalts,
  backupCorruptsState,
  gatewayKilled,
  gatewayPowerCycledAfterTakeover,
];
