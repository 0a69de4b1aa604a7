import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLedger } from '#built/ledger/files/open-ledger.js';
import { since } from '../../src/cli/arguments/since.js';
import { WallClock } from '../../src/clock/clock.js';
import type { StoredFault } from '../../src/faults/stored-fault.js';
import type { FaultRecord } from '../../src/pair/state/effects.js';

const MAIN = resolve('dist/cli/main.js');
const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'copycat-cli-faults-'));
let place: string;
let number = 0;

/** A folder with a ledger in it. */
async function makePlace(): Promise<void> {
  place = join(folder, String(++number));
  mkdirSync(place);
  await writeLedger(join(place, 'pair.sqlite'));
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 1, 2, 5 and 7 are faults, of which 1 came three days ago; 3, 4 and 6 are events. */
const KEPT: readonly Partial<FaultRecord>[] = [
  { code: 'silent', board: 'a' },
  { code: 'unplugged', board: 'b', evidence: { link: 'closed' } },
  { code: 'switched-over', evidence: { from: 'a', to: 'b' } },
  { code: 'switched-over', evidence: { from: 'b', to: 'a' } },
  { code: 'failed', board: 'a', evidence: { reason: 'localTrip' } },
  { code: 'gateway-restarted', evidence: { unfinished: 0, primary: 'a', planned: true } },
  { code: 'gateway-restarted', evidence: { unfinished: 0, primary: 'a' } },
];

async function writeLedger(path: string): Promise<void> {
  let agoMs = 3 * DAY_MS;
  const ledger = await openLedger(
    {
      ...{ path, durability: 'power', journalFolder: folder, boards: ['a', 'b'], firstOwner: 'a' },
      ...{ keepInputs: 10, keepFaults: 10, fields: { input: [], result: [] } },
      wallNowMs: () => Date.now() - agoMs,
    },
    new WallClock(),
  );
  KEPT.forEach((kept, index) => {
    const fault = { code: 'silent', board: null, seq: null, atUs: index, evidence: {}, ...kept, faultId: index + 1 };
    ledger.submit({ type: 'openFault', fault } as Parameters<typeof ledger.submit>[0]);
    agoMs = 0;
  });
  await ledger.close();
}

function faults(...args: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const command = [MAIN, 'faults', ...args, '--ledger', 'pair.sqlite'];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: place, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

function listed(...options: readonly string[]): number[] {
  const { code, out, err } = faults('list', '--json', ...options);
  expect([code, err]).toEqual([0, '']);
  return (JSON.parse(out) as { readonly id: number }[]).map(({ id }) => id);
}

describe('copycat faults list', () => {
  beforeEach(makePlace);

  it('lists open faults; events beside them when asked, and everything with --all', () => {
    faults('close', '2');
    expect(listed()).toEqual([7, 5, 1]);
    expect(listed('--events')).toEqual([7, 6, 5, 4, 3, 1]);
    expect(listed('--all')).toEqual([7, 6, 5, 4, 3, 2, 1]);
    const { out } = faults('list', '--all');
    const states = out.split('\n').flatMap((line) => /^ +(\d) .* (\S+)$/.exec(line)?.slice(1).join(' ') ?? []);
    expect(states).toEqual(['7 open', '6 event', '5 open', '4 event', '3 event', '2 closed', '1 open']);
    expect(out).toContain('Next: npx copycat faults show 5 ');
  });

  it('is narrowed by board, by time and by number', () => {
    expect(listed('--board', 'a')).toEqual([5, 1]);
    expect(listed('--board', 'b', '--events', '--limit', '1')).toEqual([2]);
    expect(listed('--since', '2d', '--board', 'a')).toEqual([5]);
    expect(listed('--since', '1w')).toEqual([7, 5, 2, 1]);
    expect(listed('--limit', '2')).toEqual([7, 5]);
    expect(faults('list', '--limit', '2').out).toContain('There are more than these 2 (--limit).');
    expect(faults('list', '--limit', '4').out).not.toContain('There are more');
    expect(faults('--board', 'c').err).toMatch(/there is no board c in this ledger.* a, b/);
    expect(faults('list', '--since', 'yesterday')).toMatchObject({ code: 2, out: '' });
  });

  it('says that there is nothing open where there are only events', () => {
    faults('close', 'all');
    expect(faults('list').out).toBe('No open faults (closed ones: faults list --all; what was planned: --events).\n');
    expect(faults('list', '--events').out).not.toContain('Next:');
    expect(listed('--events')).toEqual([6, 4, 3]);
  });

  it('dims what is an event, on a terminal', async () => {
    const { isTTY } = process.stdout;
    vi.resetModules();
    Object.assign(process.stdout, { isTTY: true });
    try {
      const { faultTable } = await import('../../src/cli/faults/fault-lines.js');
      const rest = { board: null, seq: null, atUs: 0, wallTime: '2026-01-01T00:00:00.000Z', wallTimeTrusted: true };
      const stored = { ...rest, bootId: '', timeline: [], input: null, closedAt: null, repeats: 0 };
      const booked = (fault: Pick<StoredFault, 'id' | 'code' | 'evidence'>) => {
        return { fault: { ...stored, ...fault }, idInLedger: fault.id, ledger: '', scenario: null };
      };
      const planned = booked({ id: 2, code: 'switched-over', evidence: { from: 'a', to: 'b' } });
      const failed = booked({ id: 1, code: 'pair-restarted', evidence: {} });
      const lines = faultTable([planned, failed], false).split('\n');
      expect(lines.map((line) => line.includes('\u001b[2m'))).toEqual([false, true, false]);
    } finally {
      Object.assign(process.stdout, { isTTY });
      // Other tests of this process load it anew, for a pipe.
      vi.resetModules();
    }
  });
});

describe('copycat faults close', () => {
  beforeEach(makePlace);

  it('takes several numbers, and closes none when one of them is wrong', () => {
    expect(faults('close', '2', '9')).toMatchObject({ code: 2, out: '' });
    expect(listed()).toEqual([7, 5, 2, 1]);
    expect(faults('close', '2', '1', '2', '3').out.split('\n')).toEqual([
      'Closed fault 2: the link to board b was lost',
      'Closed fault 1: board a stopped answering',
      'Event 3 was planned, and is closed by itself: planned switchover from board a to board b',
      '',
    ]);
    expect(listed()).toEqual([7, 5]);
  });

  it('takes all, and tells a program which', () => {
    faults('close', '7');
    const closed = JSON.parse(faults('close', 'all', '--json').out) as StoredFault[];
    expect(closed.map(({ id, closedAt }) => [id, closedAt === null])).toEqual([
      [5, false],
      [2, false],
      [1, false],
    ]);
    expect(faults('close', 'all').out).toBe('No open faults.\n');
    expect(faults('close', 'all', '1')).toMatchObject({ code: 2, out: '' });
  });
});

it('copycat faults stats counts faults and events apart', async () => {
  await makePlace();
  const { out } = faults('stats');
  expect(out).toMatch(/^ +primary +a, epoch 1, 0 takeovers, 0 planned switchovers$/m);
  expect(out).toMatch(/^ +faults +4, 4 of them open$/m);
  expect(out).toMatch(/^ +events +3, planned and closed by themselves$/m);
  expect(out).toMatch(/^ +gateway-restarted +– +1 +1 /m);
  expect(out).toMatch(/^ +gateway-restarted +– +1 +event /m);
});

describe('--since', () => {
  const now = new Date(2026, 10, 30, 17, 44, 15).getTime();
  const at = (...local: [number, number, number, number?, number?]): string => new Date(...local).toISOString();

  it.each([
    ['90s', at(2026, 10, 30, 17, 42).replace(':00.', ':45.')],
    ['2h', new Date(now - 7_200_000).toISOString()],
    ['1.5d', new Date(now - 1.5 * DAY_MS).toISOString()],
    ['2026-11-29', at(2026, 10, 29)],
    ['2026-11-29 08:30', at(2026, 10, 29, 8, 30)],
    ['2026-11-29T08:30:00Z', '2026-11-29T08:30:00.000Z'],
    ['2026-11-29T08:30+02:00', '2026-11-29T06:30:00.000Z'],
    ['08:30', at(2026, 10, 30, 8, 30)],
  ])('reads %s', (text, expected) => {
    expect(since(text, now, false)).toBe(expected);
  });

  it.each([
    ['2026-11-29', '2026-11-29T00:00:00.000Z'],
    ['2026-11-29 08:30', '2026-11-29T08:30:00.000Z'],
    ['2026-11-29 08:30+02:00', '2026-11-29T06:30:00.000Z'],
    ['00:01', `${new Date(now).toISOString().slice(0, 11)}00:01:00.000Z`],
  ])('reads %s by UTC with --utc', (text, expected) => {
    expect(since(text, now, true)).toBe(expected);
  });

  it.each(['', '2', '25:00', '2026-13-01', 'monday', '-2h', '1e9d', '99999999999w'])('refuses %j', (text) => {
    expect(() => since(text, now, false)).toThrow(expect.objectContaining({ code: 'USAGE', value: text }));
  });
});
