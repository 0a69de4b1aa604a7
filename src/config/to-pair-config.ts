import type { BoardWire } from '../pair/result/board-wire.js';
import type { PairConfig } from '../pair/state/pair-config.js';
import type { Config } from './config.js';

/** A board may be in its bootloader for a second and more after its port was opened. */
const HELLO_TIMEOUT_US = 3_000_000;
/** A host that is so slow for one input cannot follow any pair. */
const THIRD_COPY_DEADLINE_US = 2_000_000;
/** Large enough that reserving is rare; a start skips what is left of a block, and seqs are 32 bits (R1). */
const RESERVED_SEQS = 1024;

/** What the core needs of the configuration. */
export function toPairConfig(config: Config, wire: BoardWire): PairConfig {
  return {
    wire,
    boards: [config.boards[0].board, config.boards[1].board],
    deadlineUs: config.deadlineUs,
    probeEveryUs: config.probeEveryUs,
    helloTimeoutUs: HELLO_TIMEOUT_US,
    maxPending: config.maxPending,
    maxLag: config.maxLag,
    maxWindow: config.maxWindow,
    thirdCopy: config.thirdCopy?.board ?? null,
    thirdCopyDeadlineUs: THIRD_COPY_DEADLINE_US,
    commitNeeds: config.commit.needs,
    ifAlone: config.commit.ifAlone,
    selfTests: config.selfTests,
    // R10: what the backup may still do before the contact closes; of two relays the second closes after the gap only.
    relayOperateUs: config.relay.operateUs + (config.relay.kind === 'two-relays' ? config.relay.gapUs : 0),
    drainUs: config.catchUpUs,
    onMismatch: config.onMismatch,
    fields: config.fields.result,
    sources: config.sources,
    driftReadings: config.driftReadings,
    handover: handoverOf(config),
    relayDisturbsUs: config.relay.disturbsForUs,
    resetLines: config.boards.filter(({ reset }) => reset !== null).map(({ board }) => board),
    latchedReset: config.relay.holdOff === 'latched-reset' ? config.relay.atRest : null,
    stopMeans: config.stop.means,
    reserveSeqs: RESERVED_SEQS,
    joinComparisons: config.join.comparisons,
    joinPatienceUs: config.join.patienceUs,
    joinSettleUs: config.protocol.dialect === 'harness' ? 0 : config.protocol.settleUs,
    flapLimit: config.flapping.limit,
    flapWindowUs: config.flapping.withinUs,
    flapPermanent: config.flapping.permanent,
    switchDrainUs: config.switchDrainUs,
  };
}

function handoverOf({ relay, switchesNothing }: Config): PairConfig['handover'] {
  if (relay.kind !== 'none') return 'relay';
  return switchesNothing ? 'nothing' : 'reset';
}

/** The board that a new ledger makes the primary: the one that the relay connects without power, so its coil can rest. */
export function firstPrimary(config: Config): string {
  return config.relay.atRest ?? config.boards[0].board;
}
