// The guest's root: Debian's arm64 Node, busybox, the built gateway with its packages, the heater, and a start script.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cached, keyOf } from '#built/sketch/cache/cache.js';
import { ROOT } from '../run-program.mjs';
import { CpioArchive } from './cpio-archive.mjs';
import { addPackages } from './guest-packages.mjs';

const GATEWAY = 'opt/copycat';
const LIBRARIES = 'usr/lib/aarch64-linux-gnu';
/** Where a program looks without Debian's merged folders. */
const MERGED = ['bin', 'sbin', 'lib'];

/** What says what goes into it. */
const MADE_BY = ['make-initramfs', 'cpio-archive'].map((name) => join(ROOT, `tools/pi/${name}.mjs`));

/** What only other packages change: an archive of its own, which the kernel unpacks first. */
export async function systemArchive({ root, modules, key }) {
  const name = `system-${keyOf({ files: MADE_BY, texts: [key] })}.cpio`;
  return await cached('pi-archives', name, (path) => {
    const archive = new CpioArchive(path);
    for (const name of MERGED) archive.link(name, `usr/${name}`);
    for (const name of ['proc', 'sys', 'dev', 'tmp', 'run', 'data', 'etc', 'root']) archive.folder(name);
    archive.tree(join(root, 'usr/bin'), 'usr/bin', (file) => /\/(?:node|nodejs|busybox)$/.test(file));
    archive.tree(join(root, 'usr/lib'), 'usr/lib', (file) => isLibrary(file));
    archive.tree(join(root, 'usr/share/nodejs'), 'usr/share/nodejs', (file) => !/\.(?:ts|md|map)$/.test(file));
    for (const module of modules) archive.file(`usr/lib/modules/${basename(module)}`, readFileSync(module));
    archive.file('usr/lib/modules/order', `${modules.map((module) => basename(module)).join('\n')}\n`);
    archive.close();
  });
}

/** What is being tested, as an archive at `path`. */
export async function makeGatewayArchive(path, { sqliteAddon, heater }) {
  const archive = new CpioArchive(path);
  archive.file('init', readFileSync(join(ROOT, 'tools/pi/guest-init.sh')), true);
  archive.file('usr/bin/heater', readFileSync(heater), true);
  archive.file(`${GATEWAY}/package.json`, readFileSync(join(ROOT, 'package.json')));
  archive.tree(join(ROOT, 'dist'), `${GATEWAY}/dist`, (file) => /\.(?:js|json)$/.test(file));
  archive.tree(join(ROOT, 'boards'), `${GATEWAY}/boards`);
  archive.tree(join(ROOT, 'firmware-harness/images'), `${GATEWAY}/firmware-harness/images`);
  await addPackages(archive, GATEWAY, sqliteAddon);
  archive.close();
}

/** Shared objects and the loader; no plug-ins, which lie deeper. */
function isLibrary(file) {
  return file === 'usr/lib/ld-linux-aarch64.so.1' || new RegExp(`^${LIBRARIES}/[^/]+\\.so(?:\\.[^/]*)?$`).test(file);
}
