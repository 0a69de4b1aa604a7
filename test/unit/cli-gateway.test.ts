import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlServer, serveControl } from '../../src/api/socket/serve-control.js';
import type { Command, CommandOutcome } from '../../src/control/contract/command.js';
import type { Status } from '../../src/control/contract/status.js';

/** The commands that need a running gateway, as built, against one that answers what a test says. */

const MAIN = resolve('dist/cli/main.js');
const CONFIG = `boards: { a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 100ms
deadline: 50ms
`;

let folder: string;
let server: ControlServer | null;
let asked: Command[];
let outcome: CommandOutcome;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-cli-'));
  writeFileSync(join(folder, 'copycat.yaml'), CONFIG);
  writeFileSync(join(folder, 'oven.yaml'), `${CONFIG}control: oven.sock\n`);
  server = null;
  asked = [];
  outcome = { done: 'Board b drives the actuator.' };
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function gatewayAt(socket = 'copycat.sock'): Promise<void> {
  server = await serveControl({
    path: join(folder, socket),
    status: () => ({ ledger: { path: '/nowhere' } }) as Status,
    command: (command) => {
      asked.push(command);
      return Promise.resolve(outcome);
    },
  });
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function copycat(...args: string[]): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder });
    let out = '';
    let err = '';
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
    });
    child.on('close', (code) => done({ code, out, err }));
  });
}

describe('telling the running gateway what to do', () => {
  it.each<[string[], Command]>([
    [['switch'], { command: 'switch' }],
    [['rejoin', 'b'], { command: 'rejoin', board: 'b' }],
    [['resume'], { command: 'resume' }],
    [['inputs', 'retry', '42'], { command: 'retry', seq: 42 }],
    [['inputs', 'accept', '42'], { command: 'accept', seq: 42 }],
    [['inputs', 'drop', '4294967295'], { command: 'drop', seq: 4294967295 }],
  ])('copycat %j asks for it, says what came of it and exits 0', async (args, command) => {
    await gatewayAt();
    expect(await copycat(...args)).toEqual({ code: 0, out: 'Board b drives the actuator.\n', err: '' });
    expect(asked).toEqual([command]);
  });

  it('finds the gateway of -c FILE, and names it in what it says to type next', async () => {
    await gatewayAt('oven.sock');
    outcome = { underWay: 'still under way: see copycat status' };
    expect(await copycat('switch', '-c', 'oven.yaml')).toEqual({
      code: 1,
      out: '',
      err: 'copycat: switch is still under way: see npx copycat status -c oven.yaml\n',
    });
    expect(asked).toEqual([{ command: 'switch' }]);
  });

  it('exits 1 with the reason when the gateway refuses', async () => {
    await gatewayAt();
    outcome = { refused: 'The pair is stopped: see copycat status.' };
    expect(await copycat('switch')).toEqual({
      code: 1,
      out: '',
      err: 'copycat: switch was refused. The pair is stopped: see npx copycat status.\n',
    });
  });

  it('gives the outcome to a program', async () => {
    await gatewayAt();
    const done = await copycat('resume', '--json');
    expect(JSON.parse(done.out)).toEqual({ done: 'Board b drives the actuator.' });
    outcome = { refused: 'the pair is not stopped' };
    const refused = await copycat('resume', '--json');
    expect(refused).toMatchObject({ code: 1, err: '' });
    expect(JSON.parse(refused.out)).toEqual({ refused: 'the pair is not stopped' });
  });

  it('says to a program too that no gateway runs', async () => {
    const starts = expect.stringMatching(/^no gateway is running: .*; start it: npx copycat run -c copycat\.yaml$/);
    for (const words of [['status'], ['switch'], ['relay', 'test'], ['rejoin', 'b'], ['inputs', 'drop', '42']]) {
      const { code, out, err } = await copycat(...words, '--json');
      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'NO_GATEWAY', message: starts } });
      expect(err).toMatch(/^copycat: no gateway is running/);
    }
    expect(JSON.parse((await copycat('status', '--json')).out)).toMatchObject({ protected: false });
  });

  it('watches with one object a line, also while no gateway runs', async () => {
    const child = spawn(process.execPath, [MAIN, 'status', '--watch', '--json'], { cwd: folder });
    const lines: string[] = [];
    const come = async (count: number): Promise<void> => {
      while (lines.length < count) await once(reader, 'line');
    };
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    await come(1);
    await gatewayAt();
    await come(3);
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    const told = lines.map((line) => JSON.parse(line) as { readonly error?: { readonly code: string } });
    expect(told[0]).toMatchObject({ protected: false, error: { code: 'NO_GATEWAY' } });
    expect(told[1]).toMatchObject({ ledger: { path: '/nowhere' } });
    expect(told.filter(({ error }) => error !== undefined)).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('says to a program too what is wrong with what was typed', async () => {
    const { code, out, err } = await copycat('status', 'nowhere.yaml', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: { code: 'CONFIG_MISSING', message: err.trim().replace('copycat: ', '') },
    });
  });

  it('exits 1 when no gateway runs, and says how to start one', async () => {
    const ran = await copycat('inputs', 'drop', '42');
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/^copycat: no gateway is running: .*; start it: npx copycat run -c copycat\.yaml\n$/);
  });

  it.each([
    [['rejoin', 'c'], 'copycat: this pair has no board c; expected a or b\n'],
    [['rejoin'], "copycat: missing required argument 'board'\n"],
    [['inputs', 'retry', 'x'], 'copycat: x is no number of an input; expected a number that inputs list shows\n'],
    [['inputs', 'drop', '0'], 'copycat: 0 is no number of an input; expected a number that inputs list shows\n'],
    [
      ['inputs', 'drop', '4294967296'],
      'copycat: 4294967296 is no number of an input; expected a number that inputs list shows\n',
    ],
  ])('%j is a usage error: one sentence, exit 2, and the gateway hears nothing', async (args, err) => {
    await gatewayAt();
    expect(await copycat(...args)).toEqual({ code: 2, out: '', err });
    expect(asked).toEqual([]);
  });

  it('needs to know which gateway', async () => {
    rmSync(join(folder, 'copycat.yaml'));
    expect(await copycat('switch')).toMatchObject({
      code: 2,
      err: expect.stringContaining('copycat switch FILE (copycat init writes one)'),
    });
  });
});
