import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BenchBoard } from '../../src/bench/bench-board.js';
import { HEATER_START, heaterPayload, heaterStateBytes, heaterStep } from '../../src/bench/heater-reference.js';
import { ScriptedOrder } from '../../src/bench/scripted/execution-order.js';
import { ScriptedBoard } from '../../src/bench/scripted-board.js';
import { EmulatedUno } from '../../src/bench/uno/emulated-uno.js';
import { crc32 } from '../../src/protocol/crc32.js';
import { Conversation } from './bench-conversation.js';

const heaterHex = readFileSync(new URL('../../firmware-harness/images/heater.atmega328p.hex', import.meta.url), 'utf8');
const payload = (setPointC: number, measuredC: number) => heaterPayload(setPointC * 16, measuredC * 16);
const bootUs = 300_000;

const kinds: Readonly<Record<string, (seed: number) => BenchBoard>> = {
  'a scripted board': (seed) => new ScriptedBoard({ seed, window: 2 }),
  'the firmware': (seed) => new EmulatedUno({ hex: heaterHex, seed }),
};

function serving(board: BenchBoard): Conversation {
  const talk = new Conversation(board);
  talk.wait(bootUs);
  talk.open(7);
  return talk;
}

describe.each(Object.entries(kinds))('%s', (_name, make) => {
  test('says HELLO at boot, in session 0, and again to whoever speaks', () => {
    const talk = new Conversation(make(1));
    expect(talk.wait(bootUs)).toMatchObject([{ kind: 'hello', session: 0, failed: false, kept: [], window: 2 }]);
    talk.session = 3;
    talk.input(1, payload(60, 20));
    expect(talk.wait(30_000)).toMatchObject([{ kind: 'hello', session: 0 }]);
  });

  test('an OPEN with another boot count is refused, the right one confirmed, a repeat changes nothing', () => {
    const talk = new Conversation(make(1));
    talk.wait(bootUs);
    const { boot } = talk.hello();
    const open = { kind: 'open', session: 0, seq: 0, newSession: 5, wasSession: 0, resume: false, nextSeq: 1 } as const;
    talk.send({ ...open, boot: (boot ^ 1) >>> 0 });
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'hello', session: 0 }]);
    talk.send({ ...open, boot });
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'hello', session: 5 }]);
    talk.session = 5;
    talk.input(1, payload(60, 20));
    expect(talk.wait(20_000, 'result')).toHaveLength(1);
    talk.send({ ...open, boot });
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'hello', session: 5, kept: [1], executionCount: 1 }]);
  });

  test('R7: moves an output only after its commit, and answers with the reference result', () => {
    const talk = serving(make(1));
    talk.input(1, payload(60, 20));
    const [result] = talk.wait(20_000, 'result');
    const expected = heaterStep(HEATER_START, { payload: payload(60, 20), adc: undefined });
    expect(result?.body).toEqual(expected.body);
    expect(result?.digest).toBe(crc32(heaterStateBytes(expected.state)));
    expect(talk.board.duty(9)).toBe(0);
    if (result === undefined) return;
    talk.commit(result, 123);
    talk.wait(20_000);
    expect(talk.board.duty(9)).toBe(0);
    talk.commit(result);
    expect(talk.wait(20_000, 'done')).toMatchObject([{ seq: 1, stale: false, readBack: [expected.state.duty, 0] }]);
    expect(talk.board.duty(9)).toBe(expected.state.duty);
  });

  test('R11: a repeated INPUT gets the kept RESULT, a repeated COMMIT DONE, an old seq is stale', () => {
    const talk = serving(make(1));
    for (const seq of [1, 2, 3]) {
      talk.input(seq, payload(60, 20));
      const [result] = talk.wait(20_000, 'result');
      talk.input(seq, payload(60, 20));
      expect(talk.wait(20_000, 'result')).toEqual([result]);
      if (result === undefined) continue;
      talk.commit(result);
      expect(talk.wait(20_000, 'done')).toHaveLength(1);
      talk.commit(result);
      expect(talk.wait(20_000, 'done')).toMatchObject([{ seq, stale: false }]);
    }
    talk.input(1, payload(60, 20));
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'done', seq: 1, stale: true }]);
    talk.input(3, payload(1, 2), { recall: true });
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'result', seq: 3, executionCount: 3 }]);
  });

  test('R3: acts in its execution order, whatever order the commits arrive in', () => {
    const talk = serving(make(1));
    talk.input(1, payload(60, 20));
    talk.input(2, payload(60, 59));
    const results = talk.wait(40_000, 'result');
    expect(results.map(({ seq }) => seq)).toEqual([1, 2]);
    const [first, second] = results;
    if (first === undefined || second === undefined) return;
    talk.commit(second);
    expect(talk.wait(20_000, 'done')).toEqual([]);
    talk.commit(first);
    expect(talk.wait(20_000, 'done').map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('R3: inputs with a position run at it, whatever order they come in, and never at a place behind', () => {
    const talk = serving(make(1));
    talk.input(1, payload(60, 20), { position: 2 });
    talk.input(1, payload(60, 20), { position: 2 });
    expect(talk.wait(300_000)).toEqual([]);
    talk.input(2, payload(60, 59), { position: 1 });
    const results = talk.wait(20_000, 'result');
    expect(results.map(({ seq, executionCount }) => [seq, executionCount])).toEqual([
      [2, 1],
      [1, 2],
    ]);
    for (const result of results) talk.commit(result);
    expect(talk.wait(20_000, 'done').map(({ seq }) => seq)).toEqual([2, 1]);
    talk.input(3, payload(60, 59), { position: 2 });
    expect(talk.wait(300_000).map(({ kind }) => kind)).toEqual(['log']);
    talk.input(3, payload(60, 59), { position: 3 });
    expect(talk.wait(20_000, 'result')).toMatchObject([{ seq: 3, executionCount: 3 }]);
  });

  test('R27: a resuming OPEN forgets inputs that waited for their place', () => {
    const talk = serving(make(1));
    talk.input(1, payload(60, 20), { position: 2 });
    talk.wait(20_000);
    expect(talk.open(8, true)).toMatchObject({ session: 8, kept: [], executionCount: 0 });
    talk.input(1, payload(60, 20), { position: 1 });
    expect(talk.wait(20_000, 'result')).toMatchObject([{ seq: 1, executionCount: 1 }]);
  });

  test('R16: a probe runs through the whole path and leaves the state alone', () => {
    const talk = serving(make(1));
    const { digest } = talk.hello();
    talk.input(1, new Uint8Array(), { probe: true });
    expect(talk.wait(20_000, 'result')).toMatchObject([{ digest, executionCount: 1, body: new Uint8Array() }]);
  });

  test('VIOLATION: safe levels, FAILED to every frame, inputs ignored', () => {
    const talk = serving(make(1));
    talk.input(1, payload(60, 20));
    const [result] = talk.wait(20_000, 'result');
    if (result !== undefined) talk.commit(result);
    talk.wait(20_000);
    expect(talk.board.duty(9)).toBeGreaterThan(0);
    talk.send({ kind: 'violation', session: 7, seq: 1, reason: 9 });
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'failed', reason: 'violation', detail: 9 }]);
    expect([talk.board.duty(9), talk.board.duty(8)]).toEqual([0, 255]);
    talk.input(2, payload(60, 20));
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'failed', reason: 'violation' }]);
  });

  test('R11: silence parks it; a resuming OPEN takes it back with its results and levels', () => {
    const talk = serving(make(1));
    talk.input(1, payload(60, 20));
    const [result] = talk.wait(20_000, 'result');
    if (result !== undefined) talk.commit(result);
    talk.wait(20_000);
    const driven = talk.board.duty(9);
    talk.wait(6_000_000);
    expect(talk.board.duty(9)).toBe(0);
    talk.input(2, payload(60, 20));
    expect(talk.wait(30_000)).toMatchObject([{ kind: 'hello', session: 7, parked: true, kept: [1], actedBits: 1 }]);
    expect(talk.open(8, true)).toMatchObject({ session: 8, parked: false, kept: [1], actedBits: 1 });
    expect(talk.board.duty(9)).toBe(driven);
  });

  test('a RESET restarts it with another boot count, and it says so', () => {
    const talk = serving(make(1));
    const { boot } = talk.hello();
    talk.send({ kind: 'reset', session: 7, seq: 0 });
    const [hello] = talk.wait(bootUs, 'hello');
    expect(hello).toMatchObject({ session: 0, resetCause: 'commanded' });
    expect(hello?.boot).not.toBe(boot);
  });

  test('R25: state goes over in one piece, with execution count, digest and output levels', () => {
    const from = serving(make(1));
    const to = serving(make(2));
    from.input(1, payload(60, 20));
    const [result] = from.wait(20_000, 'result');
    if (result !== undefined) from.commit(result);
    from.wait(20_000);
    from.send({ kind: 'stateGet', session: 7, seq: 0, offset: 0 });
    const [state] = from.wait(20_000, 'state');
    expect(state).toMatchObject({ last: true, busy: false, executionCount: 1, offset: 0 });
    if (state === undefined) return;
    const { executionCount, outputs, data } = state;
    to.send({ kind: 'statePut', session: 7, seq: 0, executionCount, offset: 0, last: true, outputs, data });
    expect(to.wait(20_000, 'state')).toMatchObject([{ accepted: true, digest: state.digest, executionCount: 1 }]);
    expect(to.board.duty(9)).toBe(from.board.duty(9));
  });
});

describe('ScriptedBoard', () => {
  test('R3: collects three inputs and runs them 3, 1, 2; without a third it falls back to arrival order', () => {
    const order = new ScriptedOrder();
    const board = new ScriptedBoard({ seed: 1, order });
    const talk = serving(board);
    for (const seq of [1, 2, 3]) talk.input(seq, payload(60, 20));
    const results = talk.wait(20_000, 'result');
    expect(results.map(({ seq, executionCount }) => [seq, executionCount])).toEqual([
      [3, 1],
      [1, 2],
      [2, 3],
    ]);
    for (const result of results) talk.commit(result);
    talk.wait(20_000);
    for (const seq of [4, 5]) talk.input(seq, payload(60, 20));
    expect(talk.wait(20_000, 'result')).toEqual([]);
    expect(talk.wait(20_000, 'result').map(({ seq }) => seq)).toEqual([4, 5]);
    expect(board.executed.map(({ seq }) => seq)).toEqual([3, 1, 2, 4, 5]);
    expect(board.acted.map(({ seq }) => seq)).toEqual([3, 1, 2]);
    expect(order.counters).toEqual({ groups: 1, fallbacks: 1 });
  });

  test('R29: a flipped bit of the state is FAILED before the next input reaches a result', () => {
    const board = new ScriptedBoard({ seed: 1 });
    const talk = serving(board);
    board.corruptState(0, 1);
    talk.input(1, payload(60, 20));
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'failed', reason: 'stateCorrupt' }]);
    expect(board.executed).toEqual([]);
  });

  test('R29: a pin that shows what nobody wrote is FAILED before the next input', () => {
    const board = new ScriptedBoard({ seed: 1 });
    const talk = serving(board);
    board.corruptOutput(9, 200);
    talk.input(1, payload(60, 20));
    expect(talk.wait(20_000)).toMatchObject([{ kind: 'failed', reason: 'outputCorrupt' }]);
  });
});
