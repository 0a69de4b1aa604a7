// A test runner for Stryker: loads the core and all its tests once, as one bundle, and then only switches mutants. A mutant that
// a test notices costs as long as that test, and not a start of vitest.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { rolldown } from 'rolldown';

const TESTS = 'test/unit/pair';
const SMALL_VITEST = 'tools/mutation/small-vitest.mjs';

const ENTRY = 'every-test';
const IN_FILE = 'in-file:';

/** A bundle of all test files, each behind a line that says where its tests stand. */
function everyTest() {
  const files = readdirSync(TESTS).filter((name) => name.endsWith('.test.ts'));
  const imports = files.flatMap((file) => [IN_FILE + file, resolve(TESTS, file)]);
  return {
    name: ENTRY,
    resolveId(id) {
      if (id === 'vitest') return resolve(SMALL_VITEST);
      return id === ENTRY || id.startsWith(IN_FILE) ? id : null;
    },
    load(id) {
      if (id.startsWith(IN_FILE)) {
        const file = JSON.stringify(join(TESTS, id.slice(IN_FILE.length)));
        return `import { inFile } from 'vitest';\ninFile(${file});\n`;
      }
      if (id !== ENTRY) return null;
      return [...imports.map((from) => `import ${JSON.stringify(from)};`), "export { tests } from 'vitest';"].join(
        '\n',
      );
    },
  };
}

class InProcessRunner {
  /** What the instrumented core looks at: which mutant is active, which test runs, what it hits. */
  #stryker;
  #tests = [];
  #bundle;
  #loads = 0;

  constructor() {
    globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    this.#stryker = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE];
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    process.env.COPYCAT_MUTATING = '1';
    const build = await rolldown({
      input: ENTRY,
      platform: 'node',
      external: [/^node:/],
      logLevel: 'silent',
      plugins: [everyTest()],
    });
    this.#bundle = join(process.cwd(), `every-test-${process.pid}.mjs`);
    await build.write({ file: this.#bundle, format: 'esm', codeSplitting: false });
    await build.close();
  }

  async dryRun() {
    this.#stryker.activeMutant = undefined;
    this.#stryker.mutantCoverage = { static: {}, perTest: {} };
    await this.#load();
    const tests = await this.#run(this.#tests, false);
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, reloadEnvironment, disableBail }) {
    this.#stryker.hitLimit = hitLimit;
    this.#stryker.hitCount = hitLimit === undefined ? undefined : 0;
    this.#stryker.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    if (this.#tests.length === 0 || reloadEnvironment) await this.#load();
    this.#stryker.activeMutant = activeMutant.id;
    const chosen = testFilter === undefined ? null : new Set(testFilter);
    const tests = await this.#run(
      chosen === null ? this.#tests : this.#tests.filter(({ id }) => chosen.has(id)),
      !disableBail,
    );
    const timeOut = determineHitLimitReached(this.#stryker.hitCount, this.#stryker.hitLimit);
    return toMutantRunResult(timeOut ?? { status: DryRunStatus.Complete, tests });
  }

  /** Anew each time: what a static mutant has done while loading is gone. */
  async #load() {
    const { tests } = await import(`${pathToFileURL(this.#bundle).href}?${this.#loads++}`);
    const seen = new Map();
    this.#tests = tests.map(({ name, file, run }) => {
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return { id: times === 1 ? name : `${name} (${times})`, fileName: resolve(file), run };
    });
  }

  async #run(tests, bail) {
    const results = [];
    for (const { id, fileName, run } of tests) {
      this.#stryker.currentTestId = id;
      const began = performance.now();
      let failureMessage = null;
      try {
        await run();
      } catch (error) {
        failureMessage = error instanceof Error ? error.message : String(error);
      }
      const result = { id, name: id, fileName, timeSpentMs: performance.now() - began };
      const status = failureMessage === null ? TestStatus.Success : TestStatus.Failed;
      results.push(failureMessage === null ? { ...result, status } : { ...result, status, failureMessage });
      if (bail && failureMessage !== null) break;
    }
    this.#stryker.currentTestId = undefined;
    return results;
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
