import { expect } from 'vitest';
import { conformance, serving } from './kit/conformance.js';
import { commanded, reference } from './kit/heater.js';

const HEAT = commanded(60, 20);
const WARM = commanded(60, 59);
const COOL = commanded(20, 60);

const kinds = (messages: readonly { kind: string }[]) => messages.map(({ kind }) => kind);
const counted = (messages: readonly { kind: string; seq: number; executionCount?: number }[]) =>
  messages.filter(({ kind }) => kind === 'result').map(({ seq, executionCount }) => [seq, executionCount]);

conformance('order', (conversation) => {
  conversation('R3: inputs run in the order of arrival, whatever their seqs', async (talk) => {
    await serving(talk);
    const said = await talk.say(talk.inputFrame(2, HEAT), talk.inputFrame(1, WARM));
    expect(counted(said)).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  conversation('R3: acts in its execution order, whatever order the commits come in', async (talk) => {
    await serving(talk);
    const first = await talk.result(1, HEAT);
    const second = await talk.result(2, COOL);
    expect(await talk.commit(2, second)).toEqual([]);
    expect(talk.levels()).toEqual({ duty: 0, trip: 1 });
    const done = (await talk.commit(1, first)).filter(({ kind }) => kind === 'done');
    expect(done.map(({ seq }) => seq)).toEqual([1, 2]);
    const [, step] = reference(HEAT, COOL);
    expect(talk.levels().duty).toBe(step?.state.duty);
  });

  conversation('R3: inputs with a position that come in order run as they come', async (talk) => {
    await serving(talk);
    const said = await talk.say(talk.inputFrame(1, HEAT, { position: 1 }), talk.inputFrame(2, WARM, { position: 2 }));
    expect(counted(said)).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  conversation('R3: an input waits for its position, and outputs move in the order of positions', async (talk) => {
    await serving(talk);
    expect(await talk.input(1, HEAT, { position: 2 })).toEqual([]);
    expect(await talk.listen(300)).toEqual([]);
    const said = await talk.input(2, COOL, { position: 1 });
    expect(counted(said)).toEqual([
      [2, 1],
      [1, 2],
    ]);
    const results = said.filter((one) => one.kind === 'result');
    const [of2, of1] = results;
    if (of1 === undefined || of2 === undefined) return;
    expect(await talk.commit(1, [of1])).toEqual([]);
    const done = (await talk.commit(2, [of2])).filter(({ kind }) => kind === 'done');
    expect(done.map(({ seq }) => seq)).toEqual([2, 1]);
    const [, step] = reference(COOL, HEAT);
    expect(talk.levels().duty).toBe(step?.state.duty);
  });

  conversation('R3: a gap is closed by a repeat; what came twice runs once', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT, { position: 1 });
    const third = talk.inputFrame(3, WARM, { position: 3 }); // that for place 2 was lost
    expect(await talk.say(third, third)).toEqual([]);
    const second = talk.inputFrame(2, COOL, { position: 2 });
    expect(counted(await talk.say(second))).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(counted(await talk.say(second))).toEqual([[2, 2]]);
    expect(await talk.hello()).toMatchObject({ executionCount: 3, kept: [2, 3] });
  });

  conversation('R3: an input for a place behind is logged, never run and moves nothing', async (talk) => {
    await serving(talk);
    const first = await talk.exchange(1, HEAT);
    await talk.exchange(2, HEAT);
    for (const position of [1, 2]) expect(kinds(await talk.input(3, COOL, { position }))).toEqual(['log']);
    expect(await talk.hello()).toMatchObject({ executionCount: 2, kept: [1, 2] });
    expect(await talk.input(1, HEAT, { position: 9 })).toEqual(first); // a kept one is said again, whatever place it names
    expect(counted(await talk.input(3, COOL, { position: 3 }))).toEqual([[3, 3]]);
  });

  conversation('R3: one place is given to one input', async (talk) => {
    await serving(talk);
    expect(await talk.input(1, HEAT, { position: 2 })).toEqual([]);
    expect(kinds(await talk.input(2, COOL, { position: 2 }))).toEqual(['log']);
    expect(counted(await talk.input(2, COOL, { position: 1 }))).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  conversation('R3: a repeat of a waiting input may name another place', async (talk) => {
    await serving(talk);
    expect(await talk.input(1, HEAT, { position: 5 })).toEqual([]);
    expect(kinds(await talk.input(1, WARM, { position: 1 }))).toEqual(['log']); // another input under its seq
    expect(counted(await talk.input(1, HEAT, { position: 1 }))).toEqual([[1, 1]]);
    await talk.input(2, HEAT, { position: 5 });
    expect(counted(await talk.input(2, HEAT, { position: 0 }))).toEqual([[2, 2]]);
  });

  conversation('R3: an input without a position never takes the place of one that is to come', async (talk) => {
    await serving(talk);
    expect(await talk.input(2, HEAT, { position: 2 })).toEqual([]);
    expect(await talk.input(1, WARM)).toEqual([]);
    expect(counted(await talk.input(2, HEAT, { position: 1 }))).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  conversation('R27: both kinds of OPEN forget what waits, and the count goes on', async (talk) => {
    await serving(talk);
    await talk.exchange(1, HEAT);
    for (const [session, resume] of [[8, true] as const, [9, false] as const]) {
      expect(await talk.input(2, HEAT, { position: 3 })).toEqual([]);
      expect(await talk.open(session, resume)).toMatchObject({ session, executionCount: 1, kept: resume ? [1] : [] });
      expect(await talk.listen(300)).toEqual([]);
    }
    expect(counted(await talk.input(2, HEAT, { position: 2 }))).toEqual([[2, 2]]);
  });

  conversation('R27: what waited before OPEN{resume} is as if never given', async (talk) => {
    await serving(talk);
    await talk.input(1, HEAT, { position: 2 });
    await talk.open(8, true);
    expect(await talk.say({ kind: 'stateGet', session: 8, seq: 0, offset: 0 })).toMatchObject([
      { busy: false, last: true },
    ]);
    expect(counted(await talk.input(2, COOL, { position: 1 }))).toEqual([[2, 1]]); // and nothing runs behind it
    expect(counted(await talk.input(1, WARM, { position: 2 })).slice(-1)).toEqual([[1, 2]]); // its seq is free for another
  });

  conversation('R25: what waits has no result, and makes the board busy', async (talk) => {
    await serving(talk);
    await talk.input(1, HEAT, { position: 2 });
    expect(await talk.input(1, HEAT, { recall: true })).toEqual([]);
    expect(await talk.hello()).toMatchObject({ kept: [], executionCount: 0 });
    expect(await talk.say({ kind: 'stateGet', session: 7, seq: 0, offset: 0 })).toMatchObject([
      { kind: 'state', busy: true, data: new Uint8Array() },
    ]);
  });
});
