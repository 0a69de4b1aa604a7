import type { RelayWear } from '../../control/contract/status.js';

const HOUR_MS = 3_600_000;

/** What is told of a relay's life; `isVerbose`: how much it has moved, also while that is not too much. */
export function wearRows(wear: RelayWear, isVerbose = true): readonly [string, string][] {
  return [provedRow(wear), ...wornRow(wear, isVerbose)];
}

/** When a takeover was last proved. */
function provedRow({ provedForMs, skippedTests }: RelayWear): [string, string] {
  const proved = provedForMs === null ? 'never proven (copycat relay test)' : `last proven ${agoText(provedForMs)}`;
  const skipped = skippedTests === 0 ? '' : `, ${skippedTests} due ${skippedTests === 1 ? 'test' : 'tests'} skipped`;
  return ['takeover', `${proved}${skipped}`];
}

/** How much the relay has moved; when that is too much, whether it was asked for or not. */
function wornRow({ operations, ratedOperations }: RelayWear, isAsked: boolean): readonly [string, string][] {
  const isWorn = operations > ratedOperations;
  if (!isWorn && !isAsked) return [];
  return [['', `${operations} of ${ratedOperations} relay operations${isWorn ? ': WORN OUT, replace it' : ''}`]];
}

function agoText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute ago';
  if (minutes < 60) return `${minutes} min ago`;
  if (ms < 48 * HOUR_MS) return `${Math.floor(ms / HOUR_MS)} h ago`;
  return `${Math.floor(ms / (24 * HOUR_MS))} days ago`;
}
