import type { BoardState } from './board-state.js';
import type { Step } from './pair-state.js';

/** The board that is there is the one that is expected here from now on, also by the next gateway. */
export function keepUnit(step: Step, board: BoardState): void {
  const { heardUnit } = board.identity;
  if (heardUnit === null || heardUnit === 0 || heardUnit === board.identity.unit) return;
  board.identity.unit = heardUnit;
  step.effects.push({ type: 'keepFact', name: `unit.${board.id}`, value: String(heardUnit) });
}
