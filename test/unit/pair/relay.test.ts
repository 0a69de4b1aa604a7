import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

/** The primary has acted on four inputs that its backup, slow for once, has not; then its link is lost. */
function farBehind(): PairHarness {
  const pair = PairHarness.started({ window: 4, config: { drainUs: 500_000 } });
  pair.boards.b.slowDown(30_000);
  pair.inputs(4);
  pair.runUntil(() => pair.boards.a.actedSeqs.length === 4);
  pair.cut('a');
  pair.runUntil(() => pair.ledger.fences.length === 1);
  pair.run(1);
  return pair;
}

describe('when the relay moves', () => {
  it('R10: at once when nothing is left to act on, also to a board that has not had an input yet', () => {
    const pair = PairHarness.started();
    pair.boards.a.fail('state-corrupt');
    pair.run(50);
    expect(pair.relay.commands).toEqual([{ atUs: pair.ledger.fences[0]?.atUs, to: 'b' }]);
    expectPromises(pair);
  });

  it('R10: first the new owner catches up, and the phase says so; then the relay is on its way', () => {
    const pair = farBehind();
    expect([pair.pair.phase, pair.relay.commands]).toEqual(['catching-up', []]);
    pair.runUntil(() => pair.relay.commands.length === 1);
    expect(pair.pair.phase).toBe('moving');
    pair.run(100);
    expectPromises(pair);
  });

  it('R10, R17: when the new owner has acted, and not when a slow ledger has taken note of it', () => {
    const pair = farBehind();
    pair.runUntil(() => pair.sentKinds('b').filter((kind) => kind === 'commit').length === 4);
    pair.ledgerAnswers = false;
    pair.runUntil(() => pair.boards.b.actedSeqs.length === 4);
    pair.run(1.1);
    expect(pair.relay.commands.map(({ to }) => to)).toEqual(['b']);
    pair.ledgerAnswers = true;
    pair.run(100);
    expectPromises(pair);
  });

  it('R10, R27: not before the new owner has acted on what was recovered from it: the old one may have', () => {
    const pair = PairHarness.started({ keepHistory: true });
    pair.links.b.toBoard.loses = ({ message }) => message.kind === 'commit';
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.b.executedSeqs.length === 1);
    pair.run(1);
    const [nothing] = pair.ledger.history;
    if (nothing === undefined) throw new Error('no history');
    pair.losePower(nothing);
    pair.boards.a.restart(false);
    pair.links.b.toBoard.loses = () => false;
    // The grant is late as well: the ledger's word is not the pin.
    pair.links.b.toBoard.loseNext(({ message }) => message.kind === 'commit', 2);
    pair.startGateway();
    pair.run(200);
    expect([...pair.ledger.journal.inputs.values()].map(({ kind }) => kind)).toEqual(['recovered']);
    const [command] = pair.relay.commands;
    expect(command?.to).toBe('b');
    expect(command?.atUs).toBeGreaterThan(pair.boards.b.acted[0]?.atUs ?? Number.NaN);
    expectPromises(pair);
  });

  it('R10, R27: at once at a start when only what the new owner itself committed is left', () => {
    const pair = PairHarness.started();
    pair.relay.operateUs = () => 1_000;
    pair.boards.a.onMoment = (moment) => moment === 'executing' && pair.boards.a.halt();
    pair.boards.b.onMoment = (moment) => {
      if (moment !== 'commit-arrived') return;
      pair.boards.b.onMoment = () => undefined;
      pair.killGateway();
    };
    pair.input('x', 1);
    pair.runUntil(() => !pair.running);
    expect([pair.ledger.input(pair.seqOf('x'))?.commit?.board, pair.relay.contact]).toEqual(['b', 'b']);
    pair.links.b.toBoard.loses = () => true;
    const { length } = pair.relay.commands;
    pair.startGateway();
    pair.run(1);
    expect(pair.relay.commands.slice(length).map(({ to }) => to)).toEqual(['b']);
    pair.links.b.toBoard.loses = () => false;
    pair.run(300);
    expect(pair.answersTo('x').length).toBeGreaterThan(0);
    expectPromises(pair);
  });
});

describe('what is told of the contact', () => {
  it('R13: known not to stand at the owner, nobody is protected until it is known to stand there', () => {
    const pair = PairHarness.started();
    pair.post({ type: 'relayStuck', to: 'a' });
    expect(pair.isProtected).toBe(false);
    pair.post({ type: 'relayMoved', to: 'b', proved: true });
    expect(pair.isProtected).toBe(false);
    pair.post({ type: 'relayMoved', to: 'a', proved: true });
    expect(pair.isProtected).toBe(true);
  });

  it('R13: that it did not go to a board which is not the owner takes no protection away', () => {
    const pair = PairHarness.started();
    pair.post({ type: 'relayStuck', to: 'b' });
    pair.run(20);
    expect(pair.ledger.faultCodes()).toEqual(['relay-stuck']);
    expect([pair.isProtected, pair.ledger.stopped]).toEqual([true, false]);
  });

  it('R13: of a move that is not the one under way stops no takeover', () => {
    const pair = PairHarness.started();
    pair.boards.a.fail('state-corrupt');
    pair.runUntil(() => pair.relay.commands.length === 1);
    pair.post({ type: 'relayStuck', to: 'a' });
    pair.run(300);
    expect([pair.ledger.owner, pair.relay.contact, pair.ledger.stopped]).toEqual(['b', 'b', false]);
    expectPromises(pair);
  });
});
