import { valueText } from '../../values/value-text.js';
import { isWithin, type SourceMap } from '../result/fields.js';
import type { BoardId, Result, Seq } from '../result/messages.js';
import type { BoardState } from '../state/board-state.js';
import type { SourceDrift } from '../state/drift-state.js';
import type { FaultDetail } from '../state/effects.js';
import { noteFault, openFault } from '../state/fault-log.js';
import type { PairState, Step } from '../state/pair-state.js';
import { boardOf } from '../state/roles.js';

/**
 * R21: each board reads for itself, and both are told what the primary read. A sensor that has gone wrong shows here and
 * nowhere else: it is a fault and no mismatch, and no board leaves the pair for it. Compared while the pair serves, and
 * between boards that are in it: a board that joins, was fenced or is being replaced is no witness of the plant. What was
 * counted stays meanwhile. The third copy has no sensors.
 */
export function noteReadings(
  step: Step,
  board: BoardState,
  committed: Pick<Result, 'observed'> & { readonly board: BoardId },
  result: Pick<Result, 'observed' | 'seq'>,
): void {
  const { pair } = step;
  if (!isCompared(pair, board, committed.board)) return;
  for (const [index, source] of pair.config.sources.entries()) {
    const drift = pair.comparison.drift[index];
    const one = committed.observed[index];
    const other = result.observed[index];
    if (drift === undefined || source.tolerance === null || one === undefined || other === undefined) continue;
    const differs = !isWithin(one * source.scale, other * source.scale, source.tolerance);
    drift.readings = differs === drift.differs ? Math.min(drift.readings + 1, pair.config.driftReadings) : 1;
    drift.differs = differs;
    if (drift.readings < pair.config.driftReadings || differs === (drift.faultId !== null)) continue;
    const readings = { [committed.board]: one, [board.id]: other };
    settle(step, source, drift, result.seq, readingsText(pair, source, readings));
  }
}

function isCompared(pair: PairState, board: BoardState, other: BoardId): boolean {
  if (pair.phase !== 'serving' && pair.phase !== 'draining') return false;
  const { boards } = pair.config;
  if (board.id === other || !boards.includes(board.id) || !boards.includes(other)) return false;
  return board.membership.state === 'in-sync' && boardOf(pair, other).membership.state === 'in-sync';
}

function settle(step: Step, source: SourceMap, drift: SourceDrift, seq: Seq, readings: string): void {
  const detail: FaultDetail = { source: source.name, readings };
  if (drift.faultId !== null) {
    noteFault(step, drift.faultId, 'ended', detail);
    drift.faultId = null;
    return;
  }
  const tolerance = valueText(source.tolerance, source);
  const evidence = { ...detail, tolerance, inARow: drift.readings };
  // Which of the two is wrong, nobody knows.
  drift.faultId = openFault(step, 'sensor-drift', null, seq, evidence);
}

/** `61.1 degC (board a) against 75.5 degC (board b)`, in the order of the configuration, whoever is the primary. */
function readingsText(pair: PairState, source: SourceMap, readings: Readonly<Record<BoardId, number>>): string {
  return pair.config.boards
    .map((id) => `${valueText((readings[id] ?? 0) * source.scale, source)} (board ${id})`)
    .join(' against ');
}
