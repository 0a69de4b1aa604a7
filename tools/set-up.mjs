// Makes a clone ready to run: checks the machine, installs what is missing, builds. Plain Node, no dependencies: it runs
// before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { startDisplay } from './display.mjs';
import { ROOT, runProgram, toolPath } from './run-program.mjs';

const OLDEST_NODE = [20, 19];
/** Wanted to compile better-sqlite3, with the Debian package that brings each. */
const PROGRAMS = [
  ['git', 'git'],
  ['python3', 'python3'],
  ['make', 'make'],
  ['g++', 'g++'],
];
/** What the longest step takes on a small machine, said before it begins. */
const COMPILE_SECONDS = '60 to 120';

/** Installs and builds as far as needed. Says what it does; gives false, with the reason said, when it cannot. */
export async function setUp() {
  if (!nodeIsNewEnough()) return false;
  if (!isInstalled() && !(await install())) return false;
  return build();
}

/**
 * Compiles src to build, module by module, which is what tests load, and bundles it to dist, which is what people run.
 * TypeScript keeps what it knows in build/.tsbuildinfo, so an unchanged tree takes a second.
 */
export async function build() {
  const display = startDisplay('Building Copycat');
  const result = await runProgram(process.execPath, [toolPath('typescript/bin/tsc'), '-p', 'tsconfig.json'], {
    onLine: () => undefined,
  });
  if (result.code !== 0) {
    display.stop('Building Copycat failed');
    process.stderr.write(`${result.lines.join('\n')}\n`);
    return false;
  }
  // Loaded here: a fresh clone has no packages when this file is.
  const { bundle, isBundleStale } = await import('./bundle.mjs');
  if (isBundleStale()) await bundle();
  display.stop('Built Copycat');
  return true;
}

function nodeIsNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return true;
  say(
    `copycat: Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node} (${process.execPath}).`,
  );
  return false;
}

/**
 * True when node_modules holds what package-lock.json says and the compiled part loads. Judged by npm's own record of
 * what it installed, so that it also knows an installation it did not make itself.
 */
export function isInstalled() {
  const recordPath = `${ROOT}node_modules/.package-lock.json`;
  if (!existsSync(recordPath)) return false;
  const wanted = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')).packages;
  const have = JSON.parse(readFileSync(recordPath, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional === true || entry.peer === true) continue;
    if (have[path]?.version !== entry.version || have[path]?.integrity !== entry.integrity) return false;
  }
  const probe = "const Database = require('better-sqlite3'); new Database(':memory:').close(); require('koffi');";
  return spawnSync(process.execPath, ['-e', probe], { cwd: ROOT, stdio: 'ignore' }).status === 0;
}

async function install() {
  const missing = PROGRAMS.filter(([program]) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0);
  if (missing.length > 0) {
    say(
      `copycat: missing on this machine: ${missing.map(([program]) => program).join(', ')}. One command installs it:`,
    );
    say(`  sudo apt-get update && sudo apt-get install -y ${missing.map(([, debian]) => debian).join(' ')}`);
    return false;
  }
  say('Setting up, once for this clone: installing the packages of package-lock.json (npm ci).');
  say(`Where no ready-made SQLite can be had for this machine it is compiled: ${COMPILE_SECONDS} seconds.`);
  const display = startDisplay('Fetching packages');
  let fetched = 0;
  // The scripts run in the foreground so that we can show what the compiler is at.
  const args = ['ci', '--no-audit', '--no-fund', '--foreground-scripts', '--loglevel=http'];
  const result = await runProgram('npm', args, {
    onLine(line) {
      if (/^npm http fetch /.test(line)) fetched += 1;
      const step = describeStep(line);
      if (step !== undefined) display.say(step.text, step.detail);
      else display.say('Fetching packages', fetched > 0 ? `: ${fetched} so far` : '');
    },
  });
  if (result.code !== 0) {
    display.stop('Installing failed');
    const telling = result.lines.filter((line) => !/^npm (http|info|verbose)/.test(line));
    process.stderr.write(`${telling.slice(-25).join('\n')}\n`);
    say('copycat: npm ci failed; what it said last is above. Run it again once the cause is mended: npm ci');
    return false;
  }
  display.stop('Installed the packages');
  return true;
}

let lastStep;
/** What a line of npm, node-gyp or make means to a person; keeps the last step while lines say nothing new. */
function describeStep(line) {
  const compiled = /^\s*(?:CC|CXX)\(target\)\s+(\S+)/.exec(line)?.[1]?.split('/').at(-1)?.replace(/\.o$/, '');
  if (compiled?.startsWith('sqlite3')) lastStep = { text: 'Compiling SQLite (the long step)' };
  else if (compiled !== undefined) lastStep = { text: 'Compiling better-sqlite3', detail: `: ${compiled}` };
  else if (/SOLINK_MODULE|COPY Release/.test(line)) lastStep = { text: 'Linking better-sqlite3' };
  else if (/^> better-sqlite3@/.test(line)) lastStep = { text: 'Looking for a ready-made better-sqlite3' };
  else if (/^gyp info spawn make|make: Entering/.test(line)) lastStep = { text: 'Compiling SQLite (the long step)' };
  return lastStep;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await setUp()) ? 0 : 1;
}
