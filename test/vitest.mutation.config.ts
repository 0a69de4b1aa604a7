import { defineConfig } from 'vitest/config';

/** What `npm run mutate` runs for each mutant of src/pair: the core's own tests, and nothing that needs a build. */
export default defineConfig({
  test: {
    include: ['test/unit/pair/every-test.mutation.ts'],
    isolate: false,
    testTimeout: 30_000,
    env: { COPYCAT_MUTATING: '1' },
  },
});
