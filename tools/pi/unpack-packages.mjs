// Unpacks of the fetched packages what the guest needs: a root folder, the kernel, its device tree, a few modules.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cached, keyOf } from '#built/sketch/cache/cache.js';
import { call } from './places.mjs';

/** What Debian builds as modules and the ledger's SD card needs, in the order in which they go in. */
const MODULES = [
  'kernel/drivers/mmc/host/sdhci.ko',
  'kernel/drivers/mmc/host/sdhci-pltfm.ko',
  'kernel/drivers/mmc/host/sdhci-iproc.ko',
  'kernel/drivers/mmc/host/bcm2835.ko',
  'kernel/crypto/crc32c_generic.ko',
  'kernel/lib/crc16.ko',
  'kernel/fs/mbcache.ko',
  'kernel/fs/jbd2/jbd2.ko',
  'kernel/fs/ext4/ext4.ko',
];
const DEVICE_TREE = 'broadcom/bcm2837-rpi-3-b.dtb';

/** Where things are: `root` (Debian's Node and busybox), `kernel`, `deviceTree`, `modules` (in the order of loading), and their `key`. */
export async function unpackPackages(debs) {
  const names = [debs.kernel, ...debs.userland].map((path) => basename(path)).sort();
  const key = keyOf({ texts: [...names, ...MODULES] });
  const folder = await cached('pi-system', key, (path) => {
    const [root, boot] = [join(path, 'root'), join(path, 'kernel')];
    for (const made of [root, boot]) mkdirSync(made, { recursive: true });
    for (const deb of debs.userland) call('dpkg-deb', ['-x', deb, root]);
    unpackKernel(debs.kernel, boot);
  });
  const boot = join(folder, 'kernel');
  const image = readdirSync(join(boot, 'boot')).find((name) => name.startsWith('vmlinuz-'));
  if (image === undefined) throw new Error(`${debs.kernel} has no kernel image`);
  const version = image.slice('vmlinuz-'.length);
  return {
    key,
    root: join(folder, 'root'),
    kernel: join(boot, 'boot', image),
    deviceTree: join(boot, 'usr/lib', `linux-image-${version}`, DEVICE_TREE),
    modules: MODULES.map((name) => join(boot, 'usr/lib/modules', version, name)),
  };
}

function unpackKernel(deb, folder) {
  const wanted = ['./boot/vmlinuz-*', `*/${DEVICE_TREE}`, ...MODULES.map((name) => `*/${name}.xz`)];
  const archive = join(folder, 'kernel.tar');
  execFileSync('sh', ['-c', 'dpkg-deb --fsys-tarfile "$0" > "$1"', deb, archive]);
  call('tar', ['-x', '-f', archive, '-C', folder, '--wildcards', ...wanted]);
  rmSync(archive);
  // The guest's busybox loads a module as it lies there, so unpacked.
  const modules = spawnSync('find', [folder, '-name', '*.ko.xz'], { encoding: 'utf8' }).stdout.trim().split('\n');
  call('xz', ['-d', '-f', ...modules]);
}
