import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { Stage } from '#built/bench/stage/stage.js';
import { SeededRandom } from '#built/random/seeded-random.js';
import { cleanUp, codes, NOTHING_WRONG, playBroken, scripted, wrongs } from './break-kit.js';

/** Bytes that are no frames, as fast as a pseudo-terminal carries them: hundreds of times the rate of a serial line. */

afterAll(cleanUp);

const MEGABYTE = 1_000_000;
/**
 * Generous beside what a process grows by in a few seconds of work; small beside what it takes to keep the bytes, since
 * a parser that waits for a delimiter copies all it has with every chunk.
 */
const MOST_GROWTH_MB = 80;

/** Resident memory of the gateway's process. */
function memoryMb(stage: Stage): number {
  const child = Reflect.get(stage.gateway ?? {}, 'child') as ChildProcess;
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** Sends so many bytes to the gateway as from this board; gives the most memory it had meanwhile, beyond what it had before. */
async function pour(stage: Stage, name: 'a' | 'b', bytes: number, chunk: () => Uint8Array): Promise<number> {
  const { hostEnd } = stage.world.boards[name];
  const before = memoryMb(stage);
  const start = hostEnd.sentBytes;
  let most = before;
  while (hostEnd.sentBytes - start < bytes) {
    hostEnd.write(chunk());
    most = Math.max(most, memoryMb(stage));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return most - before;
}

const withoutDelimiter = Buffer.alloc(4096, 0x55);

test('R6: a backup that never sends a delimiter costs no memory, is counted, and the primary goes on', async () => {
  const growthMb: number[] = [];
  const run = await playBroken({
    inputs: 30,
    boards: scripted(),
    plan: (stage) =>
      stage.inject(0.3, () =>
        stage.do(async () => {
          growthMb.push(await pour(stage, 'b', 16 * MEGABYTE, () => withoutDelimiter));
        }),
      ),
  });
  expect(wrongs(run)).toEqual(NOTHING_WRONG);
  expect(run.actuator.drives).toEqual(['a']);
  expect(growthMb[0]).toBeLessThan(MOST_GROWTH_MB);
  expect(run.status?.boards[1]?.counters['overlongBytes']).toBeGreaterThan(15 * MEGABYTE);
});

test.each(['a', 'b'] as const)(
  'R4, R15: random bytes from %s are no result, no failure and no HELLO of anybody',
  async (name) => {
    const random = new SeededRandom(11);
    const noise = () => Uint8Array.from({ length: 1024 }, () => random.nextBelow(256));
    const run = await playBroken({
      inputs: 30,
      boards: scripted(),
      plan: (stage) =>
        stage.inject(0.3, () =>
          stage.do(async () => {
            await pour(stage, name, 1.5 * MEGABYTE, noise);
          }),
        ),
    });
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    const {
      badCobs = 0,
      badCrc = 0,
      tooShort = 0,
      overlong = 0,
      unknownType,
    } = run.status?.boards[name === 'a' ? 0 : 1]?.counters ?? {};
    expect(badCobs + badCrc + tooShort + overlong).toBeGreaterThan(2_000);
    expect(unknownType).toBe(0);
    // A line that carries nothing else is a silent board, and no more than that is said of it.
    const said = codes(run).filter((code) => code !== 'link-degraded' && code !== 'silent');
    expect(said).toEqual([]);
  },
);
