import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cobsDecode, cobsEncode } from '../../src/protocol/cobs.js';
import { crc32 } from '../../src/protocol/crc32.js';
import { decodeFrame, encodeFrame, isFromBoard } from '../../src/protocol/frame-codec.js';
import { type FieldDescriptor, FRAME, MESSAGES, type Message } from '../../src/protocol/messages.generated.js';

const u32 = () => fc.integer({ min: 0, max: 0xffffffff });
const numbers: Record<Exclude<FieldDescriptor['as'], 'bytes'>, fc.Arbitrary<number>> = {
  u8: fc.integer({ min: 0, max: 0xff }),
  u16: fc.integer({ min: 0, max: 0xffff }),
  u32: u32(),
  i16: fc.integer({ min: -0x8000, max: 0x7fff }),
  i32: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
};

function fieldArbitraries(field: FieldDescriptor): Record<string, fc.Arbitrary<unknown>> {
  if (field.bits !== undefined) return Object.fromEntries(field.bits.map(([name]) => [name, fc.boolean()]));
  if (field.values !== undefined) return { [field.name]: fc.constantFrom(...field.values.map(([name]) => name)) };
  if (field.as === 'bytes') return { [field.name]: fc.uint8Array({ maxLength: 20 }) };
  // Short lists, so that the longest body of every message still fits a frame.
  const listLength = Math.min(field.maxItems ?? 0, 3);
  const number = numbers[field.as];
  return { [field.name]: field.maxItems === undefined ? number : fc.array(number, { maxLength: listLength }) };
}

const anyMessage: fc.Arbitrary<Message> = fc
  .oneof(
    ...MESSAGES.map((descriptor) =>
      fc.record({
        kind: fc.constant(descriptor.kind),
        session: numbers.u8,
        seq: numbers.u32,
        ...Object.assign({}, ...descriptor.fields.map(fieldArbitraries)),
      }),
    ),
  )
  .map((record) => record as unknown as Message);

const withoutDelimiters = (wire: Uint8Array) => wire.subarray(1, -1);

function decoded(bytes: Uint8Array): Uint8Array | null {
  const into = new Uint8Array(bytes.length);
  const length = cobsDecode(bytes, into);
  return length === null ? null : into.subarray(0, length);
}

describe('CRC-32', () => {
  it('equals that of zlib', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
  });

  it('can be computed piece by piece', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        expect(crc32(second, crc32(first))).toBe(zlibCrc32(Buffer.concat([first, second])));
      }),
    );
  });
});

describe('COBS', () => {
  it('gives back what it was given, without a zero in between', () => {
    const lengths = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ minLength: 250, maxLength: 600 }));
    fc.assert(
      fc.property(lengths, (bytes) => {
        const encoded = cobsEncode(bytes);
        expect([encoded.at(0), encoded.at(-1)]).toEqual([0, 0]);
        expect(encoded.subarray(1, -1)).not.toContain(0);
        expect(decoded(encoded.subarray(1, -1))).toEqual(bytes);
      }),
    );
  });

  it.each([253, 254, 255, 508, 509])('keeps runs of %i bytes without a zero', (length) => {
    for (const tail of [[], [0], [0, 0]]) {
      const bytes = Uint8Array.of(...new Array<number>(length).fill(7), ...tail);
      expect(decoded(cobsEncode(bytes).subarray(1, -1))).toEqual(bytes);
    }
  });

  it('rejects a zero inside', () => {
    expect(decoded(Uint8Array.of(3, 1, 0))).toBeNull();
    expect(decoded(Uint8Array.of(0))).toBeNull();
    expect(decoded(new Uint8Array(0))).toBeNull();
  });
});

describe('the frame codec', () => {
  it('gives back every message', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const wire = encodeFrame(message);
        expect(wire.length).toBeLessThanOrEqual(FRAME.wireBytes);
        expect(wire.indexOf(0, 1)).toBe(wire.length - 1);
        expect(decodeFrame(withoutDelimiters(wire))).toEqual({ ok: true, message });
      }),
      { numRuns: 1000 },
    );
  });

  it('rejects every frame of which one bit or two bits differ', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.nat(), (message, first, second) => {
        const bytes = Uint8Array.from(withoutDelimiters(encodeFrame(message)));
        const bits = bytes.length * 8;
        for (const bit of new Set([first % bits, second % bits])) {
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        }
        expect(decodeFrame(bytes).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeFrame(bytes)).toHaveProperty('ok');
      }),
    );
  });

  it('keeps no reference to the bytes it was given', () => {
    const bytes = Uint8Array.from(withoutDelimiters(encodeFrame({ ...logMessage, text: Uint8Array.of(1, 2, 3) })));
    const decoded = decodeFrame(bytes);
    bytes.fill(9);
    expect(decoded).toEqual({ ok: true, message: { ...logMessage, text: Uint8Array.of(1, 2, 3) } });
  });

  const logMessage = { kind: 'log', session: 1, seq: 0, text: new Uint8Array(0) } as const;
  const commit = { kind: 'commit', session: 1, seq: 1, resultHash: 1 } as const;
  const done = { kind: 'done', session: 1, seq: 1, stale: false, readBack: [] } as const;

  it.each([
    ['a hash beyond 32 bits', { ...commit, resultHash: 2 ** 32 }],
    ['a negative hash', { ...commit, resultHash: -1 }],
    ['a fraction', { ...commit, resultHash: 0.5 }],
    ['a seq beyond 32 bits', { ...commit, seq: 2 ** 32 }],
    ['a session beyond 8 bits', { ...commit, session: 256 }],
    ['a list that is too long', { ...done, readBack: [1, 2, 3, 4, 5, 6, 7, 8, 9] }],
    ['an item beyond 16 bits', { ...done, readBack: [40000] }],
    ['a body longer than a frame', { ...logMessage, text: new Uint8Array(68) }],
  ] as const)('throws for %s: that is our own mistake', (_, message) => {
    expect(() => encodeFrame(message)).toThrow(RangeError);
  });

  it('takes a body that just fits', () => {
    expect(encodeFrame({ ...logMessage, text: new Uint8Array(67).fill(1) })).toHaveLength(FRAME.wireBytes);
  });

  it('reads an enum value without a name as unknown', () => {
    const failed = { kind: 'failed', session: 1, seq: 0, reason: 'unknown', detail: 1 } as const;
    expect(decodeFrame(withoutDelimiters(encodeFrame(failed)))).toEqual({ ok: true, message: failed });
  });

  it('knows which side sends a message', () => {
    expect(isFromBoard(done)).toBe(true);
    expect(isFromBoard(commit)).toBe(false);
  });
});

describe('the message table', () => {
  it('R28: no field of any message names a role, a peer or the epoch', () => {
    const words = MESSAGES.flatMap(({ name, fields }) => [
      name,
      ...fields.flatMap((field) => [field.name, ...(field.bits ?? []).map(([bit]) => bit)]),
      ...fields.flatMap((field) => (field.values ?? []).map(([value]) => value)),
    ]);
    expect(words.length).toBeGreaterThan(60);
    const forbidden =
      /role|primary|backup|witness|standby|peer|partner|other|twin|epoch|lease|owner|master|slave|leader/i;
    expect(words.filter((word) => forbidden.test(word))).toEqual([]);
  });

  it('has each type and kind once, gateway to board below 128', () => {
    expect(new Set(MESSAGES.map(({ type }) => type)).size).toBe(MESSAGES.length);
    expect(new Set(MESSAGES.map(({ kind }) => kind)).size).toBe(MESSAGES.length);
    for (const { type, direction } of MESSAGES) expect(type < 128).toBe(direction === 'toBoard');
  });
});
