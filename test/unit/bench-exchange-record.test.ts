import { describe, expect, test } from 'vitest';
import type { BenchBoard } from '../../src/bench/bench-board.js';
import { ExchangeRecord } from '../../src/bench/record/exchange-record.js';
import { ScriptedBoard } from '../../src/bench/scripted-board.js';
import { heaterHex } from '../../src/bench/stage/heater-image.js';
import { EmulatedBoard } from '../../src/emulator/emulated-board.js';
import { heaterPayload } from '../../src/model-board/heater-reference.js';
import { Conversation } from './bench-conversation.js';

/** What the judge of the bench knows of boards: told by the frames at their pins, before any link has touched them. */

const payload = (measuredC: number) => heaterPayload(60 * 16, measuredC * 16);
const BOOT_US = 300_000;

const kinds: readonly (readonly [string, (seed: number) => BenchBoard])[] = [
  ['a scripted board', (seed) => new ScriptedBoard({ seed, window: 2 })],
  ['an emulated Uno', (seed) => new EmulatedBoard({ hex: heaterHex(), seed })],
];

function pair(make: (seed: number) => BenchBoard) {
  const a = new Conversation(make(1));
  const b = new Conversation(make(2));
  const record = new ExchangeRecord({ a: a.board, b: b.board });
  const writes: number[] = [];
  a.board.onOutput = (atUs) => writes.push(atUs);
  for (const talk of [a, b]) {
    talk.wait(BOOT_US);
    talk.open(7);
  }
  writes.length = 0;
  return { a, b, record, writes };
}

function applyPlan(talk: Conversation, seq: number, measuredC: number, probe = false): void {
  talk.input(seq, payload(measuredC), { probe });
  const [result] = talk.wait(20_000, 'result');
  if (result === undefined) throw new Error('no result');
  talk.commit(result);
  talk.wait(20_000);
}

describe.each(kinds)('ExchangeRecord of %s', (_name, make) => {
  test('R7: each write of an output lies between the arrival of its COMMIT and the first byte of its DONE', () => {
    const { a, record, writes } = pair(make);
    const spans: number[][] = [];
    for (const [seq, measuredC] of [
      [1, 50],
      [3, 55],
      [4, 58],
    ] as const) {
      applyPlan(a, seq, measuredC);
      const [granted, acted] = record.acts.a.slice(-2);
      expect([granted, acted]).toMatchObject([
        { kind: 'granted', seq },
        { kind: 'acted', seq },
      ]);
      expect(writes.length).toBeGreaterThan(0);
      spans.push([granted?.atUs ?? 0, Math.min(...writes), Math.max(...writes), acted?.atUs ?? 0]);
      writes.length = 0;
    }
    for (const span of spans) expect(span).toEqual([...span].sort((one, another) => one - another));
    expect(record.inputs.map(({ seq }) => seq)).toEqual([1, 3, 4]);
    expect(record.acts.b).toEqual([]);
  });

  test('a probe is no input and acts on nothing; a state is that of the last input before it, over probes', () => {
    const { a, b, record } = pair(make);
    applyPlan(a, 1, 50);
    applyPlan(a, 2, 50, true);
    a.send({ kind: 'stateGet', session: 7, seq: 0, offset: 0 });
    const [state] = a.wait(20_000, 'state');
    if (state === undefined) throw new Error('no state');
    const { executionCount, outputs, data } = state;
    b.send({ kind: 'statePut', session: 7, seq: 0, executionCount, offset: 0, last: true, outputs, data });
    b.wait(20_000);
    expect(record.inputs.map(({ seq }) => seq)).toEqual([1]);
    expect(record.acts.a.map(({ kind }) => kind)).toEqual(['granted', 'acted']);
    expect(record.acts.b).toMatchObject([
      { kind: 'giving', seq: 1, execution: 2 },
      { kind: 'given', seq: 1, execution: 2 },
    ]);
  });

  test('a COMMIT that is damaged grants nothing; a board that starts anew has acted on nothing', () => {
    const { a, record } = pair(make);
    a.input(1, payload(50));
    const [result] = a.wait(20_000, 'result');
    if (result === undefined) throw new Error('no result');
    const receive = a.board.receive.bind(a.board);
    let bytes = 0;
    a.board.receive = (byte, startUs, baudRate) => receive(bytes++ === 5 ? byte ^ 0x10 : byte, startUs, baudRate);
    a.commit(result);
    a.wait(5_000);
    expect(record.acts.a).toEqual([]);
    a.commit(result);
    a.wait(20_000);
    a.board.resetExternal();
    a.wait(BOOT_US);
    a.hello();
    expect(record.acts.a.map(({ kind }) => kind)).toEqual(['granted', 'acted', 'started']);
  });
});
