// Finds the tests whose title begins with the rules they prove: `R3: …`, `R3, R10: …`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where tests are, and the names of the files that have them. */
const PLACES = [
  { folder: 'test', name: /\.test\.ts$/ },
  { folder: 'firmware-harness/test', name: /^test-.*\.c$/ },
];

const TITLE = /(['"`])((?:R\d+, )*R\d+): ((?:\\[\s\S]|(?!\1)[^\\])+)\1/g;
/** A title stands first in a call (`it(`, `])(`), or in a row or column of a table of cases. */
const BEFORE_TITLE = /[([{,]\s*$/;
const NOT_RUN = /\.(?:skip|todo)(?:\.each)?\s*\(\s*$/;
const NOT_A_TITLE = /\b(?:expect|toBe|toEqual|toThrow|toContain|toMatch|Error|push|say)\(\s*$/;

/** All of them, by file and then as they stand: { file, title, rules }. What is marked as not to be run does not count. */
export function findRuleTests(root) {
  return PLACES.flatMap(({ folder, name }) => filesBelow(root, folder, name)).flatMap((file) =>
    titlesIn(readFileSync(join(root, file), 'utf8')).map((found) => ({ file, ...found })),
  );
}

/** The titles in one source text. */
export function titlesIn(source) {
  const text = withoutComments(source);
  const found = [];
  for (const match of text.matchAll(TITLE)) {
    const before = text.slice(Math.max(0, match.index - 80), match.index);
    if (!BEFORE_TITLE.test(before) || NOT_RUN.test(before) || NOT_A_TITLE.test(before)) continue;
    found.push({ rules: match[2].split(', '), title: match[3].replaceAll(/\\(['"`])/g, '$1') });
  }
  return found;
}

/** Lines that are comments: a test that is commented out proves nothing. */
function withoutComments(source) {
  return source.replaceAll(/^\s*(?:\/\/.*|\/\*[\s\S]*?\*\/)$/gm, '');
}

function filesBelow(root, folder, name) {
  if (!existsSync(join(root, folder))) return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(root, path, name);
      return name.test(entry.name) ? [path] : [];
    })
    .sort();
}
