import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#built/ledger/files/open-ledger.js';
import { WallClock } from '../../src/clock/clock.js';

const MAIN = resolve('dist/cli/main.js');
const EXAMPLE = resolve('example.yaml');
const VERSION_LINE = /^copycat \d+\.\d+\.\d+, commit [0-9a-f]{10}\+?, Node \d+\.\d+\.\d+, linux \w+\n$/;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built command, with a home of its own so that nobody's last bench is found. */
function copycat(args: readonly string[], cwd: string = folder, variables: NodeJS.ProcessEnv = {}): Ran {
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state'), ...variables };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd, env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('copycat', () => {
  it('can be run by itself, as npx does', () => {
    expect(() => accessSync(MAIN, constants.X_OK)).not.toThrow();
  });

  it.each([
    [[], 'Usage: copycat'],
    [['bnch'], "copycat: unknown command 'bnch'\n(Did you mean bench?)"],
    [['check'], 'copycat: no configuration was named, and there is no ./copycat.yaml here: copycat check FILE'],
    [['wiring'], 'copycat: no configuration was named, and there is no ./copycat.yaml here: copycat wiring FILE'],
    [['wiring', EXAMPLE, '-o', 'drawing.png'], 'no drawing is made for drawing.png; expected FILE.svg or FILE.html'],
    [['init', '--yes', '-o', 'no/folder/x.yaml'], 'the configuration cannot be written to'],
    [['bench', '--hardware', 'primary-halt', '-c', EXAMPLE], 'copycat: no hardware scenario is called primary-halt'],
    [['check', '--jsn', 'x'], "copycat: unknown option '--jsn'\n(Did you mean --json?)"],
    [['run'], 'copycat: no configuration was named, and there is no ./copycat.yaml here'],
    [['bench', '--inputs', 'many'], '--inputs many is no number, and recorded inputs are for two images'],
    [['bench', '--link', 'wier'], 'copycat: no link model is called wier; did you mean wire?'],
    [['bench', 'primary-halt'], 'primary-halts'],
    [['faults', 'show', 'x', '--ledger', 'x'], 'copycat: there is no ledger x (named by --ledger)'],
    [
      ['faults', 'list'],
      'copycat: there is no ledger here: no copycat.yaml, and no bench has run in this folder; name one with --ledger FILE',
    ],
    [['faults', 'list', '--scenario', 'steady'], 'copycat: the last bench kept no ledger of a scenario steady'],
    [['faults', 'shwo', '1'], "copycat: unknown command 'faults shwo'; did you mean show?"],
    [['status'], 'copycat: no configuration was named, and there is no ./copycat.yaml here'],
  ])('%j is a usage error: one sentence, exit 2, nothing on standard output', (args, sentence) => {
    const ran = copycat(args);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(sentence);
    expect(ran.err).not.toMatch(/\n {4}at /);
  });

  it('--help and --version are none', () => {
    expect(copycat(['--help'])).toMatchObject({ code: 0, err: '' });
    for (const flag of ['--version', '-v'])
      expect(copycat([flag])).toMatchObject({ code: 0, out: expect.stringMatching(VERSION_LINE) });
  });

  it('bench --list names the scenarios and what each promises', () => {
    const { code, out } = copycat(['bench', '--list']);
    expect(code).toBe(0);
    for (const name of ['steady', 'primary-halts', 'primary-slow', 'gateway-killed'])
      expect(out).toContain(`  ${name}\n`);
    const listed: unknown = JSON.parse(copycat(['bench', '--list', '--json']).out);
    expect(listed).toContainEqual(expect.objectContaining({ name: 'steady', promise: expect.any(String) }));
  });
});

describe('copycat check', () => {
  it('R13: warns of the smallest wiring and lets it pass', () => {
    const { code, out } = copycat(['check', EXAMPLE]);
    expect(code).toBe(0);
    expect(out).toContain('NOT PROTECTED AGAINST GATEWAY POWER LOSS');
    expect(out).toContain('do: use a latching relay');
  });

  it('gives the same to a program', () => {
    const findings: unknown = JSON.parse(copycat(['check', EXAMPLE, '--json']).out);
    expect(findings).toContainEqual(expect.objectContaining({ severity: 'warning', key: 'relay.hold-off' }));
  });

  it('exits 2 for what the gateway would refuse', () => {
    const ran = copycat(['check', file('hasty.yaml', smallest('deadline: 5ms'))]);
    expect(ran.code).toBe(2);
    expect(ran.out).toContain('error deadline');
  });

  it('exits 2 for a device that could never be made, in one sentence, with its line', () => {
    const pty = `[\n  { listen: 'tcp://127.0.0.1:0' },\n  { listen: 'pty:no-folder/port', group: no-such },\n]`;
    const text = smallest('').replace(/^input: .*$/m, `input: ${pty}`);
    const path = file('no-folder.yaml', text);
    const { code, out } = copycat(['check', path, '--json']);
    expect(code).toBe(2);
    const line = text.split('\n').findIndex((one) => one.includes('pty:')) + 1;
    const said = JSON.parse(out) as { key: string; line?: number }[];
    expect(said.flatMap(({ key, line: its }) => (key.startsWith('input') ? [[key, its]] : []))).toEqual([
      ['input[1].listen', line],
      ['input[1].group', line],
    ]);
    expect(copycat(['check', path]).out).toContain(`do: in line ${line}, name a group of this host`);
  });

  it('exits 2 for a file that is wrong, with file, line, key, value and what was expected', () => {
    const path = file('wrong.yaml', smallest('dedline: 50ms'));
    const { code, out, err } = copycat(['check', path]);
    expect({ code, err }).toEqual({ code: 2, err: '' });
    // And what else is to be said of it, in the same breath.
    const said = out.split('\n').map((line) => line.trim());
    expect(said).toEqual(
      expect.arrayContaining([
        `${path}: cannot run, 1 error, 1 warning`,
        'error dedline',
        'unknown key dedline; did you mean deadline?',
        'do: mend line 5; docs/config.md has every key',
        'warning relay.hold-off',
      ]),
    );
    // Who only wants to run has it in one line.
    expect(copycat(['run', '-c', path])).toEqual({
      code: 2,
      out: '',
      err: `copycat: ${path}:5: unknown key dedline; did you mean deadline?\n`,
    });
  });

  it('gives mistakes of the file to a program in the same form', () => {
    const path = file('wrong-too.yaml', smallest('deadline: soon'));
    const { code, out } = copycat(['check', path, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        key: 'deadline',
        line: 5,
        message: expect.stringMatching(/^deadline is "soon"/),
      }),
    );
  });

  it('shows nothing of a file that is none of ours', () => {
    expect(copycat(['check', file('shadow', 'root:$6$hush:19000\nx: hush\n')])).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^copycat: \S+shadow: this is no configuration of a pair: [^\n]+\n$/),
    });
  });

  it('exits 2 for a file that is not there', () => {
    const ran = copycat(['check', 'nowhere.yaml']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(
      'copycat: the configuration file nowhere.yaml cannot be read: there is no such file; copycat init writes one',
    );
  });
});

describe('copycat run', () => {
  it('opens nothing when the configuration would be refused', () => {
    const path = file('refused.yaml', smallest('deadline: 5ms'));
    const ran = copycat(['run', '-c', path]);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('deadline: 5 ms is less than board a may need when all is well: 22 ms');
  });
});

describe('copycat status', () => {
  it('exits 1 when no gateway answers: that is not protected', () => {
    const ran = copycat(['status', '-c', file('idle.yaml', smallest('deadline: 50ms'))]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/^copycat: .*copycat\.sock/);
  });
});

describe('copycat schema', () => {
  it('prints the JSON Schema of the configuration', () => {
    const { code, out } = copycat(['schema']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ required: ['boards', 'relay', 'input'] });
  });
});

describe('copycat faults', () => {
  let ledger: string;

  beforeAll(async () => {
    ledger = join(folder, 'faults.sqlite');
    await writeFault(ledger);
  });

  it('list shows a line for each, with what to type next', () => {
    const { code, out } = copycat(['faults', 'list', '--ledger', ledger]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ +1 {2}\S+ \S+ {2}a {10}7 {2}board a stopped answering$/m);
    expect(out).toContain(`Next: npx copycat faults show 1 --ledger ${ledger}`);
  });

  it('tells times by the clock of this host, and says which that is; by UTC when asked', () => {
    const kolkata = { TZ: 'Asia/Kolkata' };
    const at = (text: string, pattern: RegExp): number =>
      Math.floor(Date.parse(pattern.exec(text)?.slice(1).join('') ?? '') / 1000);
    const list = ['faults', 'list', '--ledger', ledger];
    const local = copycat(list, folder, kolkata).out;
    const utc = copycat([...list, '--utc'], folder, kolkata).out;
    expect(local).toContain(' when (+05:30) ');
    expect(utc).toContain(' when (UTC) ');
    const row = /^ +1 {2}(\S+ \S+)/m;
    expect(at(utc.replace(row, '1  $1Z'), /^1 {2}(.*)$/m)).toBe(at(local.replace(row, '1  $1+05:30'), /^1 {2}(.*)$/m));

    const show = ['faults', 'show', '1', '--ledger', ledger];
    const when = /^ {2}when +(\S+ \S+) (UTC|[+]05:30)$/m;
    const shown = [copycat(show, folder, kolkata).out, copycat([...show, '--utc'], folder, kolkata).out];
    expect(shown.map((text) => when.exec(text)?.[2])).toEqual(['+05:30', 'UTC']);
    const { wallTime } = JSON.parse(copycat([...show, '--json'], folder, kolkata).out) as { readonly wallTime: string };
    expect(wallTime).toMatch(/Z$/);
    for (const text of shown) expect(at(text, when)).toBe(Math.floor(Date.parse(wallTime) / 1000));

    const stats = ['faults', 'stats', '--ledger', ledger];
    expect(copycat(stats, folder, kolkata).out).toContain('last (+05:30)');
    expect(copycat([...stats, '--utc'], folder, kolkata).out).toContain('last (UTC)');
  });

  it('show tells it as a story, with the names of the values', () => {
    const { code, out } = copycat(['faults', 'show', '1', '--ledger', ledger]);
    expect(code).toBe(0);
    expect(out).toContain('Fault 1: board a stopped answering');
    expect(out).toContain('set point 60.0 degC');
    expect(out).toContain(`npx copycat faults close 1 --ledger ${ledger}`);
  });

  it('show --json is the same for a program, bytes in hex', () => {
    const fault: unknown = JSON.parse(copycat(['faults', 'show', '1', '--ledger', ledger, '--json']).out);
    expect(fault).toMatchObject({
      id: 1,
      code: 'silent',
      title: 'board a stopped answering',
      input: { payload: '5802', values: [{ name: 'set point', value: 60, unit: 'degC' }], resultValues: null },
    });
  });

  it('export gives one object a line', () => {
    const lines = copycat(['faults', 'export', '--ledger', ledger]).out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ id: 1, code: 'silent' }),
    ]);
  });

  it('stats counts', () => {
    expect(copycat(['faults', 'stats', '--ledger', ledger]).out).toMatch(/^ +silent {2}a +1 +1 {2}/m);
    expect(JSON.parse(copycat(['faults', 'stats', '--ledger', ledger, '--json']).out)).toMatchObject([
      { ledger, faults: 1, openFaults: 1 },
    ]);
  });

  it('names the range for a number that is none of them', () => {
    expect(copycat(['faults', 'show', '9', '--ledger', ledger])).toMatchObject({ code: 2, out: '' });
    const ran = copycat(['faults', 'show', 'first', '--ledger', ledger]);
    expect(ran.code).toBe(2);
    expect(ran.err).toBe('copycat: first is no number of a fault; expected a number that faults list shows\n');
  });

  it('finds the ledger of ./copycat.yaml, and those of the last bench where there is none', () => {
    const place = benchPlace('place', [{ scenario: 'steady', ledger }]);
    expect(copycat(['faults'], place).out).toContain('Next: npx copycat faults show 1 (board a stopped answering)\n');
    expect(copycat(['faults', 'list', '--scenario', 'steady'], place).out).toContain('faults show 1 --scenario steady');
    expect(copycat(['faults', 'list', '--scenario', 'stedy'], place).err).toContain('expected steady');
    writeFileSync(join(place, 'copycat.yaml'), smallest('deadline: 50ms'));
    const ran = copycat(['faults'], place);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('there is no ledger copycat.sqlite (named by copycat.yaml)');
  });

  it('numbers the faults of all scenarios of a bench in one row, and finds them by that number', async () => {
    const [first, second, third] = ['one', 'two', 'three'].map((name) => join(folder, `${name}.sqlite`)) as [
      string,
      string,
      string,
    ];
    await writeFault(first);
    await writeFault(second, 'b');
    await writeFault(third);
    const place = benchPlace('tour', [
      { scenario: 'primary-halts', ledger: first },
      { scenario: 'primary-slow', ledger: second },
      { scenario: 'primary-slow', ledger: third },
    ]);
    const rows = copycat(['faults', 'list'], place).out.split('\n');
    expect(rows[1]).toMatch(/^ +1 {2}primary-halts {2}a .* answering$/);
    expect(rows[2]).toMatch(/^ +2 {2}primary-slow +b .* answering$/);
    expect(rows[3]).toMatch(/^ +3 {2}primary-slow +a .* answering$/);
    expect(copycat(['faults', 'show', '2'], place).out).toMatch(/^Fault 2: board b stopped answering$/m);
    expect(copycat(['faults', 'show', '2'], place).out).toMatch(/^ {7}npx copycat faults close 2$/m);

    const ofSlow = copycat(['faults', 'list', '--scenario', 'primary-slow', '--json'], place).out;
    expect(JSON.parse(ofSlow)).toMatchObject([
      { id: 2, scenario: 'primary-slow', ledger: second, idInLedger: 1, board: 'b' },
      { id: 3, scenario: 'primary-slow', ledger: third, idInLedger: 1, board: 'a' },
    ]);
    expect(copycat(['faults', 'show', '1', '--scenario', 'primary-slow'], place)).toMatchObject({
      code: 2,
      err: 'copycat: there is no fault 1 in primary-slow of the last bench: its faults are 2 to 3\n',
    });
    expect(copycat(['faults', 'stats'], place).out).toMatch(/^ {2}primary-slow +0 +0 {2}a +silent b +1$/m);

    expect(copycat(['faults', 'close', '3'], place).out).toBe('Closed fault 3: board a stopped answering\n');
    const left = JSON.parse(copycat(['faults', 'list', '--json'], place).out) as readonly { readonly id: number }[];
    expect(left.map(({ id }) => id)).toEqual([1, 2]);
    expect(copycat(['faults', 'list', '--all'], place).out).toMatch(/^ +3 .* closed$/m);
  });

  it('says what is the matter with a file that is no ledger', () => {
    const ran = copycat(['faults', 'list', '--ledger', file('not-a-ledger.sqlite', 'hello')]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/^copycat: .*not-a-ledger\.sqlite/);
  });

  it('close marks it, once', () => {
    expect(copycat(['faults', 'close', '1', '--ledger', ledger]).out).toBe(
      'Closed fault 1: board a stopped answering\n',
    );
    expect(copycat(['faults', 'close', '1', '--ledger', ledger]).out).toContain('Fault 1 was closed already');
    expect(copycat(['faults', 'list', '--ledger', ledger]).out).toContain('No open faults');
    expect(copycat(['faults', 'list', '--all', '--ledger', ledger]).out).toContain('closed');
    const database = new Sqlite(ledger, { readonly: true });
    expect(database.prepare('SELECT count(*) FROM fault WHERE closed_at IS NOT NULL').pluck().get()).toBe(1);
    database.close();
  });
});

/** A folder in which a bench has run that left these ledgers. */
function benchPlace(name: string, runs: readonly { readonly scenario: string; readonly ledger: string }[]): string {
  const place = join(folder, name);
  mkdirSync(join(place, '.copycat'), { recursive: true });
  writeFileSync(join(place, '.copycat', 'last-bench.json'), JSON.stringify({ runs }));
  return place;
}

function smallest(deadline: string): string {
  return `boards: { a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 100ms
ledger: { durability: power }
${deadline}
`;
}

/** A ledger with one open fault of a board over one input. */
async function writeFault(path: string, board = 'a'): Promise<void> {
  const ledger = await openLedger(
    {
      path,
      durability: 'power',
      journalFolder: folder,
      boards: ['a', 'b'],
      firstOwner: 'a',
      keepInputs: 10,
      keepFaults: 10,
      fields: { input: [{ name: 'set point', type: 'i16', offset: 0, scale: 0.1, unit: 'degC' }], result: [] },
    },
    new WallClock(),
  );
  const payload = Uint8Array.of(0x58, 0x02);
  ledger.submit({ type: 'reserveSeqs', throughSeq: 100 });
  ledger.submit({ type: 'recordInput', seq: 7, ref: 'tcp:42', kind: 'input', pairTimeMs: 1, payload });
  const evidence = { waitedFor: 'RESULT', waitedForMs: 51, deadlineMs: 50, repeats: 2 };
  ledger.submit({ type: 'openFault', fault: { faultId: 1, code: 'silent', board, seq: 7, atUs: 1000, evidence } });
  ledger.submit({ type: 'noteFault', faultId: 1, step: 'evidence', atUs: 1000, detail: evidence });
  await ledger.close();
}
