import { describe, expect, it } from 'vitest';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { brokenPromises, brokenWhenQuiet, expectPromises } from './fixture/promises.js';
import { stride } from './fixture/thin-out.js';

const refs = ['i1', 'i2', 'i3', 'i4'];

interface Story {
  readonly options?: HarnessOptions;
  /** Between two inputs; 5 when not told. */
  readonly everyMs?: number;
  /** What goes wrong besides the gateway's death. */
  readonly trouble?: (pair: PairHarness) => void;
}

const stories: Readonly<Record<string, Story>> = {
  'one at a time': {},
  'three at a time, executed out of order': {
    options: { window: 3 },
    everyMs: 0,
    trouble: ({ boards }) => {
      boards.b.slowDown(20_000);
      boards.a.chooseNext = (queued) => queued[queued.length - 1] ?? null;
    },
  },
  'a primary that hangs with its result given': {
    trouble: ({ boards }) => {
      boards.a.onMoment = (moment) => {
        if (moment === 'result-sent' && boards.a.executions.length === 2) boards.a.halt();
      };
    },
  },
  'a primary that hangs after it acted': {
    options: { window: 2 },
    trouble: ({ boards }) => {
      boards.a.onMoment = (moment) => {
        if (moment === 'acted' && boards.a.acted.length === 2) boards.a.halt();
      };
    },
  },
  'a primary that restarts': {
    trouble: ({ boards }) => {
      boards.a.onMoment = (moment) => {
        if (moment === 'executing' && boards.a.executions.length === 2) boards.a.restart();
      };
    },
  },
  'a primary that answers late': {
    trouble: ({ boards }) => {
      boards.a.onMoment = (moment) => {
        if (moment === 'result-sent' && boards.a.executions.length === 2) boards.a.slowDown(90_000);
      };
    },
  },
  'a backup that restarts': {
    trouble: ({ boards }) => {
      boards.b.onMoment = (moment) => {
        if (moment === 'executing' && boards.b.executions.length === 1) boards.b.restart();
      };
    },
  },
};

/** Sends four inputs; whoever has no answer after the gateway's return asks again under the same id (R23). */
function play(story: Story, killBeforeEffect: number): { readonly pair: PairHarness; readonly effects: number } {
  const pair = PairHarness.of(story.options);
  pair.killBeforeEffect = killBeforeEffect;
  story.trouble?.(pair);
  pair.startGateway();
  pair.run(30);
  pair.inputs(4, story.everyMs ?? 5);
  pair.run(500);
  const effects = pair.effectsPerformed;
  pair.killBeforeEffect = Number.POSITIVE_INFINITY;
  if (!pair.running) {
    pair.startGateway();
    pair.run(100);
    for (const [n, ref] of refs.entries()) if (pair.answersTo(ref).length === 0) pair.input(ref, n + 1);
  }
  pair.run(600);
  return { pair, effects };
}

describe('a gateway that is killed', () => {
  it.each(Object.keys(stories))('R27: at any effect of "%s" a restart finishes what was begun', (name) => {
    const story = stories[name] ?? {};
    const whole = play(story, Number.POSITIVE_INFINITY).effects;
    expect(whole).toBeGreaterThan(40);
    const broken: string[] = [];
    for (let effect = 0; effect < whole; effect += stride) {
      const { pair } = play(story, effect);
      const found = [...brokenPromises(pair), ...brokenWhenQuiet(pair)];
      if (pair.running && pair.pair.phase !== 'serving') found.push(`the pair is ${pair.pair.phase}`);
      for (const ref of refs) if (pair.answersTo(ref).length === 0) found.push(`${ref} was never answered`);
      broken.push(...found.map((line) => `killed before effect ${effect}: ${line}`));
    }
    expect(broken).toEqual([]);
  });

  it('R27: the boards are taken back without a reset, and nothing is executed or acted on twice', () => {
    const pair = PairHarness.started({ window: 2 });
    pair.inputs(6, 2);
    for (let n = 0; n < 5; n++) {
      pair.run(6);
      pair.killGateway();
      pair.run(20);
      pair.startGateway();
    }
    pair.run(400);
    expect([pair.boards.a.boot, pair.boards.b.boot]).toEqual([1, 1]);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.relay.commands).toEqual([]);
    expectPromises(pair);
  });

  it('R27: while it is gone nothing moves; boards that park meanwhile are taken back with the results they keep', () => {
    const pair = PairHarness.started({ silenceUs: 100_000 });
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    pair.killGateway();
    pair.run(500);
    expect([pair.boards.a.parked, pair.relay.contact]).toEqual([true, 'a']);
    pair.startGateway();
    pair.run(80);
    expect(pair.answersTo('x')).toHaveLength(1);
    expect(pair.boards.a.executedSeqs).toHaveLength(1);
    expectPromises(pair);
  });

  it('R23: an answer that may have left before is marked after a restart; one that cannot have is not', () => {
    const pair = PairHarness.started();
    pair.input('left', 1);
    // The answer leaves, and the gateway dies before the ledger knows it.
    pair.runUntil(() => pair.upstream.answers.length === 1);
    pair.killGateway();
    pair.startGateway();
    pair.run(100);
    expect(pair.answersTo('left').map(({ repeat }) => repeat)).toEqual([false, true]);
    pair.input('new', 2);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 2);
    pair.killGateway();
    pair.startGateway();
    pair.run(100);
    expect(pair.answersTo('new').map(({ repeat }) => repeat)).toEqual([false]);
    expectPromises(pair);
  });

  it('R23: an answer of an input that both boards had acted on is given, marked, when it was not recorded as sent', () => {
    const pair = PairHarness.started();
    pair.upstream.listening = false;
    pair.input('x', 1);
    pair.runUntil(() => pair.ledger.input(1)?.doneBy.length === 2);
    pair.killGateway();
    pair.upstream.listening = true;
    pair.startGateway();
    pair.run(50);
    expect(pair.answersTo('x').map(({ repeat }) => repeat)).toEqual([true]);
    expectPromises(pair);
  });

  it('R10: a gateway that died after the fence rolls forward, never back', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 4);
    pair.run(7);
    pair.boards.a.halt();
    pair.runUntil(() => pair.ledger.fences.length === 1);
    pair.killGateway();
    pair.run(50);
    pair.startGateway();
    pair.run(300);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.ledger.fences).toHaveLength(1);
    expect(pair.relay.contact).toBe('b');
    expectPromises(pair);
  });

  it('R27: a primary that is gone when the gateway returns is found so, and the backup takes over', () => {
    for (const gone of ['halt', 'restart', 'fail'] as const) {
      const pair = PairHarness.started();
      pair.inputs(3, 4);
      pair.run(9);
      pair.killGateway();
      if (gone === 'halt') pair.boards.a.halt();
      else if (gone === 'restart') pair.boards.a.restart(false);
      else pair.boards.a.fail('state-corrupt');
      pair.startGateway();
      pair.run(500);
      expect([gone, pair.ledger.owner, pair.pair.phase]).toEqual([gone, 'b', 'serving']);
      const codes = { halt: 'silent', restart: 'restarted', fail: 'failed' };
      expect(pair.ledger.faultCodes().filter((code) => code !== 'gateway-restarted')[0]).toBe(codes[gone]);
      expectPromises(pair);
    }
  });

  it('R10: with both boards gone when the gateway returns the pair stops, and does not wait for ever', () => {
    for (const gone of ['restart', 'fail'] as const) {
      const pair = PairHarness.started();
      pair.inputs(3, 4);
      pair.run(40);
      pair.killGateway();
      for (const board of Object.values(pair.boards)) {
        if (gone === 'restart') board.restart(false);
        else board.fail('state-corrupt');
      }
      pair.startGateway();
      pair.run(500);
      // Two boards that both lost their state begin again together, and say so; failed ones are for a person.
      expect([gone, pair.pair.phase]).toEqual([gone, gone === 'restart' ? 'serving' : 'stopped']);
      expect(pair.ledger.faultCodes()).toContain(gone === 'restart' ? 'pair-restarted' : 'pair-stopped');
    }
  });
});

describe('a host that loses power', () => {
  /** Runs until the ledger has made `rows` changes, then loses the newest `tail` of them. */
  function cutPower(rows: number, tail: number, windowSize: number, boardsToo: boolean): PairHarness {
    const pair = PairHarness.started({ keepHistory: true, window: windowSize });
    pair.inputs(4, 4);
    pair.runUntil(() => pair.ledger.history.length >= rows || pair.schedule.nowUs > 200_000);
    const kept = pair.ledger.history[Math.max(0, pair.ledger.history.length - 1 - tail)];
    if (kept === undefined) throw new Error('no history');
    pair.losePower(kept);
    if (boardsToo) for (const board of Object.values(pair.boards)) board.restart(false);
    pair.run(20);
    pair.startGateway();
    pair.run(100);
    for (const [n, ref] of refs.entries()) if (pair.answersTo(ref).length === 0) pair.input(ref, n + 1);
    pair.run(500);
    return pair;
  }

  it.each([1, 2])(
    'R27: with the boards alive (window %i) the tail is read back from them, and no seq is used twice',
    (windowSize) => {
      const broken: string[] = [];
      for (let rows = 12; rows < 80; rows += 2 * stride) {
        for (const tail of [0, 1, 4, 12]) {
          const pair = cutPower(rows, tail, windowSize, false);
          const found = [...brokenPromises(pair), ...brokenWhenQuiet(pair)];
          if (pair.pair.phase !== 'serving') found.push(`the pair is ${pair.pair.phase}`);
          if (pair.ledger.owner !== 'a') found.push('the primary was taken for failed');
          for (const ref of refs) if (pair.answersTo(ref).length === 0) found.push(`${ref} was never answered`);
          broken.push(...found.map((line) => `after ${rows} rows less ${tail}: ${line}`));
        }
      }
      expect(broken).toEqual([]);
    },
  );

  it('R27: with the boards’ power gone too the pair begins afresh, says so, and answers what was committed', () => {
    const broken: string[] = [];
    for (let rows = 12; rows < 80; rows += 2 * stride) {
      const pair = cutPower(rows, 2, 2, true);
      const found = brokenWhenQuiet(pair);
      if (!pair.ledger.faultCodes().includes('pair-restarted')) found.push('no fault says that state is gone');
      for (const ref of refs) if (pair.answersTo(ref).length === 0) found.push(`${ref} was never answered`);
      for (const board of Object.values(pair.boards)) found.push(...board.complaints);
      broken.push(...found.map((line) => `after ${rows} rows: ${line}`));
    }
    expect(broken).toEqual([]);
  });

  it('R27: a backup that differs from the primary after the tail was lost must join anew', () => {
    const pair = PairHarness.started({ keepHistory: true });
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    const [before] = pair.ledger.history;
    if (before === undefined) throw new Error('no history');
    pair.losePower(before);
    pair.startGateway();
    pair.run(200);
    expect(pair.memberStatesOf('b').slice(-3)).toEqual(['set-aside', 'joining', 'in-sync']);
    expect(pair.boards.b.transfers).toHaveLength(2);
    expect([...pair.ledger.journal.inputs.values()].map(({ kind }) => kind)).toEqual(['recovered']);
    expect(pair.boards.a.actedSeqs).toHaveLength(1);
    // The asker's id went with the tail: it asks again (R23).
    expect(brokenPromises(pair)).toEqual([]);
  });

  it('R23: what was never recorded as sent is sent again, once, also where the start leads to a takeover', () => {
    const pair = PairHarness.started();
    pair.inputs(2, 5, 'x');
    pair.run(100);
    for (const ref of ['x1', 'x2']) Object.assign(pair.ledger.input(pair.seqOf(ref)) ?? {}, { emitted: false });
    pair.killGateway();
    pair.boards.a.halt();
    pair.startGateway();
    // One of the clients asks again.
    pair.input('x2', 0);
    pair.runUntil(() => pair.pair.lease.owner === 'b');
    pair.run(100);
    const again = (ref: string): boolean[] => pair.answersTo(ref).map(({ repeat }) => repeat);
    expect([again('x1'), again('x2')]).toEqual([
      [false, true],
      [false, true],
    ]);
    // Its link comes back: nothing is owed any more.
    pair.cut('b');
    pair.run(10);
    pair.reconnect('b');
    pair.run(300);
    expect([again('x1').length, again('x2').length]).toEqual([2, 2]);
  });
});
