import { describe, expect, it } from 'vitest';
import { PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

describe('commits', () => {
  it('R8: a board acts only after the ledger has granted its result', () => {
    const pair = PairHarness.started();
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    pair.ledgerAnswers = false;
    pair.run(45);
    expect(pair.boards.a.actedSeqs).toEqual([]);
    expect(pair.upstream.answers).toEqual([]);
    pair.ledgerAnswers = true;
    pair.run(60);
    expect(pair.boards.a.actedSeqs).toHaveLength(1);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R8: what is granted is the result that was taken first, also when the board later says another one', () => {
    const pair = PairHarness.started();
    pair.links.a.toBoard.loseNext(({ message }) => message.kind === 'commit');
    pair.input('x', 1);
    pair.runUntil(() => pair.links.a.toBoard.lost === 1);
    const seq = pair.seqOf('x');
    const granted = pair.ledger.input(seq)?.commit;
    const board = pair.boards.a;
    pair.post({
      type: 'messageReceived',
      board: 'a',
      session: board.session,
      message: {
        kind: 'result',
        seq,
        executionCount: 1,
        parts: [{ rejected: false, body: new Uint8Array([66]) }],
        digest: 666,
        hash: 666,
        observed: [],
        inputMatches: true,
      },
    });
    pair.run(100);
    const commits = pair.links.a.sent.flatMap(({ message }) => (message.kind === 'commit' ? [message.hash] : []));
    expect(new Set(commits)).toEqual(new Set([granted?.hash]));
    expectPromises(pair);
  });

  it('R9: one answer for each input, also when frames of both boards are lost all along', () => {
    const pair = PairHarness.started({ config: { deadlineUs: 300_000 }, silenceUs: 3_000_000 });
    let n = 0;
    const everyFifth = () => ++n % 5 === 0;
    for (const link of Object.values(pair.links)) {
      link.toBoard.loses = everyFifth;
      link.fromBoard.loses = everyFifth;
    }
    pair.inputs(12);
    pair.run(8_000);
    expect(pair.upstream.answers).toHaveLength(12);
    expect(pair.ledger.fences).toEqual([]);
    expectPromises(pair);
  });

  it('R11: a repeated COMMIT for an acted seq is answered DONE again, and acted on once', () => {
    const pair = PairHarness.started();
    pair.links.a.fromBoard.loseNext(({ message }) => message.kind === 'done');
    pair.input('x', 1);
    pair.run(150);
    const commits = pair.links.a.sent.filter(({ message }) => message.kind === 'commit');
    expect(commits).toHaveLength(2);
    expect(pair.boards.a.actedSeqs).toHaveLength(1);
    expect(pair.boards.b.actedSeqs).toHaveLength(1);
    expectPromises(pair);
  });

  it('R11: while the ledger is slow the gateway says WAIT, so that the board does not give up', () => {
    const pair = PairHarness.started({ silenceUs: 100_000 });
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    pair.ledgerAnswers = false;
    pair.run(400);
    expect(pair.links.a.sent.some(({ message }) => message.kind === 'wait')).toBe(true);
    expect(pair.boards.a.parked).toBe(false);
    pair.ledgerAnswers = true;
    pair.run(100);
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R11: a board that has parked for want of a gateway serves again after the next OPEN, with what it kept', () => {
    const pair = PairHarness.started({ silenceUs: 100_000 });
    pair.input('x', 1);
    pair.run(400);
    expect([pair.boards.a.parked, pair.boards.b.parked]).toEqual([true, true]);
    expect(pair.boards.a.level).toBeNull();
    pair.input('y', 2);
    pair.run(90);
    expect(pair.answersTo('y')).toHaveLength(1);
    expect(pair.boards.a.level).not.toBeNull();
    expect(pair.boards.b.executedSeqs).toEqual(pair.boards.a.executedSeqs);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.ledger.boards.get('b')?.standing).toBe('in-sync');
    expect([pair.boards.a.boot, pair.boards.b.boot]).toEqual([1, 1]);
    expectPromises(pair);
  });

  it('R12: a primary that was declared failed is granted nothing, while it is not known yet who could take over', () => {
    const pair = PairHarness.started();
    pair.killGateway();
    // The backup answers OPEN late: whether it can take over is not known for a while.
    pair.links.b.toBoard.loseNext(({ message }) => message.kind === 'open', 2);
    pair.startGateway();
    pair.runUntil(() => pair.links.b.toBoard.lost === 1 && pair.pair.boards.get('a')?.session.state === 'open');
    pair.input('x', 1);
    pair.runUntil(() => pair.boards.a.executedSeqs.length === 1);
    pair.ledgerAnswers = false;
    pair.run(2);
    pair.boards.a.goOn();
    pair.post({
      type: 'messageReceived',
      board: 'a',
      session: pair.boards.a.session,
      message: { kind: 'failed', reason: 'state-corrupt', detail: 0 },
    });
    const sentBefore = pair.links.a.sent.length;
    pair.ledgerAnswers = true;
    // R10: no fence before it is known that there is somebody to take over.
    pair.runUntil(() => pair.pair.boards.get('b')?.session.state === 'open');
    expect(pair.ledger.fences).toEqual([]);
    pair.run(200);
    const later = pair.links.a.sent.slice(sentBefore).map(({ message }) => message.kind);
    // Not before it joins anew is it spoken to, and what it had executed it never acts on.
    expect(later.filter((kind) => kind !== 'violation').slice(0, 2)).toEqual(['helloRequest', 'reset']);
    expect(later).not.toContain('commit');
    expect(pair.boards.a.actedSeqs).toEqual([]);
    expect(pair.ledger.owner).toBe('b');
    expect(pair.answersTo('x')).toHaveLength(1);
    expectPromises(pair);
  });

  it('R8, R9: what was granted while the link was lost is known: it is answered, and never computed anew', () => {
    const pair = PairHarness.started();
    pair.boards.b.halt();
    pair.inputs(1);
    pair.runUntil(() => pair.memberStateOf('b') === 'set-aside');
    pair.input('x', 5);
    pair.runUntil(() => pair.refsOf(pair.boards.a.executedSeqs).includes('x'));
    pair.ledgerAnswers = false;
    pair.run(2);
    pair.cut('a');
    pair.run(2);
    pair.ledgerAnswers = true;
    pair.run(20);
    const committed = pair.ledger.input(pair.seqOf('x'))?.commit?.hash;
    expect(committed).toBeDefined();
    // The board that had computed it loses its state, and a person lets the pair begin anew.
    pair.boards.a.restart(false);
    pair.reconnect('a');
    pair.run(100);
    expect(pair.ledger.stopped).toBe(true);
    pair.command({ command: 'resume' });
    pair.input('y', 6);
    pair.run(200);
    expect(pair.pair.phase).toBe('serving');
    expect([pair.answersTo('x').length, pair.answersTo('y').length]).toEqual([1, 1]);
    expect(pair.ledger.input(pair.seqOf('x'))?.commit?.hash).toBe(committed);
  });
});
