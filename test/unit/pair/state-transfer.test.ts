import { describe, expect, it } from 'vitest';
import type { StateChunk } from '../../../src/pair/result/messages.js';
import { STATE_BYTES } from './fixture/integrator-application.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';
import { stride } from './fixture/thin-out.js';

/** Bytes of a state in one frame. */
const CHUNK_BYTES = 36;

/** The backup has restarted and is being given the state; nothing it says arrives. */
function writing(): PairHarness {
  const pair = PairHarness.started();
  pair.inputs(3, 4);
  pair.run(40);
  pair.boards.b.restart();
  pair.runUntil(() => pair.joinStepOf('b') === 'writing');
  pair.links.b.fromBoard.loses = () => true;
  return pair;
}

/** What a board says of the state that it is given; it has one output, whose level goes with every word. */
function word(more: Partial<StateChunk>): StateChunk {
  const nothing = { executionCount: 0, last: false, busy: false, accepted: false, digest: 0 };
  return { kind: 'state', ...nothing, offset: 0, outputs: [0], data: new Uint8Array(0), ...more };
}

function puts(pair: PairHarness) {
  return pair.links.b.sent.flatMap(({ message }) => (message.kind === 'statePut' ? [message] : []));
}

describe('the chunks of a state', () => {
  it('R25: the output levels go with the last one, and with no other', () => {
    const pair = PairHarness.started();
    pair.inputs(3, 4);
    pair.run(40);
    const before = puts(pair).length;
    pair.boards.b.restart();
    pair.runUntil(() => pair.boards.b.transfers.length === 2);
    expect(
      puts(pair)
        .slice(before)
        .map(({ last, outputs }) => [last, [...outputs]]),
    ).toEqual([
      [false, []],
      [false, []],
      [true, [pair.boards.a.level]],
    ]);
  });

  it('R25: behind the last one no other goes, whatever the board says about room for it', () => {
    const pair = writing();
    for (const offset of [CHUNK_BYTES, 2 * CHUNK_BYTES]) pair.forge('b', word({ busy: true, offset }));
    expect(puts(pair).at(-1)).toMatchObject({ offset: 2 * CHUNK_BYTES, last: true });
    const sent = puts(pair).length;
    pair.forge('b', word({ busy: true, offset: STATE_BYTES }));
    expect(puts(pair)).toHaveLength(sent);
    pair.links.b.fromBoard.loses = () => false;
    pair.run(300);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });

  it.each([
    ['that it gives data: it has not begun', { offset: CHUNK_BYTES, data: new Uint8Array([1]) }, 0],
    ['that it has more than there is', { offset: STATE_BYTES }, 0],
    ['how far it has come', { offset: CHUNK_BYTES }, CHUNK_BYTES],
  ])('R25: a board that has not got all says %s, and is sent the rest', (_what, more, from) => {
    const pair = writing();
    pair.forge('b', word({ busy: true, offset: CHUNK_BYTES }));
    pair.forge('b', word(more));
    expect(puts(pair).at(-1)?.offset).toBe(from);
    pair.links.b.fromBoard.loses = () => false;
    pair.run(300);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });
});

describe('an idle primary that does not give its state', () => {
  it('R25: is asked each third of a deadline, for as long as nobody waits for the end of it', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.boards.a.ignoresState = () => true;
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'reading');
    const atUs = pair.schedule.nowUs;
    for (let n = 0; n < 600; n++) {
      pair.run(1);
      pair.post({ type: 'timePassed' });
    }
    expect(pair.joinStepOf('b')).toBe('reading');
    expect(pair.ledger.faultCodes()).toEqual(['restarted']);
    const asked = pair.links.a.sent.filter((sent) => sent.atUs >= atUs && sent.message.kind === 'stateGet');
    const gaps = asked.slice(1).map((ask, index) => ask.atUs - (asked[index]?.atUs ?? 0));
    expect(gaps.length).toBeGreaterThan(20);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(pair.config.deadlineUs / 3);
    expect(Math.max(...gaps)).toBeLessThan(pair.config.deadlineUs / 3 + 1_000);
    pair.boards.a.ignoresState = () => false;
    pair.run(100);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });
});

describe('a board that replays while the primary works', () => {
  it('R3, R25: loses nothing of what the primary has in work when it has caught up', () => {
    let inWork = 0;
    for (let afterUs = 0; afterUs < 12_000; afterUs += 400 * stride) {
      const pair = PairHarness.started({ transfersState: false, window: 3, config: { maxPending: 100, maxLag: 100 } });
      pair.inputs(2, 10);
      pair.run(40 + afterUs / 1000);
      pair.inputs(60, 7, 'j');
      pair.boards.b.restart();
      pair.runUntil(() => pair.joinStepOf('b') === 'replaying');
      pair.runUntil(() => pair.joinStepOf('b') !== 'replaying');
      if (pair.pair.queue.releaseOrder.length > 0) inWork++;
      pair.run(900);
      expect(pair.upstream.answers).toHaveLength(62);
      const again = pair.boards.b.executions.filter(({ boot }) => boot === 2).map(({ seq }) => seq);
      expect(again).toEqual(pair.boards.a.executedSeqs);
      expect(pair.isProtected).toBe(true);
      expectPromises(pair);
    }
    expect(inWork).toBeGreaterThan(0);
  });
});

describe('a join that comes to nothing', () => {
  it('R25: a chunk is asked for again once no answer has come for a third of the deadline, five times, and then it is over', () => {
    const pair = writing();
    const before = puts(pair).length;
    pair.runUntil(() => pair.ledger.faultCodes().includes('joining-failed'), 1_000);
    // The board answers nothing: the first chunk, and five times again.
    expect(puts(pair).length - before).toBe(5);
    expect(pair.ledger.faults.at(-1)?.evidence).toEqual({ step: 'writing', why: 'no answer', in: 'writing' });
  });

  it('R25: while the primary takes over or the contact is away nobody joins', () => {
    const pair = PairHarness.started();
    pair.inputs(1);
    pair.run(40);
    pair.post({ type: 'relayStuck', to: 'a' });
    const atUs = pair.schedule.nowUs;
    pair.boards.b.restart();
    pair.run(300);
    expect(pair.sentKinds('b', atUs)).toEqual([]);
    pair.post({ type: 'relayMoved', to: 'a', proved: true });
    pair.run(100);
    expect(pair.isProtected).toBe(true);
  });

  it('R25: a primary whose link is lost while it is read is waited for, and no attempt is counted', () => {
    const pair = PairHarness.started({ config: { maxPending: 400 } });
    pair.boards.b.restart();
    pair.runUntil(() => pair.joinStepOf('b') === 'reading');
    pair.cut('a');
    pair.run(2_000);
    expect(pair.joinStepOf('b')).toBe('waiting');
    expect(pair.ledger.faultCodes()).not.toContain('joining-failed');
    pair.reconnect('a');
    pair.inputs(60, 1, 'j');
    // No hold: the primary has just come back, and its patience begins now.
    const atUs = pair.schedule.nowUs;
    pair.run(300);
    const given = pair.links.a.sent.filter((sent) => sent.message.kind === 'input' && sent.atUs >= atUs);
    expect((given[0]?.atUs ?? Number.NaN) - atUs).toBeLessThan(10_000);
    pair.run(500);
    expect(pair.upstream.answers).toHaveLength(60);
    expect(pair.isProtected).toBe(true);
    expectPromises(pair);
  });
});
