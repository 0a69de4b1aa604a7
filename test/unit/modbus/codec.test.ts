import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exceptionIn,
  exceptionTo,
  isAnswerTo,
  longestAnswer,
  registerIn,
} from '../../../src/protocol/modbus/answer.js';
import { crc16 } from '../../../src/protocol/modbus/crc16.js';
import { MAX_PDU_BYTES, READ_FUNCTIONS, type RegisterSpace } from '../../../src/protocol/modbus/function-codes.js';
import { answerLength, type CodeTable, requestLength } from '../../../src/protocol/modbus/pdu-length.js';
import { parseRequest, readablePieces, readingRequest } from '../../../src/protocol/modbus/request.js';
import { decodeRtu, encodeRtu, hasCrc } from '../../../src/protocol/modbus/rtu-frame.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const anyBytes = fc.uint8Array({ maxLength: 300 });
const u16 = fc.integer({ min: 0, max: 0xffff });
const CODES: CodeTable = new Map([[65, { request: { bytes: 4 }, answer: { countAt: 1 } }]]);

/** As the specification words it, bit by bit. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

const words = (...values: number[]): number[] => values.flatMap((value) => [value >> 8, value & 0xff]);

/** Requests that a slave may carry out. */
const goodRequest: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 15, 16, 17, 22, 23, 43, 65), u16, fc.integer({ min: 1, max: 120 }), u16)
  .map(([code, at, quantity, value]) => {
    const first = Math.min(at, 0xffff - quantity);
    if (code === 17) return Uint8Array.of(17);
    if (code === 43) return Uint8Array.of(43, 14, 1, 0);
    if (code === 22) return Uint8Array.of(22, ...words(first, value, quantity));
    const values = Array.from({ length: 2 * quantity }, (_, index) => (value + index) & 0xff);
    const bits = values.slice(0, Math.ceil(quantity / 8));
    if (code === 15) return Uint8Array.of(15, ...words(first, quantity), bits.length, ...bits);
    if (code === 16) return Uint8Array.of(16, ...words(first, quantity), values.length, ...values);
    if (code === 23) {
      return Uint8Array.of(23, ...words(first, quantity, first, quantity), values.length, ...values);
    }
    return Uint8Array.of(code, ...words(first, code === 5 || code === 6 ? value : quantity));
  });

/** What a slave with zeros everywhere says to it. */
function answered(request: Uint8Array): Uint8Array {
  const [code = 0] = request;
  const quantity = ((request[3] ?? 0) << 8) | (request[4] ?? 0);
  if (code <= 2) return Uint8Array.of(code, Math.ceil(quantity / 8), ...new Uint8Array(Math.ceil(quantity / 8)));
  if (code <= 4 || code === 23) return Uint8Array.of(code, 2 * quantity, ...new Uint8Array(2 * quantity));
  if (code === 15 || code === 16) return request.slice(0, 5);
  if (code === 17) return Uint8Array.of(17, 3, 9, 0xff, 1);
  if (code === 43) return Uint8Array.of(43, 14, 1, 1, 0, 0, 2, 0, 1, 65, 1, 2, 66, 67);
  if (code === 65) return Uint8Array.of(65, 7, 2, 8, 9);
  return request;
}

describe('the checksum of Modbus RTU', () => {
  it('is that of the specification', () => {
    expect(hasCrc(hex('01 03 00 00 00 0A C5 CD'), 0, 8)).toBe(true);
    expect(hasCrc(hex('11 01 00 13 00 25 0E 84'), 0, 8)).toBe(true);
    fc.assert(fc.property(anyBytes, (bytes) => crc16(bytes) === slowCrc(bytes)));
  });

  it('finds any one or two wrong bits of a frame', () => {
    const bit = fc.nat({ max: 8 * 250 });
    fc.assert(
      fc.property(goodRequest, bit, bit, (pdu, one, other) => {
        const frame = encodeRtu({ address: 5, pdu });
        for (const at of one === other ? [one] : [one, other]) {
          const place = at % (8 * frame.length);
          frame[place >> 3] = (frame[place >> 3] ?? 0) ^ (1 << (place & 7));
        }
        const isUnchanged = one !== other && (one - other) % (8 * frame.length) === 0;
        expect(decodeRtu(frame) !== null).toBe(isUnchanged);
      }),
    );
  });
});

describe('Modbus RTU frames', () => {
  it('come back as they went, of any address and any PDU', () => {
    const pdus = fc.uint8Array({ minLength: 1, maxLength: MAX_PDU_BYTES });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), pdus, (address, pdu) => {
        expect(decodeRtu(encodeRtu({ address, pdu }))).toEqual({ address, pdu });
      }),
    );
  });

  it('are none where nothing or too much is in them', () => {
    expect(() => encodeRtu({ address: 1, pdu: new Uint8Array(0) })).toThrow(RangeError);
    expect(() => encodeRtu({ address: 1, pdu: new Uint8Array(MAX_PDU_BYTES + 1) })).toThrow(RangeError);
    expect(() => encodeRtu({ address: 256, pdu: Uint8Array.of(3) })).toThrow(RangeError);
    fc.assert(fc.property(anyBytes, (bytes) => decodeRtu(bytes) === null || hasCrc(bytes, 0, bytes.length)));
  });
});

describe('how long a PDU is', () => {
  it('is said as soon as it can be, and never otherwise by more bytes', () => {
    const check = (pdu: Uint8Array, lengthOf: typeof requestLength): void => {
      let known = false;
      for (let end = 0; end <= pdu.length; end++) {
        const length = lengthOf(Uint8Array.of(...pdu.subarray(0, end), 0xaa, 0x55), 0, end, CODES);
        if (length === 'more') expect(known).toBe(false);
        else {
          expect(length).toBe(pdu.length);
          known = true;
        }
      }
      expect(known).toBe(true);
    };
    fc.assert(
      fc.property(goodRequest, (request) => {
        check(request, requestLength);
        check(answered(request), answerLength);
        check(exceptionTo(request[0] ?? 0, 2), answerLength);
      }),
    );
  });

  it('is never more than a PDU may be, whatever comes', () => {
    for (const lengthOf of [requestLength, answerLength]) {
      fc.assert(
        fc.property(anyBytes, fc.nat({ max: 20 }), (bytes, begin) => {
          const length = lengthOf(bytes, begin, bytes.length, CODES);
          if (typeof length === 'number') expect(length).toBeLessThanOrEqual(MAX_PDU_BYTES);
        }),
        { numRuns: 2000 },
      );
    }
  });

  it('is unknown of a function that nobody has named', () => {
    expect(requestLength(hex('41 01 02 03 04'), 0, 5)).toBe('unknown');
    expect(requestLength(hex('41 01 02 03 04'), 0, 5, CODES)).toBe(5);
    expect(answerLength(hex('41 07 02'), 0, 3, CODES)).toBe(5);
    expect(answerLength(hex('2b 0d'), 0, 2)).toBe('unknown');
  });
});

describe('requests', () => {
  it('say what they read and write', () => {
    const of = (text: string) => parseRequest(hex(text));
    expect(of('03 0010 0002')).toEqual({ code: 3, reads: { space: 'holding', first: 16, last: 17 }, writes: null });
    expect(of('01 0000 07d0')).toEqual({ code: 1, reads: { space: 'coils', first: 0, last: 1999 }, writes: null });
    expect(of('05 0007 ff00')).toEqual({ code: 5, reads: null, writes: { space: 'coils', first: 7, last: 7 } });
    expect(of('0f 0001 0009 02 ffff')).toMatchObject({ writes: { space: 'coils', first: 1, last: 9 } });
    expect(of('16 0004 00ff 0001')).toMatchObject({ writes: { space: 'holding', first: 4, last: 4 } });
    expect(of('17 0000 0001 0008 0001 02 1234')).toEqual({
      ...{ code: 23, reads: { space: 'holding', first: 0, last: 0 }, writes: { space: 'holding', first: 8, last: 8 } },
    });
  });

  it('are refused as a slave refuses them', () => {
    const exception = (text: string) => parseRequest(hex(text));
    expect(exception('41 01020304')).toEqual({ exception: 1 });
    expect(exception('83 02')).toEqual({ exception: 1 });
    expect(exception('03 0000 0000')).toEqual({ exception: 3 });
    expect(exception('03 0000 007e')).toEqual({ exception: 3 });
    expect(exception('03 ffff 0002')).toEqual({ exception: 2 });
    expect(exception('03 0000 0001 00')).toEqual({ exception: 3 });
    expect(exception('10 0000 0002 03 010203')).toEqual({ exception: 3 });
    expect(parseRequest(new Uint8Array(0))).toEqual({ exception: 1 });
  });

  it('never throw, whatever comes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const said = parseRequest(bytes, CODES);
        if ('exception' in said) expect([1, 2, 3]).toContain(said.exception);
        else expect(requestLength(bytes, 0, bytes.length, CODES)).toBe(bytes.length);
      }),
      { numRuns: 3000 },
    );
  });

  it('that read a range are those of its pieces, and read what they say', () => {
    const spaces = fc.constantFrom<RegisterSpace>('coils', 'discrete', 'holding', 'input');
    fc.assert(
      fc.property(spaces, u16, fc.integer({ min: 0, max: 5000 }), (space, first, more) => {
        const whole = { space, first, last: Math.min(0xffff, first + more) };
        const read = readablePieces(whole).map((piece) => parseRequest(readingRequest(piece)));
        let next = first;
        for (const request of read) {
          if ('exception' in request || request.reads === null) throw new Error('no read');
          expect(READ_FUNCTIONS.get(request.code)).toBe(space);
          expect(request.reads).toMatchObject({ space, first: next });
          next = request.reads.last + 1;
        }
        expect(next).toBe(whole.last + 1);
      }),
    );
    expect(() => readingRequest({ space: 'holding', first: 0, last: 125 })).toThrow(RangeError);
    expect(() => readingRequest({ space: 'coils', first: 0xffff, last: 0x10000 })).toThrow(RangeError);
  });
});

describe('answers', () => {
  it('are known for their request’s, and are within what it may be answered with', () => {
    fc.assert(
      fc.property(goodRequest, (request) => {
        const of = parseRequest(request, CODES);
        if ('exception' in of) throw new Error(`refused: ${Buffer.from(request).toString('hex')}`);
        const answer = answered(request);
        expect(isAnswerTo(request, of, answer, CODES)).toBe(true);
        expect(isAnswerTo(request, of, exceptionTo(of.code, 2), CODES)).toBe(true);
        expect(answer.length).toBeLessThanOrEqual(longestAnswer(of, MAX_PDU_BYTES));
      }),
    );
  });

  it('are not taken for those of a request that asks for something else', () => {
    const not = (request: string, answer: string): void => {
      const pdu = hex(request);
      const of = parseRequest(pdu);
      if ('exception' in of) throw new Error('refused');
      expect(isAnswerTo(pdu, of, hex(answer))).toBe(false);
    };
    not('03 0000 0002', '03 02 0001');
    not('03 0000 0001', '04 02 0001');
    not('01 0000 0009', '01 01 00');
    not('06 0001 0002', '06 0001 0003');
    not('06 0001 0002', '06 0002 0002');
    not('10 0001 0001 02 0005', '10 0001 0002');
    not('05 0001 ff00', '05 0001 0000');
    not('03 0000 0001', '84 02');
    not('03 0000 0001', '03 02 0001 00');
    not('2b 0e 01 00', '2b 0e 02 01 00 00 00');
  });

  it('fuzz: nothing that comes is taken for an answer without being one by its function and length', () => {
    fc.assert(
      fc.property(goodRequest, anyBytes, (request, bytes) => {
        const of = parseRequest(request, CODES);
        if ('exception' in of) return;
        const answer = Uint8Array.of(bytes[0] === undefined ? 0 : (request[0] ?? 0) | (bytes[0] & 0x80), ...bytes);
        if (isAnswerTo(request, of, answer, CODES)) {
          expect(answerLength(answer, 0, answer.length, CODES)).toBe(answer.length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('say why they are exceptions, and what is in a register', () => {
    expect(exceptionIn(hex('83 02'))).toBe(2);
    expect(exceptionIn(hex('03 02 0001'))).toBeNull();
    expect(registerIn(hex('03 04 0001 1234'), 10, 11)).toBe(0x1234);
  });
});
