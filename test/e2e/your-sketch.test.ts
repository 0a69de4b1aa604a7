import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasArduinoCore } from '../../tools/arduino-build.mjs';
import { missingIn } from './printed-page.js';

/** docs/your-sketch.md is followed, in an empty folder: its files, its commands in order, and what each is said to print. */

const PAGE = readFileSync('docs/your-sketch.md', 'utf8');
const EXAMPLE = 'firmware-harness/examples/Tank';
const MAIN = resolve('dist/cli/main.js');
const FILE = /^<!-- file: (\S+) -->$/;
const CHANGE = /^<!-- (\S+): (.+) becomes (.+) -->$/;
/** Where a promise was not held: the page leaves a mistake in. */
const FAILS = /bench --firmware tank\.hex --inputs 60$/;

type Step =
  | { readonly kind: 'file'; readonly name: string; readonly lines: string[] }
  | { readonly kind: 'change'; readonly name: string; readonly before: string; readonly after: string }
  | { readonly kind: 'command'; readonly command: string; readonly printed: string[] };

function stepsOf(page: string): readonly Step[] {
  const steps: Step[] = [];
  let fence: string | null = null;
  let file: string | null = null;
  for (const line of page.split('\n')) {
    const last = steps.at(-1);
    const [, named] = FILE.exec(line) ?? [];
    const [, name, before, after] = CHANGE.exec(line) ?? [];
    if (named !== undefined) file = named;
    else if (name !== undefined && before !== undefined && after !== undefined) {
      steps.push({ kind: 'change', name, before, after });
    } else if (line.startsWith('```')) {
      fence = fence === null ? line.slice(3) : null;
      if (fence !== null && file !== null) steps.push({ kind: 'file', name: file, lines: [] });
      else file = null;
    } else if (fence === 'console' && line.startsWith('$ ')) {
      steps.push({ kind: 'command', command: line.slice(2), printed: [] });
    } else if (fence === 'console' && last?.kind === 'command') last.printed.push(line);
    else if (fence !== null && file !== null && last?.kind === 'file') last.lines.push(line);
  }
  return steps;
}

describe('docs/your-sketch.md', () => {
  const steps = stepsOf(PAGE);

  it('shows the example, its plain sketch and its world as they are', () => {
    const shown = steps.flatMap((step) => (step.kind === 'file' ? [`${step.lines.join('\n')}\n`] : []));
    expect(shown).toEqual(
      ['plain/plain.ino', 'Tank.ino', 'world.yaml'].map((name) => readFileSync(join(EXAMPLE, name), 'utf8')),
    );
    const readme = readFileSync(join(EXAMPLE, 'README.md'), 'utf8');
    const [added, removed] = [/^\+\s*\S/gm, /^-/gm].map((lines) => readme.match(lines)?.length);
    expect(PAGE).toContain(`${added} lines come in and ${removed} go out`);
  });

  describe.skipIf(!hasArduinoCore())('followed by somebody', () => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-your-sketch-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    function take(step: Step): void {
      if (step.kind === 'command') return type(step.command, step.printed);
      const path = join(folder, step.name);
      mkdirSync(dirname(path), { recursive: true });
      if (step.kind === 'file') return writeFileSync(path, `${step.lines.join('\n')}\n`);
      const text = readFileSync(path, 'utf8');
      expect(text).toContain(step.before);
      writeFileSync(path, text.replace(step.before, step.after));
    }

    function type(command: string, printed: readonly string[]): void {
      const [npx, copycat, ...words] = command.split(' ');
      expect([npx, copycat]).toEqual(['npx', 'copycat']);
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
      });
      const missing = missingIn(stdout, printed);
      expect(missing === null ? null : `${missing}\n${stderr}`).toBeNull();
      expect(status).toBe(FAILS.test(command) ? 1 : 0);
    }

    for (const [index, step] of steps.entries()) {
      const what = step.kind === 'command' ? step.command : `${step.kind} ${step.name}`;
      it.sequential(`step ${index + 1}: ${what}`, () => take(step));
    }
  });
});
