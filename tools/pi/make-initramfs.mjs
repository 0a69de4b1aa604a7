// The guest's root: Debian's arm64 Node, busybox, the built gateway with its packages, the heater, and a start script.
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../run-program.mjs';
import { CpioArchive } from './cpio-archive.mjs';
import { addPackages } from './guest-packages.mjs';
import { cacheFolder } from './places.mjs';

const GATEWAY = 'opt/copycat';
const LIBRARIES = 'usr/lib/aarch64-linux-gnu';
/** Where a program looks without Debian's merged folders. */
const MERGED = ['bin', 'sbin', 'lib'];

/** What never changes between two runs: an archive of its own, which the kernel unpacks first. */
export function systemArchive(unpacked) {
  const path = join(cacheFolder('archives'), 'system.cpio');
  if (existsSync(path)) return path;
  const archive = new CpioArchive(`${path}.tmp`);
  for (const name of MERGED) archive.link(name, `usr/${name}`);
  for (const name of ['proc', 'sys', 'dev', 'tmp', 'run', 'data', 'etc', 'root']) archive.folder(name);
  const { root } = unpacked;
  archive.tree(join(root, 'usr/bin'), 'usr/bin', (file) => /\/(?:node|nodejs|busybox)$/.test(file));
  archive.tree(join(root, 'usr/lib'), 'usr/lib', (file) => isLibrary(file));
  archive.tree(join(root, 'usr/share/nodejs'), 'usr/share/nodejs', (file) => !/\.(?:ts|md|map)$/.test(file));
  for (const module of unpacked.modules) archive.file(`usr/lib/modules/${basename(module)}`, readFileSync(module));
  archive.file('usr/lib/modules/order', `${unpacked.modules.map((module) => basename(module)).join('\n')}\n`);
  archive.close();
  renameSync(`${path}.tmp`, path);
  return path;
}

/** What is being tested. */
export function gatewayArchive({ sqliteAddon, heater }) {
  const path = join(cacheFolder('archives'), `gateway-${process.pid}.cpio`);
  const archive = new CpioArchive(path);
  archive.file('init', readFileSync(join(ROOT, 'tools/pi/guest-init.sh')), true);
  archive.file('usr/bin/heater', readFileSync(heater), true);
  archive.file(`${GATEWAY}/package.json`, readFileSync(join(ROOT, 'package.json')));
  archive.tree(join(ROOT, 'dist'), `${GATEWAY}/dist`, (file) => /\.(?:js|json)$/.test(file));
  archive.tree(join(ROOT, 'boards'), `${GATEWAY}/boards`);
  archive.tree(join(ROOT, 'firmware-harness/images'), `${GATEWAY}/firmware-harness/images`);
  addPackages(archive, GATEWAY, sqliteAddon);
  archive.close();
  return path;
}

/** Shared objects and the loader; no plug-ins, which lie deeper. */
function isLibrary(file) {
  return file === 'usr/lib/ld-linux-aarch64.so.1' || new RegExp(`^${LIBRARIES}/[^/]+\\.so(?:\\.[^/]*)?$`).test(file);
}
