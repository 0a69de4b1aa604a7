// What the core's tests use of vitest, in this very process: `describe`, `it`, `.each`, and vitest's own `expect`. Tests are
// collected while their files are loaded; `tests` has them, in order. A whole vitest run per mutant takes a second to begin.
import { format } from 'node:util';
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  setState,
} from '@vitest/expect';

/** Every test: { name, file, run }. */
export const tests = [];

let currentFile = '';

/** What is collected from here on stands in this file. */
export function inFile(file) {
  currentFile = file;
}

const groups = [];

export function describe(title, define) {
  groups.push(title);
  try {
    define();
  } finally {
    groups.pop();
  }
}
describe.each = each(describe);

export function it(title, run) {
  tests.push({ name: [...groups, title].join(' '), file: currentFile, run });
}
it.each = each(it);
it.skip = () => undefined;
it.todo = () => undefined;
export const test = it;

/** A row that is a list is spread over the arguments, as vitest does it. */
function each(make) {
  return (rows) => (title, run) => {
    for (const [index, row] of rows.entries()) {
      const values = Array.isArray(row) ? row : [row];
      const numbered = title.replaceAll('%#', String(index));
      const wanted = (numbered.match(/%[sdifjo]/g) ?? []).length;
      make(format(numbered, ...values.slice(0, wanted)), () => run(...values));
    }
  };
}

chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
export const expect = (value, message) => chai.expect(value, message);
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
globalThis[GLOBAL_EXPECT] = expect;
setState({ assertionCalls: 0, isExpectingAssertions: false }, expect);
