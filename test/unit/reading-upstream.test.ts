import { BehaviorSubject, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { createReadingUpstream, type ReadingUpstreamOptions } from '../../src/upstream/reading-upstream.js';
import type { Arrival } from '../../src/upstream/upstream.js';
import { ManualClock } from './manual-clock.js';

async function started(options: Partial<ReadingUpstreamOptions> = {}) {
  const values = new Subject<number>();
  const troubles = new BehaviorSubject<string | null>(null);
  const clock = new ManualClock();
  const told: (string | null)[] = [];
  let closed = 0;
  const upstream = createReadingUpstream({
    name: 'sensor A0',
    channel: 2,
    keeps: 'latest',
    open: () => Promise.resolve({ values, troubles, close: () => closed++ }),
    onTrouble: (_name, trouble) => told.push(trouble),
    clock,
    runId: 'run',
    ...options,
  });
  const arrivals: Arrival[] = [];
  upstream.arrivals.subscribe((arrival) => arrivals.push(arrival));
  const addresses = await upstream.start();
  return {
    ...{ upstream, values, troubles, clock, told, arrivals, addresses },
    closed: () => closed,
    given: () => arrivals.map(({ payload }) => new DataView(payload.buffer).getInt32(1, true)),
    answerLast: () => upstream.answer(arrivals.at(-1)?.ref ?? ''),
  };
}

describe('an input that is read', () => {
  test('is five bytes: which of the inputs it is, and the value as a little-endian i32', async () => {
    const { values, arrivals, addresses } = await started();
    values.next(-25_500);
    expect(addresses).toEqual(['sensor A0']);
    expect(arrivals.map(({ payload, kind }) => [kind, [...payload]])).toEqual([['input', [2, 0x64, 0x9c, 0xff, 0xff]]]);
  });

  test('R23: no ref is used twice', async () => {
    const { values, arrivals, answerLast } = await started();
    for (const value of [1, 2, 1, 2]) {
      values.next(value);
      expect(answerLast()).toBe(true);
    }
    expect(new Set(arrivals.map(({ ref }) => ref)).size).toBe(4);
  });

  test('a value that has not changed is no input', async () => {
    const { values, given, answerLast } = await started();
    for (const value of [512, 512, 513, 513, 512]) {
      values.next(value);
      answerLast();
    }
    expect(given()).toEqual([512, 513, 512]);
  });

  test('R6: of a sensor the latest wins while one is under way, and what it passed over is counted', async () => {
    const { upstream, values, given, answerLast } = await started();
    for (const value of [1, 2, 3, 4]) values.next(value);
    expect(given()).toEqual([1]);
    answerLast();
    expect(given()).toEqual([1, 4]);
    expect(upstream.skipped).toBe(2);
  });

  test('a sensor that is back at the value under way has nothing new to say', async () => {
    const { values, given, answerLast } = await started();
    for (const value of [1, 2, 1]) values.next(value);
    answerLast();
    expect(given()).toEqual([1]);
  });

  test('R6: of a button every edge is given in order, up to a bound; what is left out is counted and comes in pairs', async () => {
    const { upstream, values, given, answerLast } = await started({ keeps: 'every' });
    for (let edge = 1; edge <= 101; edge += 1) values.next(edge % 2);
    for (let turn = 0; turn < 101; turn += 1) answerLast();
    expect(given().length + upstream.skipped).toBe(101);
    expect(given().length).toBeLessThan(40);
    expect(given().slice(0, 4)).toEqual([1, 0, 1, 0]);
    // It ends as the button stands, and never says the same twice.
    expect(given().at(-1)).toBe(1);
    expect(given().every((value, index) => value === (index + 1) % 2)).toBe(true);
  });

  test('R6: a full pair is asked again: a press keeps its turn', async () => {
    const { upstream, values, arrivals, given, clock } = await started({ keeps: 'every' });
    values.next(1);
    upstream.refuse(arrivals[0]?.ref ?? '', 'full');
    values.next(0);
    expect(given()).toEqual([1]);
    clock.advance(50_000);
    expect(given()).toEqual([1, 1]);
    upstream.answer(arrivals[1]?.ref ?? '');
    expect(given()).toEqual([1, 1, 0]);
    expect(upstream.skipped).toBe(0);
  });

  test('R6: a full pair is asked again: of a sensor with what is true by then', async () => {
    const { upstream, values, arrivals, given, clock } = await started();
    values.next(1);
    values.next(2);
    upstream.refuse(arrivals[0]?.ref ?? '', 'full');
    values.next(3);
    clock.advance(50_000);
    expect(given()).toEqual([1, 3]);
  });

  test('a stopped pair does not act on old presses when it is started again', async () => {
    const { upstream, values, arrivals, given } = await started({ keeps: 'every' });
    for (const edge of [1, 0, 1]) values.next(edge);
    upstream.refuse(arrivals[0]?.ref ?? '', 'stopped');
    expect(given()).toEqual([1]);
    expect(upstream.skipped).toBe(3);
    values.next(0);
    expect(given()).toEqual([1, 0]);
  });

  test('R6: nothing is given while intake is paused, and what is true then when it is resumed', async () => {
    const { upstream, values, given } = await started();
    upstream.pauseIntake();
    values.next(7);
    values.next(8);
    expect(given()).toEqual([]);
    upstream.resumeIntake();
    expect(given()).toEqual([8]);
  });

  test('takes answers of an earlier gateway as given to nobody, and leaves those of another input alone', async () => {
    const { upstream } = await started();
    expect(upstream.answer('reading:2:another-run:7')).toBe(true);
    expect(upstream.answer('reading:3:run:1')).toBe(false);
  });

  test('tells what is wrong with what it reads, and that it is over; closes it', async () => {
    const { upstream, troubles, told, closed } = await started();
    troubles.next('A0 gives no values');
    troubles.next(null);
    expect(told).toEqual(['A0 gives no values', null]);
    await upstream.close();
    expect(closed()).toBe(1);
  });
});
