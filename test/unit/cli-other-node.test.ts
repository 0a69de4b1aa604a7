import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeModuleTrouble } from '../../src/errors/native-module.js';

const ROOT = resolve('.');
const MAIN = join(ROOT, 'dist/cli/main.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-other-node-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The program as that version of Node would find itself. */
function asNode(version: string) {
  const pretend = join(folder, `node-${version}.cjs`);
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
  writeFileSync(pretend, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', pretend, MAIN, 'check', 'none.yaml'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('a Node that is too old', () => {
  it.each(['20.18.3', '18.19.0', '12.22.12'])('is said by name: %s', (version) => {
    expect(asNode(version)).toEqual({
      status: 2,
      stdout: '',
      stderr: `copycat: Node ${version} (${process.execPath}) is too old: Copycat needs Node 20.19 or newer (docs/getting-started.md says how to get it)\n`,
    });
  });

  it('is not one that is new enough', () => {
    for (const version of ['20.19.0', '22.0.0']) expect(asNode(version).stderr).toContain('none.yaml cannot be read');
  });

  it('can read what is run first: no import but where the version is right, and no word that is newer than it', () => {
    const code = readFileSync(MAIN, 'utf8')
      .replaceAll(/\/\/.*$/gm, '')
      .replace(/^#!.*/, '');
    expect(code).not.toMatch(/^\s*import[\s{*'"]|\bawait\b|\?\.|\?\?|\|\|=|import\.meta|\bclass\b|^\s*#/m);
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe('>=20.19.0');
  });
});

describe('native modules', () => {
  it('that were built for another Node are said with what mends it, in one sentence', () => {
    const file = '/srv/copycat/node_modules/better-sqlite3/build/Release/better_sqlite3.node';
    const message =
      `The module '${file}'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 115. ` +
      'This version of Node.js requires\nNODE_MODULE_VERSION 127. Please try re-compiling or re-installing\n' +
      'the module (for instance, using `npm rebuild` or `npm install`).';
    const error = Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' });
    const said = `SQLite (better-sqlite3) was compiled for another Node than this one (${process.versions.node}): run npm rebuild in /srv/copycat`;
    expect(nativeModuleTrouble(error)).toBe(said);
    expect(nativeModuleTrouble(new Error('the ledger', { cause: error }))).toBe(said);
    expect(nativeModuleTrouble(new Error('anything else'))).toBeNull();
  });

  it('that do not load are no mistake of Copycat to any command, and the doctor finds them', () => {
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    cpSync(join(ROOT, 'boards'), join(folder, 'boards'), { recursive: true });
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, 'better-sqlite3/build/Release'), { recursive: true });
    for (const name of ['bindings', 'file-uri-to-path', 'koffi', '@serialport'])
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    const sqlite = join(ROOT, 'node_modules/better-sqlite3');
    for (const part of ['package.json', 'lib'])
      cpSync(join(sqlite, part), join(modules, 'better-sqlite3', part), { recursive: true });
    // As one that was built for another processor.
    writeFileSync(join(modules, 'better-sqlite3/build/Release/better_sqlite3.node'), 'not for here');
    writeFileSync(join(folder, 'pair.sqlite'), '');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(folder, 'dist/cli/main.js'), ...args], { cwd: folder, encoding: 'utf8' });
    const listed = run('faults', 'list', '--ledger', 'pair.sqlite');
    expect(listed.stderr).toMatch(
      /^copycat: SQLite \(better-sqlite3\) does not load: [^\n]+: run npm rebuild in \S+\n$/,
    );
    expect(listed.status).toBe(1);
    const findings = JSON.parse(run('doctor', '--json').stdout) as { about: string; verdict: string; found: string }[];
    expect(findings.filter(({ about }) => about === 'native modules')).toEqual([
      expect.objectContaining({
        verdict: 'mend',
        found: expect.stringContaining('SQLite (better-sqlite3) does not load'),
      }),
    ]);
  });
});
