// Sketches that must not compile: each would compile to a board that works on its own and not in a pair.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const include = join(dirname(fileURLToPath(import.meta.url)), '../firmware-harness/include');

/** What `setup` says, beside which variables, and a word of what the compiler must say; null: it compiles. */
const SKETCHES = [
  { title: 'what a state may have', code: 'CC_STATE(level, volatiles, tide, report);', says: null },
  { title: 'a local variable', code: 'int16_t local = level; CC_STATE(level, local);', says: 'local' },
  { title: 'a reference', code: 'CC_STATE(level, another);', says: 'constant expression' },
  { title: 'a pointer', code: 'CC_STATE(level, where);', says: 'keep an index' },
  { title: 'what has memory elsewhere', code: 'CC_STATE(level, text);', says: 'use a char array' },
  { title: '17 names', code: `CC_STATE(${Array(17).fill('level').join(', ')});`, says: 'CC_AT_MOST_16' },
  { title: 'more bytes than a state has', code: 'CC_STATE(level, half, other_half);', says: 'at most 65535 bytes' },
  { title: 'values of a line', code: 'bool on = true; cc_logf("%d %s %d %f", on, chars, tide, 1.5f);', says: null },
  { title: 'a String as a value of a line', code: 'cc_logf("%s", text);', says: 'cc_value_of' },
  { title: 'any pointer as a value of a line', code: 'cc_logf("%s", where);', says: 'cc_value_of' },
];
const VARIABLES = `
int16_t level;
extern int16_t &another;
int16_t *where;
volatile uint8_t volatiles[3];
char chars[8];
enum { LOW_TIDE, HIGH_TIDE } tide;
cc_timer report;
uint8_t half[32768], other_half[32768];
struct String { ~String(); operator const void *() const; char *memory; } text;
`;

/** What is wrong with what the compiler says to them. */
export function wronglyCompiled(compiler = 'g++', flags = []) {
  const command = ['-std=gnu++11', '-fsyntax-only', '-Wall', '-Wextra', '-Werror', `-I${include}`, ...flags];
  return SKETCHES.flatMap(({ title, code, says }) => {
    const input = `#include <copycat/copycat.h>\n${VARIABLES}\nvoid setup(void) { ${code} }\n`;
    const { status, stderr } = spawnSync(compiler, [...command, '-x', 'c++', '-'], { input, encoding: 'utf8' });
    if (says === null) return status === 0 ? [] : [`${title} does not compile: ${stderr}`];
    if (status === 0) return [`${title} compiles`];
    return stderr.includes(says) ? [] : [`${title} is refused without "${says}": ${stderr}`];
  });
}
