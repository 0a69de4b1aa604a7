// Lists the tests of a rule, by file:  npm run rules R10 [R11 …]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRuleTests } from './rule-tests.mjs';
import { ROOT } from './run-program.mjs';

const asked = process.argv.slice(2).filter((argument) => /^R\d+$/.test(argument));
const root = process.argv.slice(2).find((argument) => !/^R\d+$/.test(argument)) ?? ROOT;
const rules = JSON.parse(readFileSync(join(root, 'tools/rules.json'), 'utf8')).flatMap((group) => group.rules);
const tests = findRuleTests(root);

if (asked.length === 0) {
  console.log('Which rule? npm run rules R10');
  for (const { rule, title } of rules) console.log(`  ${rule.padEnd(4)} ${title}`);
  process.exitCode = 2;
}
for (const name of asked) {
  const known = rules.find(({ rule }) => rule === name);
  if (known === undefined) {
    console.log(`There is no rule ${name}: they are R1 to ${rules.at(-1).rule}.`);
    process.exitCode = 2;
    continue;
  }
  console.log(`${name}: ${known.title}\n${known.text}`);
  const named = tests.filter((test) => test.rules.includes(name));
  for (const file of new Set(named.map((test) => test.file))) {
    console.log(`\n${file}`);
    for (const { title } of named.filter((test) => test.file === file)) console.log(`  - ${title}`);
  }
}
