import { type Difference, differenceText } from '../result/compare.js';
import type { BoardId, Hello } from '../result/messages.js';

/** More than these are not told of one board. */
const MOST_TOLD = 8;

/**
 * R25: what two boards have answered differently to the lines that ask for their settings, line by line. Null: they have not said, or there is
 * nothing in what they said.
 */
export function settingsText(
  primary: Pick<Hello, 'settings'> | null,
  joiner: Pick<Hello, 'settings'>,
  [primaryId, joinerId]: readonly [BoardId, BoardId],
): string | null {
  const mine = primary?.settings ?? [];
  const theirs = joiner.settings ?? [];
  const differences = mine.flatMap(({ asked, answer }, index) => {
    const other = theirs[index];
    return other?.asked === asked ? linesThatDiffer(asked, answer, other.answer) : [];
  });
  return differences.length === 0 ? null : differenceText(differences.slice(0, MOST_TOLD), primaryId, joinerId);
}

function linesThatDiffer(asked: string, one: string, other: string): Difference[] {
  const [mine, theirs] = [one.trimEnd().split(/\r?\n/), other.trimEnd().split(/\r?\n/)];
  return Array.from({ length: Math.max(mine.length, theirs.length) }, (_, line): Difference[] => {
    const [a = null, b = null] = [mine[line], theirs[line]];
    if (a === b) return [];
    const field = mine.length === 1 && theirs.length === 1 ? asked : `${asked} line ${line + 1}`;
    return [{ field, unit: '', scale: null, committed: null, other: null, texts: [a, b] }];
  }).flat();
}
