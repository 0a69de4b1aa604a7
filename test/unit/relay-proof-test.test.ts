import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { wearRows } from '../../src/cli/status/wear-rows.js';
import type { CommandOutcome } from '../../src/control/contract/command.js';
import { RelayRecord } from '../../src/gateway/lines/relay-record.js';
import { RelayProofTest, type RelayTestOptions } from '../../src/gateway/operator/relay-proof-test.js';
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
function proofTestOf(options: Partial<RelayTestOptions> = {}) {
  const clock = new ManualClock();
  const state = restoredPair(0, { session: 1, boot: 1 });
  state.phase = 'serving';
  const relay = new RelayDouble();
  const told: CommandOutcome[] = [];
  const switched: string[] = [];
  const proofTest = new RelayProofTest({
    ...{ state, relay, clock },
    hasRelay: true,
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
  return { clock, state, relay, proofTest, told, switched };
}

describe('copycat relay test', () => {
  it('swaps duty and back, and is done when the feedback showed both', async () => {
    const { proofTest, switched } = proofTestOf();
    expect(await proofTest.test(true)).toEqual({
      done: 'The relay moved to board b and back to board a; its feedback showed both moves.',
    });
    expect(switched).toEqual(['b', 'a']);
  });

  it('stays when no way back is wanted', async () => {
    const { proofTest, switched } = proofTestOf();
    expect(await proofTest.test(false)).toMatchObject({ done: expect.stringContaining('to board b;') });
    expect(switched).toEqual(['b']);
  });

  it('is not done when the feedback does not show it, and does not go back then', async () => {
    const { proofTest, relay, switched } = proofTestOf();
    relay.proved = false;
    expect(await proofTest.test(true)).toMatchObject({ refused: expect.stringContaining('feedback does not show') });
    expect(switched).toEqual(['b']);
  });

  it('is not done without a feedback line: nothing is proved', async () => {
    const { proofTest } = proofTestOf({ hasFeedback: false });
    expect(await proofTest.test(true)).toMatchObject({ refused: expect.stringContaining('nothing is proved') });
  });

  it('is refused while the pair is not protected, and tells what a refused switchover said', async () => {
    const unready = proofTestOf({ isReady: () => false });
    expect(await unready.proofTest.test(true)).toMatchObject({ refused: expect.stringContaining('not protected') });
    expect(unready.switched).toEqual([]);
    const refusing = proofTestOf({ ask: () => Promise.resolve({ refused: 'no' }) });
    expect(await refusing.proofTest.test(true)).toEqual({ refused: 'no' });
  });

  it('one at a time', async () => {
    const { proofTest } = proofTestOf();
    const first = proofTest.test(true);
    expect(await proofTest.test(true)).toMatchObject({ refused: expect.stringContaining('under way') });
    expect(await first).toHaveProperty('done');
  });

  it('the way back waits until the pair is protected again, for a bounded time', async () => {
    let isReady = true;
    const { proofTest, clock, state, switched } = proofTestOf({ isReady: () => isReady || state.lease.owner === 'a' });
    isReady = false;
    const test = proofTest.test(true);
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
    const { proofTest, clock, told } = proofTestOf({ everyUs: 2 * HOUR_US, isReady: () => isReady });
    clock.advance(2 * HOUR_US);
    await turns();
    expect([told.length, proofTest.skipped]).toEqual([0, 1]);
    isReady = true;
    clock.advance(2 * HOUR_US);
    await turns();
    expect([told.length, proofTest.skipped]).toEqual([1, 1]);
    expect(told[0]).toHaveProperty('done');
  });

  it('a takeover that was proved meanwhile counts as well as a test; so does one before a restart', async () => {
    let provedForMs = 90 * 60_000;
    const { proofTest, clock, told } = proofTestOf({ everyUs: 2 * HOUR_US, provedForMs: () => provedForMs });
    clock.advance(HOUR_US / 2 - 1);
    await turns();
    expect(told).toEqual([]);
    provedForMs = 0; // a takeover, just now
    clock.advance(1);
    await turns();
    expect([told.length, proofTest.skipped]).toEqual([0, 0]);
    provedForMs = 2 * 3_600_000;
    clock.advance(2 * HOUR_US);
    await turns();
    expect(told).toHaveLength(1);
  });

  it('closing ends it', () => {
    const { proofTest, clock } = proofTestOf({ everyUs: 48 * HOUR_US });
    proofTest.close();
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
