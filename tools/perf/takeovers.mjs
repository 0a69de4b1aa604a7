// Takeovers by the wall clock, many of each kind under each load, as a table (npm run perf -- --takeovers N).
import { CONDITIONS } from './conditions.mjs';
import { DEADLINE_MS, runTakeover } from './run-takeover.mjs';
import { median, table } from './tables.mjs';

const HEAD = [
  'primary',
  'load',
  'takeovers',
  'noticed ms p50',
  'p99',
  'evidence to relay command',
  'p99',
  'fault to contact',
  'p99',
  'max',
];

/** @returns the table's lines, and the figures that it is made of */
export async function measureTakeovers(contender, programs, count, tell) {
  const rows = [];
  const figures = [];
  for (const how of ['unplugged', 'silent']) {
    for (const condition of CONDITIONS) {
      const { name } = condition;
      const runs = [];
      while (runs.length < count) {
        runs.push(await runTakeover(contender, programs, how, condition));
        tell(`${how}, ${name}: ${runs.length}/${count}`);
      }
      const of = (key) => runs.map((run) => run[key] / 1000);
      const [noticed, command, proved] = [of('evidenceUs'), of('evidenceToCommandUs'), of('provedUs')];
      rows.push([how, name, count, ms(median(noticed)), ms(p99(noticed)), ms(median(command)), ms(p99(command))]);
      rows.at(-1).push(ms(median(proved)), ms(p99(proved)), ms(Math.max(...proved)));
      figures.push({ how, load: name, runs });
    }
  }
  return { lines: [...table(HEAD, rows), '', `Deadline ${DEADLINE_MS} ms; the relay moves in 4 ms.`], figures };
}

export function p99(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))];
}

export function ms(number) {
  return number.toFixed(1);
}
