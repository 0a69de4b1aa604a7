import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A repository with rules 1 to `rules` and these test files. */
function repository(rules: number, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'copycat-rules-'));
  folders.push(root);
  const list = Array.from({ length: rules }, (_, n) => ({
    rule: `R${n + 1}`,
    title: `It's ${n + 1}`,
    text: 'So it is.',
  }));
  const all = { 'tools/rules.json': JSON.stringify([{ group: 'All', rules: list }]), 'docs/x.md': '', ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

function generate(root: string, ...options: string[]): { readonly ok: boolean; readonly said: string } {
  const { status, stdout } = spawnSync(process.execPath, ['tools/generate-rules.mjs', ...options, root], {
    encoding: 'utf8',
  });
  return { ok: status === 0, said: stdout.trim() };
}

/** A test as it stands in a file; put together, so that this file itself has no such title. */
const named = (rules: string, call = 'it') => `${call}('${rules}: holds', () => {});\n`;

describe('docs/rules.md', () => {
  it('lists the tests of each rule, also those that prove two, tables and C', () => {
    const table = `test.each([\n  ['R${1}: a row', 1],\n])('%s', () => {});\n`;
    const c = `TEST_LIST(all, {"R${2}: in C", in_c});\n`;
    const root = repository(2, {
      'test/unit/a.test.ts': named('R1, R2'),
      'test/unit/deep/b.test.ts': table,
      'firmware-harness/test/test-c.c': c,
    });
    expect(generate(root)).toEqual({ ok: true, said: '' });
    const page = readFileSync(join(root, 'docs/rules.md'), 'utf8');
    expect(page).toContain("| [R1](#r1-its-1) | It's 1 | 2 |");
    expect(page).toContain("| [R2](#r2-its-2) | It's 2 | 2 |");
    expect(page).toContain('Tests: test/unit 2. `npm run rules R1` lists them.');
    expect(page).toContain('Tests: test/unit 1, firmware-harness/test 1. `npm run rules R2` lists them.');
    const listed = spawnSync(process.execPath, ['tools/rules.mjs', 'R2', root], { encoding: 'utf8' });
    expect(listed.stdout).toBe(
      "R2: It's 2\nSo it is.\n\ntest/unit/a.test.ts\n  - holds\n\nfirmware-harness/test/test-c.c\n  - in C\n",
    );
    expect(generate(root, '--check')).toEqual({ ok: true, said: '' });
  });

  it.each([
    ['none', ''],
    ['one that is skipped', named('R2', 'it.skip')],
    ['one that is only planned', `it.todo('R${2}: later');\n`],
    ['one that is commented out', `// ${named('R2')}`],
    ['an expectation that begins like a title', `expect('R${2}: x').toBe('y');\n`],
  ])('fails for a rule with no test but %s', (_what, text) => {
    const root = repository(2, { 'test/a.test.ts': named('R1') + text });
    const { ok, said } = generate(root);
    expect(said).toBe('R2 has no test that names it');
    expect(ok).toBe(false);
    expect(readFileSync(join(root, 'docs/rules.md'), 'utf8')).toContain('**No test names it.**');
  });

  it('fails for a test that names a rule that is none', () => {
    const root = repository(1, { 'test/a.test.ts': named('R1') + named('R7') });
    expect(generate(root)).toEqual({
      ok: false,
      said: 'test/a.test.ts names R7, which tools/rules.json does not have: "holds"',
    });
  });

  it('fails when it is stale, and is not written by the check', () => {
    const root = repository(1, { 'test/a.test.ts': named('R1') });
    generate(root);
    const before = readFileSync(join(root, 'docs/rules.md'), 'utf8');
    writeFileSync(join(root, 'test/b.test.ts'), named('R1'));
    const { ok, said } = generate(root, '--check');
    expect(said).toMatch(/stale/);
    expect(ok).toBe(false);
    expect(readFileSync(join(root, 'docs/rules.md'), 'utf8')).toBe(before);
  });
});
