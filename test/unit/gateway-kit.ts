import { HARNESS_WIRE } from '../../src/link/harness/harness-dialect.js';
import type { PairConfig } from '../../src/pair/state/pair-config.js';
import type { PairState } from '../../src/pair/state/pair-state.js';
import { restore } from '../../src/pair/state/restore.js';

export const PAIR_CONFIG: PairConfig = {
  wire: HARNESS_WIRE,
  boards: ['a', 'b'],
  deadlineUs: 50_000,
  probeEveryUs: 1_000_000,
  helloTimeoutUs: 3_000_000,
  maxPending: 8,
  maxLag: 8,
  maxWindow: 2,
  thirdCopy: null,
  thirdCopyDeadlineUs: 2_000_000,
  commitNeeds: 'primary',
  ifAlone: 'go-on',
  selfTests: false,
  relayOperateUs: 8_000,
  drainUs: 200_000,
  onMismatch: 'alarm',
  fields: [],
  sources: [],
  driftReadings: 3,
  reserveSeqs: 16,
  joinComparisons: 3,
  joinPatienceUs: 1_000_000,
  flapLimit: 3,
  flapWindowUs: 600_000_000,
  flapPermanent: 5,
  switchDrainUs: 2_000_000,
  relayDisturbsUs: 0,
  handover: 'relay',
  resetLines: [],
  latchedReset: null,
  stopMeans: 'firmware-only',
};

/** A pair as a gateway restores it from an empty ledger: new, or one that has both boards in sync in `life`. */
export function restoredPair(
  atUs: number,
  life: { session: number; boot: number } | null = null,
  config: PairConfig = PAIR_CONFIG,
): PairState {
  const { session, boot } = life ?? { session: 0, boot: null };
  return restore(
    config,
    {
      epoch: 1,
      owner: 'a',
      boards: config.boards.map((board) => ({ board, standing: 'in-sync', session, boot, exits: [] })),
      inputs: [],
      reservedThroughSeq: 0,
      highestSeq: 0,
      pairTimeMs: 0,
      reservedPairTimeMs: 0,
      executionCount: 0,
      nextFaultId: 1,
      unfinishedTakeover: null,
      stopped: false,
      hostRestarted: false,
      fresh: life === null,
      facts: {},
    },
    atUs,
  );
}
