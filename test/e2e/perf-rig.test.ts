import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

// `npm run perf` as it is, with few inputs: every contender is built, serves, and answers each input rightly. No figure is judged.

const INPUTS = 30;
const CONTENDERS = ['c', 'direct', 'bare', 'partsList', 'pair', 'copycat', 'copycatPower'];

interface Measured {
  readonly count: number;
  readonly wrong: number;
}

it('the rig drives its load through every contender, and each answers every input once', async () => {
  const words = ['tools/perf.mjs', '--built', '--json', '--rounds', '1', '--inputs', String(INPUTS)];
  // A board of a busy machine is not silent after a second.
  const env = { ...process.env, PERF_DEADLINE: '5s' };
  const { stdout } = await promisify(execFile)(process.execPath, words, { env });
  const { results } = JSON.parse(stdout) as {
    readonly results: Readonly<Record<string, readonly Readonly<Record<string, Measured>>[]>>;
  };
  expect(Object.keys(results)).toEqual(CONTENDERS);
  for (const rounds of Object.values(results)) {
    expect(rounds).toHaveLength(1);
    for (const { count, wrong } of rounds.flatMap((round) => Object.values(round))) {
      expect(count).toBeGreaterThanOrEqual(INPUTS);
      expect(wrong).toBe(0);
    }
  }
});
