import { describe, expect, it } from 'vitest';
import { nextDeadlineUs } from '../../../src/pair/deadlines.js';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const DISTURBED = { config: { relayDisturbsUs: 100_000 } };

/** The steps that were noted under a fault, in order. */
const stepsOf = (pair: PairHarness, faultId: number) =>
  pair.ledger.notes.filter((step) => step.faultId === faultId).map(({ step }) => step);

/** A planned switchover from a to b has just moved the contact. */
function switched(): PairHarness {
  const pair = PairHarness.started(DISTURBED);
  pair.command({ command: 'switch' });
  pair.runUntil(() => pair.relay.contact === 'b');
  pair.run(2);
  return pair;
}

describe('a link that is lost as the relay moves', () => {
  it('R24: of the backup is no fault when it comes back: it goes on as it was', () => {
    const pair = switched();
    pair.cut('a');
    pair.inputs(3, 5);
    pair.run(60);
    expect(pair.isProtected).toBe(false);
    pair.reconnect('a');
    pair.runUntil(() => pair.isProtected);
    pair.inputs(3, 5, 'later');
    pair.run(100);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over']);
    expect(stepsOf(pair, 1)).toEqual(expect.arrayContaining(['link-disturbed', 'link-back']));
    expect(pair.memberStatesOf('a')).toEqual([]);
    expect(pair.boards.a.actedSeqs).toEqual(pair.boards.b.actedSeqs);
    expectPromises(pair);
  });

  it('R10: of the new primary is waited for, and the relay does not move back', () => {
    const pair = switched();
    pair.cut('b');
    pair.inputs(4, 5);
    pair.run(100);
    expect(pair.upstream.answers).toEqual([]);
    pair.reconnect('b');
    pair.run(200);
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(['i1', 'i2', 'i3', 'i4']);
    expect(pair.relay.commands.map(({ to }) => to)).toEqual(['b']);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over']);
    expectPromises(pair);
  });

  it('R10: of both is waited for: no stop, no takeover', () => {
    const pair = switched();
    pair.cut('b');
    pair.cut('a');
    pair.inputs(2);
    pair.run(100);
    pair.reconnect('a');
    pair.run(20);
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected);
    pair.run(100);
    expect(pair.upstream.answers).toHaveLength(2);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over']);
    expectPromises(pair);
  });

  it('R15: is a fault after all when it does not come back in time: twice the disturbance', () => {
    const pair = switched();
    pair.cut('b');
    pair.run(199);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over']);
    pair.run(2);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over', 'unplugged']);
    expect(pair.ledger.faults[1]).toMatchObject({ board: 'b', evidence: { link: 'pulled out', waitedForMs: 200 } });
    pair.run(100);
    expect(pair.relay.contact).toBe('a');
    expectPromises(pair);
  });

  it('R15: is a fault at once when the relay moved longer ago', () => {
    const pair = switched();
    pair.run(110);
    pair.cut('a');
    pair.run(1);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over', 'unplugged']);
    expect(pair.memberStateOf('a')).toBe('set-aside');
  });

  it('R10: of the board that takes over is waited for, without a fault of its own', () => {
    const pair = PairHarness.started(DISTURBED);
    pair.inputs(3, 5);
    pair.runUntil(() => pair.boards.a.actedSeqs.length === 1);
    pair.boards.a.halt();
    pair.runUntil(() => pair.relay.commands.length === 1);
    pair.cut('b');
    pair.run(50);
    pair.reconnect('b');
    pair.run(200);
    expect(pair.ledger.faultCodes()).toEqual(['silent']);
    expect(pair.upstream.answers.map(({ ref }) => ref)).toEqual(['i1', 'i2', 'i3']);
    expect(pair.pair.phase).toBe('serving');
    expectPromises(pair);
  });

  it('R15: a board that has restarted meanwhile has lost its state, whatever disturbed it', () => {
    const pair = switched();
    pair.cut('a');
    pair.boards.a.restart();
    pair.run(20);
    pair.reconnect('a');
    pair.run(50);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over', 'restarted']);
    pair.runUntil(() => pair.isProtected);
    expectPromises(pair);
  });

  it('R15: a primary that fails while its backup is on its way back is decided when that is there', () => {
    const pair = switched();
    pair.cut('a');
    pair.boards.b.fail('state-corrupt');
    pair.run(30);
    expect(pair.ledger.fences).toHaveLength(1);
    pair.reconnect('a');
    pair.run(100);
    expect(pair.relay.contact).toBe('a');
    expect(pair.ledger.faultCodes()).toEqual(['switched-over', 'failed']);
    expectPromises(pair);
  });

  it('R14: our own standing still is not the link’s time', () => {
    const pair = switched();
    pair.cut('b');
    pair.run(1);
    pair.post({ type: 'loopStalled', stalledUs: 500_000 });
    pair.run(400);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over']);
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected);
    expect(pair.ledger.faultCodes()).toEqual(['switched-over']);
  });

  it('R13: that was waited for when the pair stopped is not given up as soon as a person has it go on', () => {
    const pair = PairHarness.started(DISTURBED);
    pair.relay.stuck = true;
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.relay.commands.length === 1);
    pair.cut('b');
    pair.runUntil(() => pair.ledger.stopped);
    pair.run(1_000);
    pair.reconnect('b');
    pair.relay.stuck = false;
    pair.command({ command: 'resume' });
    pair.runUntil(() => pair.isProtected, 5_000);
    expect(pair.ledger.faultCodes()).toEqual(['failed', 'relay-stuck', 'pair-stopped']);
    expectPromises(pair);
  });

  it('R25: of a board that joins ends the attempt without a fault; it is tried again', () => {
    const pair = PairHarness.started(DISTURBED);
    pair.cut('b');
    pair.run(200);
    pair.boards.b.restart();
    pair.reconnect('b');
    pair.runUntil(() => pair.joinStepOf('b') !== null);
    // As if the relay had just moved.
    pair.pair.relay.transient = { untilUs: pair.schedule.nowUs + 50_000, faultId: 1 };
    pair.cut('b');
    pair.run(20);
    pair.reconnect('b');
    pair.runUntil(() => pair.isProtected);
    expect(pair.ledger.faultCodes()).toEqual(['unplugged']);
    expectPromises(pair);
  });

  it('R12: while an accused primary waits for a link to come back, nobody asks for the time again and again', () => {
    const pair = PairHarness.started({ config: { relayDisturbsUs: 100_000, probeEveryUs: 30_000 } });
    pair.command({ command: 'switch' });
    pair.runUntil(() => pair.pair.lease.owner === 'b' && pair.pair.takeover === null);
    pair.cut('a');
    pair.run(5);
    pair.boards.b.fail('application');
    pair.runUntil(() => pair.pair.findings.pending !== null);
    for (let step = 0; step < 20 && pair.pair.findings.pending !== null; step++) {
      pair.schedule.runUntil(pair.schedule.nowUs + 5_000);
      pair.post({ type: 'timePassed' });
      expect(nextDeadlineUs(pair.pair) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(pair.schedule.nowUs);
    }
  });
});
