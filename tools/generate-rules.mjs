// Writes docs/rules.md: each rule of tools/rules.json and how many tests name it (tools/rules.mjs lists them).
//   node tools/generate-rules.mjs [--check] [FOLDER]
// --check writes nothing. Either way exit code 1 when a rule has no test or a test names a rule that is none; with
// --check also when the page is stale. FOLDER: another root than this repository.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRuleTests } from './rule-tests.mjs';
import { ROOT } from './run-program.mjs';

const isCheck = process.argv.includes('--check');
const root = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? ROOT;
const groups = JSON.parse(readFileSync(join(root, 'tools/rules.json'), 'utf8'));
const rules = groups.flatMap((group) => group.rules);
const tests = findRuleTests(root);
const wrong = [];

for (const { rule } of rules) {
  if (!tests.some((test) => test.rules.includes(rule))) wrong.push(`${rule} has no test that names it`);
}
for (const test of tests) {
  for (const rule of test.rules) {
    if (rules.some((known) => known.rule === rule)) continue;
    wrong.push(`${test.file} names ${rule}, which tools/rules.json does not have: "${test.title}"`);
  }
}

const path = join(root, 'docs/rules.md');
const text = page();
if (!isCheck) writeFileSync(path, text);
else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
  wrong.push('docs/rules.md is stale: node tools/generate-rules.mjs writes it anew');
}
for (const line of wrong) console.log(line);
if (wrong.length > 0) process.exitCode = 1;

function page() {
  return `# The rules

<!-- Written by tools/generate-rules.mjs from tools/rules.json and the titles of the tests. -->

What Copycat promises rests on ${rules.length} rules. The code names them where it keeps them (\`// R10: …\`), and each
is proved by tests that carry its name. A *board* is one of the two microcontroller boards; the *primary* has the actuator, the
*backup* gets each input after it. An *input* is one unit of work, a *commit* the moment the ledger accepts a board's
result, the *lease* the row that says whose turn it is, the *fence* the transaction that takes it away.
[decisions.md](decisions.md) tells where a rule is kept differently than one would expect, and why.

| rule | | tests |
| --- | --- | --- |
${rules.map(({ rule, title }) => `| [${rule}](#${anchor(rule, title)}) | ${title} | ${testsOf(rule).length} |`).join('\n')}

\`npm test\` fails when a rule has no test. A title that covers a table of cases counts once.
${groups.map(section).join('')}`;
}

function section({ group, rules }) {
  return `\n## ${group}\n${rules.map(entry).join('')}`;
}

function entry({ rule, title, text }) {
  const named = testsOf(rule);
  const told =
    named.length === 0 ? '**No test names it.**' : `Tests: ${placesOf(named)}. \`npm run rules ${rule}\` lists them.`;
  return `\n### ${rule}: ${title}\n\n${text}\n\n${told}\n`;
}

/** `test/unit 12, test/e2e 3`: the most first. */
function placesOf(named) {
  const counts = new Map();
  for (const { file } of named) {
    const place = file.split('/').slice(0, 2).join('/');
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([place, count]) => `${place} ${count}`)
    .join(', ');
}

function testsOf(rule) {
  return tests.filter((test) => test.rules.includes(rule));
}

/** As GitHub makes it from the heading. */
function anchor(rule, title) {
  return `${rule}: ${title}`
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
