import { CopycatError } from '../../errors/copycat-error.js';
import { wholeNumber } from '../arguments/whole-number.js';

const MOST_INPUTS = 1_000_000;
const DEFAULT_INPUTS = 300;

/** What stands behind `--inputs`: how many a scenario has, or, with --against, where recorded ones are. */
export function inputsArgument(text: string): number | string {
  // What begins like a number is meant as one, and is held to be a good one.
  return /^[+-]?[\d.]+(e\d+)?$/i.test(text.trim()) ? wholeNumber(1, MOST_INPUTS)(text) : text;
}

/** Which of the two it is. Throws USAGE for recorded inputs where nothing is compared. */
export function inputsSaid(
  said: number | string | undefined,
  isComparison: boolean,
): { readonly inputs: number; readonly recorded?: string } {
  if (typeof said !== 'string') return { inputs: said ?? DEFAULT_INPUTS };
  if (isComparison) return { inputs: DEFAULT_INPUTS, recorded: said };
  throw new CopycatError('USAGE', `--inputs ${said} is no number, and recorded inputs are for two images`, {
    value: said,
    expected: 'how many inputs each scenario has, or --firmware NEW.hex --against OLD.hex beside it',
  });
}

/** Throws USAGE: of a real pair nobody records what is drawn. */
export function refusePlot(plot: string | undefined): void {
  if (plot === undefined) return;
  throw new CopycatError('USAGE', '--plot draws what emulated boards and the actuator behind them did', {
    value: plot,
    expected: 'a bench without --hardware',
  });
}
