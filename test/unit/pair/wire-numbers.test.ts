import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const U32 = 2 ** 32;

/** The ledger is told that this was the last session of both boards. */
function rememberSession(pair: PairHarness, session: number): void {
  for (const row of pair.ledger.boards.values()) row.session = session;
}

describe('numbers that come round on the wire', () => {
  it('R15: sessions go from 255 to 1: in 0 is only a board that has restarted', () => {
    const pair = PairHarness.of();
    rememberSession(pair, 252);
    pair.start();
    const sessions = [pair.boards.a.session];
    for (let n = 0; n < 4; n++) {
      pair.killGateway();
      pair.startGateway();
      pair.run(40);
      sessions.push(pair.boards.a.session);
    }
    expect(sessions).toEqual([253, 254, 255, 1, 2]);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it.each([
    [5, 4, 6],
    [1, 255, 2],
    [255, 254, 1],
  ])(
    'R15, R27: a board in session %i is never opened in that one, also when the ledger knows of %i only',
    (now, known, next) => {
      const pair = PairHarness.of();
      rememberSession(pair, now - 2);
      pair.start();
      while (pair.boards.b.session !== now) {
        pair.killGateway();
        pair.startGateway();
        pair.run(40);
      }
      pair.killGateway();
      rememberSession(pair, known);
      pair.startGateway();
      pair.run(40);
      expect([pair.boards.a.session, pair.boards.b.session]).toEqual([next, next]);
      expect(pair.isProtected).toBe(true);
    },
  );

  it('R21: pair time goes on in the ledger, and comes round after 49 days for a board, for both the same', () => {
    const pair = PairHarness.of();
    const atMs = U32 - 120;
    pair.ledger.apply({ type: 'reserveSeqs', throughSeq: 1 });
    const earlier = { seq: 1, ref: 'earlier', kind: 'tick', pairTimeMs: atMs, payload: new Uint8Array(0) } as const;
    pair.ledger.apply({ type: 'recordInput', ...earlier });
    pair.ledger.apply({ type: 'finishInput', seq: 1 });
    pair.start();
    pair.inputs(20, 10);
    pair.run(300);
    const recorded = [...pair.ledger.journal.inputs.values()].slice(1).map(({ pairTimeMs }) => pairTimeMs);
    expect(recorded[0]).toBeGreaterThan(atMs);
    expect(recorded[0]).toBeLessThan(U32);
    expect(recorded.at(-1)).toBeGreaterThan(U32);
    for (const board of ['a', 'b'] as const) {
      const told = pair.links[board].sent.flatMap(({ message }) =>
        message.kind === 'input' ? [message.pairTimeMs] : [],
      );
      expect(told).toEqual(recorded.map((timeMs) => timeMs % U32));
    }
    expectPromises(pair);
  });

  it('R1: the number after the last one is told to a board as 0', () => {
    const pair = PairHarness.of();
    pair.ledger.reservedThroughSeq = U32 - 1;
    pair.startGateway();
    pair.run(60);
    const told = pair.links.a.sent.flatMap(({ message }) => (message.kind === 'open' ? [message.nextSeq] : []));
    expect(told).toEqual([0]);
  });
});
