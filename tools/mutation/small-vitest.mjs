// What the tests use of vitest, in this very process: `describe`, `it`, `.each`, hooks, and vitest's own `expect`. Tests are
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
/** The file, and the groups in it that are open: { title, before, after }. */
let groups = [];

/** What is collected from here on stands in this file. */
export function inFile(file) {
  currentFile = file;
  groups = [newGroup('')];
}

function newGroup(title) {
  return { title, before: [], after: [] };
}

export function describe(title, define) {
  groups.push(newGroup(title));
  try {
    define();
  } finally {
    groups.pop();
  }
}
describe.each = each(describe);
describe.skip = () => undefined;
describe.skipIf = (isSkipped) => (isSkipped ? describe.skip : describe);
describe.runIf = (isRun) => (isRun ? describe : describe.skip);

export function it(title, run) {
  const around = [...groups];
  const name = [...groups.slice(1).map((group) => group.title), title].join(' ');
  tests.push({ name, file: currentFile, run: () => runWithHooks(around, run) });
}
it.each = each(it);
it.skip = () => undefined;
it.skipIf = (isSkipped) => (isSkipped ? it.skip : it);
it.runIf = (isRun) => (isRun ? it : it.skip);
it.todo = () => undefined;
export const test = it;

// A mutant is tried with a few tests of a file, in a process that has seen others: what a file makes once is made for each.
export const beforeEach = (hook) => groups.at(-1).before.push(hook);
export const beforeAll = beforeEach;
export const afterEach = (hook) => groups.at(-1).after.push(hook);
export const afterAll = afterEach;

async function runWithHooks(around, run) {
  const undo = [];
  try {
    for (const { before, after } of around) {
      undo.unshift(...after);
      for (const hook of before) {
        const cleanUp = await hook();
        if (typeof cleanUp === 'function') undo.unshift(cleanUp);
      }
    }
    await run();
  } finally {
    for (const hook of undo) await hook();
  }
}

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
