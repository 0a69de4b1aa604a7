// Makes ready what the emulated Pi boots from: `node tools/pi/prepare.mjs` prints where it is, as JSON. `--check` only says
// whether this machine has the programs for it.
import { createReadStream, createWriteStream, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { compileHeater, compileSqlite } from './cross-compile.mjs';
import { fetchPackages } from './fetch-packages.mjs';
import { gatewayArchive, systemArchive } from './make-initramfs.mjs';
import { missingPackages } from './needed-programs.mjs';
import { cacheFolder } from './places.mjs';
import { unpackPackages } from './unpack-packages.mjs';

const STALE_MS = 3_600_000;

const missing = missingPackages();
if (missing.length > 0) {
  console.error(`The emulated Pi needs: sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`);
  process.exit(3);
}
if (process.argv.includes('--check')) process.exit(0);
const begunMs = Date.now();
const say = (what) => console.error(`${((Date.now() - begunMs) / 1000).toFixed(1)} s: ${what}`);

const debs = fetchPackages();
say("Debian's arm64 kernel and Node are here");
const unpacked = unpackPackages(debs);
say('they are unpacked');
const [sqliteAddon, heater] = await Promise.all([compileSqlite(unpacked.root), compileHeater()]);
say('better-sqlite3 and the heater are compiled');
for (const name of readdirSync(cacheFolder('archives'))) {
  // Left by a run that was ended by force.
  const path = join(cacheFolder('archives'), name);
  if (name !== 'system.cpio' && statSync(path).mtimeMs < begunMs - STALE_MS) rmSync(path);
}
const parts = [systemArchive(unpacked), gatewayArchive({ sqliteAddon, heater })];
const initrd = join(cacheFolder('archives'), `initrd-${process.pid}.cpio`);
for (const [place, part] of parts.entries())
  await pipeline(createReadStream(part), createWriteStream(initrd, { flags: place === 0 ? 'w' : 'a' }));
rmSync(parts[1]);
say("the guest's root is made");
console.log(JSON.stringify({ kernel: unpacked.kernel, deviceTree: unpacked.deviceTree, initrd }));
