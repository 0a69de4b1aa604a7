import { COMMITS } from './commit-scenarios.js';
import { INPUTS } from './input-scenarios.js';
import { LEASES } from './lease-scenarios.js';
import { RESULTS } from './result-scenarios.js';
import type { Scenario } from './scenario.js';

/**
 * Played on a file with seqs reserved to 1000, boards `a` and `b` in sync, the lease with `a` in epoch 1, and two inputs:
 * 1 (tcp:1), which `a` has committed with hash 101 as its first execution, and 2 (tcp:2), which nobody has.
 */
export const SCENARIOS: readonly Scenario[] = [...COMMITS, ...RESULTS, ...INPUTS, ...LEASES];
