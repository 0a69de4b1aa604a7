import { fact } from './plain-words.js';
import type { StoredFault } from './stored-fault.js';

/** What a board's self-test may come to (src/pair/arbitration/self-test.ts), in a person's words. */
const FOUND: Readonly<Record<string, string>> = {
  well: 'found nothing',
  unanswered: 'has none, or did not answer',
  running: 'had not ended it',
};

/** R18: whether the two boards whose results differ run the same; null: a fault of before this was kept. */
export function imagesText({ evidence }: StoredFault): string | null {
  const { committedBy, otherBoard, committedImage, otherImage } = evidence;
  if (committedImage === undefined || otherImage === undefined) return null;
  // 0: an image that was built without the step that names it.
  if (!isKnown(committedImage) || !isKnown(otherImage)) return 'whether both run the same image is not known';
  if (committedImage === otherImage) return `both run the same image, ${hex(committedImage)}`;
  return `they run different images: board ${String(committedBy)} ${hex(committedImage)}, board ${String(otherBoard)} ${hex(otherImage)}`;
}

export function runsDifferentImages({ evidence }: StoredFault): boolean {
  const { committedImage, otherImage } = evidence;
  return isKnown(committedImage) && isKnown(otherImage) && committedImage !== otherImage;
}

/** R19: what each board found when it was asked to test itself, or why it was not asked; null as for `imagesText`. */
export function selfTestsText({ evidence }: StoredFault): string | null {
  const { selfTests, failedTest } = evidence;
  if (typeof selfTests !== 'string') return null;
  return selfTests.replaceAll(/\b(well|unanswered|running|bad)\b(?=,|$)/g, (found) =>
    found === 'bad' ? `found its ${String(failedTest ?? 'memory')} bad` : (FOUND[found] ?? found),
  );
}

/** R20: the values that differ, by their names; where none is named, what differs instead. */
export function differsText(fault: StoredFault): string {
  const where = fact(fault, 'differs') ?? 'result or state';
  const values = fact(fault, 'differences');
  if (values !== undefined) return `${where} (${values})`;
  return fault.evidence['differs'] === 'state' ? `${where}; all values of the two results are the same` : where;
}

function isKnown(image: StoredFault['evidence'][string] | undefined): image is number {
  return typeof image === 'number' && image !== 0;
}

function hex(image: number): string {
  return `0x${image.toString(16).padStart(8, '0')}`;
}
