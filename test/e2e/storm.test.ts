import { expect, test } from 'vitest';
import { judgeRecords } from './storm/judge-records.js';
import { Storm } from './storm/storm.js';
import type { Sent } from './storm/storm-client.js';

/**
 * The built gateway on two boards, clients that know no patience, kill -9 and damaged files. `npm run storm` plays all of it
 * (STORM_KILLS, STORM_DAMAGES, STORM_SEED: other numbers); `npm test` plays a share.
 */
const DEFAULT_KILLS = 4;
const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const kills = number('STORM_KILLS', DEFAULT_KILLS);
const damages = number('STORM_DAMAGES', 2);
const seed = number('STORM_SEED', 11);
const inFlight = number('STORM_IN_FLIGHT', 4);
const impatient = number('STORM_IMPATIENT', 8);

/** `npm test` plays a share of the one that everybody has. */
const durabilities = kills > DEFAULT_KILLS ? (['process', 'power'] as const) : (['process'] as const);

test.each(durabilities)(
  'R1, R9, R23, R27: clients, kills and damaged files (%s): each id has one answer, and the pair serves again',
  async (durability) => {
    const report = await new Storm({ seed, kills, damages, durability, impatient, inFlight }).play();
    const { wrong, log, answered, refusals, faults, visits } = report;
    if (kills > DEFAULT_KILLS) console.log(JSON.stringify({ answered, refusals, faults, visits }));
    expect(wrong, log.join('\n')).toEqual([]);
    // R32: it asks for one at a time, the others for several, and again at once: half of an equal share is its own.
    expect(answered.polite * 2 * (impatient + 1), JSON.stringify(answered)).toBeGreaterThan(answered.all);
  },
  3_600_000,
);

test('R9, R23: the judge of the storm sees what was doubled, lost, executed as another, or answered anew', () => {
  const sent = (id: string, step: number, ...answers: Sent['answers']): Sent => ({ id, step, answers, lost: false });
  const came = (sum: number, life = 1, repeat = false): Sent['answers'][number] => ({ sum, life, repeat });
  const judged = (sound: readonly Sent[], lossy: readonly number[] = []): string[] =>
    judgeRecords(sound, new Set(lossy)).map((text) => text.replace(/[:,( ].*/, ''));
  const first = sent('a', 2, came(2), came(2, 2, true));
  expect(judged([first, sent('b', 3, came(5, 2))])).toEqual([]);
  expect(judged([first, sent('b', 3, came(5)), sent('c', 1, came(9))])).toEqual(['c']);
  expect(judged([first, sent('b', 1, came(5))])).toEqual(['b']);
  expect(judged([first, sent('b', 2, came(2))])).toEqual(['b']);
  expect(judged([sent('a', 2, came(2), came(2, 2))])).toEqual(['a']);
  expect(judged([sent('a', 2, came(2), came(4, 2))])).toEqual(['a']);
  expect(judged([sent('a', 2, came(2), came(4, 2))], [2])).toEqual([]);
  expect(judged([sent('a', 2, came(2), came(2, 2))], [2])).toEqual([]);
  expect(judged([sent('a', 2)])).toEqual(['a']);
  expect(judged([{ ...sent('a', 2), lost: true }])).toEqual(['a']);
  expect(judged([{ ...sent('a', 2), lost: true }, sent('b', 3, came(5, 2))], [2])).toEqual([]);
});
