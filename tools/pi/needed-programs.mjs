// What the emulated Pi needs of the machine it runs on, and how to get it.
import { spawnSync } from 'node:child_process';

/** Each program with the Debian package that brings it. */
const NEEDED = [
  ['qemu-system-aarch64', 'qemu-system-arm'],
  ['aarch64-linux-gnu-g++', 'g++-aarch64-linux-gnu'],
  ['mke2fs', 'e2fsprogs'],
  ['setpriv', 'util-linux'],
  ['xz', 'xz-utils'],
  ['apt-get', 'apt'],
  ['dpkg-deb', 'dpkg'],
];

/** Debian packages to install; empty when nothing is missing. */
export function missingPackages() {
  // mke2fs is where only root looks for programs.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  return NEEDED.filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`], { env }).status !== 0).map(
    ([, debian]) => debian,
  );
}
