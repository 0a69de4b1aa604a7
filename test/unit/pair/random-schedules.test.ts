import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, brokenWhenQuiet, waitsForPrimary } from './fixture/promises.js';
import { randomRuns } from './fixture/thin-out.js';

type BoardName = 'a' | 'b';

/** What may go wrong, once, at a random moment. */
type Fault =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'halt' | 'restart' | 'restart-unsaid' | 'cut' | 'unplugged-for-a-moment';
      readonly board: BoardName;
    }
  | {
      readonly kind: 'frames-lost';
      readonly board: BoardName;
      readonly direction: 'to' | 'from';
      readonly count: number;
    }
  | { readonly kind: 'slow' | 'fails' | 'wrong-result'; readonly board: BoardName }
  | { readonly kind: 'gateway-killed'; readonly downMs: number }
  | { readonly kind: 'ledger-slow'; readonly forMs: number }
  /** A person asks for a planned switchover (R26). */
  | { readonly kind: 'switch' };

interface Run {
  readonly seed: number;
  readonly window: number;
  readonly inputs: number;
  readonly everyMs: number;
  readonly atMs: number;
  readonly fault: Fault;
  /** What goes wrong besides, so many milliseconds later. */
  readonly second: { readonly fault: Fault; readonly afterMs: number } | null;
  /** The gateway is killed besides, so many milliseconds after the fault, and comes back; null: it lives on. */
  readonly killedAfterMs: number | null;
  readonly shuffled: boolean;
  /** It goes wrong while the pair starts for the first time, and not after. */
  readonly cold: boolean;
  /** Clean comparisons before a board that joins counts (R25). */
  readonly comparisons: number;
}

const board = fc.constantFrom<BoardName>('a', 'b');

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('none' as const) }),
  fc.record({
    kind: fc.constantFrom('halt' as const, 'restart' as const, 'restart-unsaid' as const),
    board,
  }),
  fc.record({ kind: fc.constantFrom('cut' as const, 'unplugged-for-a-moment' as const), board }),
  fc.record({
    kind: fc.constant('frames-lost' as const),
    board,
    direction: fc.constantFrom('to' as const, 'from' as const),
    count: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ kind: fc.constantFrom('slow' as const, 'fails' as const, 'wrong-result' as const), board }),
  fc.record({ kind: fc.constant('gateway-killed' as const), downMs: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constant('ledger-slow' as const), forMs: fc.integer({ min: 20, max: 300 }) }),
  fc.record({ kind: fc.constant('switch' as const) }),
);

const run: fc.Arbitrary<Run> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  window: fc.integer({ min: 1, max: 3 }),
  inputs: fc.integer({ min: 1, max: 7 }),
  everyMs: fc.integer({ min: 0, max: 12 }),
  atMs: fc.integer({ min: 0, max: 60 }),
  fault,
  second: fc.constant(null),
  killedAfterMs: fc.constant(null),
  shuffled: fc.boolean(),
  cold: fc.integer({ min: 0, max: 3 }).map((quarter) => quarter === 0),
  comparisons: fc.integer({ min: 0, max: 2 }),
});

const twice: fc.Arbitrary<Run> = fc
  .tuple(run, fc.integer({ min: 0, max: 120 }))
  .map(([once, killedAfterMs]) => ({ ...once, killedAfterMs }));

const worse: fc.Arbitrary<Run> = fc
  .tuple(run, fault, fc.integer({ min: 0, max: 90 }))
  .map(([once, second, afterMs]) => ({ ...once, second: { fault: second, afterMs } }));

function play(run: Run): PairHarness {
  // No exchange is as fast as this relay: what is left is always caught up with first. (That it fits is a forecast, which
  // delays that vary fourfold would prove wrong.)
  const joining = { joinComparisons: run.comparisons, joinPatienceUs: 30_000, flapLimit: 8, flapPermanent: 8 };
  const config = { ...joining, probeEveryUs: 150_000, relayOperateUs: 2_000, drainUs: 300_000 };
  const harness = PairHarness.of({ seed: run.seed, window: run.window, config });
  if (run.shuffled) {
    // R3: the primary takes what it has in an order of its own.
    harness.boards.a.chooseNext = (queued) => queued[(run.seed + queued.length) % queued.length] ?? null;
  }
  harness.startGateway();
  harness.runUntil(() => (run.cold ? harness.pair.phase === 'serving' : harness.isProtected));
  harness.inputs(run.inputs, run.everyMs);
  harness.run(run.atMs);
  breakIt(harness, run.fault);
  if (run.second !== null) {
    harness.run(run.second.afterMs);
    breakIt(harness, run.second.fault);
  }
  if (run.killedAfterMs !== null) {
    harness.run(run.killedAfterMs);
    harness.killGateway();
    harness.run(5);
    harness.startGateway();
    harness.run(100);
    // R23: whoever has no answer asks again under the same id.
    for (let n = 1; n <= run.inputs; n++) if (harness.answersTo(`i${n}`).length === 0) harness.input(`i${n}`, n);
  }
  harness.run(1_500);
  return harness;
}

function breakIt(harness: PairHarness, fault: Fault): void {
  switch (fault.kind) {
    case 'none':
      return;
    case 'halt':
      return harness.boards[fault.board].halt();
    case 'restart':
      return harness.boards[fault.board].restart();
    case 'restart-unsaid':
      return harness.boards[fault.board].restart(false);
    case 'cut':
      return harness.cut(fault.board, harness.vary(1_000));
    case 'unplugged-for-a-moment':
      harness.cut(fault.board, harness.vary(1_000));
      return harness.schedule.after(harness.vary(20_000), () => harness.reconnect(fault.board));
    case 'frames-lost': {
      const link = harness.links[fault.board];
      if (fault.direction === 'to') return link.toBoard.loseNext(() => true, fault.count);
      return link.fromBoard.loseNext(() => true, fault.count);
    }
    case 'slow':
      return harness.boards[fault.board].slowDown(120_000);
    case 'fails':
      return harness.boards[fault.board].fail('state-corrupt');
    case 'wrong-result': {
      let left = 1;
      harness.boards[fault.board].corrupt = () => (left-- > 0 ? 1 : 0);
      return;
    }
    case 'gateway-killed':
      harness.killGateway();
      harness.run(fault.downMs);
      return harness.startGateway();
    case 'switch':
      if (harness.running) harness.command({ command: 'switch' });
      return;
    case 'ledger-slow':
      harness.ledgerAnswers = false;
      harness.run(fault.forMs);
      harness.ledgerAnswers = true;
  }
}

const harmless = new Set<Fault['kind']>(['none', 'frames-lost', 'gateway-killed', 'ledger-slow', 'switch']);

describe('random interleavings with one fault', () => {
  it('R1, R2, R3, R5, R7, R8, R9, R10, R11, R12, R23, R24, R25, R26: every promise holds at every moment, and all is answered when it is quiet', () => {
    fc.assert(
      fc.property(run, (run) => {
        const harness = play(run);
        expect([...brokenPromises(harness), ...brokenWhenQuiet(harness)]).toEqual([]);
        // R14, R17, R27: no board has failed, so none is declared failed.
        if (harmless.has(run.fault.kind)) {
          expect(harness.ledger.fences.filter(({ locksOut }) => locksOut)).toEqual([]);
          expect([...harness.ledger.boards.values()].map((row) => row.standing)).toEqual(['in-sync', 'in-sync']);
        }
        // R26: whoever asked for a switchover has heard what became of it.
        if (run.fault.kind === 'switch') expect(harness.commands.size).toBe(1);
        // Without a backup there is nobody to take over.
        if (!run.cold) expect(harness.pair.phase).toBe('serving');
      }),
      { numRuns: randomRuns(1_500), seed: 1 },
    );
  });

  it('R10, R27: the same with the gateway killed at any moment besides, a takeover included', () => {
    fc.assert(
      fc.property(twice, (run) => {
        const harness = play(run);
        expect([...brokenPromises(harness), ...brokenWhenQuiet(harness)]).toEqual([]);
        if (harmless.has(run.fault.kind)) {
          expect(harness.ledger.fences.filter(({ locksOut }) => locksOut)).toEqual([]);
        }
        for (let n = 1; n <= run.inputs; n++) {
          if (harness.pair.phase === 'serving' && !waitsForPrimary(harness)) {
            expect(harness.answersTo(`i${n}`)).not.toEqual([]);
          }
        }
      }),
      { numRuns: randomRuns(1_000), seed: 2 },
    );
  });

  it('R2, R3, R7, R8, R9, R10, R11, R25: with any two faults the pair may stop, but nothing wrong is done', () => {
    fc.assert(
      fc.property(worse, (run) => {
        const harness = play(run);
        expect(brokenPromises(harness)).toEqual([]);
        // It serves, it waits for a link, or it says that it has stopped: it never hangs between.
        expect(['serving', 'stopped']).toContain(waitsForPrimary(harness) ? 'serving' : harness.pair.phase);
      }),
      { numRuns: randomRuns(1_000), seed: 3 },
    );
  });
});
