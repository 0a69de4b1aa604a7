import { describe, expect, it } from 'vitest';
import { quiesceEndsUs } from '../../../src/pair/input/quiesce.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

describe('a board that leaves', () => {
  it('R25: and is kept out already is not told to flap as well', () => {
    const pair = PairHarness.started({ config: { flapLimit: 1, joinComparisons: 1, probeEveryUs: 30_000 } });
    pair.inputs(2, 10);
    pair.run(40);
    pair.boards.b.restart();
    pair.run(300);
    expect(pair.isProtected).toBe(true);
    pair.boards.b.corrupt = () => 1;
    pair.input('x', 1);
    pair.run(200);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.ledger.faultCodes()).toEqual(['restarted', 'mismatch']);
  });

  it('R25: for what it is, and is mended, ends the story of that fault when it has joined', () => {
    const pair = PairHarness.of({ config: { joinComparisons: 1, probeEveryUs: 30_000 } });
    pair.boards.b.imageHash = 9;
    pair.startGateway();
    pair.run(100);
    const [fault] = pair.ledger.faults;
    expect(fault?.code).toBe('board-differs');
    pair.boards.b.imageHash = 1;
    pair.command({ command: 'rejoin', board: 'b' });
    pair.run(300);
    expect(pair.isProtected).toBe(true);
    const told = pair.ledger.notes.filter(({ faultId }) => faultId === fault?.faultId).map(({ step }) => step);
    expect(told.slice(-2)).toEqual(['kept-out', 'joined']);
  });

  it('R25, R26: planned switchovers are no exits, however many', () => {
    const pair = PairHarness.started({ config: { flapLimit: 1 } });
    for (let turn = 1; turn <= 5; turn++) {
      pair.input(`i${turn}`, turn);
      pair.run(60);
      pair.command({ command: 'switch' });
      pair.run(100);
      expect([pair.ledger.owner, pair.isProtected]).toEqual([turn % 2 === 1 ? 'b' : 'a', true]);
    }
    expect(new Set(pair.ledger.faultCodes())).toEqual(new Set(['switched-over']));
    expectPromises(pair);
  });
});

describe('a pair that stops', () => {
  it('R13: is told to have stopped once, whatever else is found then', () => {
    const pair = PairHarness.started();
    pair.relay.stuck = true;
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.relay.commands.length === 1);
    pair.boards.b.fail('state-corrupt');
    pair.run(200);
    expect(pair.ledger.faultCodes()).toEqual(['failed', 'failed', 'pair-stopped', 'relay-stuck']);
  });

  it('R10: waits for nobody any more', () => {
    const pair = PairHarness.started();
    pair.boards.b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    pair.cut('a');
    pair.run(20);
    expect(pair.pair.findings.waitingForPrimary).toBe(true);
    pair.boards.a.restart(false);
    pair.reconnect('a');
    pair.run(50);
    expect([pair.pair.phase, pair.pair.findings.waitingForPrimary]).toEqual(['stopped', false]);
  });

  it('R25: has a board that was on its way into it join anew when it goes on', () => {
    const pair = PairHarness.started({ config: { joinComparisons: 3, probeEveryUs: 30_000 } });
    pair.inputs(1);
    pair.run(20);
    pair.boards.b.restart();
    pair.runUntil(() => pair.memberStateOf('b') === 'joining');
    pair.boards.a.restart();
    pair.run(20);
    expect(pair.ledger.stopped).toBe(true);
    const { length } = pair.boards.b.transfers;
    pair.command({ command: 'resume' });
    pair.inputs(5, 20, 'j');
    pair.run(800);
    expect(pair.isProtected).toBe(true);
    expect(pair.boards.b.transfers.length).toBeGreaterThan(length);
    expectPromises(pair);
  });
});

describe('how long a primary is held', () => {
  it.each([
    [12, 1],
    [63, 1],
    [64, 2],
    [200, 4],
  ])('R5, R25: for the reading of %i bytes of state: %i deadlines', (stateBytes, deadlines) => {
    const { pair, config } = PairHarness.started();
    const primary = pair.boards.get('a');
    if (primary?.session.hello == null) throw new Error('no HELLO');
    primary.session.hello = { ...primary.session.hello, stateBytes };
    expect(quiesceEndsUs(pair, 1_000)).toBe(1_000 + config.joinPatienceUs + deadlines * config.deadlineUs);
  });
});
