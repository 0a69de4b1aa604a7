// Compiles for the guest what npm has no arm64 build of: better-sqlite3, and the posix board's heater.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, keyOf } from '#built/sketch/cache/cache.js';
import { ROOT } from '../run-program.mjs';
import { call } from './places.mjs';

const SQLITE = join(ROOT, 'node_modules/better-sqlite3');
const HARNESS = join(ROOT, 'firmware-harness');
/** Enough for a test, and a third of the time of what npm would compile it with. */
const OPTIMISE = '-O1';

/** better-sqlite3's own version, compiled with the headers of the guest's Node. The path of the addon. */
export async function compileSqlite({ root, key }) {
  const { version } = JSON.parse(readFileSync(join(SQLITE, 'package.json'), 'utf8'));
  const name = `better_sqlite3-${keyOf({ texts: [version, key, OPTIMISE, compilerVersion()] })}.node`;
  return await cached('pi-native', name, async (addon) => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-sqlite-'));
    try {
      await compileAddon(root, folder, addon);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

const compilerVersion = () => call('aarch64-linux-gnu-gcc', ['--version']);

async function compileAddon(root, folder, addon) {
  const defines = [
    ...readFileSync(join(SQLITE, 'deps/defines.gypi'), 'utf8').matchAll(/^\s*'([A-Z0-9_]+(?:=[^']*)?)',$/gm),
  ].map((match) => `-D${match[1]}`);
  const [library, glue] = [join(folder, 'sqlite3.o'), join(folder, 'glue.o')];
  const amalgamation = join(SQLITE, 'deps/sqlite3');
  const includes = [`-I${join(root, 'usr/include/node')}`, `-I${amalgamation}`, `-I${join(SQLITE, 'src')}`];
  const node = ['-DNODE_GYP_MODULE_NAME=better_sqlite3', '-DBUILDING_NODE_EXTENSION', '-DV8_DEPRECATION_WARNINGS=1'];
  const always = ['-w', OPTIMISE, '-fPIC', '-D_FILE_OFFSET_BITS=64', '-c'];
  await Promise.all([
    run('aarch64-linux-gnu-gcc', ['-std=c99', ...always, ...defines, '-o', library, join(amalgamation, 'sqlite3.c')]),
    run('aarch64-linux-gnu-g++', [
      ...['-std=c++20', ...always, ...node, ...includes, ...defines],
      ...['-o', glue, join(SQLITE, 'src/better_sqlite3.cpp')],
    ]),
  ]);
  await run('aarch64-linux-gnu-g++', ['-shared', '-Wl,-Bsymbolic', '-o', addon, glue, library]);
}

/** The heater as an arm64 process that opens its own pseudo-terminal. */
export async function compileHeater() {
  const folders = ['src', 'ports/posix', 'apps/heater'];
  const sources = folders.flatMap((folder) => filesIn(folder, '.c'));
  const files = [...sources, ...['include/copycat', ...folders].flatMap((folder) => filesIn(folder, '.h'))];
  const name = `heater-${keyOf({ files, texts: [OPTIMISE, compilerVersion()] })}`;
  const includes = [`-I${join(HARNESS, 'include')}`, `-I${join(HARNESS, 'src')}`];
  return await cached('pi-native', name, (program) =>
    run('aarch64-linux-gnu-gcc', ['-std=gnu11', OPTIMISE, ...includes, '-o', program, ...sources]),
  );
}

function filesIn(folder, ending) {
  return readdirSync(join(HARNESS, folder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(HARNESS, folder, name));
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with exit code ${code}: ${said.slice(-2000)}`));
    });
  });
}
