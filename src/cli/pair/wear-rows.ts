import type { RelayWear } from '../../control/contract/status.js';

const HOUR_MS = 3_600_000;

/** What `copycat status` says of the relay's life: when a takeover was last proved, and how much it has moved. */
export function wearRows({ operations, ratedOperations, provedForMs, skippedTests }: RelayWear): [string, string][] {
  const proved = provedForMs === null ? 'never proven (copycat relay test)' : `last proven ${agoText(provedForMs)}`;
  const skipped = skippedTests === 0 ? '' : `, ${skippedTests} due ${skippedTests === 1 ? 'test' : 'tests'} skipped`;
  const worn = operations > ratedOperations ? ': WORN OUT, replace it' : '';
  return [
    ['takeover', `${proved}${skipped}`],
    ['', `${operations} of ${ratedOperations} relay operations${worn}`],
  ];
}

function agoText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute ago';
  if (minutes < 60) return `${minutes} min ago`;
  if (ms < 48 * HOUR_MS) return `${Math.floor(ms / HOUR_MS)} h ago`;
  return `${Math.floor(ms / (24 * HOUR_MS))} days ago`;
}
