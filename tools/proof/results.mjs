// What each part of the proof has shown: a file a part in .copycat/proof, and the table of those that were just run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../run-program.mjs';

const FOLDER = join(ROOT, '.copycat/proof');
const SHORT_COMMIT = 10;

/** Keeps what a part has shown, with the commit it was of and the Node it ran on. */
export function keepResult(result) {
  mkdirSync(FOLDER, { recursive: true });
  const full = { ...result, commit: commit(), node: process.version };
  writeFileSync(join(FOLDER, `${result.name}.json`), `${JSON.stringify(full, null, 2)}\n`);
}

/** A table in Markdown, for docs/testing.md; it stands in .copycat/proof/table.md too. */
export function proofTable(names) {
  const results = names.map((name) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')));
  const lines = [
    '| part | holds | seconds | what was played | of | Node |',
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map(
      ({ name, ok, seconds, told, commit: of, node }) =>
        `| ${name} | ${ok ? 'yes' : 'NO'} | ${seconds} | ${told} | ${of} | ${node} |`,
    ),
  ];
  writeFileSync(join(FOLDER, 'table.md'), `${lines.join('\n')}\n`);
  return { lines, ok: results.every(({ ok }) => ok) };
}

/** A `+` behind it: files differ from it. Without git there is none. */
function commit() {
  try {
    const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
    return git('rev-parse', 'HEAD').slice(0, SHORT_COMMIT) + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return 'no clone'; // a tarball proves as much
  }
}
