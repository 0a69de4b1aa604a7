import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { LedgerKit } from './ledger-kit.js';

interface Line {
  readonly type: string;
  readonly seq?: number;
  readonly throughSeq?: number;
  readonly reservedThroughSeq?: number;
  readonly outcome?: string;
}

const CHILD = fileURLToPath(new URL('./ledger-child.mjs', import.meta.url));

let kit: LedgerKit;

beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

/** Runs a process on the ledger, kills it after so many lines, returns every line that it wrote. */
async function runAndKill(options: object, lineCount: number): Promise<Line[]> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const lines: Line[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(JSON.parse(line) as Line);
    if (lines.length === lineCount) child.kill('SIGKILL');
  }
  await exited;
  expect(child.signalCode).toBe('SIGKILL');
  return lines;
}

const seqsOf = (lines: readonly Line[], type: string): number[] =>
  lines.filter((line) => line.type === type).map((line) => line.seq ?? 0);

test.each(['process', 'power'] as const)(
  'R27: after kill -9 the ledger (%s) has all that it had answered',
  async (durability) => {
    const lines = await runAndKill(kit.options({ durability }), durability === 'process' ? 500 : 200);
    const rows = await (await kit.open({ durability })).ledger.restore();
    expect(rows).toMatchObject({ fresh: false, hostRestarted: false, epoch: 1, owner: 'a' });

    const given = new Set(seqsOf(lines, 'finish'));
    const open = new Map(rows.inputs.map((row) => [row.seq, row]));
    const missing = (type: string, has: (seq: number) => boolean): number[] =>
      seqsOf(lines, type).filter((seq) => !has(seq) && !(given.has(seq) && !open.has(seq)));
    expect(missing('inputRecorded', (seq) => open.get(seq)?.payload[0] === (seq & 255))).toEqual([]);
    expect(missing('commitAnswered', (seq) => open.get(seq)?.commit?.hash === seq * 7)).toEqual([]);
    expect(missing('doneRecorded', (seq) => open.get(seq)?.doneBy.includes('a') === true)).toEqual([]);
    expect(seqsOf(lines, 'inputRecorded').length).toBeGreaterThan(20);
    expect(rows.executionCount).toBeGreaterThanOrEqual(Math.max(...seqsOf(lines, 'commitAnswered')));
  },
);

test('R1: no seq is used twice over restarts and kills', async () => {
  const used: number[] = [];
  let reserved = 0;
  for (const lineCount of [3, 40, 171, 64]) {
    const lines = await runAndKill(kit.options(), lineCount);
    expect(lines[0]?.reservedThroughSeq).toBeGreaterThanOrEqual(reserved);
    reserved = Math.max(reserved, ...lines.map((line) => line.throughSeq ?? 0));
    used.push(...seqsOf(lines, 'inputRecorded'));
  }
  const rows = await (await kit.open()).ledger.restore();
  expect(rows.reservedThroughSeq).toBeGreaterThanOrEqual(Math.max(reserved, ...used));
  expect(new Set(used).size).toBe(used.length);
  expect(used.length).toBeGreaterThan(20);
});

test('a killed gateway leaves no lock behind, and its ledger can be read before the next start', async () => {
  await runAndKill(kit.options(), 10);
  const reader = openLedgerReader(kit.path);
  expect(reader.listFaults()).toEqual([]);
  expect(reader.stats()).toMatchObject({ owner: 'a', epoch: 1 });
  reader.close();
  await expect(kit.open()).resolves.toBeDefined();
});
