import { describe, expect, it } from 'vitest';
import type { StoredFault } from '../../../src/faults/stored-fault.js';
import type { ChronicleEntry } from '../../../src/ledger/reader/read-chronicle.js';
import { reckonTime } from '../../../src/report/reckon-time.js';
import { makeReport } from '../../../src/report/report.js';
import { reportHtml } from '../../../src/report/report-html.js';
import { tablesOf } from '../../../src/report/report-rows.js';
import { longText } from '../../../src/report/report-words.js';

const T0 = Date.parse('2026-11-30T00:00:00Z');
const MINUTE = 60_000;
const at = (minutes: number): number => T0 + minutes * MINUTE;
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

function entry(minutes: number, what: ChronicleEntry['what'], detail: ChronicleEntry['detail'] = {}): ChronicleEntry {
  return { what, atMs: at(minutes), detail };
}

function stands(minutes: number, isProtected: boolean, stopped = false): ChronicleEntry {
  return entry(minutes, 'stands', { protected: isProtected, primary: 'a', stopped });
}

/** `protected 10` for each stretch, in minutes. */
function stretches(entries: readonly ChronicleEntry[], seen: number | null, from: number, to: number): string[] {
  const chronicle = { entries, seenAtMs: seen === null ? null : at(seen) };
  return reckonTime(chronicle, { fromMs: at(from), toMs: at(to) }).map(
    ({ stood, fromMs, toMs }) => `${stood} ${(toMs - fromMs) / MINUTE}`,
  );
}

describe('how the pair stood', () => {
  it('has no hole, and begins with what nobody has written down', () => {
    const entries = [
      entry(10, 'started'),
      stands(11, true),
      stands(30, false),
      stands(31, false, true),
      entry(40, 'ended'),
    ];
    expect(stretches(entries, 40, 0, 60)).toEqual([
      ...['not-known 10', 'not-protected 1', 'protected 19', 'not-protected 1', 'stopped 9', 'not-running 20'],
    ]);
    expect(stretches([], null, 0, 60)).toEqual(['not-known 60']);
    expect(stretches(entries, 40, 12, 14)).toEqual(['protected 2']);
  });

  it('a gateway that was killed ran until it was last heard of, and one that runs runs on', () => {
    const killed = [entry(0, 'started'), stands(1, true), entry(60, 'started', { seenAt: iso(20) }), stands(61, true)];
    expect(stretches(killed, 61, 0, 62)).toEqual([
      'not-protected 1',
      'protected 19',
      'not-running 40',
      'not-protected 1',
      'protected 1',
    ]);
    const runs = [entry(0, 'started'), stands(1, true)];
    expect(stretches(runs, 58, 0, 60)).toEqual(['not-protected 1', 'protected 59']);
    expect(stretches(runs, 30, 0, 60)).toEqual(['not-protected 1', 'protected 29', 'not-running 30']);
  });

  it('a clock that was set back makes no time negative, and counts none twice', () => {
    const entries = [entry(0, 'started'), stands(20, true), stands(10, false), entry(30, 'ended')];
    const sum = reckonTime({ entries, seenAtMs: at(30) }, { fromMs: at(0), toMs: at(40) });
    expect(sum.reduce((all, { fromMs, toMs }) => all + toMs - fromMs, 0)).toBe(40 * MINUTE);
  });
});

function fault(id: number, minutes: number, code: string, more: Partial<StoredFault> = {}): StoredFault {
  return {
    ...{ id, code, board: 'a', seq: null, atUs: 1_000_000, wallTime: iso(minutes), wallTimeTrusted: true, bootId: 'x' },
    ...{ evidence: {}, timeline: [], input: null, closedAt: null, repeats: 0 },
    ...more,
  };
}

const MOVE = [
  { step: 'relay-commanded', atUs: 1_001_000, detail: { to: 'b' } },
  { step: 'relay-moved', atUs: 1_013_000, detail: { to: 'b', proved: true } },
];
const FAULTS = [
  fault(1, 5, 'switched-over', { evidence: { from: 'a', to: 'b' }, timeline: MOVE }),
  fault(2, 20, 'silent', {
    timeline: [
      { step: 'fenced', atUs: 1_001_000, detail: { lockedOut: 'a' } },
      ...MOVE,
      { step: 'first-answer', atUs: 1_022_000, detail: { board: 'b' } },
    ],
    closedAt: iso(25),
  }),
  fault(3, 90, 'unplugged'),
];
const ENTRIES = [
  entry(-5, 'started', { version: 'copycat 1', configHash: 'c'.repeat(64) }),
  entry(-5, 'images', { a: '11111111', b: '22222222' }),
  entry(5, 'asked', {
    command: 'relay-test',
    back: false,
    by: null,
    result: 'done',
    text: 'The relay moved.',
    tookMs: 500,
  }),
  entry(6, 'asked', { command: 'rejoin', board: '<b>', by: 'anna', result: 'done', text: 'Board b joins.', tookMs: 1 }),
];

function made() {
  const chronicle = { entries: ENTRIES, seenAtMs: at(60) };
  return makeReport('/l', { chronicle, faults: FAULTS }, { fromMs: at(0), toMs: at(60) });
}

describe('a report', () => {
  it('tells takeovers with cause and duration, proof tests with their moves, who did what, and what ran', () => {
    const report = made();
    expect(report.takeovers).toEqual([
      {
        ...{ fault: 2, at: iso(20), from: 'a', to: 'b', cause: 'board a stopped answering' },
        ...{ tookMs: 22, relayMoveMs: 12, proved: true },
      },
    ]);
    expect(report.proofTests).toMatchObject([
      { text: 'The relay moved.', moves: [{ fault: 1, relayMoveMs: 12, proved: true }] },
    ]);
    expect(report.deeds).toMatchObject([{ asked: 'rejoin <b>', by: 'anna', text: 'Board b joins.' }]);
    expect(report.closings).toMatchObject([{ fault: 2, by: null }]);
    expect([report.starts, report.before]).toEqual([
      [],
      { at: iso(-5), version: 'copycat 1', configHash: 'c'.repeat(64), images: { a: '11111111', b: '22222222' } },
    ]);
    expect(report.faults.map(({ fault: id }) => id)).toEqual([2]);
    expect(Object.values(report.stood).reduce((sum, ms) => sum + ms, 0)).toBe(60 * MINUTE);
  });

  it('is one page without scripts and without anything from elsewhere, in which no word of the ledger acts', () => {
    const page = reportHtml(made(), 'oven <1>', (time) => time);
    expect(page).not.toMatch(/<script|javascript:|https?:|src=|href=|url\(/i);
    expect(page).toContain('rejoin &lt;b&gt;');
    expect(page).toContain('oven &lt;1&gt;');
    expect(page.match(/<h2>/g)).toHaveLength(tablesOf(made(), String).length);
  });

  it('says times as people do', () => {
    expect([400, 61_000, 3_600_000, 93_600_000].map(longText)).toEqual(['0.4 s', '1 min 1 s', '1 h', '1 d 2 h']);
  });
});
