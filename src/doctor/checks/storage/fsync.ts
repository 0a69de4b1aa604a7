import { dirname } from 'node:path';
import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';

const COUNT = 40;
/** A card that begins to fail, or that tidies up, takes seconds; a good one stays below this. */
const SLOW_US = 250_000;
const LIMITS_MS = [1, 3, 10, 30, 100, 300, 1000];

/** How long the ledger's disk takes to say that something is written: measured, a few dozen times. */
export function checkFsync(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const about = 'disk time of the ledger';
  const folder = dirname(config.ledger.path);
  const times = machine.fsyncTimesUs(folder, COUNT);
  if (typeof times === 'string') {
    return [
      mend(about, `cannot be measured: ${times}`, `make the folder ${folder}, and let the gateway's user write there`),
    ];
  }
  const sorted = [...times].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const worst = sorted.at(-1) ?? 0;
  const found = `fsync ${ms(median)} typical, ${ms(worst)} worst of ${sorted.length}: ${histogram(sorted)}`;
  if (worst <= SLOW_US) return [right(about, found)];
  if (config.ledger.durability === 'power') {
    return [
      mend(
        about,
        `${found}; with durability power every commit waits for it`,
        'use a faster disk (an SSD), or durability process',
      ),
    ];
  }
  // R17: the primary is not charged with it, and commits wait for memory alone.
  return [
    note(
      about,
      `${found}; slow, but with durability process only faults and leases wait for it`,
      'watch it: a card that gets slower is dying',
    ),
  ];
}

/** `12 below 1 ms, 20 below 3 ms`; empty classes are left out. */
export function histogram(timesUs: readonly number[]): string {
  const classes = [...LIMITS_MS, Number.POSITIVE_INFINITY].map((limit, index) => {
    const from = LIMITS_MS[index - 1] ?? 0;
    const count = timesUs.filter((us) => us >= from * 1000 && us < limit * 1000).length;
    return {
      count,
      text: limit === Number.POSITIVE_INFINITY ? `${count} of ${from} ms or more` : `${count} below ${limit} ms`,
    };
  });
  return classes
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(', ');
}

function ms(us: number): string {
  return `${us < 10_000 ? (us / 1000).toFixed(1) : Math.round(us / 1000)} ms`;
}
