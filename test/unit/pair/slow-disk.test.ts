import { expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const HOUR_MS = 3_600_000;
const TRANSACTION_US = 5_000_000;
const EVERY_MS = 500;

/** Inputs that the core has in hand: numbered or not. */
function inHand({ pair }: PairHarness): number {
  return pair.queue.inputs.size + pair.queue.unnumbered.length;
}

it('R6, R14, R17: an hour of a disk that needs five seconds for a transaction: nobody is declared failed, what waits is bounded, the rest is refused', () => {
  const pair = PairHarness.started({ window: 4 });
  const memberStates = pair.ledger.memberStates.length;
  pair.ledgerUs = () => TRANSACTION_US;
  const { maxPending, maxLag } = pair.config;
  const offered = HOUR_MS / EVERY_MS;
  let most = 0;
  let mostBehind = 0;
  for (let n = 1; n <= offered; n++) {
    pair.input(`slow${n}`, n % 200);
    pair.run(EVERY_MS);
    most = Math.max(most, inHand(pair));
    mostBehind = Math.max(mostBehind, pair.pair.queue.releaseOrder.length);
  }
  // What waits upstream of the primary, and what the backup has still to act on.
  expect(most).toBeGreaterThanOrEqual(maxPending);
  expect(most).toBeLessThanOrEqual(maxPending + maxLag);
  expect(mostBehind).toBeLessThanOrEqual(maxLag);
  const { accepted, refused } = pair.upstream;
  expect(refused.length).toBeGreaterThan(offered / 2);
  expect([...new Set(refused.map(({ reason }) => reason))]).toEqual(['full']);
  expect(accepted.length).toBeGreaterThan(offered / 100);
  expect(pair.relay.commands).toEqual([]);
  expect(pair.ledger.memberStates.slice(memberStates)).toEqual([]);

  // The disk is as it was: everything that was accepted is answered, and it goes on at its usual pace.
  pair.ledgerUs = () => 400;
  pair.run(10_000);
  expect(inHand(pair)).toBe(0);
  pair.inputs(20, 20, 'after');
  pair.run(2_000);
  expect(pair.answersTo('after20')).toHaveLength(1);
  expectPromises(pair);
});
