import { BehaviorSubject, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  createReadingUpstream,
  payloadOf,
  type ReadingUpstreamOptions,
} from '../../../src/upstream/reading-upstream.js';
import type { Arrival } from '../../../src/upstream/upstream.js';
import { ManualClock } from '../manual-clock.js';

async function started(keeps: ReadingUpstreamOptions['keeps'], present: string | null = null) {
  const values = new Subject<number>();
  const troubles = new BehaviorSubject<string | null>(present);
  const clock = new ManualClock();
  clock.advance(3_000_000);
  const told: unknown[] = [];
  const upstream = createReadingUpstream({
    ...{ name: 'button D4', channel: 1, keeps, clock, runId: 'r' },
    open: () => Promise.resolve({ values, troubles, close: () => undefined }),
    onTrouble: (name, trouble) => told.push([name, trouble]),
  });
  const arrivals: Arrival[] = [];
  let ended = false;
  upstream.arrivals.subscribe({ next: (arrival) => arrivals.push(arrival), complete: () => (ended = true) });
  await upstream.start();
  return {
    ...{ upstream, values, troubles, clock, told, arrivals },
    ended: () => ended,
    last: () => arrivals.at(-1)?.ref ?? '',
    given: () => arrivals.map(({ payload }) => new DataView(payload.buffer).getInt32(1, true)),
  };
}

describe('values that are read', () => {
  test('R23: are named by channel, run and count, from 1', async () => {
    const { upstream, values, arrivals, last } = await started('every');
    values.next(1);
    upstream.answer(last());
    values.next(0);
    expect(arrivals.map(({ ref }) => ref)).toEqual(['reading:1:r:1', 'reading:1:r:2']);
  });

  test('an answer or a refusal of another input changes nothing of the one under way', async () => {
    const { upstream, values, given } = await started('every');
    values.next(1);
    values.next(0);
    expect(upstream.answer('reading:1:r:99')).toBe(true);
    upstream.refuse('reading:1:r:99', 'stopped');
    expect(given()).toEqual([1]);
    expect(upstream.skipped).toBe(0);
  });

  test('R6: of a full pair are asked again after 50 ms, not before, and once', async () => {
    const { upstream, values, clock, given, last } = await started('every');
    values.next(1);
    upstream.refuse(last(), 'full');
    clock.advance(49_999);
    expect(given()).toEqual([1]);
    clock.advance(1);
    expect(given()).toEqual([1, 1]);
    clock.advance(1_000_000);
    expect(given()).toEqual([1, 1]);
    expect(upstream.skipped).toBe(0);
  });

  test('R6: a sensor that a full pair refused and that has nothing newer to say says the same again', async () => {
    const { upstream, values, clock, given, last } = await started('latest');
    values.next(5);
    upstream.refuse(last(), 'full');
    clock.advance(50_000);
    expect(given()).toEqual([5, 5]);
    expect(upstream.skipped).toBe(0);
  });

  test('R6: a sensor that has something newer to say gives that alone, and the refused one is counted', async () => {
    const { upstream, values, clock, given, last } = await started('latest');
    values.next(5);
    values.next(6);
    upstream.refuse(last(), 'full');
    clock.advance(50_000);
    upstream.answer(last());
    expect(given()).toEqual([5, 6]);
    expect(upstream.skipped).toBe(1);
  });

  test('R6: presses that a full pair refused keep their order', async () => {
    const { upstream, values, clock, given, last } = await started('every');
    for (const edge of [1, 0, 1]) values.next(edge);
    upstream.refuse(last(), 'full');
    clock.advance(50_000);
    for (let turn = 0; turn < 3; turn++) upstream.answer(last());
    expect(given()).toEqual([1, 1, 0, 1]);
  });

  test('R22: one that is quarantined is left out, and those that wait behind it have their turn', async () => {
    const { upstream, values, given, last } = await started('every');
    for (const edge of [1, 0, 1]) values.next(edge);
    upstream.refuse(last(), 'quarantined');
    expect(given()).toEqual([1, 0]);
    upstream.answer(last());
    expect(given()).toEqual([1, 0, 1]);
    expect(upstream.skipped).toBe(1);
  });

  test('an edge that is none is no input', async () => {
    const { upstream, values, given, last } = await started('every');
    for (const edge of [1, 1, 0, 0, 1, 1]) values.next(edge);
    for (let turn = 0; turn < 6; turn++) upstream.answer(last());
    expect(given()).toEqual([1, 0, 1]);
    values.next(1);
    expect(given()).toEqual([1, 0, 1]);
  });

  test('R6: up to 32 edges wait for their turn', async () => {
    const { upstream, values, given, last } = await started('every');
    for (let edge = 1; edge <= 33; edge++) values.next(edge % 2);
    expect(upstream.skipped).toBe(0);
    values.next(0);
    expect(upstream.skipped).toBe(2);
    for (let turn = 0; turn < 40; turn++) upstream.answer(last());
    expect(given()).toHaveLength(32);
  });

  test('are told as missing from the start where they are, and not told that all is well', async () => {
    expect((await started('latest', 'not there')).told).toEqual([['button D4', 'not there']]);
    const { told, troubles } = await started('latest');
    expect(told).toEqual([]);
    troubles.next('away');
    troubles.next(null);
    expect(told).toEqual([
      ['button D4', 'away'],
      ['button D4', null],
    ]);
  });

  test('end when it is closed, with what was to be asked again', async () => {
    const { upstream, values, troubles, clock, told, given, last, ended } = await started('every');
    values.next(1);
    upstream.refuse(last(), 'full');
    await upstream.close();
    expect(ended()).toBe(true);
    expect(clock.alarms).toBe(0);
    troubles.next('away');
    values.next(0);
    expect(told).toEqual([]);
    expect(given()).toEqual([1]);
    expect([values.observed, troubles.observed]).toEqual([false, false]);
  });

  test('can be closed before they were begun', async () => {
    const upstream = createReadingUpstream({
      ...{ name: 'x', channel: 0, keeps: 'latest', clock: new ManualClock(), runId: 'r' },
      open: () => Promise.reject(new Error('not there')),
      onTrouble: () => undefined,
    });
    await expect(upstream.start()).rejects.toThrow('not there');
    await expect(upstream.close()).resolves.toBeUndefined();
  });

  test('are rounded, and kept within what an i32 can say', () => {
    const said = (value: number) => new DataView(payloadOf(0, value).buffer).getInt32(1, true);
    expect([1.4, 1.6, -1.6].map(said)).toEqual([1, 2, -2]);
    expect([2 ** 31 - 1, 2 ** 31, 2 ** 40].map(said)).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1]);
    expect([-(2 ** 31), -(2 ** 31) - 1, -(2 ** 40)].map(said)).toEqual([-(2 ** 31), -(2 ** 31), -(2 ** 31)]);
  });
});
