// Which tests judge which folder. Left out is what starts processes or threads, opens pseudo-terminals, or waits by the clock:
// a mutant would not be in it, or it would take its time for each of thousands of mutants.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const UNIT = 'test/unit';
/** Those in the folder of the same name under test/unit, and these beside it. */
const TESTS = {
  pair: /^$/,
  link: /^(link|link-.*|flash-sum)$/,
  upstream: /^(upstream|upstream-.*|reading-upstream|persistent-upstream)$/,
  hardware: /^(hardware|hardware-.*|gpio|gateway-death|safety-lines|relay-kinds|relay-proof-test)$/,
  // Left out: processes, other users, mounts, thousands of steps.
  ledger: /^ledger-(?!kill$|standby$|simulated$|child$|links$|private$|verify$).*$/,
};
/** Loopback connections in this process, as quick as the others. In stryker.config.json too, where /test/e2e is left out. */
const ELSEWHERE = { upstream: ['test/e2e/upstream-tcp.test.ts'] };
const ENDING = '.test.ts';

/** The test files for what these patterns of `mutate` name; those of COPYCAT_MUTATION_TESTS alone where it names some. */
export function testsOf(mutated) {
  const named = process.env.COPYCAT_MUTATION_TESTS;
  if (named !== undefined) return named.split(',');
  const files = Object.entries(TESTS).flatMap(([folder, names]) =>
    mutated.some((pattern) => pattern.startsWith(`src/${folder}/`))
      ? [...testsIn(join(UNIT, folder), /^.*$/), ...testsIn(UNIT, names), ...(ELSEWHERE[folder] ?? [])]
      : [],
  );
  if (files.length === 0)
    throw new Error(`No tests are known for ${mutated.join(', ')}: see tools/mutation/tests-of.mjs`);
  return files.sort();
}

function testsIn(folder, names) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING) && names.test(name.slice(0, -ENDING.length)))
    .map((name) => join(folder, name));
}
