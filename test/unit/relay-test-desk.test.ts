import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { wearRows } from '../../src/cli/pair/wear-rows.js';
import type { CommandOutcome } from '../../src/control/contract/command.js';
import { RelayRecord } from '../../src/gateway/lines/relay-record.js';
import { RelayTestDesk, type RelayTestOptions } from '../../src/gateway/operator/relay-test.js';
import type { RelayDriver, RelayReport } from '../../src/hardware/relay/relay-driver.js';
import { restoredPair } from './gateway-kit.js';
import { ManualClock } from './manual-clock.js';

const HOUR_US = 3_600_000_000;

class RelayDouble implements RelayDriver {
  readonly reports = new Subject<RelayReport>();
  commanded = 'a';
  proved = true;
  retries = 0;
  operations = 0;
  moveTo(board: string): void {
    if (board !== this.commanded) this.operations++;
    this.commanded = board;
  }
  close(): void {
    this.reports.complete();
  }
}

/** A pair that is protected and swaps when it is asked to. */
function deskOf(options: Partial<RelayTestOptions> = {}) {
  const clock = new ManualClock();
  const state = restoredPair(0, { session: 1, boot: 1 });
  state.phase = 'serving';
  const relay = new RelayDouble();
  const told: CommandOutcome[] = [];
  const switched: string[] = [];
  const desk = new RelayTestDesk({
    ...{ state, relay, clock },
    hasFeedback: true,
    everyUs: 0,
    ask: () => {
      const to = state.lease.owner === 'a' ? 'b' : 'a';
      relay.moveTo(to);
      state.lease.owner = to;
      switched.push(to);
      return Promise.resolve({ done: `Board ${to} is the primary now.` });
    },
    provedForMs: () => null,
    tell: (outcome) => told.push(outcome),
    isReady: () => true,
    ...options,
  });
  return { clock, state, relay, desk, told, switched };
}

describe('copycat relay test', () => {
  it('swaps duty and back, and is done when the feedback showed both', async () => {
    const { desk, switched } = deskOf();
    expect(await desk.test(true)).toEqual({
      done: 'The relay moved to board b and back to board a; its feedback showed both moves.',
    });
    expect(switched).toEqual(['b', 'a']);
  });

  it('stays when no way back is wanted', async () => {
    const { desk, switched } = deskOf();
    expect(await desk.test(false)).toMatchObject({ done: expect.stringContaining('to board b;') });
    expect(switched).toEqual(['b']);
  });

  it('is not done when the feedback does not show it, and does not go back then', async () => {
    const { desk, relay, switched } = deskOf();
    relay.proved = false;
    expect(await desk.test(true)).toMatchObject({ refused: expect.stringContaining('feedback does not show') });
    expect(switched).toEqual(['b']);
  });

  it('is not done without a feedback line: nothing is proved', async () => {
    const { desk } = deskOf({ hasFeedback: false });
    expect(await desk.test(true)).toMatchObject({ refused: expect.stringContaining('nothing is proved') });
  });

  it('is refused while the pair is not protected, and tells what a refused switchover said', async () => {
    const unready = deskOf({ isReady: () => false });
    expect(await unready.desk.test(true)).toMatchObject({ refused: expect.stringContaining('not protected') });
    expect(unready.switched).toEqual([]);
    const refusing = deskOf({ ask: () => Promise.resolve({ refused: 'no' }) });
    expect(await refusing.desk.test(true)).toEqual({ refused: 'no' });
  });

  it('one at a time', async () => {
    const { desk } = deskOf();
    const first = desk.test(true);
    expect(await desk.test(true)).toMatchObject({ refused: expect.stringContaining('under way') });
    expect(await first).toHaveProperty('done');
  });

  it('the way back waits until the pair is protected again, for a bounded time', async () => {
    let isReady = true;
    const { desk, clock, state, switched } = deskOf({ isReady: () => isReady || state.lease.owner === 'a' });
    isReady = false;
    const test = desk.test(true);
    for (let turn = 0; turn < 400; turn++) {
      await Promise.resolve();
      clock.advance(20_000);
    }
    expect(await test).toMatchObject({ refused: expect.stringContaining('the way back was not taken') });
    expect(switched).toEqual(['b']);
  });
});

describe('relay.prove-every', () => {
  const turns = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };

  it('tests when it is due and the pair is protected; what is skipped is counted', async () => {
    let isReady = false;
    const { desk, clock, told } = deskOf({ everyUs: 2 * HOUR_US, isReady: () => isReady });
    clock.advance(2 * HOUR_US);
    await turns();
    expect([told.length, desk.skipped]).toEqual([0, 1]);
    isReady = true;
    clock.advance(2 * HOUR_US);
    await turns();
    expect([told.length, desk.skipped]).toEqual([1, 1]);
    expect(told[0]).toHaveProperty('done');
  });

  it('a takeover that was proved meanwhile counts as well as a test; so does one before a restart', async () => {
    let provedForMs = 90 * 60_000;
    const { desk, clock, told } = deskOf({ everyUs: 2 * HOUR_US, provedForMs: () => provedForMs });
    clock.advance(HOUR_US / 2 - 1);
    await turns();
    expect(told).toEqual([]);
    provedForMs = 0; // a takeover, just now
    clock.advance(1);
    await turns();
    expect([told.length, desk.skipped]).toEqual([0, 0]);
    provedForMs = 2 * 3_600_000;
    clock.advance(2 * HOUR_US);
    await turns();
    expect(told).toHaveLength(1);
  });

  it('closing ends it', () => {
    const { desk, clock } = deskOf({ everyUs: 48 * HOUR_US });
    desk.close();
    expect(clock.alarms).toBe(0);
  });
});

describe("the relay's life", () => {
  it('operations and the last proof outlive the process; a contact that did not move proves nothing', () => {
    const relay = new RelayDouble();
    const kept: Record<string, string> = {};
    let nowMs = 1_000_000;
    const open = (over: RelayDriver) =>
      new RelayRecord({
        facts: { ...kept },
        relay: over,
        perform: (effect) => {
          if (effect.type === 'keepFact') kept[effect.name] = effect.value;
        },
        wallNowMs: () => nowMs,
      });
    const record = open(relay);
    record.see({ type: 'relayMoved', proved: true });
    expect([record.operations, record.provedForMs, kept]).toEqual([0, null, {}]);
    relay.moveTo('b');
    record.see({ type: 'relayMoved', proved: false });
    expect([record.operations, record.provedForMs]).toEqual([1, null]);
    relay.moveTo('a');
    record.see({ type: 'relayMoved', proved: true });
    nowMs += 5000;
    expect([record.operations, record.provedForMs]).toEqual([2, 5000]);
    const later = open(new RelayDouble());
    expect([later.operations, later.provedForMs]).toEqual([2, 5000]);
    nowMs = 0; // the clock was set back
    expect(later.provedForMs).toBe(0);
    kept['relay-operations'] = 'x';
    expect(open(new RelayDouble()).operations).toBe(0);
  });

  it('status says it in words', () => {
    const rows = (provedForMs: number | null, operations = 7, skippedTests = 0) =>
      wearRows({ operations, ratedOperations: 100_000, provedForMs, skippedTests }).map(([, text]) => text);
    expect(rows(3 * 3_600_000 + 5)).toEqual(['last proven 3 h ago', '7 of 100000 relay operations']);
    expect(rows(null)[0]).toContain('never proven');
    expect(rows(120_000, 100_001, 2)).toEqual([
      'last proven 2 min ago, 2 due tests skipped',
      '100001 of 100000 relay operations: WORN OUT, replace it',
    ]);
    expect(rows(72 * 3_600_000)[0]).toBe('last proven 3 days ago');
  });
});
