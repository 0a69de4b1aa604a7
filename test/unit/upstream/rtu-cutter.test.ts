import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRtu } from '../../../src/protocol/modbus/rtu-frame.js';
import { RtuCutter } from '../../../src/upstream/modbus/rtu-cutter.js';
import { characterUs, type LineSettings } from '../../../src/values/line-settings.js';
import { ManualClock } from '../manual-clock.js';

const frame = (address: number, ...pdu: readonly number[]) =>
  Buffer.from(encodeRtu({ address, pdu: Uint8Array.from(pdu) }));

const READ = [3, 0, 0, 0, 2];
const READ_ANSWER = [3, 4, 0, 1, 0, 2];
const WRITE = [6, 0, 3, 0, 17];

const SETTINGS: LineSettings = { baudRate: 19_200, dataBits: 8, parity: 'even', stopBits: 1 };

/** The face of unit 5 on a line at 19200 8E1 that it has for itself or shares; `settings` null: at a pseudo-terminal. */
function line(settings: LineSettings | null = SETTINGS) {
  const clock = new ManualClock();
  clock.advance(10_000_000);
  const cutter = new RtuCutter({ clock, line: settings, codes: new Map(), isServed: (unit) => unit === 5 });
  const asked: string[] = [];
  /** After so long a silence, and as long as it takes on the wire. */
  const hear = (bytes: Buffer, afterMs: number) => {
    clock.advance(afterMs * 1000 + Math.ceil(bytes.length * (settings === null ? 0 : characterUs(settings))));
    cutter.push(bytes);
    for (let next = cutter.next(); next !== null; next = cutter.next()) {
      if (next !== 'not-modbus') asked.push(Buffer.from(next.pdu).toString('hex'));
    }
  };
  return { cutter, asked, hear, clock };
}

const hex = (...pdu: readonly number[]) => Buffer.from(pdu).toString('hex');

describe('Modbus RTU, cut from what is heard on a line', () => {
  it('is the same wherever the chunks end', () => {
    const stream = Buffer.concat([frame(5, ...READ), frame(5, ...WRITE), frame(5, 16, 0, 3, 0, 1, 2, 0, 9)]);
    for (let size = 1; size <= stream.length; size++) {
      const { asked, hear } = line();
      for (let at = 0; at < stream.length; at += size) hear(stream.subarray(at, at + size), 0);
      expect(asked).toEqual([hex(...READ), hex(...WRITE), hex(16, 0, 3, 0, 1, 2, 0, 9)]);
    }
  });

  it('leaves out what other slaves are asked and say, and hears its own between them, in one chunk too', () => {
    const bus = Buffer.concat([
      ...[frame(7, ...READ), frame(7, ...READ_ANSWER), frame(9, ...WRITE), frame(9, ...WRITE), frame(9, 3, 0, 0, 0, 1)],
      ...[frame(9, 0x83, 2), frame(5, ...READ), frame(7, 43, 14, 1, 0), frame(5, ...WRITE)],
    ]);
    for (const size of [1, 3, 20, bus.length]) {
      const { asked, hear, cutter } = line();
      for (let at = 0; at < bus.length; at += size) hear(bus.subarray(at, at + size), 0);
      expect(asked).toEqual([hex(...READ), hex(...WRITE)]);
      expect(cutter.lostBytes).toBe(0);
    }
  });

  it('never takes a part of what another slave says for a request, however much it looks like one', () => {
    // The values that slave 7 gives are a whole write to unit 5, and the first byte of its frame was lost.
    const treacherous = frame(7, 3, 8, ...frame(5, ...WRITE));
    const { asked, hear, cutter } = line();
    // As a port without a buffer gives it, a byte at a time.
    for (const [at, byte] of treacherous.subarray(1).entries()) hear(Buffer.of(byte), at === 0 ? 20 : 0);
    hear(treacherous, 0);
    expect(asked).toEqual([]);
    expect(cutter.lostBytes).toBeGreaterThan(0);
    // After the next silence the order is there again.
    hear(frame(5, ...READ), 20);
    expect(asked).toEqual([hex(...READ)]);
  });

  it('says nothing to a frame whose checksum is wrong, and hears the next one after a silence', () => {
    const { asked, hear } = line();
    const bad = frame(5, ...WRITE);
    bad[5] = (bad[5] ?? 0) ^ 1;
    hear(bad, 20);
    hear(frame(5, ...READ), 0);
    expect(asked).toEqual([]);
    hear(frame(5, ...READ), 10);
    expect(asked).toEqual([hex(...READ)]);
  });

  it.each([SETTINGS, null])(
    'a frame that was never ended does not swallow the next one (at the settings %j)',
    (settings) => {
      const { asked, hear } = line(settings);
      // It says that 246 bytes follow.
      hear(Buffer.of(5, 16, 0, 0, 0, 123, 246), 50);
      hear(frame(5, ...READ), 50);
      expect(asked).toEqual([hex(...READ)]);
    },
  );

  it('a pause inside of a frame, of a converter or a busy machine, is none', () => {
    const { asked, hear } = line();
    const whole = frame(5, 16, 0, 3, 0, 2, 4, 0, 1, 0, 2);
    hear(whole.subarray(0, 5), 20);
    hear(whole.subarray(5), 30);
    expect(asked).toEqual([hex(16, 0, 3, 0, 2, 4, 0, 1, 0, 2)]);
  });

  it('an answer in its own name is no request: somebody else has its address', () => {
    const { asked, hear } = line();
    hear(frame(5, ...READ_ANSWER), 20);
    hear(frame(5, 0x83, 2), 20);
    expect(asked).toEqual([]);
  });

  it('hears a served request behind any garbage and a silence, and holds little of it', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { maxLength: 8 }), (garbage) => {
        const { asked, hear } = line();
        for (const bytes of garbage) hear(Buffer.from(bytes), 0);
        const before = asked.length;
        hear(frame(5, ...READ), 600);
        expect(asked.slice(before)).toEqual([hex(...READ)]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an adapter that hears what it sends', () => {
  const answered = (one: ReturnType<typeof line>, ...pdu: readonly number[]) => one.cutter.sent(frame(5, ...pdu));

  it('is recognised by the first answer that cannot be a request, and its echoes are left out from then on', () => {
    const one = line();
    one.hear(frame(5, ...READ), 20);
    answered(one, ...READ_ANSWER);
    one.hear(frame(5, ...READ_ANSWER), 0);
    one.hear(frame(5, ...WRITE), 20);
    answered(one, ...WRITE);
    // Late, because the machine was busy: known by now.
    one.hear(frame(5, ...WRITE), 100);
    expect(one.asked).toEqual([hex(...READ), hex(...WRITE)]);
    expect(one.cutter.echoes).toBe(2);
    // And the same again is the master's.
    one.hear(frame(5, ...WRITE), 20);
    expect(one.asked).toHaveLength(3);
  });

  it('is not supposed where there is none: the same write at once after its answer is one more', () => {
    const one = line();
    one.hear(frame(5, ...READ), 20);
    answered(one, ...READ_ANSWER);
    one.hear(frame(5, ...WRITE), 5);
    answered(one, ...WRITE);
    one.hear(frame(5, ...WRITE), 5);
    expect(one.asked).toEqual([hex(...READ), hex(...WRITE), hex(...WRITE)]);
    expect(one.cutter.echoes).toBe(0);
  });

  it('before that is known a write is done once rather than twice, and again when it is asked again', () => {
    const one = line();
    one.hear(frame(5, ...WRITE), 20);
    answered(one, ...WRITE);
    one.hear(frame(5, ...WRITE), 0);
    expect(one.asked).toHaveLength(1);
    one.hear(frame(5, ...WRITE), 500);
    expect(one.asked).toHaveLength(2);
  });

  it('in pieces, with the next request behind it', () => {
    const one = line();
    one.hear(frame(5, ...READ), 20);
    answered(one, ...READ_ANSWER);
    const echo = frame(5, ...READ_ANSWER);
    one.hear(echo.subarray(0, 4), 0);
    one.hear(Buffer.concat([echo.subarray(4), frame(5, ...WRITE)]), 0);
    expect(one.asked).toEqual([hex(...READ), hex(...WRITE)]);
  });
});
