import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modbusDialect } from '../../../src/link/modbus/modbus-dialect.js';
import { differenceText } from '../../../src/pair/result/compare.js';
import { answerOf, hex, lineOf, OPTIONS, toHex, WiredSlave, withCrc } from './wired-slave.js';

const holding = (first: number, last = first) => ({ space: 'holding' as const, first, last });
/** From the slave at address 5. */
const frame = (pdu: string): Uint8Array => withCrc([5, ...hex(pdu)]);
const bodies = (slave: WiredSlave): string[] =>
  slave.results.map(({ parts }) => parts.map(({ body }) => toHex(body)).join(' '));

describe('a Modbus RTU slave, greeted', () => {
  it('says hello when it has answered anything, and of what it cannot know nothing', () => {
    const slave = new WiredSlave();
    slave.tell({ kind: 'helloRequest' });
    expect(slave.writes).toEqual([]); // an answer to a program before may be on its way
    slave.clock.advance(400_000);
    expect(slave.requests).toEqual(['050300000001']);
    expect(slave.said).toEqual([
      {
        session: 0,
        message: {
          ...{ kind: 'hello', unit: 0, boot: null, imageHash: null, stateLayout: null, stateBytes: 0 },
          ...{ transfersState: false, mostOutputs: 0, rxBytes: 256, window: 1, resetCause: 'unknown', failed: false },
          ...{ parked: false, executionCount: 0, digest: null, kept: [], actedBits: 0 },
        },
      },
    ]);
  });

  it('says hello of a session at once, and in an open one when it has answered again', () => {
    const slave = new WiredSlave().open();
    slave.tell({ kind: 'open', newSession: 2, wasSession: 1, boot: null, resume: true, nextSeq: 1 });
    expect(slave.said).toMatchObject([{ session: 2, message: { kind: 'hello' } }]);
    expect(slave.writes).toEqual([]);
    slave.tell({ kind: 'helloRequest' });
    slave.clock.advance(100_000);
    expect(slave.said.slice(1)).toMatchObject([{ session: 2, message: { kind: 'hello' } }]);
  });

  it('an exception is an answer too; silence is none, and is asked no more than a few times', () => {
    const slave = new WiredSlave();
    slave.answer = () => ({ pdu: hex('83 02'), afterUs: 1000 });
    slave.tell({ kind: 'helloRequest' });
    slave.clock.advance(200_000);
    expect(slave.kinds()).toEqual(['hello']);
    const dead = new WiredSlave();
    dead.answer = () => null;
    dead.tell({ kind: 'helloRequest' });
    dead.clock.advance(20_000_000);
    expect(dead.kinds()).toEqual([]);
    // Each of another shape: a late answer to one is not taken for one to the next.
    expect(dead.requests).toEqual(['050300000001', '050400000001', '050100000001']);
    expect(dead.clock.alarms).toBe(0);
    dead.answer = (pdu) => ({ pdu: answerOf(pdu), afterUs: 1000 });
    dead.tell({ kind: 'helloRequest' });
    dead.clock.advance(100_000);
    expect(dead.kinds()).toEqual(['hello']);
  });

  it('nothing that grants, tests or resets goes to it', () => {
    const slave = new WiredSlave().open();
    slave.tell({ kind: 'commit', seq: 1, hash: 1 });
    slave.tell({ kind: 'wait', seq: 1 });
    slave.tell({ kind: 'violation', seq: 1 });
    slave.tell({ kind: 'reset' });
    slave.clock.advance(1_000_000);
    expect([slave.writes, slave.said]).toEqual([[], []]);
  });
});

describe('inputs', () => {
  it('are one frame in one write, to the board’s own address, and their answer is its PDU', () => {
    const slave = new WiredSlave().open();
    slave.give(1, '01 03 0010 0002');
    slave.clock.advance(100_000);
    expect(slave.writes.map(({ bytes }) => toHex(bytes))).toEqual(['050300100002c44a']);
    expect(slave.said).toMatchObject([
      {
        session: 1,
        message: { kind: 'result', seq: 1, executionCount: 1, digest: null, observed: [], inputMatches: true },
      },
    ]);
    expect(slave.results[0]?.parts).toEqual([{ rejected: false, body: hex('03 04 0010 0011') }]);
    expect(slave.results[0]).not.toHaveProperty('ending');
  });

  it('go one at a time, after 3.5 characters of silence by the line’s settings', () => {
    const slave = new WiredSlave().open();
    for (const seq of [1, 2, 3]) slave.give(seq, '01 06 0001 0005');
    slave.clock.advance(500_000);
    expect(slave.results.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    const [first, second] = slave.writes;
    if (first === undefined || second === undefined) throw new Error('not written');
    // 8 characters, 2 ms until the answer; 3.5 characters of 11 bits at 19200 baud are 2.005 ms.
    expect(second.atUs - first.atUs).toBeGreaterThanOrEqual(8 * 573 + 2_000 + 2_005);
    expect(second.atUs - first.atUs).toBeLessThanOrEqual(8 * 573 + 2_000 + 2_100);
  });

  it.each([
    ['9600-8N1', 3646],
    ['19200-8E1', 2005],
    ['115200-8N1', 1750],
  ])('the silence at %s is %d µs', (line, silenceUs) => {
    const slave = new WiredSlave({ slaves: new Map([['a', { address: 5, line: lineOf(line) }]]) }).open();
    slave.give(1, '01 03 0010 0001');
    slave.clock.advance(50_000);
    slave.hear(Uint8Array.of(0x55)); // noise on the line begins the silence anew
    const noiseUs = slave.clock.nowUs();
    slave.give(2, '01 03 0010 0001');
    slave.clock.advance(50_000);
    const waitedUs = (slave.writes[1]?.atUs ?? 0) - noiseUs;
    expect(waitedUs).toBeGreaterThanOrEqual(silenceUs);
    expect(waitedUs).toBeLessThan(silenceUs + 2);
  });

  it('a broadcast is done after the turnaround, has an empty answer, and nothing goes meanwhile', () => {
    const slave = new WiredSlave().open();
    slave.give(1, '00 06 0001 0005');
    slave.give(2, '05 03 0000 0001');
    slave.clock.advance(99_000);
    expect([slave.requests, slave.results]).toEqual([['000600010005'], []]);
    slave.clock.advance(100_000);
    expect(slave.requests).toEqual(['000600010005', '050300000001']);
    expect(bodies(slave)).toEqual(['', '03020000']);
    expect((slave.writes[1]?.atUs ?? 0) - (slave.writes[0]?.atUs ?? 0)).toBeGreaterThanOrEqual(100_000 + 8 * 572);
  });

  it('what no slave would carry out is answered as by one, and none is asked', () => {
    const slave = new WiredSlave().open();
    for (const [seq, payload] of ['05 41 00', '05 03 0000 0000', '05 03 ffff 0002', '05'].entries())
      slave.give(seq + 1, payload);
    slave.clock.advance(100_000);
    expect(slave.writes).toEqual([]);
    expect(bodies(slave)).toEqual(['c101', '8303', '8302', '8001']);
    expect(slave.results.every(({ parts }) => parts[0]?.rejected)).toBe(true);
  });

  it('a function code of one’s own goes by its lengths', () => {
    const codes = new Map([[0x41, { request: { bytes: 1 }, answer: { countAt: 0 } }]]);
    const slave = new WiredSlave({ codes }).open();
    slave.answer = (pdu) => ({ pdu: pdu[0] === 0x41 ? hex('41 02 aa bb') : answerOf(pdu), afterUs: 1000 });
    slave.give(1, '05 41 07');
    slave.clock.advance(100_000);
    expect([slave.requests, bodies(slave)]).toEqual([['054107'], ['4102aabb']]);
  });

  it('a write is never given twice, whatever asks for it', () => {
    const slave = new WiredSlave().open();
    slave.answer = (pdu) => (pdu[0] === 6 ? null : { pdu: answerOf(pdu), afterUs: 1000 });
    for (let times = 0; times < 4; times++) {
      slave.give(7, '05 06 0001 0005');
      slave.clock.advance(300_000);
    }
    expect(slave.requests.filter((request) => request.startsWith('0506'))).toHaveLength(1);
    expect(slave.results).toEqual([]);
    // A question has shown that the board is there.
    expect(slave.kinds()).toEqual(['alive']);
    slave.give(8, '05 06 0001 0006');
    slave.clock.advance(300_000);
    expect(slave.requests.filter((request) => request.startsWith('0506'))).toHaveLength(2);
  });

  it('a read that was lost is asked again when the core asks, and not by itself', () => {
    const slave = new WiredSlave().open();
    let lost = 1;
    slave.answer = (pdu) => (pdu[2] === 0x10 && lost-- > 0 ? null : { pdu: answerOf(pdu), afterUs: 1000 });
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(400_000);
    expect(slave.results).toEqual([]);
    expect(slave.requests).toEqual(['050300100001', '050300000002']);
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(100_000);
    expect(bodies(slave)).toEqual(['03020010']);
    expect(slave.results[0]).toMatchObject({ seq: 1, executionCount: 1 });
  });

  it('one that is asked for once more while it is on its way is not doubled on the wire', () => {
    const slave = new WiredSlave().open();
    slave.answer = (pdu) => ({ pdu: answerOf(pdu), afterUs: 80_000 });
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(50_000);
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(500_000);
    expect(slave.requests).toEqual(['050300100001']);
    expect(slave.results).toHaveLength(1);
  });
});

describe('what a slave’s answers mean', () => {
  const ended = (answer: string, request = '05 06 0001 0005') => {
    const slave = new WiredSlave().open();
    slave.answer = () => ({ pdu: hex(answer), afterUs: 1000 });
    slave.give(1, request);
    slave.clock.advance(100_000);
    return slave.said.map(({ message }) => message);
  };

  it('exceptions 1, 2, 3 and those nobody knows are results', () => {
    for (const exception of [1, 2, 3, 7, 10, 11]) {
      const [said] = ended(`86 0${exception.toString(16)}`);
      expect(said).toMatchObject({ kind: 'result', parts: [{ rejected: true }] });
      expect(said).not.toHaveProperty('ending');
    }
  });

  it('6 is not taken, 5 is accepted and unfinished, 4 is in doubt', () => {
    expect(ended('86 06')).toMatchObject([{ kind: 'result', ending: 'not-taken', parts: [{ rejected: true }] }]);
    expect(ended('86 05')).toMatchObject([{ kind: 'result', ending: 'unfinished' }]);
    expect(ended('86 04')).toMatchObject([{ kind: 'result', ending: 'in-doubt' }]);
  });

  it('what was not taken may be given again, and what was may not', () => {
    const slave = new WiredSlave().open();
    let busy = 2;
    slave.answer = (pdu) => ({ pdu: busy-- > 0 ? hex('86 06') : pdu, afterUs: 1000 });
    for (let times = 0; times < 4; times++) {
      slave.give(1, '05 06 0001 0005');
      slave.clock.advance(50_000);
    }
    expect(slave.results.map(({ ending }) => ending ?? 'done')).toEqual(['not-taken', 'not-taken', 'done']);
    expect(slave.requests).toHaveLength(3);
  });

  it('R14: the time that we stood still ourselves is not the slave’s: its answer is there when we look', () => {
    const slave = new WiredSlave().open();
    slave.answer = () => null;
    slave.give(1, '05 03 0010 0001');
    slave.clock.stall(5_000_000);
    slave.hear(frame('03 02 0010'));
    expect(bodies(slave)).toEqual(['03020010']);
    expect(slave.requests).toHaveLength(1);
  });

  it('8 is evidence against the board, and no result', () => {
    expect(ended('83 08', '05 03 0000 0001')).toEqual([{ kind: 'failed', reason: 'memory-parity', detail: 0 }]);
  });

  it('one that nobody has asked for is a failure of the board, and never guessed away', () => {
    const slave = new WiredSlave().open();
    slave.hear(frame('03 02 0001'));
    expect(slave.said).toEqual([{ session: 1, message: { kind: 'failed', reason: 'answer-for-nothing', detail: 3 } }]);
    const other = new WiredSlave().open();
    other.answer = () => ({ pdu: hex('03 04 0001 0002'), afterUs: 1000 });
    other.give(1, '05 03 0000 0001');
    other.clock.advance(50_000);
    expect(other.said).toMatchObject([{ message: { kind: 'failed', reason: 'answer-for-nothing' } }]);
  });

  it('what is not compared is not in the hash, and is in the answer as it came', () => {
    const hashOf = (
      answer: string,
      request: string,
      ignore = [holding(11), { space: 'coils' as const, first: 3, last: 3 }],
    ) => {
      const slave = new WiredSlave({ ignore }).open();
      slave.answer = () => ({ pdu: hex(answer), afterUs: 1000 });
      slave.give(1, request);
      slave.clock.advance(100_000);
      expect(toHex(slave.results[0]?.parts[0]?.body ?? new Uint8Array())).toBe(answer.replaceAll(' ', ''));
      return slave.results[0]?.hash;
    };
    const three = '05 03 000a 0003';
    expect(hashOf('03 06 0001 0002 0003', three)).toBe(hashOf('03 06 0001 ffff 0003', three));
    expect(hashOf('03 06 0001 0002 0003', three)).not.toBe(hashOf('03 06 0001 0002 0004', three));
    expect(hashOf('03 06 0001 0002 0003', three, [])).not.toBe(hashOf('03 06 0001 ffff 0003', three, []));
    const coils = '05 01 0000 0008';
    expect(hashOf('01 01 08', coils)).toBe(hashOf('01 01 00', coils));
    expect(hashOf('01 01 10', coils)).not.toBe(hashOf('01 01 00', coils));
    // Of an input register of the same number nothing is left out.
    expect(hashOf('04 02 0001', '05 04 000b 0001')).not.toBe(hashOf('04 02 0002', '05 04 000b 0001'));
    expect(hashOf('83 02', three)).not.toBe(hashOf('83 03', three));
  });
});

describe('late answers', () => {
  it('one that comes in the end is that of its request, and the next one waits until that is sure', () => {
    const slave = new WiredSlave().open();
    let slow = true;
    slave.answer = (pdu) => {
      const afterUs = slow ? 300_000 : 2_000;
      slow = false;
      return { pdu: answerOf(pdu), afterUs };
    };
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(110_000);
    slave.give(2, '05 03 0020 0001');
    slave.clock.advance(500_000);
    expect(bodies(slave)).toEqual(['03020010', '03020020']);
    expect(slave.requests.at(-1)).toBe('050300200001');
    // The answers to the questions between them were nobody’s.
    expect(slave.requests).toHaveLength(4);
  });

  it('what comes after it was given up is dropped and counted, and accuses nobody', () => {
    const slave = new WiredSlave().open();
    slave.answer = () => null;
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(6_000_000);
    slave.hear(frame('03 02 0010'));
    expect(slave.kinds()).toEqual([]);
    expect(slave.counts.lateAnswers).toBe(1);
  });

  it('what is owed in one opening is not taken for an answer in the next', () => {
    const slave = new WiredSlave().open();
    slave.answer = () => null;
    slave.give(1, '05 03 0000 0001');
    slave.clock.advance(20_000);
    slave.speaker.ended();
    slave.answer = (pdu) => ({ pdu: answerOf(pdu), afterUs: 2_000 });
    slave.tell({ kind: 'helloRequest' });
    slave.hear(frame('03 02 7777'));
    expect(slave.kinds()).toEqual([]);
    slave.clock.advance(50_000);
    expect(slave.requests[1]).not.toBe('050300000001');
    expect(slave.kinds()).toEqual(['hello']);
  });

  it('no answer is ever that of another request, however slow, deaf and mute a slave is', () => {
    const fate = fc.record({
      hears: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 1),
      speaks: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 1),
      afterUs: fc.oneof(fc.integer({ min: 500, max: 20_000 }), fc.integer({ min: 20_000, max: 700_000 })),
      exception: fc.integer({ min: 0, max: 19 }).map((chance) => chance === 0),
    });
    const asked = fc.record({
      code: fc.constantFrom(3, 4, 6),
      address: fc.integer({ min: 1, max: 200 }),
      quantity: fc.integer({ min: 1, max: 2 }),
      again: fc.boolean(),
      pauseUs: fc.integer({ min: 1_000, max: 400_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(fate, { minLength: 20, maxLength: 60 }),
        fc.array(asked, { minLength: 3, maxLength: 15 }),
        (fates, inputs) => {
          const slave = new WiredSlave().open();
          let at = 0;
          slave.answer = (pdu) => {
            const next = fates[at++ % fates.length];
            if (next === undefined || !next.hears) return null;
            const pduOf = next.exception ? Uint8Array.of((pdu[0] ?? 0) | 0x80, 2) : answerOf(pdu);
            return { pdu: next.speaks ? pduOf : null, afterUs: next.afterUs };
          };
          const expected = new Map<number, string>();
          for (const [index, { code, address, quantity, again, pauseUs }] of inputs.entries()) {
            const pdu = Uint8Array.of(code, 0, address, 0, quantity);
            expected.set(index + 1, toHex(answerOf(pdu)));
            slave.give(index + 1, Uint8Array.of(1, ...pdu));
            slave.clock.advance(pauseUs);
            if (again) slave.give(index + 1, Uint8Array.of(1, ...pdu));
            slave.clock.advance(pauseUs);
          }
          slave.clock.advance(10_000_000);
          for (const { seq, parts } of slave.results) {
            const body = toHex(parts[0]?.body ?? new Uint8Array());
            if (!parts[0]?.rejected) expect(body).toBe(expected.get(seq));
          }
          const writesOf = (index: number) =>
            slave.requests.filter(
              (one) =>
                one === `0506${toHex(Uint8Array.of(0, inputs[index]?.address ?? 0, 0, inputs[index]?.quantity ?? 0))}`,
            );
          for (const [index, { code }] of inputs.entries()) {
            if (code !== 6) continue;
            const same = inputs.filter(
              (one) =>
                one.code === 6 && one.address === inputs[index]?.address && one.quantity === inputs[index]?.quantity,
            );
            expect(writesOf(index).length).toBeLessThanOrEqual(same.length);
          }
          expect(slave.kinds().filter((kind) => kind === 'failed')).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what stands before an answer', () => {
  it('an adapter that echoes is recognised, also where an answer is the same as its request', () => {
    const slave = new WiredSlave();
    slave.echo = true;
    slave.open();
    slave.answer = (pdu) => ({ pdu: pdu[0] === 6 ? hex('86 04') : answerOf(pdu), afterUs: 1000 });
    slave.give(1, '05 06 0001 0005');
    slave.give(2, '05 03 0010 0001');
    slave.clock.advance(300_000);
    expect(bodies(slave)).toEqual(['8604', '03020010']);
    // An echo alone is no answer: the slave was silent.
    slave.answer = () => null;
    slave.give(3, '05 06 0001 0005');
    slave.clock.advance(90_000);
    expect(slave.results).toHaveLength(2);
  });

  it('noise of the bus’s turning costs nothing, with an echo and without', () => {
    for (const echo of [false, true]) {
      const slave = new WiredSlave();
      slave.echo = echo;
      slave.noise = [0x00, 0x05];
      slave.open();
      slave.give(1, '05 03 0010 0001');
      slave.give(2, '05 06 0010 0001');
      slave.clock.advance(300_000);
      expect(bodies(slave)).toEqual(['03020010', '0600100001']);
    }
  });

  it('an answer in pieces is one, and one with a wrong bit is none', () => {
    const slave = new WiredSlave().open();
    slave.answer = () => null;
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(10_000);
    for (const byte of frame('03 02 0010')) {
      slave.clock.advance(1_000);
      slave.hear(Uint8Array.of(byte));
    }
    expect(bodies(slave)).toEqual(['03020010']);
    slave.give(2, '05 03 0010 0001');
    slave.clock.advance(10_000);
    slave.hear(Uint8Array.from(frame('03 02 0010'), (byte, at) => (at === 4 ? byte ^ 1 : byte)));
    slave.clock.advance(1_000_000);
    expect(slave.results).toHaveLength(1);
    expect(slave.counts.badCrc).toBeGreaterThan(0);
  });

  it('fuzz: whatever comes does no harm, holds no memory, and is taken for no answer', () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(chunks, (given) => {
        const slave = new WiredSlave().open();
        slave.answer = () => null;
        slave.give(1, '05 03 0010 0001');
        for (const chunk of given) {
          slave.hear(chunk);
          slave.clock.advance(3_000);
        }
        expect(slave.results).toEqual([]);
        slave.answer = (pdu) => ({ pdu: answerOf(pdu), afterUs: 1_000 });
        slave.clock.advance(10_000_000);
        slave.tell({ kind: 'helloRequest' });
        slave.clock.advance(300_000);
        expect(slave.kinds().filter((kind) => kind === 'hello')).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what may be repeated', () => {
  it('reads outside of what is cleared by them', () => {
    const { wire } = modbusDialect({ ...OPTIONS, clearOnRead: [holding(10, 12)] });
    const may = (payload: string) => wire.mayRepeat(hex(payload));
    expect(may('05 03 0000 000a')).toBe(true);
    expect(may('05 03 0000 000b')).toBe(false);
    expect(may('05 04 000a 0001')).toBe(true);
    expect(may('05 06 0000 0001')).toBe(false);
    expect(may('05 17 0000 0001 0008 0001 02 1234')).toBe(false);
    expect(may('05 2b 0e 01 00')).toBe(true);
    expect(may('00 03 0000 0001')).toBe(false);
    expect(may('')).toBe(true);
    const codes = new Map([[0x41, { request: { bytes: 0 }, answer: { bytes: 0 } }]]);
    expect(modbusDialect({ ...OPTIONS, codes }).wire.mayRepeat(hex('05 41'))).toBe(false);
  });

  it('is asked of nobody where all of it would be cleared', () => {
    const clearOnRead = (['holding', 'input', 'coils', 'discrete'] as const).map((space) => ({
      space,
      first: 0,
      last: 1,
    }));
    expect(() => new WiredSlave({ clearOnRead })).toThrow(RangeError);
    expect(() => modbusDialect({ ...OPTIONS, slaves: new Map() })).toThrow(RangeError);
  });
});

describe('what the gateway reads by itself', () => {
  const watch = [holding(0, 1), { space: 'coils' as const, first: 0, last: 7 }];

  it('R16: a probe is the reads of what is watched, one part for each, while somebody asks upstream', () => {
    const slave = new WiredSlave({ watch }).open();
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(1_000_000);
    slave.give(2, '', true);
    slave.clock.advance(300_000);
    expect(slave.requests.slice(1)).toEqual(['050300000002', '050100000008']);
    expect(bodies(slave)[1]).toBe('030400000001 010100');
  });

  it('nothing while nobody asks: no master, no sign of one', () => {
    const slave = new WiredSlave({ watch }).open();
    slave.give(1, '', true);
    slave.clock.advance(300_000);
    expect(slave.results).toHaveLength(1);
    for (let seq = 2; seq < 12; seq++) {
      slave.give(seq, '05 03 0010 0001');
      slave.clock.advance(1_000_000);
    }
    const { length } = slave.writes;
    // Three usual periods after the last request: read no more. One question keeps its watchdog from tripping before.
    slave.clock.advance(1_900_000);
    slave.give(12, '', true);
    slave.clock.advance(300_000);
    expect(slave.writes.length).toBe(length + 3);
    slave.give(13, '', true);
    slave.clock.advance(1_000_000);
    expect(slave.writes.length).toBe(length + 3);
    expect(slave.results.at(-1)).toMatchObject({ seq: 13, parts: [{ rejected: false }] });
  });

  it('one board is read for a probe exactly when the other is', () => {
    const dialect = modbusDialect({ ...OPTIONS, watch, upstreamSilenceUs: 1_000_000 });
    const primary = new WiredSlave({}, 'a', dialect).open();
    const backup = new WiredSlave({}, 'b', dialect).open();
    primary.give(1, '05 03 0010 0001');
    primary.clock.advance(900_000);
    primary.give(2, '', true);
    backup.clock.advance(3_000_000);
    backup.give(2, '', true);
    for (const slave of [primary, backup]) slave.clock.advance(300_000);
    expect(backup.requests).toEqual(['090300000002', '090100000008']);
    expect(backup.results.at(-1)?.hash).toBe(primary.results.at(-1)?.hash);
  });

  it('without anything to watch it is a question, and its answer is not compared', () => {
    const hashes = ['03 02 0001', '83 02'].map((answer) => {
      const slave = new WiredSlave().open();
      slave.answer = () => ({ pdu: hex(answer), afterUs: 1000 });
      slave.give(1, '05 03 0000 0001');
      slave.clock.advance(50_000);
      slave.give(2, '', true);
      slave.clock.advance(50_000);
      expect(slave.requests).toEqual(['050300000001', '050300000001']);
      return slave.results[1]?.hash;
    });
    expect(hashes[0]).toBe(hashes[1]);
  });
});

describe('what two slaves may differ in', () => {
  const place = { space: 'input' as const, wordOrder: 'low-first' as const, name: 'flow', unit: 'l/min' };
  const { wire } = modbusDialect({
    ...OPTIONS,
    ignore: [{ space: 'input', first: 12, last: 12 }],
    tolerances: [
      { ...place, address: 10, type: 'i32', scale: 0.1, tolerance: 0.5 },
      { ...place, address: 13, type: 'i16', name: 'level', unit: 'mm', scale: 1, tolerance: 2 },
      { ...place, address: 20, type: 'f32', name: 'heat', unit: 'W', scale: 1, tolerance: 0.5 },
    ],
    watch: [{ space: 'input', first: 13, last: 13 }],
  });
  const verdict = (payload: string, one: string, other: string) =>
    wire.compareAnswers?.(hex(payload), [{ rejected: false, body: hex(one) }], [{ rejected: false, body: hex(other) }]);

  it('R20: a number of one register or two by its tolerance, with its sign and word order, and what is ignored by anything', () => {
    // -3, then 2: 0.5 apart; -1 and 1; and register 12.
    const [one, other] = ['04 08 fffd ffff 0001 ffff', '04 08 0002 0000 7777 0001'];
    expect(verdict('05 04 000a 0004', one, other)).toEqual({ verdict: 'match', within: 'tolerance' });
    expect(verdict('05 04 000a 0004', one, one)).toEqual({ verdict: 'match', within: 'exactly' });
    expect(verdict('', '04 02 ffff', '04 02 0001')).toEqual({ verdict: 'match', within: 'tolerance' });
  });

  it('R20: nothing else, and a difference is told by its register', () => {
    const differs = (field: string, committed: number, other: number) => ({
      ...{ verdict: 'mismatch', where: 'body', part: 0 },
      differences: [expect.objectContaining({ field, committed, other })],
    });
    expect(verdict('05 03 000d 0001', '03 02 0001', '03 02 0002')).toEqual(differs('holding 13', 1, 2));
    // Half of a number is none.
    expect(verdict('05 04 000b 0001', '04 02 0000', '04 02 0001')).toEqual(differs('input 11', 0, 1));
    expect(verdict('05 01 0008 0004', '01 01 04', '01 01 00')).toMatchObject(differs('coils 10', 1, 0));
    const rejected = wire.compareAnswers?.(
      hex('05 03 0000 0001'),
      [{ rejected: true, body: hex('83 02') }],
      [{ rejected: false, body: hex('03 02 0000') }],
    );
    expect(rejected).toMatchObject({ verdict: 'mismatch', differences: [{ field: 'rejected' }] });
  });

  it('R20: a number that differs by more than its tolerance is told by its name, once, in its unit', () => {
    const differencesOf = (payload: string, one: string, other: string) => {
      const said = verdict(payload, one, other);
      return said?.verdict === 'mismatch' ? said.differences : [];
    };
    const both = differencesOf('05 04 000a 0004', '04 08 fffd ffff 0001 ffff', '04 08 0003 0000 7777 0002');
    expect(both).toEqual([
      { field: 'flow', unit: 'l/min', scale: 0.1, committed: expect.closeTo(-0.3), other: expect.closeTo(0.3) },
      { field: 'level', unit: 'mm', scale: 1, committed: -1, other: 2 },
    ]);
    expect(differenceText(both.slice(0, 1), 'a', 'b')).toBe('flow: -0.3 l/min (board a) against 0.3 l/min (board b)');
    // An f32 has no steps; where it is no number, only its registers can be told.
    const [heat] = differencesOf('05 04 0014 0002', '04 04 0000 3f80', '04 04 0000 4000');
    expect(heat).toEqual({ field: 'heat', unit: 'W', scale: null, committed: 1, other: 2 });
    const [noNumber] = differencesOf('05 04 0014 0002', '04 04 0000 3f80', '04 04 0000 7fc0');
    expect(noNumber).toMatchObject({ field: 'input 21', committed: 0x3f80, other: 0x7fc0 });
  });
});

describe('evidence in registers', () => {
  const sign = { space: 'input' as const, address: 100, type: 'u32' as const, wordOrder: 'high-first' as const };

  it('R15: an uptime that falls is a restart; one that runs over is none, and it is compared with nobody’s', () => {
    const slave = new WiredSlave({ restartSign: sign }).open();
    let uptime = 5_000;
    slave.answer = (pdu) =>
      pdu[0] === 4
        ? { pdu: Uint8Array.of(4, 4, uptime >>> 24, uptime >>> 16, uptime >>> 8, uptime), afterUs: 1000 }
        : { pdu: answerOf(pdu), afterUs: 1000 };
    const hashes: (number | undefined)[] = [];
    const readAt = (seq: number, value: number): void => {
      uptime = value;
      slave.give(seq, '05 03 0010 0001');
      slave.clock.advance(50_000);
      slave.give(seq + 1, '', true);
      slave.clock.advance(50_000);
      hashes.push(slave.results.at(-1)?.hash);
    };
    for (const [index, value] of [5_000, 5_001, 0xfffffff0, 3].entries()) readAt(1 + 2 * index, value);
    expect(slave.kinds()).not.toContain('failed');
    expect(new Set(hashes).size).toBe(1);
    readAt(20, 2);
    expect(slave.said.map(({ message }) => message)).toContainEqual({ kind: 'failed', reason: 'restarted', detail: 2 });
  });

  it('R19: what was written and does not read back, twice, is evidence', () => {
    const slave = new WiredSlave({ written: [holding(0, 20)] }).open();
    const read = (seq: number, value: number): void => {
      slave.answer = (pdu) => ({ pdu: pdu[0] === 3 ? Uint8Array.of(3, 2, 0, value) : answerOf(pdu), afterUs: 1000 });
      slave.give(seq, '05 03 0004 0001');
      slave.clock.advance(50_000);
    };
    slave.give(1, '05 10 0003 0002 04 0001 0028');
    slave.clock.advance(50_000);
    read(2, 0x28);
    read(3, 0x29);
    read(4, 0x28);
    read(5, 0x29);
    expect(slave.kinds()).not.toContain('failed');
    read(6, 0x29);
    expect(slave.said.map(({ message }) => message)).toContainEqual({
      ...{ kind: 'failed', reason: 'written-value-lost', detail: 4 },
    });
  });

  it('R19: examined, it is read until that is evidence, and whatever waits goes first between two reads', () => {
    const slave = new WiredSlave({ written: [holding(4)], restartSign: sign }).open();
    slave.give(1, '05 06 0004 0028');
    slave.clock.advance(100_000);
    slave.answer = (pdu) => ({ pdu: pdu[0] === 3 ? Uint8Array.of(3, 2, 0, 0x29) : answerOf(pdu), afterUs: 1000 });
    slave.writes.length = 0;
    slave.tell({ kind: 'examine' });
    slave.tell({ kind: 'examine' });
    slave.give(2, '05 01 0000 0001');
    slave.clock.advance(300_000);
    const asked = ['050400640002', '050100000001', '050300040001', '050300040001'];
    expect(slave.requests.slice(0, 4)).toEqual(asked);
    expect(slave.kinds().slice(1, 4)).toEqual(['result', 'failed', 'examined']);
    expect(slave.said[2]?.message).toEqual({ kind: 'failed', reason: 'written-value-lost', detail: 4 });
  });

  it('R19: what may have been changed by a write that nobody has answered is expected of nobody', () => {
    const slave = new WiredSlave({ written: [holding(4), holding(6), holding(8)] }).open();
    for (const [seq, address] of [4, 6, 8].entries()) slave.give(seq + 1, Uint8Array.of(5, 6, 0, address, 0, 1));
    slave.clock.advance(200_000);
    // To all, to one that is not done with it, and to one that does not answer.
    slave.give(4, '00 06 0004 0004');
    slave.clock.advance(300_000);
    slave.answer = (pdu) =>
      pdu[0] === 6 ? { pdu: hex('86 05'), afterUs: 1000 } : { pdu: answerOf(pdu), afterUs: 1000 };
    slave.give(5, '05 06 0006 0009');
    slave.clock.advance(100_000);
    slave.answer = (pdu) => (pdu[0] === 6 ? null : { pdu: answerOf(pdu), afterUs: 1000 });
    slave.give(6, '05 06 0008 0009');
    slave.clock.advance(400_000);
    // Each register reads as its own address.
    slave.answer = (pdu) => ({ pdu: answerOf(pdu), afterUs: 1000 });
    for (const seq of [7, 8, 9]) {
      slave.give(seq, '05 03 0004 0005');
      slave.clock.advance(200_000);
    }
    expect(slave.kinds()).not.toContain('failed');
  });

  it('R19, R25: what was written to it in an earlier session is not expected in the next', () => {
    const slave = new WiredSlave({ written: [holding(4)], restartSign: sign }).open();
    slave.give(1, '05 06 0004 0028');
    slave.clock.advance(100_000);
    slave.tell({ kind: 'open', newSession: 2, wasSession: 1, boot: null, resume: false, nextSeq: 2 });
    slave.tell({ kind: 'examine' }, 2);
    slave.clock.advance(300_000);
    expect(slave.kinds()).toEqual(['result', 'hello', 'examined']);
  });
});

describe('a slave that nothing is given', () => {
  const counted = (slave: WiredSlave): number => slave.requests.filter((request) => request.startsWith('0903')).length;

  it('is asked whether it is there while somebody asks upstream, as its own watchdog would trip; and no longer', () => {
    const dialect = modbusDialect(OPTIONS);
    const primary = new WiredSlave({}, 'a', dialect).open();
    const other = new WiredSlave({}, 'b', dialect).open();
    for (let seq = 1; seq <= 20; seq++) {
      primary.give(seq, '05 03 0010 0001');
      primary.clock.advance(100_000);
      other.clock.advance(100_000);
      // What the core asks of it calls its link: here a question about it does.
      if (seq === 2) other.tell({ kind: 'helloRequest' });
    }
    const asked = counted(other);
    expect(asked).toBeGreaterThanOrEqual(9);
    expect(asked).toBeLessThanOrEqual(12);
    other.clock.advance(400_000);
    const last = counted(other);
    other.clock.advance(5_000_000);
    expect(counted(other)).toBe(last);
  });
});

describe('a repeat', () => {
  const watch = [holding(0, 124), holding(125, 249)];

  it('R14: is counted when it is sent, and not when it is asked for in vain', () => {
    const slave = new WiredSlave().open();
    slave.answer = (pdu) => ({ pdu: answerOf(pdu), afterUs: 80_000 });
    slave.give(1, '05 03 0010 0001');
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(300_000);
    expect(slave.requests).toHaveLength(1);
    expect(slave.results[0]).not.toHaveProperty('sentAgain');
    let lost = 1;
    slave.answer = (pdu) => (lost-- > 0 ? null : { pdu: answerOf(pdu), afterUs: 1_000 });
    slave.give(2, '05 03 0010 0001');
    slave.give(2, '05 03 0010 0001');
    slave.clock.advance(600_000);
    expect(slave.results[1]).toMatchObject({ seq: 2, sentAgain: 1 });
  });

  it('R14: of a probe of several reads each has its own time: the core hears of every part but the last', () => {
    const slave = new WiredSlave({ watch }).open();
    slave.give(1, '05 03 0010 0001');
    slave.clock.advance(100_000);
    slave.give(2, '', true);
    slave.clock.advance(1_000_000);
    expect(slave.said.slice(1).map(({ message }) => message)).toMatchObject([
      { kind: 'alive', seq: 2 },
      { kind: 'result', seq: 2 },
    ]);
  });
});

describe('what the configuration says of an input', () => {
  const [first, second] = [holding(10, 12), { space: 'coils' as const, first: 3, last: 3 }];

  it('R31: a pulse is a write to one of its registers or coils, also to all slaves', () => {
    const { wire } = modbusDialect({ ...OPTIONS, pulse: [first, second] });
    const told = [
      '05 06 000a 0001',
      '05 10 0008 0003 06 000000000000',
      '00 05 0003 ff00',
      '05 03 000a 0001',
      '05 06 0009 0001',
      '',
    ];
    expect(told.map((payload) => wire.isPulse?.(hex(payload)))).toEqual([true, true, true, false, false, false]);
  });

  it('R2: what is only read is the primary’s alone where reads are, but not what a read clears, and no probe', () => {
    const told = ['05 03 0000 0001', '05 03 000a 0001', '05 06 0000 0001', '05 2b 0e 01 00', ''];
    const alone = (readFrom: 'both' | 'primary') => {
      const { wire } = modbusDialect({ ...OPTIONS, readFrom, clearOnRead: [first] });
      return told.map((payload) => wire.isReadAlone?.(hex(payload)));
    };
    expect(alone('primary')).toEqual([true, false, false, true, false]);
    expect(alone('both')).toEqual([false, false, false, false, false]);
  });
});
