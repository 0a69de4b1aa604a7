import { defineConfig } from 'vitest/config';

/** Emulated boards against the wall clock. */
const PACED = [
  'test/e2e/bench-tour.test.ts',
  'test/e2e/cli-run.test.ts',
  'test/e2e/run-emulated.test.ts',
  'test/e2e/own-mistake.test.ts',
];

// Groups, one after the other: what is small runs side by side; the simulation, whose worker threads take every core, runs
// alone; so does, one file at a time, what uses ports of this host (a gateway that waits for its pseudo-terminal would find
// another file's under the same name), what runs emulated boards against the wall clock, and the emulated Pis.
export default defineConfig({
  test: {
    globalSetup: ['tools/fresh-build.mjs'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 300_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          globalSetup: ['test/conformance/kit/build-posix.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 300_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'sim',
          include: ['test/sim/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 900_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'host',
          include: ['test/e2e/**/*.test.ts'],
          exclude: PACED,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'bench',
          include: ['test/bench/**/*.test.ts', ...PACED],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'pi',
          include: ['test/pi/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 400_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
