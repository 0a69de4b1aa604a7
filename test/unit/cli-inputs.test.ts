import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#built/ledger/files/open-ledger.js';
import { WallClock } from '../../src/clock/clock.js';

/** copycat inputs list and show: they read the ledger's file, and need no gateway. */

const MAIN = resolve('dist/cli/main.js');
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-inputs-'));
  writeFileSync(
    join(folder, 'copycat.yaml'),
    `boards: { a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 100ms
deadline: 50ms
ledger: { durability: power }
`,
  );
  await writeInputs(join(folder, 'copycat.sqlite'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 1 finished, 2 dropped, 3 quarantined, 4 in work, 5 rejected in words, 6 without any, 7 answered by levels alone. */
async function writeInputs(path: string): Promise<void> {
  const ledger = await openLedger(
    {
      ...{ path, durability: 'power', journalFolder: folder, boards: ['a', 'b'], firstOwner: 'a' },
      ...{ keepInputs: 10, keepFaults: 10 },
      fields: {
        input: [{ name: 'set point', type: 'i16', offset: 0, scale: 0.1, unit: 'degC' }],
        result: [{ name: 'duty', type: 'u8', offset: 0, scale: 1, unit: '' }],
        sources: [{ name: 'temperature', unit: 'degC', scale: 0.5 }],
        outputs: [{ name: 'heat', pin: 'D9', unit: '%', scale: 0.5 }],
      },
    },
    new WallClock(),
  );
  ledger.submit({ type: 'reserveSeqs', throughSeq: 100 });
  for (const seq of [1, 2, 3, 4]) {
    const payload = Uint8Array.of(0x58, seq);
    ledger.submit({ type: 'recordInput', seq, ref: `tcp:4${seq}`, kind: 'input', pairTimeMs: seq * 100, payload });
  }
  const parts = [{ rejected: false, body: Uint8Array.of(142) }];
  const commit = { board: 'a', epoch: 1, hash: 9, executionCount: 12, digest: 7, parts, observed: [250] };
  ledger.submit({ type: 'requestCommit', seq: 1, ...commit } as never);
  for (const board of ['a', 'b']) ledger.submit({ type: 'recordDone', board, seq: 1, readBack: [142, 1] });
  ledger.submit({ type: 'recordEmitted', seq: 1 });
  ledger.submit({ type: 'finishInput', seq: 1 });
  for (const seq of [2, 3]) {
    for (const [index, board] of ['a', 'b'].entries())
      ledger.submit({ type: 'recordAttempt', board, session: 3 + index, seq });
    ledger.submit({ type: 'quarantine', seq });
  }
  ledger.submit({ type: 'dropInput', seq: 2 });
  for (const [seq, said] of [
    [5, 'too hot'],
    [6, ''],
  ] as const) {
    const payload = Uint8Array.of(0x58, seq);
    ledger.submit({ type: 'recordInput', seq, ref: `tcp:4${seq}`, kind: 'input', pairTimeMs: seq * 100, payload });
    const refused = {
      ...commit,
      hash: seq,
      executionCount: 8 + seq,
      parts: [{ rejected: true, body: Buffer.from(said) }],
    };
    ledger.submit({ type: 'requestCommit', seq, ...refused } as never);
    for (const board of ['a', 'b']) ledger.submit({ type: 'recordDone', board, seq, readBack: [142, 1] });
    ledger.submit({ type: 'finishInput', seq });
  }
  // 7: a sketch that replies nothing, and two boards that put out different levels.
  ledger.submit({
    type: 'recordInput',
    seq: 7,
    ref: 'tcp:47',
    kind: 'input',
    pairTimeMs: 700,
    payload: Uint8Array.of(0x58, 7),
  });
  const silent = {
    ...commit,
    seq: 7,
    hash: 7,
    executionCount: 15,
    parts: [{ rejected: false, body: new Uint8Array() }],
  };
  ledger.submit({ type: 'requestCommit', ...silent } as never);
  ledger.submit({ type: 'recordDone', board: 'a', seq: 7, readBack: [200, 1] });
  ledger.submit({ type: 'recordDone', board: 'b', seq: 7, readBack: [0, 1] });
  ledger.submit({ type: 'finishInput', seq: 7 });
  await ledger.close();
}

function copycat(...args: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'inputs', ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('copycat inputs', () => {
  it('lists what is in work and what waits for a decision, that first, and what to type next', () => {
    const { code, out } = copycat();
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ +input {2}from +state +result of +values +result$/);
    expect(lines[1]).toMatch(/^ +3 {2}tcp:43 +quarantined +– +set point 85\.6 degC +–$/);
    expect(lines[2]).toMatch(/^ +4 {2}tcp:44 +pending +– +set point 111\.2 degC +–$/);
    expect(lines[3]).toBe('Next: npx copycat inputs show 3');
    expect(copycat('list').out).toBe(out);
  });

  it('lists all of them, as many as are wanted, and says when there are more', () => {
    const { out } = copycat('list', '--all');
    expect(out).toMatch(/^ +1 {2}tcp:41 +finished +a +set point 34\.4 degC +duty 142$/m);
    expect(out).toMatch(/^ +2 {2}tcp:42 +dropped +– /m);
    expect(out).toContain('Next: npx copycat inputs show 3\n');
    const few = copycat('list', '--all', '--limit', '2').out;
    expect(few).not.toContain('tcp:41');
    expect(few).toContain('There are more; --limit 10 shows more of them.');
  });

  it('R22: shows one that waits for a decision, and the two commands that decide', () => {
    const { code, out } = copycat('show', '3');
    expect(code).toBe(0);
    expect(out).toContain('Input 3 (tcp:43): waits for your decision, because two boards failed on it\n');
    expect(out).toMatch(/^ {2}values +set point 85\.6 degC$/m);
    expect(out).toMatch(/^ {2}bytes +5803$/m);
    expect(out).toMatch(/^ {2}given to +a \(session 3\), b \(session 4\)$/m);
    expect(out).toMatch(/^ {7}npx copycat inputs retry 3$/m);
    expect(out).toMatch(/^ {7}npx copycat inputs drop 3$/m);
    expect(copycat('show', '3', '-c', 'copycat.yaml').out).toContain('inputs drop 3 -c copycat.yaml\n');
  });

  it('shows what was committed, and that there is nothing to do', () => {
    const { out } = copycat('show', '1');
    expect(out).toMatch(/^ {2}result +duty 142; of board a, its execution 12$/m);
    expect(out).toMatch(/^ {2}readings +temperature 125\.0 degC; of board a$/m);
    expect(out).toMatch(/^ {2}answer +has been sent$/m);
    expect(out).toMatch(/^ {2}acted on by +a, b$/m);
    expect(out).toContain('Nothing: no decision is waited for.');
    expect(out).not.toContain('retry');
    expect(copycat('show', '2').out).toContain('Input 2 (tcp:42): dropped by a person, without a result');
  });

  it('tells what the sketch rejected from what it answered, and why', () => {
    const { out } = copycat('list', '--state', 'rejected');
    expect(out.trimEnd().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^ +6 {2}tcp:46 +rejected +a +set point 162\.4 degC +rejected: the sketch gave none$/),
      expect.stringMatching(/^ +5 {2}tcp:45 +rejected +a +set point 136\.8 degC +rejected: too hot$/),
      'Next: npx copycat inputs show 6',
    ]);
    expect(copycat('list', '--state', 'finished').out).not.toContain('tcp:45');
    expect(copycat('list', '--state', 'finished').out).toContain('tcp:41');
    const shown = copycat('show', '5').out;
    expect(shown).toContain('Input 5 (tcp:45): rejected by the sketch: nothing was staged for its outputs\n');
    expect(shown).toMatch(/^ {2}result +rejected: too hot; of board a, its execution 13$/m);
    expect(shown).toMatch(/^ {2}outputs +as before: heat \(D9\): 71\.0 %, output 1: 1; read back by a and b$/m);
    expect(JSON.parse(copycat('show', '5', '--json').out)).toMatchObject({
      state: 'rejected',
      commit: { rejected: true, reason: 'too hot', parts: [{ rejected: true, body: '746f6f20686f74', values: [] }] },
    });
  });

  it('tells the levels that the outputs showed, by name and pin, also of a sketch that replies nothing', () => {
    expect(copycat('show', '1').out).toMatch(/^ {2}outputs +heat \(D9\): 71\.0 %, output 1: 1; read back by a and b$/m);
    expect(copycat('list', '--all').out).toMatch(/^ +7 {2}tcp:47 .* {2}heat \(D9\): 100\.0 %, output 1: 1$/m);
    expect(copycat('show', '7').out.replaceAll(/\s+/g, ' ')).toContain(
      'outputs they differ: board a heat (D9): 100.0 %, output 1: 1; board b heat (D9): 0.0 %, output 1: 1 ',
    );
    expect(copycat('show', '4').out).not.toContain('outputs');
    expect(JSON.parse(copycat('show', '7', '--json').out)).toMatchObject({
      readBacks: [
        { board: 'a', levels: [200, 1], values: [{ name: 'heat', value: 100, unit: '%' }] },
        { board: 'b', levels: [0, 1], values: [{ name: 'heat', value: 0 }] },
      ],
    });
  });

  it('gives the same to a program, bytes in hex and beside them the values by name', () => {
    expect(JSON.parse(copycat('show', '1', '--json').out)).toMatchObject({
      seq: 1,
      state: 'finished',
      payload: '5801',
      values: [{ name: 'set point', value: 34.4, unit: 'degC' }],
      commit: {
        board: 'a',
        observed: [250],
        readings: [{ name: 'temperature', value: 125, unit: 'degC' }],
        parts: [{ rejected: false, body: '8e', values: [{ name: 'duty', value: 142, unit: '' }] }],
      },
    });
    const listed = JSON.parse(copycat('list', '--json').out) as readonly { readonly seq: number }[];
    expect(listed.map(({ seq }) => seq)).toEqual([3, 4]);
  });

  it.each([
    [['show', '77'], 'the ledger has no input 77: it has 1 to 7; the oldest finished ones are pruned'],
    [['show', 'x'], 'copycat: x is no number of an input; expected a number that inputs list shows\n'],
    [['shwo', '1'], "copycat: unknown command 'inputs shwo'; did you mean show?"],
    [['list', '--limit', '0'], "argument '0' is invalid. Expected a whole number from 1 to 1000000."],
  ])('%j is a usage error, exit 2', (args, sentence) => {
    const ran = copycat(...args);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(sentence);
  });

  it('asks for a scenario where a bench has left several ledgers, and offers no decision on boards that are gone', () => {
    const place = join(folder, 'bench');
    mkdirSync(join(place, '.copycat'), { recursive: true });
    const ledger = join(folder, 'copycat.sqlite');
    const runs = ['one', 'two'].map((scenario) => ({ scenario, ledger }));
    writeFileSync(join(place, '.copycat', 'last-bench.json'), JSON.stringify({ runs }));
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [MAIN, 'inputs', ...args], { cwd: place, encoding: 'utf8' });
    expect(run('list')).toMatchObject({ status: 2, stderr: expect.stringContaining('--scenario one, two') });
    expect(run('list', '--scenario', 'two').stdout).toContain('inputs show 3 --scenario two');
    expect(run('show', '3', '--scenario', 'two').stdout).not.toContain('retry');
  });
});
