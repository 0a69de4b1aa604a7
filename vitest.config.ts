import { defineConfig } from 'vitest/config';

/** Emulated boards, as a user starts them. */
const EMULATED = [
  'test/e2e/bench-tour.test.ts',
  'test/e2e/cli-run.test.ts',
  'test/e2e/console.test.ts',
  'test/e2e/console-page.test.ts',
  'test/e2e/console-attacked.test.ts',
  'test/e2e/emulated-processes.test.ts',
  'test/e2e/run-emulated.test.ts',
  'test/e2e/own-mistake.test.ts',
  'test/e2e/try.test.ts',
];

// Groups. Where one call of vitest runs them all they follow one another; `npm test` runs some side by side
// (tools/test-groups.mjs). What is small, and the bench, run two files at a time; the simulation, whose worker
// threads take every core, and the emulated Pis run one.
export default defineConfig({
  test: {
    globalSetup: ['tools/fresh-build.mjs'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          pool: 'forks',
          // Two processes for all files: none leaves anything behind in a module, and a process for each cost as long as its tests.
          isolate: false,
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
          isolate: false,
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
          // The whole proof (npm run prove) plays for hours where others use the machine, too.
          testTimeout: 36_000_000,
          hookTimeout: 36_000_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'host',
          include: ['test/e2e/**/*.test.ts'],
          exclude: EMULATED,
          pool: 'forks',
          // They wait most of their time. Each has folders, ports and terminals of its own (test/e2e/held-terminals.ts).
          maxWorkers: 3,
          testTimeout: 300_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'bench',
          include: ['test/bench/**/*.test.ts', ...EMULATED],
          pool: 'forks',
          // A bench keeps one processor busy, and its time is its own. Limits end only what hangs: many commands take long on a busy machine.
          maxWorkers: 2,
          testTimeout: 900_000,
          hookTimeout: 900_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'pi',
          include: ['test/pi/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          // They end only what hangs: the machine may be busy, and an emulated one is slow.
          testTimeout: 1_500_000,
          hookTimeout: 900_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
