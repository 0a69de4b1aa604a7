import { describe, expect, it } from 'vitest';
import { drivingOf } from '../../../src/console/page/model/driving.js';
import { Rate } from '../../../src/console/page/model/rate.js';
import { ageMsOf, standingOf } from '../../../src/console/page/model/standing.js';
import { faultWith, statusWith } from './kit.js';

const heardAt = (receivedAtMs: number, changes = {}) => ({ status: statusWith(changes), receivedAtMs });

describe('how the page says that a pair stands', () => {
  it('R32: what is older than 5 s is stale, however well the pair stood', () => {
    const heard = heardAt(1_000_000);
    expect(standingOf(heard, 1_005_000)).toBe('protected');
    expect(standingOf(heard, 1_005_001)).toBe('stale');
  });

  it('R32: the age that the core had when it was told counts too', () => {
    expect(standingOf(heardAt(0, { coreAgeMs: 4000 }), 1500)).toBe('stale');
    expect(standingOf(heardAt(0, { isStale: true }), 0)).toBe('stale');
  });

  it('R32: a clock that is set back makes nothing younger', () => {
    expect(ageMsOf(heardAt(1_000_000, { coreAgeMs: 6000 }), 0)).toBe(6000);
  });

  it('R32: a line of the list of pairs grows old, too', () => {
    const line = { phase: 'serving', protected: true, coreAgeMs: 600, isStale: false };
    expect(standingOf({ status: line, receivedAtMs: 1000 }, 5400)).toBe('protected');
    expect(standingOf({ status: line, receivedAtMs: 1000 }, 5401)).toBe('stale');
  });

  it('tells stopped from not protected, and nothing heard from both', () => {
    expect(standingOf(heardAt(0, { protected: false, phase: 'stopped' }), 0)).toBe('stopped');
    expect(standingOf(heardAt(0, { protected: false }), 0)).toBe('unprotected');
    expect(standingOf(null, 0)).toBe('connecting');
  });
});

describe('since when a board drives', () => {
  const tookOver = (id: number, primary: string, afterUs: number) =>
    faultWith({ id, timeline: [{ step: 'took-over', atUs: 1_000_000 + afterUs, detail: { primary } }] });

  it('is when it took over, and not when the fault was found', () => {
    const { atMs, fault } = drivingOf(statusWith({ primary: 'b' }), [faultWith({ id: 3 }), tookOver(2, 'b', 12_000)]);
    expect(atMs).toBe(Date.parse('2026-12-01T10:00:00.012Z'));
    expect(fault?.id).toBe(2);
  });

  it('is not known where the log ends with the turn of the other, or tells of none', () => {
    expect(drivingOf(statusWith({ primary: 'a' }), [tookOver(2, 'b', 0)]).atMs).toBeNull();
    expect(drivingOf(statusWith({}), []).atMs).toBeNull();
  });
});

describe('the rate of inputs', () => {
  const at = (upMs: number, answered: number) =>
    statusWith({ upMs, inputs: { pending: 0, answered, refused: 0, quarantined: [] } });

  it('is counted by the clock of the gateway, over ten seconds', () => {
    const rate = new Rate();
    expect(rate.perSecond()).toBeNull();
    for (let second = 0; second <= 30; second++) rate.add(at(second * 1000, second < 20 ? 0 : (second - 20) * 10));
    expect(rate.perSecond()).toBe(10);
  });

  it('begins anew with the gateway', () => {
    const rate = new Rate();
    rate.add(at(60_000, 5000));
    rate.add(at(1000, 10));
    rate.add(at(3000, 30));
    expect(rate.perSecond()).toBe(10);
  });
});
