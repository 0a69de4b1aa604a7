import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** The cables of a and b change places while both are pulled out. */
function swapCables(pair: PairHarness): void {
  const { a, b } = pair.boards;
  [a.unit, b.unit] = [b.unit, a.unit];
}

/** b is replaced and the cables change places; then they are put right, and nothing is plugged in yet. */
function standIn(pair: PairHarness, justBefore = (): void => undefined): void {
  pair.losePower({ ...pair.ledger.journal, inputs: new Map() });
  pair.boards.a.unit = 0xc0ffee;
  for (const board of [pair.boards.a, pair.boards.b]) board.restart();
  pair.links.b.cut();
  pair.startGateway();
  pair.input('x', 1);
  pair.run(500);
  expect(pair.answersTo('x')).toHaveLength(1);
  expect([pair.ledger.facts.get('unit.a'), pair.ledger.facts.get('missed.a')]).toEqual([String(0xc0ffee), '10']);
  pair.boards.b.unit = 0xc0ffee;
  pair.boards.b.restart();
  justBefore();
  pair.cut('a');
  pair.run(5);
  pair.boards.a.unit = 0xa;
  pair.boards.a.restart();
}

describe('which board is at a port', () => {
  it('R13: is learnt when it is first heard, and known to the next gateway', () => {
    const pair = PairHarness.started();
    expect(Object.fromEntries(pair.ledger.facts)).toEqual({ 'unit.a': '10', 'unit.b': '11' });
    pair.killGateway();
    pair.startGateway();
    pair.runUntil(() => pair.isProtected);
    expect(pair.ledger.faultCodes()).toEqual(['gateway-restarted']);
    expect(pair.ledger.applied.filter((type) => type === 'keepFact')).toHaveLength(2);
  });

  it('R13: swapped cables at a start stop the pair before anything is given or moved, until they are put back', () => {
    const pair = PairHarness.started();
    pair.killGateway();
    swapCables(pair);
    pair.startGateway();
    pair.input('x', 1);
    pair.run(200);
    expect(pair.ledger.faultCodes()).toEqual(['gateway-restarted', 'boards-swapped', 'pair-stopped']);
    expect(pair.upstream.answers).toEqual([]);
    expect(pair.relay.commands).toEqual([]);
    pair.command({ command: 'resume' });
    pair.run(200);
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.ledger.faultCodes().filter((code) => code === 'boards-swapped')).toHaveLength(1);
    swapCables(pair);
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.isProtected, 5_000);
    pair.input('y', 1);
    pair.run(50);
    expect(pair.answersTo('y')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R15: a backup’s cable in the other socket is told once, and the right board joins when it is there', () => {
    const pair = PairHarness.started();
    pair.cut('b');
    pair.run(50);
    pair.boards.b.restart();
    pair.boards.b.unit = 0xa;
    pair.reconnect('b');
    pair.run(2_000);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'identity-twice']);
    expect(pair.boards.b.actedSeqs).toEqual([]);
    pair.boards.b.unit = 0xb;
    pair.runUntil(() => pair.isProtected, 60_000);
    expectPromises(pair);
  });

  it('R13: the primary’s cable in the other socket stops the pair', () => {
    const pair = PairHarness.started();
    pair.cut('b');
    pair.cut('a');
    pair.run(50);
    swapCables(pair);
    pair.reconnect('a');
    pair.run(200);
    expect(pair.ledger.faultCodes()).toContain('boards-swapped');
    expect(pair.ledger.stopped).toBe(true);
    expect(pair.relay.commands).toEqual([]);
  });

  it.each(['a', 'b'] as const)(
    'R25: of two that give one number the primary is believed (%s answers first)',
    (first) => {
      const pair = PairHarness.of();
      const second = first === 'a' ? 'b' : 'a';
      pair.boards.b.unit = pair.boards.a.unit;
      pair.links[second].cut();
      pair.startGateway();
      pair.run(5);
      pair.reconnect(second);
      pair.run(500);
      pair.input('x', 1);
      pair.run(50);
      expect(pair.answersTo('x')).toHaveLength(1);
      expect(pair.ledger.faults.map(({ code, board }) => [code, board])).toEqual([['identity-twice', 'b']]);
      expect(pair.memberStateOf('b')).toBe('set-aside');
      expectPromises(pair);
    },
  );

  it('R13: swapped cables are told as such, in whatever order they are plugged in', () => {
    const pair = PairHarness.started();
    pair.cut('b');
    pair.cut('a');
    pair.run(50);
    swapCables(pair);
    pair.reconnect('b');
    pair.run(50);
    pair.reconnect('a');
    pair.run(200);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged', 'unplugged', 'boards-swapped', 'pair-stopped']);
  });

  it.each(['a', 'b'] as const)(
    'R13: one that nobody knows is learnt only when the one that is missed is not at the other port (%s answers first)',
    (first) => {
      const pair = PairHarness.started();
      const second = first === 'a' ? 'b' : 'a';
      pair.killGateway();
      // b is replaced, and the cables change places.
      pair.boards.a.unit = 0xc0ffee;
      pair.boards.a.restart();
      pair.boards.b.unit = 0xa;
      pair.links[second].cut();
      pair.startGateway();
      pair.run(5);
      pair.reconnect(second);
      pair.input('x', 1);
      pair.run(200);
      expect(pair.ledger.stopped).toBe(true);
      expect(pair.ledger.faultCodes().filter((code) => code === 'boards-swapped')).toHaveLength(1);
      expect(pair.sentKinds('a').filter((kind) => kind === 'input')).toEqual([]);
      expect(Object.fromEntries(pair.ledger.facts)).toEqual({ 'unit.a': '10', 'unit.b': '11' });
      pair.boards.a.unit = 0xa;
      pair.boards.b.unit = 0xc0ffee;
      // R6: it had no number yet when the pair was stopped, and its client is told so.
      expect(pair.upstream.refused).toEqual([{ ref: 'x', reason: 'stopped' }]);
      pair.command({ command: 'resume' });
      pair.input('x', 1);
      pair.runUntil(() => pair.isProtected, 5_000);
      expect(pair.ledger.facts.get('unit.b')).toBe(String(0xc0ffee));
      expect(pair.answersTo('x')).toHaveLength(1);
    },
  );

  it('R27: another board that happens to have the session and the boot number of the old one is not taken for it', () => {
    const pair = PairHarness.started();
    pair.killGateway();
    pair.boards.a.unit = 0xc0ffee;
    pair.startGateway();
    pair.runUntil(() => pair.relay.contact === 'b');
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.ledger.faultCodes()).toEqual(['gateway-restarted', 'restarted']);
    expect(pair.ledger.facts.get('unit.a')).toBe(String(0xc0ffee));
    expectPromises(pair);
  });

  it('R10: at the port of the board that is taking over stops the pair, and a person can have it go on', () => {
    const pair = PairHarness.started();
    pair.ledgerAnswers = false;
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.pair.phase === 'fencing');
    pair.cut('b');
    pair.cut('a');
    pair.run(5);
    swapCables(pair);
    pair.reconnect('b');
    pair.run(50);
    pair.ledgerAnswers = true;
    pair.run(200);
    expect(pair.ledger.faultCodes()).toEqual(['failed', 'unplugged', 'boards-swapped', 'pair-stopped']);
    expect(pair.relay.commands).toEqual([]);
    pair.cut('b');
    pair.run(5);
    swapCables(pair);
    pair.boards.a.restart();
    pair.reconnect('a');
    pair.reconnect('b');
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.relay.contact).toBe('b');
    expectPromises(pair);
  });

  it('R8, R13: the new primary at the port of the one that is locked out gets no VIOLATION for it', () => {
    const pair = PairHarness.started({ windows: { a: 1, b: 1 } });
    pair.boards.a.halt();
    pair.input('x', 1);
    pair.runUntil(() => pair.pair.phase === 'serving' && pair.ledger.owner === 'b');
    pair.cut('a');
    pair.cut('b');
    pair.run(5);
    pair.reconnect('a');
    const { seq } = pair.ledger.granted[0] ?? { seq: 1 };
    const result = { kind: 'result', seq, executionCount: 1, digest: 0, hash: 0, observed: [], parts: [] } as const;
    pair.forge('a', { ...result, inputMatches: true }, pair.pair.boards.get('a')?.session.number);
    pair.run(50);
    expect(pair.sentKinds('a')).not.toContain('violation');
  });

  it('R10, R13: nor one that was held back for the relay, when the cables have been out meanwhile', () => {
    const pair = PairHarness.started({ config: { relayDisturbsUs: 200_000 } });
    pair.boards.a.slowDown(61_000);
    pair.relay.operateUs = () => 90_000;
    pair.input('late', 2);
    pair.runUntil(() => pair.ledger.refused.length > 0);
    pair.cut('a');
    pair.cut('b');
    pair.run(5);
    pair.reconnect('a');
    pair.runUntil(() => pair.relay.contact === 'b');
    pair.run(20);
    expect(pair.pair.boards.get('a')?.membership.violationDueFor).toBe(pair.seqOf('late'));
    expect(pair.sentKinds('a')).not.toContain('violation');
    pair.reconnect('b');
    // It has repeated its RESULT meanwhile, and b has said who it is.
    pair.runUntil(() => pair.sentKinds('a').includes('violation'));
    pair.runUntil(() => pair.isProtected, 5_000);
    expectPromises(pair);
  });

  it('R13: after a power cut too, one that nobody knows is not taken while the one that is missed is at the other port', () => {
    const pair = PairHarness.started();
    pair.losePower({ ...pair.ledger.journal, inputs: new Map() });
    pair.boards.a.restart();
    pair.boards.b.restart();
    // b is replaced, and the cables change places: whoever is at the port of b answers first.
    pair.boards.a.unit = 0xc0ffee;
    pair.boards.b.unit = 0xa;
    pair.links.a.cut();
    pair.startGateway();
    pair.run(5);
    pair.reconnect('a');
    pair.input('x', 1);
    pair.run(500);
    expect([...pair.boards.a.executions, ...pair.boards.b.executions]).toEqual([]);
    expect(Object.fromEntries(pair.ledger.facts)).toEqual({ 'unit.a': '10', 'unit.b': '11' });
    expect(pair.ledger.faultCodes()).toEqual(['host-restarted', 'boards-swapped', 'pair-stopped']);
    for (const port of ['a', 'b'] as const) pair.cut(port);
    pair.run(5);
    pair.boards.a.unit = 0xa;
    pair.boards.b.unit = 0xc0ffee;
    for (const port of ['a', 'b'] as const) pair.reconnect(port);
    pair.command({ command: 'resume' });
    pair.input('y', 1);
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(Object.fromEntries(pair.ledger.facts)).toEqual({ 'unit.a': '10', 'unit.b': String(0xc0ffee) });
    expect(pair.answersTo('y')).toHaveLength(1);
    expectPromises(pair);
  });

  it.each([false, true])(
    'R13: the one that was missed shows at the other port that its replacement is in the wrong one (gateway restarted: %s)',
    (isRestarted) => {
      const pair = PairHarness.started();
      pair.losePower({ ...pair.ledger.journal, inputs: new Map() });
      // b is replaced, the cables change places, and the one at the port of b is plugged in late.
      pair.boards.a.unit = 0xc0ffee;
      pair.boards.b.unit = 0xa;
      for (const board of [pair.boards.a, pair.boards.b]) board.restart();
      pair.links.b.cut();
      pair.startGateway();
      pair.input('x', 1);
      pair.run(500);
      expect(pair.answersTo('x')).toHaveLength(1);
      if (isRestarted) pair.killGateway();
      if (isRestarted) pair.startGateway();
      pair.run(50);
      pair.reconnect('b');
      pair.run(500);
      expect(pair.boards.b.executions).toEqual([]);
      expect(pair.ledger.faultCodes().slice(-2)).toEqual(['boards-swapped', 'pair-stopped']);
      expect([pair.ledger.facts.get('unit.a'), pair.ledger.facts.get('unit.b')]).toEqual(['10', '11']);
      for (const port of ['a', 'b'] as const) pair.cut(port);
      pair.run(5);
      pair.boards.a.unit = 0xa;
      pair.boards.b.unit = 0xc0ffee;
      for (const board of [pair.boards.a, pair.boards.b]) board.restart();
      for (const port of ['a', 'b'] as const) pair.reconnect(port);
      pair.run(20);
      pair.command({ command: 'resume' });
      pair.runUntil(() => pair.isProtected, 5_000);
      expect([pair.ledger.facts.get('unit.a'), pair.ledger.facts.get('unit.b')]).toEqual(['10', String(0xc0ffee)]);
    },
  );

  it('R13: one that is back where it was missed replaces nobody: who stood in for it is taken at the other port', () => {
    const pair = PairHarness.started();
    standIn(pair);
    pair.reconnect('a');
    pair.run(200);
    pair.command({ command: 'resume' });
    pair.run(200);
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected, 5_000);
    expect([pair.ledger.facts.get('unit.a'), pair.ledger.facts.get('unit.b')]).toEqual(['10', String(0xc0ffee)]);
    expect(pair.ledger.faultCodes()).not.toContain('boards-swapped');
    expectPromises(pair);
  });

  it('R13: also where who stood in for it is heard first, and looks as if the cables were swapped', () => {
    const pair = PairHarness.started();
    standIn(pair, () => pair.reconnect('b'));
    pair.runUntil(() => pair.ledger.faultCodes().includes('boards-swapped'), 5_000);
    pair.reconnect('a');
    pair.run(200);
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.isProtected, 5_000);
    expect([pair.ledger.facts.get('unit.a'), pair.ledger.facts.get('unit.b')]).toEqual(['10', String(0xc0ffee)]);
    expectPromises(pair);
  });

  it('R25: and no longer once another one was heard at the other port', () => {
    const pair = PairHarness.started();
    pair.losePower({ ...pair.ledger.journal, inputs: new Map() });
    pair.boards.a.unit = 0xc0ffee;
    for (const board of [pair.boards.a, pair.boards.b]) board.restart();
    pair.links.b.cut();
    pair.startGateway();
    pair.run(500);
    expect(pair.ledger.facts.get('missed.a')).toBe('10');
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.ledger.facts.get('missed.a')).toBe('0');
    // The old one comes back, repaired, as the other one's replacement.
    pair.cut('b');
    pair.run(50);
    pair.boards.b.unit = 0xa;
    pair.boards.b.restart();
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.ledger.faultCodes()).not.toContain('boards-swapped');
  });

  it('R25: one that nobody knows is taken as soon as the one that is missed is gone from the other port', () => {
    const pair = PairHarness.started();
    pair.cut('b');
    pair.run(50);
    pair.boards.b.unit = 0xa;
    pair.boards.b.restart();
    pair.reconnect('b');
    pair.run(300);
    pair.cut('b');
    pair.cut('a');
    pair.run(20);
    pair.boards.a.unit = 0xc0ffee;
    pair.boards.a.restart();
    pair.reconnect('a');
    pair.run(200);
    pair.command({ command: 'resume' });
    pair.input('x', 1);
    pair.run(500);
    expect(pair.ledger.facts.get('unit.a')).toBe(String(0xc0ffee));
    expect(pair.answersTo('x')).toHaveLength(1);
    pair.boards.b.unit = 0xb;
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected, 20_000);
  });

  it('R25: a board that nobody knows is a replacement, and learnt', () => {
    const pair = PairHarness.started();
    pair.cut('b');
    pair.run(50);
    pair.boards.b.restart();
    pair.boards.b.unit = 0xc0ffee;
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.ledger.facts.get('unit.b')).toBe(String(0xc0ffee));
    expect(pair.ledger.faultCodes()).toEqual(['unplugged']);
  });

  it('R13: boards that cannot tell are taken as they are', () => {
    const pair = PairHarness.of();
    pair.boards.a.unit = 0;
    pair.boards.b.unit = 0;
    pair.start();
    expect(pair.ledger.facts.size).toBe(0);
    expect(pair.ledger.faultCodes()).toEqual([]);
  });
});
