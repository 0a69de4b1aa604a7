// The gateway's own packages for the guest: those package-lock.json says `npm install --omit=dev` brings, with arm64 natives.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '#built/sketch/cache/cache.js';
import { ROOT } from '../run-program.mjs';
import { call } from './places.mjs';

const KOFFI_NATIVE = '@koromix/koffi-linux-arm64';
/** What Node reads of a package at run time. */
const READ = /\.(?:js|cjs|mjs|json|node)$/;
/** The big ones that it does not. */
const UNREAD = /^\/(?:vendor|cnoke\.cjs$)/;

/** Puts node_modules into the archive at `path`. */
export async function addPackages(archive, path, sqliteAddon) {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  for (const [at, entry] of Object.entries(packages)) {
    const isOfOthers = at === '' || entry.dev === true || entry.devOptional === true || entry.os !== undefined;
    if (isOfOthers || !existsSync(join(ROOT, at))) continue;
    const own = join(path, at);
    archive.tree(join(ROOT, at), own, (file) => isWanted(file.slice(own.length), at));
  }
  archive.file(
    join(path, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'),
    readFileSync(sqliteAddon),
    true,
  );
  const koffi = await fetchKoffi(packages[`node_modules/${KOFFI_NATIVE}`].version);
  archive.tree(koffi, join(path, 'node_modules', KOFFI_NATIVE), (file) => !file.includes('musl'));
}

function isWanted(inPackage, at) {
  // A package inside a package has an entry of its own.
  if (!READ.test(inPackage) || UNREAD.test(inPackage) || inPackage.startsWith('/node_modules/')) return false;
  if (at === 'node_modules/better-sqlite3') return inPackage.startsWith('/lib/') || inPackage === '/package.json';
  if (at === 'node_modules/@serialport/bindings-cpp' && inPackage.endsWith('.node'))
    return /linux-arm64/.test(inPackage);
  return true;
}

async function fetchKoffi(version) {
  const folder = await cached('pi-native', `koffi-${version}`, (path) => {
    mkdirSync(path);
    const file = call('npm', ['pack', '--silent', `${KOFFI_NATIVE}@${version}`], { cwd: path }).trim();
    call('tar', ['-x', '-z', '-f', join(path, file), '-C', path]);
  });
  return join(folder, 'package');
}
