// Tests on other versions of Node, which npm has as packages: the binary, and the headers that better-sqlite3 is compiled with.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cached } from '#built/sketch/cache/cache.js';
import { ROOT, runProgram } from '../run-program.mjs';

export const NODE_VERSIONS = [22, 24, 26];
/** Those whose result depends on the version; simulation and boards run the same JavaScript. */
const PROJECTS = ['unit', 'conformance', 'host'];

/** A copy of what git knows, with packages of its own, tested with the newest Node of that line. */
export async function testWithNode(version) {
  let folder = null;
  try {
    const node = await nodeOf(version);
    folder = mkdtempSync(join(tmpdir(), `copycat-node-${version}-`));
    copyClone(folder);
    const env = {
      PATH: `${join(node, 'bin')}:${process.env.PATH}`,
      npm_config_nodedir: node, // where nothing ready-made can be had for it
      npm_config_fund: 'false',
      npm_config_audit: 'false',
    };
    const onLine = (line) => console.log(`  Node ${version} | ${line}`);
    const run = (program, args) => runProgram(program, args, { onLine, env, cwd: folder });
    const npm = join(dirname(process.execPath), 'npm');
    if ((await run(npm, ['ci'])).code !== 0) return { ok: false, told: 'packages cannot be installed' };
    if ((await run('node', ['tools/build.mjs'])).code !== 0) return { ok: false, told: 'it does not compile' };
    const projects = PROJECTS.map((project) => `--project=${project}`);
    const { code, lines } = await run('node', ['node_modules/vitest/vitest.mjs', 'run', ...projects]);
    const counted = lines.findLast((line) => /^\s*Tests\s/.test(line))?.trim() ?? 'vitest did not end';
    return { ok: code === 0, told: counted };
  } catch (error) {
    return { ok: false, told: String(error.message).split('\n')[0] };
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder of that Node (`bin`, `include`). The newest of its line at the time when it was fetched. */
async function nodeOf(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = await cached('nodes', `${name}-${version}`, (path) => {
    mkdirSync(path);
    const call = (program, args) => execFileSync(program, args, { cwd: path, encoding: 'utf8' });
    const file = call('npm', ['pack', '--silent', `${name}@${version}`]).trim();
    call('tar', ['-x', '-z', '-f', file]);
    rmSync(join(path, file));
  });
  return join(folder, 'package');
}

function copyClone(folder) {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const name of list.toString().split('\0').filter(Boolean)) cpSync(join(ROOT, name), join(folder, name));
}
