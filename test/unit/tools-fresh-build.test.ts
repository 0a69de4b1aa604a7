import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStale } from '../../tools/fresh-build.mjs';
import config from '../../vitest.config.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'copycat-fresh-'));
  for (const folder of ['src/ledger', 'build', 'dist/cli']) mkdirSync(join(root, folder), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, atSeconds: number): void {
  writeFileSync(join(root, path), '');
  utimesSync(join(root, path), atSeconds, atSeconds);
}

function built(atSeconds: number): void {
  for (const folder of ['src', 'src/ledger']) utimesSync(join(root, folder), 1, 1);
  put('build/.tsbuildinfo', atSeconds);
  put('dist/cli/main.js', atSeconds);
}

describe('a compiled program that tests are to judge', () => {
  it('is made anew before any test where it is not that of the source as it stands', () => {
    expect(config.test?.globalSetup).toEqual(['tools/fresh-build.mjs']);
    put('src/ledger/schema.ts', 100);
    expect(isStale(root)).toBe(true);
    built(101);
    expect(isStale(root)).toBe(false);
    put('src/ledger/schema.ts', 102);
    expect(isStale(root)).toBe(true);
    built(103);
    put('tsconfig.json', 104);
    expect(isStale(root)).toBe(true);
  });

  it('is made anew where what people run is not there', () => {
    put('src/ledger/schema.ts', 100);
    built(101);
    rmSync(join(root, 'dist/cli/main.js'));
    expect(isStale(root)).toBe(true);
  });

  it('is made anew where a source has gone', () => {
    put('src/ledger/schema.ts', 100);
    built(101);
    rmSync(join(root, 'src/ledger/schema.ts'));
    expect(isStale(root)).toBe(true);
  });
});
