// Makes ready what the emulated Pi boots from: `node tools/pi/prepare.mjs` prints where it is, as JSON. `--check` only says
// whether this machine has the programs for it.
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { compileHeater, compileSqlite } from './cross-compile.mjs';
import { fetchPackages } from './fetch-packages.mjs';
import { makeGatewayArchive, systemArchive } from './make-initramfs.mjs';
import { missingPackages } from './needed-programs.mjs';
import { unpackPackages } from './unpack-packages.mjs';

const missing = missingPackages();
if (missing.length > 0) {
  console.error(`The emulated Pi needs: sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`);
  process.exit(3);
}
if (process.argv.includes('--check')) process.exit(0);
const begunMs = Date.now();
const say = (what) => console.error(`${((Date.now() - begunMs) / 1000).toFixed(1)} s: ${what}`);

const debs = await fetchPackages();
say("Debian's arm64 kernel and Node are here");
const unpacked = await unpackPackages(debs);
say('they are unpacked');
const [sqliteAddon, heater] = await Promise.all([compileSqlite(unpacked), compileHeater()]);
say('better-sqlite3 and the heater are compiled');
// What is tested changes with every build: it is in no cache, and whoever asked for it removes it.
const folder = mkdtempSync(join(tmpdir(), 'copycat-pi-root-'));
const [gateway, initrd] = [join(folder, 'gateway.cpio'), join(folder, 'initrd.cpio')];
await makeGatewayArchive(gateway, { sqliteAddon, heater });
for (const [place, part] of [await systemArchive(unpacked), gateway].entries())
  await pipeline(createReadStream(part), createWriteStream(initrd, { flags: place === 0 ? 'w' : 'a' }));
rmSync(gateway);
say("the guest's root is made");
console.log(JSON.stringify({ kernel: unpacked.kernel, deviceTree: unpacked.deviceTree, initrd }));
