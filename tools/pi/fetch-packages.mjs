// Fetches Debian's arm64 kernel and Node 20 with apt, in a state of its own: the machine's packages are not touched.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from '#built/sketch/cache/cache.js';
import { call } from './places.mjs';

const RELEASE = 'trixie';
const MIRROR = 'http://deb.debian.org/debian';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** libnode-dev: the headers that better-sqlite3 is compiled with. */
const USERLAND = ['nodejs', 'libnode-dev', 'busybox-static'];
/** Brought along by what we ask for, and of no use in the guest. */
const UNWANTED =
  /^(?:libuv1-dev|libssl-dev|zlib1g-dev|libc6-dev|libicu-dev|.*-dev-bin|linux-libc-dev|.*-doc|gcc-|rpcsvc|libcrypt-dev|icu-devtools|perl|libperl|node-corepack|openssl-provider)/;

/** Paths of the fetched packages: the kernel's and the others. Fetched once; delete the cache to have newer ones. */
export async function fetchPackages() {
  const folder = await cached('pi-packages', RELEASE, download);
  const debs = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  const kernel = debs.find((name) => name.startsWith('linux-image-'));
  if (kernel === undefined) throw new Error(`no kernel among the packages in ${folder}: delete that folder`);
  return {
    kernel: join(folder, kernel),
    userland: debs.filter((name) => name !== kernel).map((name) => join(folder, name)),
  };
}

function download(folder) {
  mkdirSync(folder);
  const state = mkdtempSync(join(tmpdir(), 'copycat-apt-'));
  try {
    downloadInto(folder, writeAptConfig(state));
  } finally {
    rmSync(state, { recursive: true });
  }
}

function downloadInto(folder, APT_CONFIG) {
  const options = { cwd: folder, env: { ...process.env, APT_CONFIG, LC_ALL: 'C' } };
  call('apt-get', ['update', '-qq'], options);
  const kernel = /Depends: (linux-image-\S+)/.exec(call('apt-cache', ['depends', 'linux-image-arm64'], options))?.[1];
  if (kernel === undefined) throw new Error(`Debian ${RELEASE} says of no kernel that it is the one for arm64`);
  const simulated = call('apt-get', ['install', '--simulate', ...USERLAND], options);
  const userland = [...simulated.matchAll(/^Inst (\S+)/gm)].map((match) => match[1].replace(/:.*/, ''));
  call('apt-get', ['download', '-qq', kernel, ...userland.filter((name) => !UNWANTED.test(name))], options);
}

function writeAptConfig(state) {
  for (const name of ['lists/partial', 'archives/partial', 'nothing'])
    mkdirSync(join(state, name), { recursive: true });
  writeFileSync(join(state, 'status'), ''); // nothing is installed on that Pi yet
  writeFileSync(join(state, 'sources.list'), `deb [arch=arm64 signed-by=${KEYRING}] ${MIRROR} ${RELEASE} main\n`);
  const file = join(state, 'apt.conf');
  const settings = {
    'APT::Architecture': 'arm64',
    'APT::Architectures': 'arm64',
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root', // which here only means: nobody else, also where we are not root
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Debug::NoLocking': 'true',
    'Dir::Etc::sourcelist': join(state, 'sources.list'),
    'Dir::Etc::sourceparts': join(state, 'nothing'),
    'Dir::Etc::preferencesparts': join(state, 'nothing'),
    'Dir::State': state,
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': state,
  };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join(''),
  );
  return file;
}
