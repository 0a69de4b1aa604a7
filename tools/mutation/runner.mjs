// A test runner for Stryker: loads what is mutated and all its tests once, as one bundle, and then only switches mutants. A
// mutant that a test notices costs as long as that test, and not a start of vitest.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { bundleTests } from './bundle-tests.mjs';
import { testsOf } from './tests-of.mjs';

/** A test that waits so long, in turns of the loop that had nothing else to do, waits for ever. */
const TICK_MS = 100;
const MOST_TICKS = 50;

class InProcessRunner {
  /** What the instrumented core looks at: which mutant is active, which test runs, what it hits. */
  #stryker;
  #mutated;
  #tests = [];
  #bundle;
  #loads = 0;
  #failTest = () => undefined;

  static inject = [commonTokens.options];

  constructor(options) {
    this.#mutated = options.mutate;
    globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    this.#stryker = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE];
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    process.env.COPYCAT_MUTATING = '1';
    // What a mutant throws where nobody catches it fails the test that runs, as it fails a run of vitest; without this it
    // would end the process, and the mutant would count for nothing.
    process.on('uncaughtException', (error) => this.#failTest(error));
    this.#bundle = join(process.cwd(), `every-test-${process.pid}.mjs`);
    await bundleTests(testsOf(this.#mutated), this.#bundle);
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
        await this.#within(run());
      } catch (error) {
        failureMessage = error instanceof Error ? error.message : String(error);
      }
      const result = { id, name: id, fileName, timeSpentMs: performance.now() - began };
      const status = failureMessage === null ? TestStatus.Success : TestStatus.Failed;
      results.push(failureMessage === null ? { ...result, status } : { ...result, status, failureMessage });
      if (bail && failureMessage !== null) break;
    }
    this.#stryker.currentTestId = undefined;
    // What the last test left to be thrown is not the next mutant's.
    this.#failTest = () => undefined;
    await new Promise((resolve) => setImmediate(resolve));
    return results;
  }

  /** Not a time by the clock: a busy machine lets a test take longer, and not more turns. */
  #within(running) {
    let ticks = 0;
    let timer;
    const failed = new Promise((_, reject) => {
      this.#failTest = reject;
      timer = setInterval(() => {
        if (++ticks === MOST_TICKS) reject(new Error('it waits for ever'));
      }, TICK_MS);
    });
    return Promise.race([running, failed]).finally(() => clearInterval(timer));
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
