import { describe, expect, it } from 'vitest';
import { modbusDialect } from '../../../src/link/modbus/modbus-dialect.js';
import type { StateChunk } from '../../../src/pair/result/messages.js';
import { RegisterMemory } from './register-memory.js';
import { OPTIONS, WiredSlave } from './wired-slave.js';

const JOIN_COPY = [
  { space: 'coils' as const, first: 3, last: 12 },
  { space: 'holding' as const, first: 100, last: 140 },
];

function wired(board: 'a' | 'b', memory: RegisterMemory, joinCopy = JOIN_COPY): WiredSlave {
  const slave = new WiredSlave({}, board, modbusDialect({ ...OPTIONS, joinCopy }));
  slave.answer = (pdu) => ({ pdu: memory.answer(pdu), afterUs: 2_000 });
  return slave.open();
}

const chunks = (slave: WiredSlave): StateChunk[] =>
  slave.said.flatMap(({ message }) => (message.kind === 'state' ? [message] : []));

/** As the core reads it, from the begin to the piece that is the last. */
function readState(slave: WiredSlave): StateChunk[] {
  slave.said.length = 0;
  for (let offset = 0; ; ) {
    slave.tell({ kind: 'stateGet', offset });
    slave.tell({ kind: 'stateGet', offset }); // asked for again before it has come
    slave.clock.advance(200_000);
    const last = chunks(slave).at(-1);
    if (last === undefined || last.offset !== offset) throw new Error('no chunk came');
    if (last.last) return chunks(slave);
    offset += last.data.length;
  }
}

/** As the core writes it, each piece behind the one that has arrived. */
function writeState(slave: WiredSlave, given: readonly StateChunk[], executionCount: number): StateChunk[] {
  slave.said.length = 0;
  for (const { offset, data, last } of given) {
    slave.tell({ kind: 'statePut', executionCount, offset, last, outputs: [], data });
    if (!last) slave.tell({ kind: 'stateGet', offset: offset + data.length });
    slave.clock.advance(500_000);
  }
  return chunks(slave);
}

describe('R25: a slave that joins is given registers', () => {
  it('as the primary has them, only those that differ, and counts on from there', () => {
    const from = new RegisterMemory();
    const to = new RegisterMemory();
    for (let at = 0; at < 300; at++) {
      from.holding[at] = 7 * at;
      to.holding[at] = at === 110 || at === 111 || at === 130 ? 1 : 7 * at;
      from.coils[at] = at % 3 === 0 ? 1 : 0;
    }
    to.coils[4] = 1;
    const primary = wired('a', from);
    const joiner = wired('b', to);
    primary.give(1, '05 03 0000 0001');
    primary.clock.advance(100_000);
    const read = readState(primary);
    expect(read.map(({ offset, executionCount, digest }) => ({ offset, executionCount, digest }))).toEqual(
      [0, 2, 34, 66].map((offset) => ({ offset, executionCount: 1, digest: null })),
    );
    const answered = writeState(joiner, read, 1);
    expect(answered.map(({ busy, accepted, offset }) => [busy, accepted, offset])).toEqual([
      [true, false, 2],
      [true, false, 34],
      [true, false, 66],
      [false, true, 84],
    ]);
    expect(answered.at(-1)).toMatchObject({ executionCount: 1, last: true });
    expect([...to.coils.subarray(3, 13)]).toEqual([...from.coils.subarray(3, 13)]);
    expect([...to.holding.subarray(100, 141)]).toEqual([...from.holding.subarray(100, 141)]);
    expect(to.coils[15]).toBe(0); // not named, and not touched
    const written = joiner.requests.filter((request) => !['01', '03'].includes(request.slice(2, 4)));
    // Runs of what differs: four coils one by one (3, 4, 6, 9, 12), two registers together, one alone.
    expect(written.map((request) => request.slice(2, 8))).toEqual([
      '0f0003',
      '050006',
      '050009',
      '05000c',
      '10006e',
      '060082',
    ]);
    joiner.give(2, '05 03 0000 0001');
    joiner.clock.advance(100_000);
    expect(joiner.results).toMatchObject([{ seq: 2, executionCount: 2 }]);
  });

  it('a board that has them already is written nothing', () => {
    const memory = new RegisterMemory();
    const read = readState(wired('a', memory));
    const joiner = wired('b', new RegisterMemory());
    expect(writeState(joiner, read, 0).at(-1)).toMatchObject({ accepted: true });
    expect(joiner.requests.every((request) => ['01', '03'].includes(request.slice(2, 4)))).toBe(true);
  });

  it('one that refuses a register, or does not keep it, is told so and is not accepted', () => {
    const from = new RegisterMemory();
    from.holding[120] = 5;
    const read = readState(wired('a', from));
    const refusing = new RegisterMemory();
    refusing.refused.add(116);
    expect(writeState(wired('b', refusing), read, 0).at(-1)).toMatchObject({
      busy: false,
      accepted: false,
      offset: 34,
    });
    const forgetful = new RegisterMemory();
    const joiner = wired('b', forgetful);
    joiner.answer = (pdu) => {
      const answer = forgetful.answer(pdu);
      forgetful.holding[120] = 0;
      return { pdu: answer, afterUs: 2_000 };
    };
    expect(writeState(joiner, read, 0).some(({ accepted }) => accepted)).toBe(false);
  });

  it('what is not named is never copied, and what cannot be written is refused at once', () => {
    const slave = wired('a', new RegisterMemory(), []);
    slave.tell({ kind: 'stateGet', offset: 0 });
    slave.clock.advance(200_000);
    expect([slave.writes, slave.said]).toEqual([[], []]);
    expect(modbusDialect(OPTIONS).wire.abilities.state).toBe(false);
    expect(modbusDialect({ ...OPTIONS, joinCopy: JOIN_COPY }).wire.abilities.state).toBe(true);
    const joinCopy = [{ space: 'input' as const, first: 0, last: 0 }];
    expect(() => modbusDialect({ ...OPTIONS, joinCopy })).toThrow(RangeError);
  });
});
