import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

// Under what a takeover is measured: what the boards are asked meanwhile, and what else goes on on the machine.

/** Two cores, and the pair wants one of them. */
const READERS = 3;
/** Its own data fit in, its program does not: pages of code are dropped and read again from the disk. */
const LIMIT_MB = 100;
/** Of the first or the second version of the kernel's groups: the folder, and the file with the limit. */
const GROUPS = [
  ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
  ['/sys/fs/cgroup', 'memory.high'],
];
const SLOW_DISK_MS = 500;

const CALM = { inFlight: 1, intervalUs: 10_000 };
const FULL = { inFlight: 16, intervalUs: 0 };

/**
 * load: of load.c; environment(programs): of the gateway; beside(ledger): commands that run meanwhile, each says a word first;
 * within(): words that start the gateway's command in some surroundings.
 */
export const CONDITIONS = [
  { name: 'an input every 10 ms', load: CALM },
  { name: '16 in flight', load: FULL },
  {
    name: `an fsync takes ${SLOW_DISK_MS} ms`,
    load: CALM,
    environment: ({ slowDisk }) => ({ LD_PRELOAD: slowDisk, SLOW_DISK_MS: String(SLOW_DISK_MS) }),
  },
  {
    name: `${READERS} clients read the whole fault log`,
    load: CALM,
    beside: (ledger) =>
      Array.from({ length: READERS }, () => [
        process.execPath,
        [`${import.meta.dirname}/read-faults.mjs`, ledger],
        /^reading$/m,
      ]),
  },
  { name: `the gateway may have ${LIMIT_MB} MB of memory`, load: CALM, within: limitedMemory },
];

/** @throws where this user may not make a group with a limit of memory */
function limitedMemory() {
  const [root, limit] =
    GROUPS.find(([folder, file]) => existsSync(`${folder}/${file}`) || file === 'memory.high') ?? [];
  const group = `${root}/copycat-perf`;
  mkdirSync(group, { recursive: true });
  writeFileSync(`${group}/${limit}`, String(LIMIT_MB * 1024 * 1024));
  return ['sh', '-c', `echo $$ > ${group}/cgroup.procs && exec "$@"`, 'sh'];
}
