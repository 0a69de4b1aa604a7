import type { PortTrouble } from '../../control/contract/port-status.js';
import type { RoundTrips } from './round-trips.js';
import type { RelayMove } from './try-relay.js';
import type { ResetTrial } from './try-reset.js';

/** What commissioning found; kept in the ledger as JSON under the fact `commission`. */
export interface CommissionReport {
  /** ISO 8601, by the host's clock. */
  readonly at: string;
  readonly boards: readonly CommissionedBoard[];
  readonly relay: readonly RelayMove[];
  /** Only boards whose RESET is wired. */
  readonly resets: readonly ResetTrial[];
  /** Two planned changes of the primary, to and fro; null: not tried, because something before it failed. */
  readonly swap: { readonly done: boolean; readonly why: string; readonly tookUs: number } | null;
  readonly deadline: { readonly configuredMs: number; readonly proposedMs: number; readonly floorMs: number };
  /** What could not be found out, as the boards' protocol has no way to; empty: everything was tried. */
  readonly notTried: readonly string[];
  /** What has to be mended; empty: the pair is ready. */
  readonly toMend: readonly string[];
}

export interface CommissionedBoard {
  readonly board: string;
  /** `not-asked`: its port is open, and its protocol has no question to put. */
  readonly answers: 'yes' | 'no' | 'not-asked';
  /** Null: it has not said who it is. */
  readonly hello: {
    readonly unit: number;
    readonly imageHash: number | null;
    readonly stateLayout: number | null;
    readonly stateBytes: number;
    readonly window: number;
  } | null;
  /** Null: not measured. */
  readonly roundTrips: RoundTrips | null;
  /** Why it does not answer, where its port says so. */
  readonly trouble: PortTrouble | null;
}

/** What has to be mended before this pair protects anything. */
export function toMend(report: Omit<CommissionReport, 'toMend'>): readonly string[] {
  const [first, second] = report.boards;
  const found: string[] = [];
  for (const { board, answers, roundTrips, trouble } of report.boards) {
    if (answers === 'no')
      found.push(
        trouble === null
          ? `Board ${board} does not answer: see copycat ports, and whether it runs a program of ours.`
          : `Board ${board} does not answer: ${trouble.text}; ${trouble.remedy}.`,
      );
    else if (roundTrips !== null && roundTrips.lost > 0)
      found.push(
        `Board ${board} left ${roundTrips.lost} of ${roundTrips.count + roundTrips.lost} inputs without an answer: look at its cable and supply.`,
      );
  }
  const [one, other] = [first?.hello ?? null, second?.hello ?? null];
  if (one !== null && other !== null) {
    if (one.imageHash !== other.imageHash) found.push('The boards run different programs: copycat flash both.');
    if (one.unit !== 0 && one.unit === other.unit)
      found.push('Both boards gave one identity number: two ports lead to one board, or its EEPROM was copied.');
  }
  const stuck = report.relay.filter(({ outcome }) => outcome === 'stuck').length;
  if (stuck > 0)
    found.push(
      `The relay did not follow ${stuck} of ${report.relay.length} commands: look at its wiring (copycat wiring) and its supply.`,
    );
  for (const { board, fellSilent, restarted } of report.resets) {
    if (!fellSilent)
      found.push(
        `Board ${board} went on while its RESET line was on: the line does not reach it, or reaches another board.`,
      );
    else if (!restarted) found.push(`Board ${board} did not come back after its RESET line was let go.`);
  }
  if (report.swap !== null && !report.swap.done) found.push(`A planned switchover failed: ${report.swap.why}`);
  const { configuredMs, floorMs } = report.deadline;
  if (configuredMs < floorMs)
    found.push(`The deadline of ${configuredMs} ms is less than this link may need (${floorMs} ms).`);
  return found;
}
