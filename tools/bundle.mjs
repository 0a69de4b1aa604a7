// Makes dist, what people run, of build, what the compiler makes: a few files in place of a thousand. Node reads, links and
// compiles every file by itself, and on a Raspberry Pi that was most of the time from `copycat run` to a protected pair.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { bundlePage, PAGE } from './bundle-page.mjs';
import { ROOT } from './run-program.mjs';

const BUILD = join(ROOT, 'build');
const DIST = join(ROOT, 'dist');

/** What is started by itself: the program, its threads, and the processes of the bench. By its place in dist its place in build. */
const ENTRIES = {
  'cli/main': 'cli/main.js',
  'threads/ledger-worker': 'ledger/worker/ledger-worker.js',
  'threads/console-main': 'console/console-main.js',
  'threads/notify-main': 'notify/notify-main.js',
  'threads/third-copy-worker': 'third-copy/third-copy-worker.js',
  'bench/gateway-main': 'bench/gateway-side/gateway-main.js',
  'bench/play-scenarios': 'bench/tour/play-scenarios.js',
};

/**
 * Packages that stay where npm has put them: those with machine code, which is found beside their own files, and johnny-five, whose
 * packages come without the text of their licence.
 */
const INSTALLED = /^(?:node:|better-sqlite3|koffi|@serialport\/bindings-cpp|johnny-five|firmata)/;
/** The modules that know this machine: each has a file of its own. */
const STAND_ALONE = ['host-folders', 'linux-gpio'];
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)/i;

/** Writes dist anew. Whoever starts something meanwhile finds the old one or the new one: it takes its place whole, in a moment. */
export async function bundle() {
  const bundled = await rolldown({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(BUILD, file)])),
    platform: 'node',
    external: INSTALLED,
    preserveEntrySignatures: 'allow-extension',
    // Of rxjs the modules, of which only what is used is taken.
    resolve: { conditionNames: ['es2015', 'node', 'import', 'default'] },
    plugins: [{ name: 'places', transform: (code, id) => (id.startsWith(BUILD) ? withPlaces(code, id) : null) }],
  });
  mkdirSync(join(ROOT, '.copycat'), { recursive: true });
  const fresh = mkdtempSync(join(ROOT, '.copycat/dist-'));
  // Every file is one folder deep: what `withPlaces` writes is true in any of them.
  const { output } = await bundled.write({
    dir: fresh,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    // Tests put others in the place of these, and know them by their names.
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: STAND_ALONE.map((name) => ({ name, test: new RegExp(`/${name}\\.js$`) })),
    },
    minifyInternalExports: false,
  });
  await bundled.close();
  const ofPage = await bundlePage(join(fresh, 'page'));
  writeFileSync(
    join(fresh, 'third-party-licences.txt'),
    licences([...output.flatMap(({ modules }) => Object.keys(modules ?? {})), ...ofPage]),
  );
  writeCommit(join(fresh, 'commit'));
  // `npx copycat` runs this file itself.
  chmodSync(join(fresh, 'cli/main.js'), 0o755);
  chmodSync(fresh, 0o755);
  const old = `${fresh}-old`;
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(fresh, DIST);
  rmSync(old, { recursive: true, force: true });
}

/** Whether dist is missing, or older than what it is made of. */
export function isBundleStale() {
  const madeMs = statSync(join(DIST, 'cli/main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const ofPage = readdirSync(PAGE, { recursive: true }).map((name) => join(PAGE, name));
  const tools = [import.meta.filename, join(import.meta.dirname, 'bundle-page.mjs')];
  const parts = [join(BUILD, '.tsbuildinfo'), join(ROOT, 'node_modules/.package-lock.json'), ...tools, ...ofPage];
  return parts.some((part) => (statSync(part, { throwIfNoEntry: false })?.mtimeMs ?? 0) > madeMs);
}

/** Where a module names a file beside itself, that file's place in dist, or outside build. */
function withPlaces(code, id) {
  return code.replaceAll(/new URL\('([^']+)', import\.meta\.url\)/g, (_, path) => {
    const inBuild = relative(BUILD, join(dirname(id), path));
    const entry = Object.keys(ENTRIES).find((name) => ENTRIES[name] === inBuild);
    if (entry === undefined && !inBuild.startsWith('..'))
      throw new Error(`${id} names ${path}, which is not in ENTRIES`);
    const place = entry === undefined ? inBuild + (path.endsWith('/') ? '/' : '') : `${entry}.js`;
    return `new URL('${posix.join('..', place)}', import.meta.url)`;
  });
}

/** What `copycat --version` says it was built of; a `+` where files had been changed since. Nothing outside a clone. */
function writeCommit(file) {
  const git = (...words) => spawnSync('git', ['-C', ROOT, ...words], { encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', '--short=10', 'HEAD');
  if (status !== 0) return;
  const isChanged = git('diff', '--quiet', 'HEAD', '--', 'src', 'tools/bundle.mjs', 'package.json').status !== 0;
  writeFileSync(file, `${stdout.trim()}${isChanged ? '+' : ''}\n`);
}

/** The licences of the packages whose text is now in dist. */
function licences(files) {
  const folders = new Set(
    files
      .map((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
      .filter((folder) => folder !== undefined),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => LICENCE_FILE.test(one));
    if (file === undefined)
      throw new Error(`${name} comes without the text of its licence: it has to stay in INSTALLED`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8')}`;
  });
  return `Copycat contains parts of these packages.\n\n${texts.join(`\n${'-'.repeat(78)}\n\n`)}`;
}
