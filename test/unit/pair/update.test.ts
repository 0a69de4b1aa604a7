import { describe, expect, it } from 'vitest';
import type { Field } from '../../../src/pair/result/fields.js';
import type { CommandedBoard } from './fixture/commanded-board.js';
import { STATE_BYTES } from './fixture/integrator-application.js';
import { type HarnessOptions, PairHarness } from './fixture/pair-harness.js';
import { expectPromises } from './fixture/promises.js';

const NEW_IMAGE = 2;
const FACTS = { imageHash: NEW_IMAGE, stateLayout: 1, stateBytes: STATE_BYTES };

/** The scripted board answers with three bytes of its state. */
const FIELDS: readonly Field[] = [0, 1, 2].map((offset) => ({
  ...{ name: `byte${offset}`, unit: 'V', type: 'u8', part: 0, offset, scale: 0.5, tolerance: 0 },
  ...{ min: null, max: null, maxChangePerS: null },
}));

function same(board: CommandedBoard): void {
  board.imageHash = NEW_IMAGE;
}

/** From its second execution on it computes something else. */
function different(board: CommandedBoard): void {
  board.imageHash = NEW_IMAGE;
  let executions = 0;
  board.corrupt = () => (++executions === 2 ? 0x100 : 0);
}

function begin(pair: PairHarness, board: 'a' | 'b' = 'b', comparisons = 5): string | undefined {
  const ref = pair.command({
    command: 'update-begin',
    board,
    image: '/new.hex',
    facts: FACTS,
    converter: null,
    comparisons,
  });
  return pair.commands.get(ref);
}

/** A pair whose board b has been flashed and is on trial. */
function onTrial(change: (board: CommandedBoard) => void, options: HarnessOptions = {}): PairHarness {
  const pair = PairHarness.started({ ...options, config: { fields: FIELDS, maxPending: 100, ...options.config } });
  pair.inputs(3, 5);
  pair.run(60);
  expect(begin(pair)).toBe('done: Board b is out of the pair and is being flashed.');
  pair.run(20);
  pair.flashed('b', change);
  pair.runUntil(() => pair.pair.update?.stage === 'trial' && pair.joinStepOf('b') === 'comparing');
  return pair;
}

function accept(pair: PairHarness, ...fields: string[]): string {
  return pair.command({ command: 'update-accept', fields });
}

function trial(pair: PairHarness) {
  const { update } = pair.pair;
  if (update === null) throw new Error('no update');
  return update.trial;
}

describe('a board that leaves the pair to be flashed', () => {
  it('R26: is told as one of the pair again in the very step in which it joins with the program of the primary', () => {
    const pair = PairHarness.of({ config: { joinComparisons: 2 } });
    pair.inputs(30, 20);
    pair.start();
    const wanted = { board: 'b', image: '/same.hex', facts: null, converter: null, comparisons: 5 } as const;
    pair.command({ command: 'update-begin', ...wanted });
    pair.run(20);
    const seen: string[] = [];
    pair.onStep = () => {
      const { update, boards } = pair.pair;
      const told = `${boards.get('b')?.membership.state}, update ${update?.stage ?? 'over'}`;
      if (seen.at(-1) !== told) seen.push(told);
    };
    pair.flashed('b', () => undefined);
    pair.runUntil(() => pair.isProtected);
    expect(seen).toEqual([
      'kept-out, update flashing',
      'set-aside, update joining',
      'joining, update joining',
      'in-sync, update over',
    ]);
  });

  it('R26: leaves it without a fault of its own, and its port is the flasher’s', () => {
    const pair = PairHarness.started();
    expect(begin(pair)).toMatch(/^done/);
    pair.run(1);
    expect(pair.flashes).toEqual([{ board: 'b', image: '/new.hex' }]);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.isProtected).toBe(false);
    expect(pair.ledger.faultCodes()).toEqual(['updating']);
    const saidUs = pair.schedule.nowUs;
    pair.inputs(4, 5);
    pair.run(500);
    expect(pair.sentKinds('b', saidUs)).toEqual([]);
    expect(pair.upstream.answers).toHaveLength(4);
  });

  it('R26: is never the primary', () => {
    const pair = PairHarness.started();
    expect(begin(pair, 'a')).toBe('refused: Board a is the primary: the other one is flashed first.');
    pair.run(1);
    expect(pair.flashes).toEqual([]);
    expect(pair.isProtected).toBe(true);
  });

  it('R25: an image with another layout of the state is refused before anything is touched', () => {
    const pair = PairHarness.started();
    for (const facts of [
      { ...FACTS, stateLayout: 9 },
      { ...FACTS, stateBytes: 13 },
    ]) {
      const ref = pair.command({
        command: 'update-begin',
        board: 'b',
        image: '/x',
        facts,
        converter: null,
        comparisons: 1,
      });
      expect(pair.commands.get(ref)).toMatch(/^refused: This image lays its state out otherwise/);
    }
    expect(pair.isProtected).toBe(true);
    expect(pair.flashes).toEqual([]);
  });

  it('R25: so too where only the board itself says it, and then it stays out', () => {
    const pair = PairHarness.started();
    pair.command({ command: 'update-begin', board: 'b', image: '/x', facts: null, converter: null, comparisons: 1 });
    pair.flashed('b', (board) => {
      board.imageHash = NEW_IMAGE;
      board.stateLayout = 9;
    });
    pair.run(200);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.ledger.faultCodes()).toEqual(['updating', 'update-failed']);
    expect(pair.pair.update).toMatchObject({ stage: 'failed', why: expect.stringContaining('lays the state out') });
    expect(pair.boards.b.transfers.at(-1)?.atUs ?? 0).toBeLessThan(pair.schedule.nowUs - 200_000);
  });

  it('R25: a new image that has another number of outputs has its own reason, and the update ends', () => {
    const pair = PairHarness.started();
    begin(pair);
    pair.boards.a.alterState = (chunk) => ({ ...chunk, outputs: [1, 2, 3, 4, 5, 6] });
    pair.flashed('b', same);
    pair.run(500);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.pair.update).toMatchObject({ stage: 'failed', why: 'it has at most 4 outputs, and the primary has 6' });
  });

  it('R26: what the flasher says is told, and the board stays out until somebody tries again', () => {
    const pair = PairHarness.started();
    begin(pair);
    pair.flashed('b', () => undefined, 'avrdude is not installed');
    pair.run(500);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.ledger.faults.at(-1)).toMatchObject({
      code: 'update-failed',
      board: 'b',
      evidence: { why: 'it was not flashed: avrdude is not installed' },
    });
    expect(begin(pair)).toMatch(/^done/);
    pair.flashed('b', same);
    pair.runUntil(() => pair.pair.update?.stage === 'trial');
  });

  it('R26: a board that says it runs something else than was flashed stays out', () => {
    const pair = PairHarness.started();
    begin(pair);
    pair.flashed('b', () => undefined);
    pair.run(200);
    expect(pair.pair.update).toMatchObject({
      stage: 'failed',
      why: 'it says that it runs another image than the one that was flashed',
    });
  });

  it('R26: one update at a time, and none while the pair is stopped', () => {
    const pair = PairHarness.started();
    begin(pair);
    expect(begin(pair)).toBe('refused: An update of board b is under way: see copycat status.');
    pair.boards.a.fail('broken');
    pair.run(50);
    expect(pair.pair.phase).toBe('stopped');
    expect(begin(pair)).toBe('refused: The pair is stopped: see copycat status.');
  });

  it('R26: is refused where the plant would stand still for it', () => {
    const pair = PairHarness.started({ config: { commitNeeds: 'both', ifAlone: 'hold' } });
    expect(begin(pair)).toMatch(/^refused: Commits need both boards here/);
    expect(pair.isProtected).toBe(true);
  });
});

describe('a program on trial beside the old one', () => {
  it('R26: is compared on as many inputs as were asked for, and takes nothing over before it is accepted', () => {
    const pair = onTrial(same);
    pair.inputs(7, 5, 'j');
    pair.run(200);
    expect(trial(pair)).toMatchObject({ compared: 7, differing: 0 });
    expect(pair.memberStateOf('b')).toBe('joining');
    expect(pair.isProtected).toBe(false);
    pair.boards.a.halt();
    pair.inputs(1, 0, 'k');
    pair.run(300);
    expect(pair.pair.phase).toBe('stopped');
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.relay.commands).toEqual([]);
  });

  it('R26: probes of an idle pair are no inputs to compare on', () => {
    const pair = onTrial(same, { config: { probeEveryUs: 20_000 } });
    pair.run(500);
    expect(pair.counts.get('probes')).toBeGreaterThan(5);
    expect(trial(pair).compared).toBe(0);
  });

  it('R26: each difference is listed by its field, with how often and how far; nobody is judged by it', () => {
    const pair = onTrial(different);
    pair.inputs(6, 5, 'j');
    pair.run(200);
    const { compared, differing, fields } = trial(pair);
    expect([compared, differing]).toEqual([6, 5]);
    expect(fields.get('byte1')).toMatchObject({
      firstSeq: pair.seqOf('j2'),
      first: { field: 'byte1', unit: 'V', scale: 0.5 },
    });
    const { first, largest } = fields.get('byte1') ?? {};
    expect(largest).toBeGreaterThanOrEqual(Math.abs((first?.committed ?? 0) - (first?.other ?? 0)));
    expect(pair.ledger.faultCodes()).toEqual(['updating']);
    expect(pair.memberStateOf('b')).toBe('joining');
    // What is committed, what upstream got and what the actuator saw is the old program's.
    for (let n = 1; n <= 6; n++) expect(pair.ledger.input(pair.seqOf(`j${n}`))?.commit?.board).toBe('a');
    expect(pair.upstream.answers.filter(({ ref }) => ref.startsWith('j'))).toHaveLength(6);
    expect(new Set(pair.relay.seen.map(({ board }) => board))).toEqual(new Set(['a']));
    expectPromises(pair);
  });

  it('R26: a difference of the state alone is listed as such', () => {
    const pair = onTrial((board) => {
      board.imageHash = NEW_IMAGE;
      board.corrupt = () => 0x1000000;
    });
    pair.inputs(1, 5, 'j');
    pair.run(100);
    expect(trial(pair).fields.get('state')).toMatchObject({ times: 1, first: null, largest: null });
  });

  it('R25: a trial that is disturbed begins anew, from a fresh copy of the state', () => {
    const pair = onTrial(different);
    pair.inputs(6, 5, 'j');
    pair.run(200);
    pair.cut('b');
    pair.run(20);
    expect(pair.pair.update).toMatchObject({ stage: 'joining' });
    pair.reconnect('b');
    pair.runUntil(() => pair.pair.update?.stage === 'trial' && pair.joinStepOf('b') === 'comparing');
    expect(trial(pair)).toMatchObject({ compared: 0, differing: 0 });
    pair.inputs(6, 5, 'k');
    pair.run(200);
    expect(trial(pair)).toMatchObject({ compared: 6, differing: 0 });
    expectPromises(pair);
  });

  it('R27: a gateway that restarts keeps the board out and says why, and the update can begin anew', () => {
    const pair = onTrial(different);
    pair.inputs(3, 5, 'j');
    pair.run(100);
    pair.killGateway();
    pair.run(20);
    pair.startGateway();
    pair.run(300);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.ledger.faults.at(-1)).toMatchObject({ code: 'board-differs', board: 'b' });
    expect(pair.pair.update).toBeNull();
    expect(begin(pair)).toMatch(/^done/);
    pair.flashed('b', same);
    pair.runUntil(() => pair.pair.update?.stage === 'trial');
  });

  it('R27: a board that was being flashed when the gateway died is left alone', () => {
    const pair = PairHarness.started();
    begin(pair);
    pair.run(5);
    pair.killGateway();
    pair.boards.b.restart();
    pair.startGateway();
    const fromUs = pair.schedule.nowUs;
    pair.run(500);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.sentKinds('b', fromUs)).toEqual([]);
  });
});

describe('a program that a person has accepted', () => {
  it('R26: one that agreed in everything joins as a backup, and the pair switches over; then the other one', () => {
    const pair = onTrial(same);
    pair.inputs(5, 5, 'j');
    pair.run(200);
    const ref = accept(pair);
    pair.run(100);
    expect(pair.commands.get(ref)).toBe('done: Board b is the primary now, board a the backup.');
    expect(pair.isProtected).toBe(true);
    expect(begin(pair, 'a')).toMatch(/^done/);
    pair.flashed('a', same);
    pair.inputs(3, 5, 'k');
    pair.runUntil(() => pair.isProtected);
    pair.run(50);
    expect(pair.pair.update).toBeNull();
    expect(pair.boards.a.imageHash).toBe(NEW_IMAGE);
    expect(pair.ledger.faultCodes()).toEqual(['updating', 'switched-over', 'updating']);
    expect(pair.upstream.answers).toHaveLength(11);
    expectPromises(pair);
  });

  it('R26: one that differs becomes the primary in one step, and the board with the old program leaves the pair', () => {
    const pair = onTrial(different);
    pair.inputs(6, 5, 'j');
    pair.run(200);
    const before = pair.relay.seen.length;
    const [old, fresh] = [pair.boards.a.level, pair.boards.b.level];
    expect(old).not.toBe(fresh);
    const ref = accept(pair, ...trial(pair).fields.keys());
    pair.inputs(10, 3, 'k');
    pair.run(300);
    expect(pair.commands.get(ref)).toBe(
      'done: Board b is the primary now, and board a, which has another program, is out of the pair.',
    );
    expect(pair.relay.seen.slice(before - 1, before + 2).map(({ board, level }) => [board, level])).toEqual([
      ['a', old],
      [null, null],
      ['b', fresh],
    ]);
    expect([pair.memberStateOf('a'), pair.memberStateOf('b')]).toEqual(['kept-out', 'in-sync']);
    expect(pair.ledger.faultCodes()).toEqual(['updating', 'switched-over']);
    expect(pair.upstream.answers).toHaveLength(19);
    expect(begin(pair, 'a')).toMatch(/^done/);
    pair.flashed('a', same);
    pair.runUntil(() => pair.isProtected);
    expectPromises(pair);
  });

  it('R26: nothing is accepted before its time, nor what nobody has seen', () => {
    const pair = onTrial(different);
    pair.inputs(3, 5, 'j');
    pair.run(100);
    expect(pair.commands.get(accept(pair, 'byte1'))).toMatch(
      /^refused: Board b has not been compared on 5 inputs yet \(3/,
    );
    pair.inputs(3, 5, 'k');
    pair.run(100);
    expect(pair.commands.get(accept(pair))).toMatch(
      /^refused: The boards differ in .*byte1.*, which was not accepted\.$/,
    );
    expect(pair.pair.lease.owner).toBe('a');
    expect(pair.memberStateOf('b')).toBe('joining');
  });

  it('R26: a switchover that is given up leaves the trial as it was', () => {
    const pair = onTrial(different, { config: { switchDrainUs: 20_000 } });
    pair.inputs(6, 5, 'j');
    pair.run(200);
    pair.boards.b.slowDown(45_000);
    pair.inputs(1, 0, 'k');
    pair.run(12);
    const ref = accept(pair, ...trial(pair).fields.keys());
    pair.run(300);
    expect(pair.commands.get(ref)).toMatch(/^refused: What was under way did not end/);
    expect(pair.pair.update).toMatchObject({ stage: 'trial' });
    expect([pair.pair.lease.owner, pair.memberStateOf('b')]).toEqual(['a', 'joining']);
    const again = accept(pair, ...trial(pair).fields.keys());
    pair.run(100);
    expect(pair.commands.get(again)).toMatch(/^done: Board b is the primary now/);
    expectPromises(pair);
  });

  it('R13: a relay that does not follow gives the lease back to the old program, and the new one stays out', () => {
    const pair = onTrial(different);
    pair.inputs(6, 5, 'j');
    pair.run(200);
    pair.relay.stuck = true;
    accept(pair, ...trial(pair).fields.keys());
    pair.run(200);
    expect([pair.pair.lease.owner, pair.pair.phase]).toEqual(['a', 'serving']);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    pair.inputs(3, 5, 'k');
    pair.run(100);
    expect(pair.upstream.answers).toHaveLength(12);
    expect(pair.ledger.faultCodes()).toContain('update-failed');
  });

  it('R26: the old program is lost while its last inputs are waited for: nobody takes over unasked', () => {
    const pair = onTrial(different);
    pair.inputs(6, 5, 'j');
    pair.run(200);
    pair.boards.b.slowDown(30_000);
    pair.inputs(1, 0, 'k');
    pair.run(12);
    const ref = accept(pair, ...trial(pair).fields.keys());
    pair.boards.a.fail('broken');
    pair.run(200);
    expect(pair.commands.get(ref)).toMatch(/^refused/);
    expect(pair.ledger.fences).toEqual([]);
    expect(pair.pair.phase).toBe('stopped');
  });
});

describe('a gateway that is killed in the switchover of an update', () => {
  it.each([
    ['the same', same],
    ['something else', different],
  ] as const)('R26, R27: at any effect of it, with a program that does %s', (_what, change) => {
    let kills = 0;
    for (let atEffect = 0; ; atEffect++) {
      const pair = onTrial(change);
      pair.inputs(6, 5, 'j');
      pair.run(200);
      pair.killBeforeEffect = pair.effectsPerformed + atEffect;
      const ref = accept(pair, ...trial(pair).fields.keys());
      pair.inputs(2, 3, 'k');
      pair.run(100);
      if (pair.running) break;
      kills++;
      pair.killBeforeEffect = Number.POSITIVE_INFINITY;
      pair.startGateway();
      pair.inputs(2, 0, 'k');
      pair.inputs(3, 5, 'l');
      pair.run(500);
      expect(pair.commands.get(ref) ?? 'unknown').not.toMatch(/^refused/);
      for (const n of ['k1', 'k2', 'l1', 'l2', 'l3']) expect(pair.answersTo(n).length).toBeGreaterThan(0);
      const other = pair.pair.lease.owner === 'a' ? 'b' : 'a';
      // Two programs that do the same may stay side by side; others never do.
      const isInPair = pair.memberStateOf(other) === 'in-sync';
      if (change === different) expect(isInPair).toBe(false);
      for (const code of ['pair-stopped', 'mismatch']) expect(pair.ledger.faultCodes()).not.toContain(code);
      expectPromises(pair);
      expect(begin(pair, other)).toMatch(/^done/);
      pair.flashed(other, (board) => {
        board.imageHash = NEW_IMAGE;
        if (pair.pair.lease.owner === 'b') board.corrupt = () => 0;
      });
      if (pair.pair.lease.owner === 'b') pair.runUntil(() => pair.isProtected);
      else pair.runUntil(() => pair.pair.update?.stage === 'trial');
    }
    expect(kills).toBeGreaterThan(10);
  });
});

describe('an update that is given up', () => {
  it('R26: the board is kept out with what it has, and may be flashed back', () => {
    const pair = onTrial(different);
    pair.inputs(6, 5, 'j');
    pair.run(200);
    const ref = pair.command({ command: 'update-abandon' });
    expect(pair.commands.get(ref)).toBe('done: Board b is out of the pair, with the image it has.');
    pair.run(200);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.ledger.faultCodes()).toEqual(['updating']);
    const back = { imageHash: 1, stateLayout: 1, stateBytes: STATE_BYTES };
    pair.command({
      command: 'update-begin',
      board: 'b',
      image: '/old.hex',
      facts: back,
      converter: null,
      comparisons: 5,
    });
    pair.flashed('b', (board) => {
      board.imageHash = 1;
      board.corrupt = () => 0;
    });
    pair.runUntil(() => pair.isProtected);
    pair.inputs(3, 5, 'k');
    pair.run(100);
    expectPromises(pair);
  });

  it('R26: there is nothing to give up without one, and a flasher at work is waited for', () => {
    const pair = PairHarness.started();
    const without = pair.command({ command: 'update-abandon' });
    expect(pair.commands.get(without)).toBe('refused: No update is under way.');
    expect(pair.commands.get(accept(pair))).toBe('refused: No update is under way.');
    begin(pair);
    const during = pair.command({ command: 'update-abandon' });
    expect(pair.commands.get(during)).toBe('refused: Board b is being flashed: wait for its end.');
    const rejoin = pair.command({ command: 'rejoin', board: 'b' });
    expect(pair.commands.get(rejoin)).toBe('refused: Board b is being updated: see copycat status.');
  });
});

describe('a program that lays its state out otherwise', () => {
  const OTHER_LAYOUT = { imageHash: NEW_IMAGE, stateLayout: 2, stateBytes: STATE_BYTES };

  function converting(): PairHarness {
    const pair = PairHarness.started({ config: { fields: FIELDS, maxPending: 100 } });
    pair.inputs(3, 5);
    pair.run(60);
    const wanted = { board: 'b', image: '/new.hex', facts: OTHER_LAYOUT, comparisons: 5 };
    const ref = pair.command({ command: 'update-begin', ...wanted, converter: 'convert --to 2' });
    expect(pair.commands.get(ref)).toMatch(/^done/);
    pair.flashed('b', (board) => {
      board.imageHash = NEW_IMAGE;
      board.stateLayout = 2;
    });
    pair.runUntil(() => pair.joinStepOf('b') === 'converting');
    return pair;
  }

  /** What the converter makes of it: every copy of the state one higher. */
  function convert(bytes: Uint8Array): Uint8Array {
    const converted = bytes.slice();
    const view = new DataView(converted.buffer);
    for (let at = 0; at < converted.length; at += 4) view.setUint32(at, view.getUint32(at, true) + 1, true);
    return converted;
  }

  it('R26: is given what a converter has made of the state, and what the primary has executed meanwhile', () => {
    const pair = converting();
    const [wanted] = pair.conversions;
    if (wanted === undefined) throw new Error('nothing was to be converted');
    expect(wanted).toMatchObject({ board: 'b', converter: 'convert --to 2' });
    pair.inputs(4, 5, 'j');
    pair.run(60);
    expect(pair.boards.b.transfers.filter(({ executionCount }) => executionCount === wanted.executionCount)).toEqual(
      [],
    );
    const answer = { type: 'stateConverted', board: 'b', failure: '' } as const;
    // That of an attempt before would be another state.
    pair.post({ ...answer, executionCount: wanted.executionCount - 1, bytes: wanted.bytes });
    expect(pair.joinStepOf('b')).toBe('converting');
    pair.post({ ...answer, executionCount: wanted.executionCount, bytes: convert(wanted.bytes) });
    pair.runUntil(() => trial(pair).compared === 4);
    expect(pair.boards.b.transfers.at(-1)?.executionCount).toBe(wanted.executionCount);
    expect(trial(pair).differing).toBe(4);
    expect([...trial(pair).fields.keys()]).not.toContain('state');
    pair.inputs(2, 5, 'k');
    pair.run(60);
    const ref = accept(pair, ...trial(pair).fields.keys());
    pair.run(100);
    expect(pair.commands.get(ref)).toMatch(/^done: Board b is the primary now, and board a/);
    expectPromises(pair);
  });

  it.each([
    [null, 'exit code 3', 'its state could not be converted: exit code 3'],
    [new Uint8Array(11), '', `the converter gave 11 bytes of state, and it has ${STATE_BYTES}`],
  ])('R26: stays out when the converter fails (%j)', (bytes, failure, why) => {
    const pair = converting();
    const executionCount = pair.conversions[0]?.executionCount ?? 0;
    pair.post({ type: 'stateConverted', board: 'b', executionCount, bytes, failure });
    pair.run(100);
    expect(pair.memberStateOf('b')).toBe('kept-out');
    expect(pair.pair.update).toMatchObject({ stage: 'failed', why });
  });
});
