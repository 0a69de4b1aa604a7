import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judgeImports } from '../../tools/import-rule.mjs';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A tree with these files below src. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'copycat-imports-'));
  folders.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'src', file)), { recursive: true });
    writeFileSync(join(root, 'src', file), text);
  }
  return root;
}

/** What the rule says about a tree. */
function judge(root: string): { readonly ok: boolean; readonly lines: readonly string[] } {
  const { faults } = judgeImports(root, false);
  return { ok: faults.length === 0, lines: faults };
}

describe('the import rule', () => {
  it('finds an import that is planted in the real core', () => {
    const root = tree({});
    cpSync('src', join(root, 'src'), { recursive: true });
    const planted = /^src\/pair\/step\.ts:\d+: pair may not import from config \(\.\.\/config\/config\.js\)$/;
    expect(judge(root).lines.filter((line) => planted.test(line))).toEqual([]);
    appendFileSync(join(root, 'src/pair/step.ts'), "\nexport type { Config } from '../config/config.js';\n");
    const { ok, lines } = judge(root);
    expect(ok).toBe(false);
    expect(lines.filter((line) => planted.test(line))).toHaveLength(1);
  });

  it.each([
    ['a value', "import { x } from '../config/x.js';"],
    ['a type', "import type { X } from '../config/x.js';"],
    ['a type in a list', "import { type X } from '../config/x.js';"],
    ['a type in a type', "export type Y = import('../config/x.js').X;"],
    ['an export', "export * from '../config/x.js';"],
    ['a named export', "export { x } from '../config/x.js';"],
    ['a late import', "export const y = await import('../config/x.js');"],
    ['a require', "require('../config/x.js');"],
    ['a made require', "createRequire(import.meta.url)('../config/x.js');"],
  ])('sees %s', (_, line) => {
    const { lines } = judge(tree({ 'link/y.ts': `\n${line}\n`, 'config/x.ts': 'export const x = 1;\n' }));
    expect(lines).toEqual(['src/link/y.ts:2: link may not import from config (../config/x.js)']);
  });

  it.each([
    ['link', 'serialport', 'link may not import the package serialport'],
    ['cli', 'better-sqlite3', 'cli may not import the package better-sqlite3'],
    ['gateway', 'johnny-five', 'gateway may not import the package johnny-five'],
    ['hardware', 'avr8js', 'hardware may not import the package avr8js'],
    ['pair', 'node:fs', 'pair may not import the package node:fs'],
    ['gateway', 'node:net', 'gateway may not import the package node:net'],
    ['config', 'child_process', 'config may not import the package node:child_process'],
    ['upstream', 'node:fs/promises', 'upstream may not import the package node:fs/promises'],
    ['pair', 'fs', 'pair may not import the package node:fs'],
    ['faults', '@serialport/parser-delimiter/x', 'faults may not import the package @serialport/parser-delimiter'],
  ])('keeps a package in its folder: %s and %s', (folder, name, sentence) => {
    expect(judge(tree({ [`${folder}/y.ts`]: `import '${name}';\n` })).lines).toEqual([
      `src/${folder}/y.ts:1: ${sentence}`,
    ]);
  });

  it.each([
    ['serial/ports', 'serialport'],
    ['ledger/requests', 'better-sqlite3'],
    ['gateway/watch', 'node:child_process'],
  ])('keeps a package in its room: %s and %s', (room, name) => {
    expect(judge(tree({ [`${room}/y.ts`]: `import '${name}';\n` })).lines).toEqual([
      `src/${room}/y.ts:1: ${room} may not import the package ${name}`,
    ]);
  });

  it('lets a folder that the list does not name import and be nothing', () => {
    expect(judge(tree({ 'extras/y.ts': '' })).lines).toEqual([
      'src/extras/y.ts: tools/import-rule.json does not name the folder extras',
    ]);
  });

  it('finds files that import each other in a circle, types too', () => {
    const { ok, lines } = judge(
      tree({
        'pair/a.ts': "import './b.js';\n",
        'pair/b.ts': "import type { C } from './c.js';\n",
        'pair/c.ts': "export * from './a.js';\n",
      }),
    );
    expect(ok).toBe(false);
    expect(lines).toEqual(['files import each other in a circle: pair/a.ts > pair/b.ts > pair/c.ts > pair/a.ts']);
  });

  it('lets through what is allowed', () => {
    const files = {
      'serial/session/a.ts':
        "import { SerialPort } from 'serialport';\nimport { readFileSync } from 'node:fs';\nimport './b.js';\n",
      'serial/session/b.ts': "import '../../errors/e.js';\n",
      'errors/e.ts': '',
    };
    expect(judgeImports(tree(files), false)).toEqual({ faults: [], files: 3 });
  });
});

describe('the rooms of a folder', () => {
  it('finds an import that runs up, planted in the real core', () => {
    const root = tree({});
    cpSync('src', join(root, 'src'), { recursive: true });
    const up = 'pair/input may not import from pair/failover (../failover/takeover.js)';
    appendFileSync(
      join(root, 'src/pair/input/intake.ts'),
      "\nexport type { relayMoved } from '../failover/takeover.js';\n",
    );
    const { ok, lines } = judge(root);
    expect(ok).toBe(false);
    expect(lines.filter((line) => line.endsWith(up))).toHaveLength(1);
  });

  it.each([
    ['a room that it does not name', '../session/x.js', 'pair/session'],
    ['what stands above the rooms', '../step.js', 'what stands above the rooms of pair'],
  ])('keeps a room from %s', (_, name, there) => {
    expect(judge(tree({ 'pair/input/y.ts': `import '${name}';\n` })).lines).toEqual([
      `src/pair/input/y.ts:1: pair/input may not import from ${there} (${name})`,
    ]);
  });

  it('lets a room import what it names and its own, and what stands above import them all', () => {
    const files = {
      'pair/step.ts': "import './input/y.js';\nimport './failover/z.js';\n",
      'pair/input/y.ts': "import './x.js';\nimport '../state/s.js';\n",
      'pair/input/x.ts': '',
      'pair/state/s.ts': '',
      'pair/failover/z.ts': '',
    };
    expect(judge(tree(files)).ok).toBe(true);
  });

  it('lets a room that the list does not name be nothing', () => {
    expect(judge(tree({ 'pair/attic/y.ts': '' })).lines).toEqual([
      'src/pair/attic/y.ts: tools/import-rule.json does not name the room pair/attic',
    ]);
  });

  it('lets a folder whose rooms the list does not name have no folders', () => {
    expect(judge(tree({ 'random/attic/y.ts': '' })).lines).toEqual([
      'src/random/attic/y.ts: tools/import-rule.json does not name the rooms of random',
    ]);
  });

  it.each([
    [
      'rooms within a room',
      'bench/stage/watching/y.ts',
      '../run-record.js',
      'bench/stage/watching',
      'what stands above the rooms of bench/stage',
    ],
    [
      'rooms within a room, and those around it',
      'ledger/worker/tables/y.ts',
      '../../files/x.js',
      'ledger/worker',
      'ledger/files',
    ],
    [
      'a file that stands between rooms',
      'simulation/coverage.ts',
      './judge/x.js',
      'simulation/coverage.ts',
      'simulation/judge',
    ],
    [
      'what stands below the rooms',
      'config/config.ts',
      './schema/x.js',
      'what stands below the rooms of config',
      'config/schema',
    ],
  ])('holds for %s', (_, file, name, here, there) => {
    expect(judge(tree({ [file]: `import '${name}';\n` })).lines).toEqual([
      `src/${file}:1: ${here} may not import from ${there} (${name})`,
    ]);
  });

  it('lets rooms import what stands below them', () => {
    expect(judge(tree({ 'config/schema/y.ts': "import '../config.js';\n", 'config/config.ts': '' })).ok).toBe(true);
  });
});

describe('a pure folder', () => {
  it.each([
    ['Date.now()', 'Date'],
    ['new Date()', 'Date'],
    ['Math.random()', 'Math.random'],
    ["Math['random']()", 'Math.random'],
    ['setTimeout(() => 1, 1)', 'setTimeout'],
    ['performance.now()', 'performance'],
    ['Buffer.alloc(1)', 'Buffer'],
    ['globalThis.Date', 'globalThis'],
    ['process.hrtime()', 'process'],
  ])('may not use %s', (code, name) => {
    expect(judge(tree({ 'pair/y.ts': `export const y = ${code};\n` })).lines).toEqual([
      `src/pair/y.ts:1: pair is pure and may not use ${name}`,
    ]);
  });

  it('may have fields and keys of such names', () => {
    const text =
      'export const y = { Date: 1, process: 2 };\nexport const z = y.Date + y.process;\nexport const r = Math.round(1);\n';
    expect(judge(tree({ 'pair/y.ts': text })).ok).toBe(true);
  });

  it('is one of three; another folder may use the clock', () => {
    expect(judge(tree({ 'gateway/y.ts': 'export const y = Date.now();\n' })).ok).toBe(true);
    for (const folder of ['pair', 'faults', 'protocol']) {
      expect(judge(tree({ [`${folder}/y.ts`]: 'export const y = Date.now();\n' })).ok, folder).toBe(false);
    }
  });
});
