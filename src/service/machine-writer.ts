import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isProgram } from '../programs/find-program.js';
import type { MachineWriter } from './apply-plan.js';

const RUN_LIMIT_MS = 120_000;

/** Changes the machine that this process runs on; needs root. */
export const thisMachineWriter: MachineWriter = {
  write(path, text) {
    mkdirSync(dirname(path), { recursive: true });
    // systemd and udev read a folder whenever they like: never half a file.
    const half = `${path}.new`;
    writeFileSync(half, text, { mode: 0o644 });
    renameSync(half, path);
  },
  remove(path) {
    rmSync(path, { force: true });
    const folder = dirname(path);
    if (folder.endsWith('.service.d') && readdirSync(folder).length === 0) rmdirSync(folder);
  },
  isProgram,
  run([program = '', ...args]) {
    const ran = spawnSync(program, args, { encoding: 'utf8', timeout: RUN_LIMIT_MS });
    return { code: ran.status, out: ran.error?.message ?? `${ran.stdout}${ran.stderr}` };
  },
};
