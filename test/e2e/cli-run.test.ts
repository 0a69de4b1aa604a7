import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removePairFolder } from '../remove-pair-folder.js';
import { until } from '../until.js';

/** `copycat run` as a service manager starts it: the built command, two emulated boards, signals. */

const MAIN = resolve('dist/cli/main.js');

let folder: string;
const toEnd: ChildProcess[] = [];
const sockets: Socket[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-run-'));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const child of toEnd.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  removePairFolder(folder);
});

function write(file: string, relay: string, input: string): void {
  writeFileSync(
    join(folder, file),
    `boards:
  a: { kind: uno, port: emulated }
  b: { kind: uno, port: emulated }
relay: { ${relay} }
input: ${input}
deadline: 100ms
ledger: { path: copycat.sqlite, journal: journal }
`,
  );
}

interface Running {
  readonly child: ChildProcess;
  said(): string;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
}

function run(file: string): Running {
  const child = spawn(process.execPath, [MAIN, 'run', '-c', file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  toEnd.push(child);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const exited = new Promise<{ code: number | null; signal: string | null }>((done) =>
    child.once('exit', (code, signal) => done({ code, signal })),
  );
  return { child, said: () => text, exited };
}

function copycat(...args: string[]): { code: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout + stderr };
}

/** The processes that this one has started, as the system sees them. */
function childrenOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : 'State:\tX';
  return !/^State:\s+[XZ]/m.test(status);
}

async function whenProtected({ child, said }: Running): Promise<void> {
  await until(() => child.exitCode !== null || /(?<!NOT )PROTECTED · both boards agree/.test(said()));
}

function ask(address: string, request: object): Promise<{ id: number; payload?: string; repeat?: boolean }> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.write(`${JSON.stringify(request)}\n`);
  return new Promise((done, failed) => {
    socket.once('error', failed);
    socket.once('data', (chunk: Buffer) => done(JSON.parse(chunk.toString()) as { id: number }));
  });
}

const addressIn = (text: string): string => /tcp:\/\/[\d.]+:\d+/.exec(text)?.[0] ?? '';

describe('copycat run on emulated boards', () => {
  it('serves ticks and clients, says that it is protected, and SIGTERM ends all of it', async () => {
    write('pair.yaml', 'pin: GPIO17, at-rest: a, feedback: GPIO27', "['every 50ms', 'tcp://127.0.0.1:0']");
    const gateway = run('pair.yaml');
    await whenProtected(gateway);
    const status = copycat('status', '-c', 'pair.yaml');
    expect(status).toMatchObject({ code: 0, out: expect.stringContaining('PROTECTED') });
    const address = addressIn(gateway.said());
    expect(await ask(address, { id: 1, payload: '40069001' })).toEqual({
      id: 1,
      payload: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    const children = childrenOf(gateway.child.pid);
    expect(children.length).toBeGreaterThan(0);
    expect(readdirSync(folder)).toContain('copycat.sock');

    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
    await until(() => !children.some(isAlive));
    expect(children.filter(isAlive)).toEqual([]);
    expect(readdirSync(folder)).not.toContain('copycat.sock');
    expect(copycat('status', '-c', 'pair.yaml')).toMatchObject({
      code: 1,
      out: expect.stringContaining('no gateway is running'),
    });
    expect(copycat('faults', 'list', '--all', '--json', '-c', 'pair.yaml')).toEqual({ code: 0, out: '[]\n' });
  });

  it('R23, R27: killed and started again on the same ledger, it serves, and knows what it was asked before', async () => {
    write('pair.yaml', 'pin: emulated, at-rest: a, feedback: emulated', 'tcp://127.0.0.1:0');
    const first = run('pair.yaml');
    await whenProtected(first);
    const answer = await ask(addressIn(first.said()), { id: 'one', payload: '40069001' });
    const children = childrenOf(first.child.pid);
    first.child.kill('SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    // A gateway without its world has nothing to serve: it goes too, and lets go of ledger and ports.
    await until(() => !children.some(isAlive));
    expect(children.filter(isAlive)).toEqual([]);

    const second = run('pair.yaml');
    await whenProtected(second);
    expect(copycat('status', '-c', 'pair.yaml').code).toBe(0);
    const address = addressIn(second.said());
    expect(await ask(address, { id: 'one', payload: '40069001' })).toEqual({ ...answer, repeat: true });
    expect((await ask(address, { id: 'two', payload: '40069001' })).payload).toMatch(/^[0-9a-f]{12}$/);
    second.child.kill('SIGTERM');
    expect(await second.exited).toEqual({ code: 0, signal: null });
  });

  it('a second gateway on the same ledger is refused with the process that has it, and the first goes on', async () => {
    write('pair.yaml', 'pin: GPIO17, at-rest: a', 'every 50ms');
    const first = run('pair.yaml');
    await whenProtected(first);
    const second = run('pair.yaml');
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.said()).toMatch(/Another gateway \(process \d+\) uses the ledger/);
    expect(copycat('status', '-c', 'pair.yaml').code).toBe(0);
    first.child.kill('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });
  });

  it('a gateway that dies takes the command with it: a service manager sees exit 1, not a world without a gateway', async () => {
    write('pair.yaml', 'pin: GPIO17, at-rest: a, feedback: GPIO27', 'every 50ms');
    const gateway = run('pair.yaml');
    await whenProtected(gateway);
    for (const pid of childrenOf(gateway.child.pid)) process.kill(pid, 'SIGKILL');
    expect(await gateway.exited).toEqual({ code: 1, signal: null });
  });
});

describe('copycat run before the gateway has begun', () => {
  it('R13: waits for a Firmata board that is not there; a signal ends it, and it drives nothing later', async () => {
    writeFileSync(
      join(folder, 'pair.yaml'),
      `boards: { a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }
relay: { pin: D7, at-rest: a, feedback: D8 }
firmata: { port: ${join(folder, 'firmata')} }
input: every 100ms
deadline: 100ms
ledger: { path: copycat.sqlite, journal: journal }
`,
    );
    const gateway = run('pair.yaml');
    await until(() => gateway.child.exitCode !== null || /the lines do not work/.test(gateway.said()));
    expect(gateway.child.exitCode).toBeNull();
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toEqual({ code: 0, signal: null });
    expect(gateway.said()).toContain('ended before the gateway had begun');
    // Nothing is locked: the next one may begin.
    const next = run('pair.yaml');
    await until(() => next.child.exitCode !== null || /the lines do not work/.test(next.said()));
    expect(next.child.exitCode).toBeNull();
  });
});
