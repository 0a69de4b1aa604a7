// A reporter for vitest that says nothing: it writes what became of every test to the file in COPYCAT_TEST_REPORT, from
// which `npm test` counts.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './run-program.mjs';

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const files = modules.map((module) => ({
      file: relative(ROOT, module.moduleId),
      state: module.state(),
      tests: [...module.children.allTests()].map((test) => ({ name: test.fullName, state: test.result().state })),
    }));
    const errors = unhandledErrors.map(({ message }) => String(message).split('\n')[0]);
    writeFileSync(process.env.COPYCAT_TEST_REPORT, JSON.stringify({ files, errors }));
  }
}
