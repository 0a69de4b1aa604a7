import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#built/ledger/files/open-ledger.js';
import { type ControlServer, serveControl } from '../../src/api/socket/serve-control.js';
import { WallClock } from '../../src/clock/clock.js';
import type { Status } from '../../src/control/contract/status.js';
import type { FaultStep } from '../../src/pair/state/effects.js';
import { CookedTerminal } from '../e2e/cooked-terminal.js';

/**
 * docs/commands.md, word by word: the built program beside a gateway that says what is written here, and a ledger that a
 * gateway has written. `REWRITE_COMMANDS=1` writes the page anew from what is printed.
 */

const PAGE = 'docs/commands.md';
/** A moment that the page can name. */
const AT = Date.parse('2026-11-30T16:44:15.123Z');
const DEED = /^<!-- (.*) -->$/;

const CONFIG = `name: oven
boards: { a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 100ms
deadline: 50ms
`;

const PROTECTED: Omit<Status, 'ledger'> = {
  name: 'oven',
  phase: 'serving',
  protected: true,
  why: 'both boards agree',
  next: null,
  primary: 'a',
  epoch: 3,
  boards: [
    {
      ...{ board: 'a', role: 'primary', joining: null, image: 0xc9ca6bdc, link: 'open', session: 2, behind: 0 },
      counters: { framesIn: 1106, framesOut: 1106, opens: 1 },
    },
    {
      ...{ board: 'b', role: 'backup', joining: null, image: 0xc9ca6bdc, link: 'open', session: 2, behind: 1 },
      counters: { framesIn: 1104, framesOut: 1105, opens: 1 },
    },
  ],
  update: null,
  relay: {
    ...{ commanded: 'a', proved: true },
    wear: { operations: 7, ratedOperations: 100_000, provedForMs: 11_000_000, skippedTests: 0 },
  },
  warnings: [
    'NOT PROTECTED AGAINST GATEWAY POWER LOSS: without power the relay falls back to a, also when a is the board that was locked out',
  ],
  inputs: { pending: 1, answered: 1103, refused: 0, quarantined: [] },
  counters: { 'ticks-skipped': 3 },
  upMs: 110_400,
};

const LOST: Omit<Status, 'ledger'> = {
  ...PROTECTED,
  protected: false,
  why: 'a is locked out after a fault and not connected',
  next: { text: 'plug board a in, or check its cable and supply: then it comes back by itself', commands: [] },
  primary: 'b',
  epoch: 4,
  boards: PROTECTED.boards.map((board) =>
    board.board === 'a'
      ? { ...board, role: 'locked out', link: 'no link', behind: 0 }
      : { ...board, role: 'primary', behind: 0 },
  ),
  relay: { ...PROTECTED.relay, commanded: 'b' },
};

let folder: string;
let server: ControlServer | null = null;
let now: Omit<Status, 'ledger'> = PROTECTED;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-page-'));
  writeFileSync(join(folder, 'copycat.yaml'), CONFIG);
  // As it is installed for everybody.
  symlinkSync(resolve('dist/cli/main.js'), join(folder, 'copycat'));
  const path = join(folder, 'copycat.sqlite');
  await writeFaults(path);
  server = await serveStatus();
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

function serveStatus(): Promise<ControlServer> {
  const ledger = { path: join(folder, 'copycat.sqlite'), recordedToDisk: true, why: null, waiting: 0 };
  return serveControl({
    path: join(folder, 'copycat.sock'),
    status: () => ({ ...now, ledger }),
    command: () => Promise.resolve({ done: '' }),
  });
}

/** A link that came back, an image that hangs: two that are open, as a gateway has told its ledger. */
async function writeFaults(path: string): Promise<void> {
  const ledger = await openLedger(
    {
      ...{ path, durability: 'power', journalFolder: folder, boards: ['a', 'b'], firstOwner: 'a' },
      ...{ keepInputs: 10, keepFaults: 10 },
      fields: { input: [{ name: 'set point', type: 'i16', offset: 0, scale: 0.1, unit: 'degC' }], result: [] },
    },
    new WallClock(),
  );
  const note = (faultId: number, step: FaultStep, atMs: number, detail = {}): void =>
    ledger.submit({ type: 'noteFault', faultId, step, atUs: atMs * 1000, detail });
  ledger.submit({ type: 'reserveSeqs', throughSeq: 2000 });
  const degraded = { board: 'b', seq: null, atUs: 1_000_000, evidence: { what: 'bad-crc', count: 12, perSeconds: 60 } };
  ledger.submit({ type: 'openFault', fault: { faultId: 1, code: 'link-degraded', ...degraded } });
  note(1, 'evidence', 1000, degraded.evidence);
  const payload = Uint8Array.of(0x58, 0x02);
  ledger.submit({ type: 'recordInput', seq: 1104, ref: 'tcp:42', kind: 'input', pairTimeMs: 110_000, payload });
  const evidence = { waitedFor: 'RESULT', waitedForMs: 51, deadlineMs: 50, repeats: 2 };
  ledger.submit({
    type: 'openFault',
    fault: { faultId: 2, code: 'silent', board: 'a', seq: 1104, atUs: 111_000_000, evidence },
  });
  note(2, 'evidence', 111_000, evidence);
  note(2, 'declared-failed', 111_000, { board: 'a' });
  note(2, 'fenced', 111_001, { lockedOut: 'a', pending: 1 });
  note(2, 'relay-commanded', 111_001, { to: 'b', unfinished: 0 });
  note(2, 'relay-moved', 111_013, { to: 'b', proved: true });
  note(2, 'first-input-given', 111_014, { board: 'b', input: 1104 });
  note(2, 'first-answer', 111_022, { board: 'b', input: 1104 });
  note(2, 'took-over', 111_023, { primary: 'b' });
  await ledger.close();
  const database = new Sqlite(path);
  for (const [id, agoMs] of [
    [1, 3_600_000],
    [2, 0],
  ] as const)
    database
      .prepare('UPDATE fault SET wall_time = ?, wall_time_trusted = 1 WHERE id = ?')
      .run(new Date(AT - agoMs).toISOString(), id);
  database.close();
}

/** What one command prints, on both of its outputs; in a terminal where `columns` says so. */
async function printed(words: readonly string[], columns: number | null, hasColours = false): Promise<string> {
  const { CI: _, TERM: __, ...rest } = process.env;
  const env = { ...rest, TZ: 'Europe/Berlin', XDG_STATE_HOME: folder, TERM: 'xterm', NO_COLOR: hasColours ? '' : '1' };
  const terminal = columns === null ? null : new CookedTerminal();
  if (terminal !== null && columns !== null)
    spawnSync('stty', ['cols', String(columns), 'rows', '50'], { stdio: [terminal.slave, 'ignore', 'inherit'] });
  const out = terminal?.slave ?? 'pipe';
  const child = spawn(process.execPath, [join(folder, 'copycat'), ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', out, out],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => {
      text += part.toString();
    });
  // A terminal that nobody reads holds a few thousand characters, and then its writer.
  const reading = setInterval(() => terminal?.read(), 50);
  await once(child, 'close');
  clearInterval(reading);
  if (terminal !== null) {
    text = terminal.read().replaceAll('\r\n', '\n');
    terminal.close();
  }
  return text.replaceAll(folder, '/home/pi/oven').trimEnd();
}

/** The page with what every command of it prints now. */
async function pageAsPrinted(page: string): Promise<string> {
  const lines: string[] = [];
  let columns: number | null = null;
  let isConsole = false;
  for (const line of page.split('\n')) {
    const deed = DEED.exec(line)?.[1];
    const columnsHere = /^(\d+) columns$/.exec(deed ?? '')?.[1];
    if (columnsHere !== undefined) columns = Number(columnsHere);
    if (deed === 'board a: lost') now = LOST;
    if (deed === 'the gateway: ended') {
      await server?.close();
      server = null;
    }
    if (line.startsWith('```')) {
      if (isConsole) columns = null;
      isConsole = line === '```console';
    }
    if (!isConsole || line.startsWith('```')) lines.push(line);
    else if (line.startsWith('$ copycat ')) lines.push(line, await printed(line.split(' ').slice(2), columns));
  }
  return lines.join('\n');
}

describe(PAGE, () => {
  it('is what the commands print', { timeout: 120_000 }, async () => {
    const page = readFileSync(PAGE, 'utf8');
    const asPrinted = await pageAsPrinted(page);
    if (process.env['REWRITE_COMMANDS'] !== undefined) writeFileSync(PAGE, asPrinted);
    expect(page.split('\n')).toEqual(asPrinted.split('\n'));
    expect(page.match(/^\$ copycat /gm)?.length).toBeGreaterThan(12);
  });

  it.each([60, 80, 120])('in %i columns no line is longer, but commands that are to be typed', async (columns) => {
    for (const words of [['faults', 'list'], ['faults', 'show', '2'], ['check'], ['budget'], ['help', 'flash']]) {
      const lines = (await printed(words, columns)).split('\n');
      const long = lines.filter((line) => line.length > columns && !/^ {6,}copycat |^Usage: /.test(line));
      expect(long).toEqual([]);
    }
  });

  it('status has one colour in a terminal, that of its state; none with NO_COLOR, and none in a pipe', async () => {
    const ESCAPE = String.fromCharCode(27);
    server ??= await serveStatus();
    for (const [status, colour, words] of [
      [PROTECTED, 32, 'PROTECTED'],
      [LOST, 31, 'NOT PROTECTED'],
    ] as const) {
      now = status;
      const shown = await printed(['status'], 80, true);
      expect(shown).toContain(`oven: ${ESCAPE}[${colour}m${words}${ESCAPE}[39m`);
      expect(shown.split(ESCAPE)).toHaveLength(3);
    }
    expect(await printed(['status'], 80)).not.toContain(ESCAPE);
    expect(await printed(['status'], null, true)).not.toContain(ESCAPE);
  });
});
