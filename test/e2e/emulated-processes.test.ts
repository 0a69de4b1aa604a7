import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removePairFolder } from '../remove-pair-folder.js';
import { until } from '../until.js';

/** The processes of `copycat run` on emulated boards: one has the boards, and starts the gateway. */

const MAIN = resolve('dist/cli/main.js');
let folder: string;
let run: ChildProcess;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-processes-'));
  const text = readFileSync('example.yaml', 'utf8').replace(/^input: .*$/m, "input: { listen: 'pty:port' }");
  writeFileSync(join(folder, 'copycat.yaml'), `${text}\nledger: { path: ledger.sqlite, journal: journal }\n`);
});
afterEach(() => {
  if (run.exitCode === null && run.signalCode === null) signalAll('SIGKILL');
  removePairFolder(folder);
});

/** In a group of its own, so that a signal can reach every process of it. */
function start(): void {
  said = '';
  run = spawn(process.execPath, [MAIN, 'run', '-c', 'copycat.yaml'], {
    ...{ cwd: folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    env: { ...process.env, TMPDIR: folder },
  });
  run.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
}

function signalAll(signal: NodeJS.Signals): void {
  process.kill(-(run.pid ?? 0), signal);
}

const ended = () =>
  until(
    () => run.exitCode !== null || run.signalCode !== null,
    () => said,
  );

/** By its number and the moment of its start: a number is given again. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
}

/** Null: it has ended, whether or not somebody has taken notice. */
function processOf(pid: number): Process | null {
  try {
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=\w )/);
    const [state, parent, ...more] = rest.split(' ');
    return state === 'Z' ? null : { pid, parent: Number(parent), startedAt: more[17] ?? '' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}

function descendants(): readonly Process[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (processOf(Number(name)) ?? []) : []));
  const found: Process[] = [];
  for (let parents = [run.pid]; parents.length > 0; ) {
    const children = all.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map(({ pid }) => pid);
  }
  return found;
}

function isGateway({ pid }: Process): boolean {
  return processOf(pid) !== null && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('gateway-main');
}

const gateway = (): Promise<Process> =>
  until(
    () => descendants().find(isGateway),
    () => said,
    2,
  );
const isThere = ({ pid, startedAt }: Process): boolean => processOf(pid)?.startedAt === startedAt;
const later = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Moments of the start, in milliseconds after there is a process for the gateway: what is judged is the same at each of them. */
const MOMENTS = [0, 20, 80, 300, 1200];

describe('copycat run on emulated boards, of several processes', () => {
  it('R27: ends in order where a signal reaches each of them, at any moment of the start', async () => {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      for (const moment of signal === 'SIGTERM' ? MOMENTS : [300]) {
        start();
        await gateway();
        await later(moment);
        signalAll(signal);
        await ended();
        expect({ moment, code: run.exitCode, said }).toEqual({
          ...{ moment, code: 0 },
          said: expect.not.stringMatching(/exit code null|did not start|ended by SIG/),
        });
      }
    }
  });

  it('leaves no process behind when it is killed, at any moment of the start', async () => {
    for (const moment of MOMENTS) {
      start();
      await gateway();
      await later(moment);
      const all = descendants();
      run.kill('SIGKILL');
      await ended();
      await until(
        () => !all.some(isThere),
        () => ({ moment, left: all.filter(isThere), said }),
      );
      expect(all.length).toBeGreaterThan(0);
    }
  });

  it('takes away the link to a terminal of its gateway that was killed', async () => {
    start();
    const link = join(folder, 'port');
    await until(
      () => said.includes('PROTECTED · both boards agree'),
      () => said,
    );
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    process.kill((await gateway()).pid, 'SIGKILL');
    await ended();
    expect(run.exitCode).toBe(1);
    expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
  });
});
