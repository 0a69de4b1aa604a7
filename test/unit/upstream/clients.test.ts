import { NEVER, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type ClientCounts, NO_CLIENTS, sumOfClients } from '../../../src/upstream/client-counts.js';
import { manyUpstreams } from '../../../src/upstream/many-upstreams.js';
import type { Arrival, Upstream } from '../../../src/upstream/upstream.js';

/** Writes down what it is told. */
function listening(source: string, clients?: ClientCounts) {
  const told: string[] = [];
  const arrivals = new Subject<Arrival>();
  const upstream: Upstream = {
    ...{ source, arrivals, clients },
    accepted: (ref) => told.push(`accepted ${ref}`),
    answer: (ref, bodies, repeat) => {
      told.push(`answer ${ref} ${bodies.length} ${repeat}`);
      return ref.endsWith('mine');
    },
    refuse: (ref, reason) => told.push(`refuse ${ref} ${reason}`),
    pauseIntake: () => told.push('pause'),
    resumeIntake: () => told.push('resume'),
    start: async () => [`${source} here`],
    close: async () => {
      told.push('close');
    },
  };
  return { upstream, told, arrivals };
}

describe('who is connected to several upstreams', () => {
  it('is their sum, name by name', () => {
    const one = { ...NO_CLIENTS, open: 2, most: 64, connections: 10, lines: 7, refusedInputs: 1 };
    const other = { ...NO_CLIENTS, open: 1, most: 8, connections: 5, cutOff: 3 };
    expect(sumOfClients([one, other])).toEqual({
      ...{ open: 3, most: 72, connections: 15, refusedConnections: 0, gaveWay: 0, cutOff: 3, notTaken: 0 },
      ...{ lines: 7, badLines: 0, askedAgain: 0, refusedInputs: 1, withheldAnswers: 0 },
    });
    expect(sumOfClients([])).toEqual(NO_CLIENTS);
    expect(Object.values(NO_CLIENTS).every((count) => count === 0)).toBe(true);
  });

  it('is nobody where none of them can be connected to', () => {
    expect(manyUpstreams([listening('tick').upstream]).clients).toBeUndefined();
    const all = manyUpstreams([listening('tick').upstream, listening('tcp', { ...NO_CLIENTS, open: 4 }).upstream]);
    expect(all.clients).toMatchObject({ open: 4 });
  });
});

describe('several upstreams as one', () => {
  it('name each source once', () => {
    const all = manyUpstreams(['tcp', 'tick', 'tcp'].map((source) => listening(source).upstream));
    expect(all.source).toBe('tcp+tick');
  });

  it('are each told what concerns its refs, and all what concerns all', async () => {
    const [tcp, tick] = [listening('tcp'), listening('tick')];
    const all = manyUpstreams([tcp.upstream, tick.upstream]);
    const seen: string[] = [];
    all.arrivals.subscribe(({ ref }) => seen.push(ref));
    tick.arrivals.next({ ref: 'tick', kind: 'tick', payload: new Uint8Array() });
    tcp.arrivals.next({ ref: 'tcp:1', kind: 'input', payload: new Uint8Array() });
    expect(seen).toEqual(['tick', 'tcp:1']);
    expect(await all.start()).toEqual(['tcp here', 'tick here']);
    all.accepted('tcp:a:b');
    all.refuse('tcp:2', 'full');
    all.pauseIntake();
    all.resumeIntake();
    await all.close();
    expect(tcp.told).toEqual(['accepted tcp:a:b', 'refuse tcp:2 full', 'pause', 'resume', 'close']);
    expect(tick.told).toEqual(['pause', 'resume', 'close']);
  });

  it('R9: of two ports of one source the answer goes to where it is waited for, and says whether it was taken', () => {
    const [one, other] = [listening('tcp'), listening('tcp')];
    const all = manyUpstreams([one.upstream, other.upstream]);
    expect(all.answer('tcp:mine', [new Uint8Array(2)], true, false)).toBe(true);
    expect(one.told).toEqual(['answer tcp:mine 1 true']);
    expect(other.told).toEqual([]);
    expect(all.answer('tcp:other', [], false, false)).toBe(false);
    expect(other.told).toEqual(['answer tcp:other 0 false']);
  });

  it('never arrive by themselves', () => {
    const silent = manyUpstreams([{ ...listening('tcp').upstream, arrivals: NEVER }]);
    const seen: Arrival[] = [];
    silent.arrivals.subscribe((arrival) => seen.push(arrival));
    expect(seen).toEqual([]);
  });
});
