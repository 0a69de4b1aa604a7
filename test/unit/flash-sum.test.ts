import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlashSum } from '../../src/link/harness/flash-sum.js';
import { crc32, crc32Joined } from '../../src/protocol/crc32.js';
import type { HelloMessage, SelfTestReportMessage } from '../../src/protocol/messages.generated.js';

const IMAGE = Uint8Array.from({ length: 600 }, (_, at) => (at * 31) & 0xff);
const SLICES = 4;

const hello = (boot = 1, imageHash = crc32(IMAGE)): HelloMessage =>
  ({ kind: 'hello', session: 0, boot, imageHash }) as HelloMessage;

/** The report of one slice of a board that holds `flash`: three pieces of flash and a slice without any. */
function report(slice: number, flash = IMAGE): SelfTestReportMessage {
  const piece = flash.subarray(slice * 256, slice * 256 + 256);
  const rest = { session: 1, seq: 0, ramFault: false, cpuFault: false, ramTested: true, ramFaultAt: 0 };
  const last = slice === SLICES - 1;
  return { kind: 'selfTestReport', slice, last, flashBytes: piece.length, flashCrc: crc32(piece), ...rest };
}

function verdicts(sum: FlashSum, slices: readonly number[], flash = IMAGE): string[] {
  return slices.map((slice) => sum.add(report(slice, flash)));
}

function greeted(): FlashSum {
  const sum = new FlashSum();
  sum.heard(hello());
  return sum;
}

const WAITS = 'not-tested';
const bytes = fc.uint8Array({ maxLength: 300 });

describe('crc32Joined', () => {
  it('is the crc32 of both, one behind the other', () => {
    fc.assert(
      fc.property(bytes, bytes, (first, second) => {
        const whole = Uint8Array.of(...first, ...second);
        expect(crc32Joined(crc32(first), crc32(second), second.length)).toBe(crc32(whole));
      }),
    );
  });
});

describe('the sum over a board’s flash', () => {
  it('R19: is judged with the last slice, by the image hash of HELLO, as often as it is done', () => {
    const sum = greeted();
    expect(verdicts(sum, [0, 1, 2, 3])).toEqual([WAITS, WAITS, WAITS, 'ok']);
    expect(verdicts(sum, [0, 1, 2, 3])).toEqual([WAITS, WAITS, WAITS, 'ok']);
  });

  it('R19: is bad when one bit of the image differs, wherever it is', () => {
    for (let at = 0; at < IMAGE.length; at += 1) {
      const flash = IMAGE.map((byte, place) => (place === at ? byte ^ 0x10 : byte));
      expect(verdicts(greeted(), [0, 1, 2, 3], flash).at(-1)).toBe('bad');
    }
  });

  it('bears slices that were asked twice', () => {
    expect(verdicts(greeted(), [0, 0, 1, 2, 2, 3, 3])).toEqual([...Array(5).fill(WAITS), 'ok', 'ok']);
  });

  it('R19: is bad when a piece reads differently the second time, until it is begun anew', () => {
    const sum = greeted();
    const flash = IMAGE.map((byte, at) => (at === 300 ? byte ^ 1 : byte));
    expect([...verdicts(sum, [0, 1]), ...verdicts(sum, [1], flash), ...verdicts(sum, [1, 2, 3])]).toEqual([
      ...[WAITS, WAITS, 'bad'],
      ...['bad', 'bad', 'bad'],
    ]);
    expect(verdicts(sum, [0, 1, 2, 3]).at(-1)).toBe('ok');
  });

  it.each([[[1, 2, 3]], [[0, 2, 3]], [[0, 1, 3]], [[3]], [[0, 1, 2, 1, 3]]])(
    'knows nothing when slices are missing: %j',
    (slices) => {
      const sum = greeted();
      expect(verdicts(sum, slices)).toEqual(slices.map(() => WAITS));
      expect(verdicts(sum, [0, 1, 2, 3]).at(-1)).toBe('ok');
    },
  );

  it('begins anew when the board has restarted in between, or says another image', () => {
    for (const another of [hello(2), hello(1, 5)]) {
      const sum = greeted();
      verdicts(sum, [0, 1]);
      sum.heard(another);
      expect(verdicts(sum, [2, 3])).toEqual([WAITS, WAITS]);
    }
    const asked = greeted();
    verdicts(asked, [0, 1]);
    asked.heard(hello());
    expect(verdicts(asked, [2, 3])).toEqual([WAITS, 'ok']);
  });

  it('knows nothing without a HELLO, nor of a board that tells no flash', () => {
    expect(verdicts(new FlashSum(), [0, 1, 2, 3])).toEqual(Array(4).fill(WAITS));
    expect(verdicts(greeted(), [0, 1, 2, 3], new Uint8Array())).toEqual(Array(4).fill(WAITS));
  });
});
