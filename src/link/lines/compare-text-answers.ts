import type { Difference, Verdict } from '../../pair/result/compare.js';
import type { ResultPart } from '../../pair/result/messages.js';
import type { ComparedText, TextComparer } from '../../protocol/lines/compared-text.js';

/** Answers of text, of which each has one part. */
export function compareTextAnswers(
  [one]: readonly ResultPart[],
  [other]: readonly ResultPart[],
  comparer: TextComparer,
): Verdict {
  if (one === undefined || other === undefined) {
    return one === other
      ? { verdict: 'match', within: 'exactly' }
      : { verdict: 'mismatch', where: 'parts', part: null, differences: [] };
  }
  const compared = comparer.compare(one.body, other.body);
  if (one.rejected !== other.rejected) {
    const flags = { committed: Number(one.rejected), other: Number(other.rejected) };
    return mismatch([{ field: 'rejected', unit: '', scale: 1, ...flags, isBool: true }, ...differencesIn(compared)]);
  }
  if (compared.verdict === 'different') return mismatch(differencesIn(compared));
  return { verdict: 'match', within: compared.verdict === 'same' ? 'exactly' : 'tolerance' };
}

function mismatch(differences: readonly Difference[]): Verdict {
  return { verdict: 'mismatch', where: 'body', part: 0, differences };
}

function differencesIn(compared: ComparedText): Difference[] {
  if (compared.verdict !== 'different') return [];
  const { numbers, where } = compared;
  const found = numbers.map(({ name, unit, one, other }): Difference => {
    return { field: name, unit, scale: null, committed: one, other };
  });
  if (where === null) return found;
  const texts = [where.one, where.other] as const;
  return [...found, { field: `line ${where.line + 1}`, unit: '', scale: null, committed: null, other: null, texts }];
}
