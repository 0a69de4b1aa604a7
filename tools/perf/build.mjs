// Builds what the rig is made of: the load generator, the forwarder in C, and two kinds of boards that are processes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const HARNESS = join(ROOT, 'firmware-harness');
const FLAGS = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-ffunction-sections', '-Wl,--gc-sections'];

/** @returns the paths of the programs */
export function buildPrograms(folder) {
  mkdirSync(folder, { recursive: true });
  const sources = (name) =>
    readdirSync(join(HARNESS, name))
      .filter((file) => file.endsWith('.c'))
      .map((file) => join(HARNESS, name, file));
  const compile = (name, files, more = []) => {
    const program = join(folder, name);
    execFileSync('gcc', [...FLAGS, ...more, '-o', program, ...files], { cwd: HARNESS, stdio: 'inherit' });
    return program;
  };
  const harness = ['-Iinclude', '-Isrc'];
  const board = [...sources('src'), ...sources('ports/posix'), ...sources('apps/heater')];
  const codec = ['frame.c', 'codec.c', 'cobs.c', 'crc32.c'].map((file) => join(HARNESS, 'src', file));
  return {
    wireBoard: compile('wire-board', [join(import.meta.dirname, 'wire-board.c')]),
    wireLoad: compile('wire-load', [join(import.meta.dirname, 'wire-load.c')]),
    load: compile('load', [join(import.meta.dirname, 'load.c')]),
    slowDisk: compile('slow-disk.so', [join(import.meta.dirname, 'slow-disk.c')], ['-shared', '-fPIC']),
    forwarder: compile('forwarder', [join(import.meta.dirname, 'forwarder.c'), ...codec], harness),
    board: compile('board', board, [...harness, '-DCC_WINDOW=8']),
    echoBoard: compile('echo-board', board, [...harness, '-DCC_WINDOW=8', '-DPERF_ECHO']),
  };
}
