import { describe, expect, it } from 'vitest';
import { alone, helloOf } from './fixture/alone.js';
import type { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** Board b has been gone for so long that it is tried again in a second at the earliest. */
function longGone(): PairHarness {
  const pair = alone();
  const joinsFromUs = (): number => pair.pair.boards.get('b')?.membership.joinFromUs ?? Number.NaN;
  pair.runUntil(() => pair.joinStepOf('b') === null && joinsFromUs() > pair.schedule.nowUs + 1_000_000, 10_000);
  return pair;
}

describe('a board that is out of the pair', () => {
  it('R25: and has restarted by itself is tried at once, and is in the pair again', () => {
    const pair = longGone();
    pair.boards.b.restart();
    pair.run(200);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it.each([
    ['in the life that is known', 0, {}],
    ['in a session', 3, { boot: 9 }],
    ['and has failed', 0, { boot: 9, failed: true }],
  ])('R25: and says HELLO %s is not tried for that: it is counted', (_how, session, more) => {
    const pair = longGone();
    const [sent, stale] = [pair.links.b.sent.length, pair.counts.get('stale-frames') ?? 0];
    pair.forge('b', helloOf(pair, 'b', more), session);
    pair.run(100);
    expect(pair.links.b.sent).toHaveLength(sent);
    expect(pair.counts.get('stale-frames')).toBe(stale + 1);
  });

  it('R12: and says anything else is counted, and nothing comes of it', () => {
    const pair = longGone();
    const [sent, stale] = [pair.links.b.sent.length, pair.counts.get('stale-frames') ?? 0];
    const faults = pair.ledger.faults.length;
    pair.forge('b', { kind: 'failed', reason: 'state-corrupt', detail: 0 });
    pair.forge('b', { kind: 'done', seq: 99, stale: false, readBack: [] });
    pair.forge('b', { kind: 'offer', payload: new Uint8Array([1]) });
    pair.run(100);
    expect(pair.links.b.sent).toHaveLength(sent);
    expect(pair.ledger.faults).toHaveLength(faults);
    expect(pair.counts.get('stale-frames')).toBe(stale + 3);
  });
});
