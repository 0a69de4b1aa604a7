// Writes the README of each example of the Arduino library: what changes from the plain sketch to the one that runs on a pair.
//   node tools/generate-examples.mjs [--check]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeOrCheck } from './generated-files.mjs';
import { ROOT } from './run-program.mjs';

const FOLDER = `${ROOT}firmware-harness/examples`;
export const EXAMPLES = ['BlinkButton', 'PiController', 'Valve', 'Tank', 'Greenhouse'];
/** What the library promises of its examples. */
const MOST_LINES = 50;
const MOST_CHANGED = 15;

/** The lines of both texts in order, each as kept (' '), removed ('-') or added ('+'): by their longest common sequence. */
export function differenceOf(before, after) {
  const common = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i][j] = before[i] === after[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  const lines = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && before[i] === after[j]) {
      lines.push(` ${before[i++]}`);
      j++;
    } else if (i < before.length && (j === after.length || common[i + 1][j] >= common[i][j + 1])) {
      lines.push(`-${before[i++]}`);
    } else {
      lines.push(`+${after[j++]}`);
    }
  }
  return lines;
}

function linesOf(path) {
  return readFileSync(join(FOLDER, path), 'utf8').trimEnd().split('\n');
}

function readmeOf(name) {
  const ported = linesOf(`${name}/${name}.ino`);
  const difference = differenceOf(linesOf(`${name}/plain/plain.ino`), ported);
  const changed = difference.filter((line) => /^\+\s*\S/.test(line)).length;
  if (ported.length > MOST_LINES) throw new Error(`${name}.ino has ${ported.length} lines, more than ${MOST_LINES}`);
  if (changed > MOST_CHANGED) throw new Error(`${name}.ino changes ${changed} lines, more than ${MOST_CHANGED}`);
  return `# ${name}

<!-- Written by tools/generate-examples.mjs from plain/plain.ino and ${name}.ino. -->

${ported[0].replace(/^\/\/ /, '')} The plain sketch is [plain/plain.ino](plain/plain.ino); ${changed} new or changed lines make of it
[${name}.ino](${name}.ino), which runs on both boards of a pair:

\`\`\`diff
${difference.join('\n')}
\`\`\`

The gateway gives the beat (\`input: every 100ms\`), so \`delay\` goes away. What the lines mean is in the
[library's README](../../README.md#porting-a-sketch).
`;
}

/** The README of each example: by path from the root of the repository, the text it must have. */
export function readmes() {
  return Object.fromEntries(EXAMPLES.map((name) => [`firmware-harness/examples/${name}/README.md`, readmeOf(name)]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeOrCheck(readmes(), 'node tools/generate-examples.mjs');
}
