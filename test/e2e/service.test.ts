import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** `copycat run` as systemd starts it with Type=notify and WatchdogSec: what arrives at $NOTIFY_SOCKET. */

const MAIN = resolve('dist/cli/main.js');
const RECEIVER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    print(s.recv(65536).decode().replace('\\n', ' | '), flush=True)
`;

import { removePairFolder } from '../remove-pair-folder.js';
import { until } from '../until.js';

/** Looks are a quarter of it apart. */
const WATCHDOG_US = 2_000_000;

let folder: string;
const toEnd: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-notified-'));
});
afterEach(() => {
  for (const child of toEnd.splice(0)) child.kill('SIGKILL');
  removePairFolder(folder);
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function receive(path: string): Promise<string[]> {
  const child = spawn('python3', ['-c', RECEIVER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  toEnd.push(child);
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  await until(() => lines.length > 0);
  lines.shift();
  return lines;
}

function writePair(): void {
  writeFileSync(
    join(folder, 'pair.yaml'),
    `name: of-a-test
boards:
  a: { kind: uno, port: emulated }
  b: { kind: uno, port: emulated }
relay: { pin: emulated, at-rest: a, feedback: emulated }
input: every 50ms
deadline: 1s
probe: 100ms
ledger: { path: copycat.sqlite, journal: journal }
`,
  );
}

function copycat(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

async function service(): Promise<{ child: ChildProcess; told: string[]; exited: Promise<number | null> }> {
  writePair();
  const path = join(folder, 'notify');
  const told = await receive(path);
  const child = spawn(process.execPath, [MAIN, 'run', '-c', 'pair.yaml'], {
    ...{ cwd: folder, stdio: 'ignore' },
    env: { ...process.env, NOTIFY_SOCKET: path, WATCHDOG_USEC: String(WATCHDOG_US) },
  });
  toEnd.push(child);
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  await until(() => told.some((line) => line.startsWith('STATUS=PROTECTED')) || child.exitCode !== null);
  return { child, told, exited };
}

describe('a gateway as a service', () => {
  it('says that it is ready, how the pair stands, that it is alive, and on SIGTERM that it ends in good order', async () => {
    const { child, told, exited } = await service();
    expect(told[0]).toBe('READY=1 | STATUS=the gateway runs; its boards are looked for');
    expect(told).toContain('STATUS=PROTECTED · both boards agree; board a drives | WATCHDOG=1');
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    await until(() => told.at(-1)?.startsWith('STOPPING=1') === true);
    expect(told.at(-1)).toBe('STOPPING=1 | STATUS=ending: what is in work is finished, new inputs are not taken');
    expect(told.filter((line) => line.startsWith('READY=1'))).toHaveLength(1);
  });

  it('complaint 12: a frozen process feeds no watchdog, and one that goes on does again', async () => {
    const { child, told } = await service();
    child.kill('SIGSTOP');
    // What was on its way when it stopped.
    await pause(500);
    const before = told.length;
    await pause((2 * WATCHDOG_US) / 1000);
    expect(told).toHaveLength(before);
    child.kill('SIGCONT');
    // What it tells first may be how the pair stands after such a pause.
    const feeds = (): boolean => told.slice(before).some((line) => line.includes('WATCHDOG=1'));
    await until(feeds);
    expect(feeds()).toBe(true);
  });
});

describe('the commands around it', () => {
  it('copycat doctor looks at this very machine: exit code 1 exactly when something has to be mended', () => {
    writePair();
    const { code, out } = copycat('doctor', '--json', '-c', 'pair.yaml');
    const findings = JSON.parse(out) as { about: string; verdict: string; fix: string | null }[];
    const toMend = findings.filter(({ verdict }) => verdict === 'mend');
    expect(code).toBe(toMend.length > 0 ? 1 : 0);
    expect(toMend.filter(({ fix }) => fix === null)).toEqual([]);
    // This folder is on a disk whose time was really measured; the journal of this pair is not in memory.
    expect(findings.find(({ about }) => about === 'disk time of the ledger')).toMatchObject({
      verdict: expect.any(String),
    });
    expect(findings.find(({ about }) => about === 'Node')?.verdict).toBe('right');
    expect(readdirSync(folder)).toEqual(['pair.yaml']);
    expect(copycat('doctor').out).toContain('with -c FILE also what one pair needs');
    expect(copycat('doctor', '-c', 'nosuch.yaml').code).toBe(2);
  });

  it('copycat service shows what it would do, and does nothing', () => {
    writePair();
    const shown = copycat('service', 'install', '--dry-run', '--user', 'root', '-c', 'pair.yaml');
    expect(shown).toMatchObject({
      code: 0,
      out: expect.stringContaining('systemctl enable copycat@of-a-test.service'),
    });
    expect(shown.out).toContain(`ExecStart=${process.execPath} ${MAIN} run -c ${join(folder, 'pair.yaml')}`);
    expect(copycat('service', 'print', '--user', 'root', '-c', 'pair.yaml').out).toContain(
      '==> /etc/systemd/system/copycat@.service',
    );
    expect(copycat('service', 'uninstall', '--dry-run', '-c', 'pair.yaml')).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('has no service here') },
    });
    expect(readdirSync(folder)).toEqual(['pair.yaml']);
  });

  it('ends a gateway that cannot tell systemd, and says why', () => {
    writePair();
    const env = { ...process.env, NOTIFY_SOCKET: 'nonsense' };
    const ran = spawnSync(process.execPath, [MAIN, 'run', '-c', 'pair.yaml'], { cwd: folder, encoding: 'utf8', env });
    expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining('NOTIFY_SOCKET names no socket')]);
  });
});
