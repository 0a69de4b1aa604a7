// Prints what a mutation run found as a table, a row for each file (docs/testing.md). `node tools/mutation/table.mjs [report.json]`
// With --survivors FILE …: the mutants of those files that no test noticed, a line each.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';

const REPORT = '.copycat/mutation/report.json';
const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

const words = process.argv.slice(2);
const at = words.indexOf('--survivors');
const wanted = at < 0 ? [] : words.slice(at + 1);
const [path = REPORT] = at < 0 ? words : words.slice(0, at);
const { files } = JSON.parse(readFileSync(path, 'utf8'));

if (at < 0) printTable();
else for (const [file, { source, mutants }] of Object.entries(files)) printSurvivors(basename(file), source, mutants);

function printTable() {
  const sum = { noticed: 0, of: 0, timeouts: 0 };
  const row = (name, { noticed, of, timeouts }) =>
    process.stdout.write(
      `| ${name} | ${noticed} | ${of} | ${of === 0 ? '–' : percent(noticed, of)} | ${timeouts || ''} |\n`,
    );
  for (const [file, { mutants }] of Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const has = (states) => mutants.filter(({ status }) => states.includes(status)).length;
    const found = { noticed: has(NOTICED), of: has(NOTICED) + has(MISSED), timeouts: has(['Timeout']) };
    for (const key of Object.keys(sum)) sum[key] += found[key];
    if (found.of > 0) row(basename(file), found);
  }
  row('together', sum);
}

function percent(noticed, of) {
  return `${((100 * noticed) / of).toFixed(noticed === of ? 0 : 1)} %`;
}

function printSurvivors(name, source, mutants) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const lines = source.split('\n');
  for (const { status, location, replacement } of mutants) {
    if (!MISSED.includes(status)) continue;
    const { start, end } = location;
    const was = (lines[start.line - 1] ?? '').slice(
      start.column - 1,
      start.line === end.line ? end.column - 1 : undefined,
    );
    const now = replacement.replaceAll(/\s+/g, ' ');
    process.stdout.write(
      `${name}:${start.line}:${start.column} ${was} → ${now}${status === 'NoCoverage' ? ' (no test)' : ''}\n`,
    );
  }
}
