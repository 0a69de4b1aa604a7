import type { BoardWire } from '../result/board-wire.js';
import type { Field, SourceMap } from '../result/fields.js';
import type { BoardId } from '../result/messages.js';

/** What the core needs of the configuration. Times in microseconds. */
export interface PairConfig {
  /** Of the protocol that the boards speak. */
  readonly wire: BoardWire;
  readonly boards: readonly [BoardId, BoardId];
  /** The third copy: compared like a backup, and never given the actuator (R19); null: none. */
  readonly thirdCopy: BoardId | null;
  /** How long the third copy may take for one input; a slow host is not a fault of the pair. */
  readonly thirdCopyDeadlineUs: number;
  /** Board time plus wire time an input may take before its board is declared silent (R14). */
  readonly deadlineUs: number;
  /** An idle primary is probed this long after its last sign of work (R16); 0: never. */
  readonly probeEveryUs: number;
  /** A board that does not answer HELLO_REQ or OPEN this long is silent. */
  readonly helloTimeoutUs: number;
  /** Inputs accepted and not yet done by the primary; more are refused (R6). */
  readonly maxPending: number;
  /** Inputs the backup may be behind before it is set aside (R6). */
  readonly maxLag: number;
  /** Most inputs in flight at a board, whatever it announces. */
  readonly maxWindow: number;
  /** Time the relay needs to operate; the backup's remaining work is weighed against it (R10). */
  readonly relayOperateUs: number;
  /** Longest time a takeover waits for the backup to catch up before the relay moves anyway (R10). */
  readonly drainUs: number;
  /** Whose agreement a commit waits for: nobody's, or that of another copy (DESIGN 4). */
  readonly commitNeeds: 'primary' | 'both';
  /** Where commits need both and nobody else is in the pair: go on unprotected, or hold every commit. */
  readonly ifAlone: 'go-on' | 'hold';
  /** Whether boards are asked to test themselves where nothing else tells who is wrong (R19). */
  readonly selfTests: boolean;
  /** What to do when two results differ and nothing tells who is wrong (R19). */
  readonly onMismatch: 'alarm' | 'switch' | 'stop';
  /** Clean comparisons before a board that joins counts as protecting the pair (R25). */
  readonly joinComparisons: number;
  /** How long a board that joins is compared at least, however many comparisons are clean (R25); absent: as short as they take. */
  readonly joinSettleUs?: number;
  /** How long the primary may go without a pause before its inputs are held for the reading of its state (R25). */
  readonly joinPatienceUs: number;
  /** A board whose score of faults is above this is intermittent: it stays out for a while (R19; fault-score.ts). 0: kept out. */
  readonly flapLimit: number;
  /** In this time a fault comes to count half. */
  readonly flapWindowUs: number;
  /** Above this, counted with six times that memory, it is permanent: kept out until a person lets it in (R19, R25). */
  readonly flapPermanent: number;
  /** A planned switchover that has not drained by then is given up (R26). */
  readonly switchDrainUs: number;
  /** Named values in the results, for comparing, plausibility and people; no two of them overlap (R19, R20). */
  readonly fields: readonly Field[];
  /** The readings that the boards report, in the order in which they report them; further ones are not compared (R21). */
  readonly sources: readonly SourceMap[];
  /** So many readings in a row must differ before it is a fault, and agree before it is over (R21). */
  readonly driftReadings: number;
  /** A link that is lost so soon after the relay moved is waited for (switching-transient.ts); 0: never. */
  readonly relayDisturbsUs: number;
  /**
   * What keeps an old primary from acting after the fence (R13). `relay`: it gives the actuator to the new one. `reset`: there is no
   * relay, and the outputs of both boards are at the actuator: who is out of the pair is held in RESET, at a takeover before
   * the new primary acts on anything that is left. `nothing`: no actuator is switched.
   */
  readonly handover: 'relay' | 'reset' | 'nothing';
  /** Boards whose RESET is wired to a line (R13). */
  readonly resetLines: readonly BoardId[];
  /** The board that is held in RESET for as long as it is locked out, because the relay connects it without power; null: none. */
  readonly latchedReset: BoardId | null;
  /** What a stop does beyond granting no commits (R13). */
  readonly stopMeans: 'firmware-only' | 'cut-off' | 'reset-both';
  /** How many seqs are reserved at a time (R1). */
  readonly reserveSeqs: number;
}
