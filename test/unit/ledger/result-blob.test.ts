import { describe, expect, it } from 'vitest';
import { decodeBodies, decodeParts, encodeParts, exactBytes } from '../../../src/ledger/result-blob.js';

const part = (rejected: boolean, ...values: number[]) => ({ rejected, body: Uint8Array.from(values) });

describe('a result as one blob', () => {
  it('is for each part whether it was rejected, its length, and its body', () => {
    expect([...encodeParts([part(false, 7, 8), part(true), part(false, 9)])]).toEqual([
      ...[0, 2, 0, 0, 0, 7, 8],
      ...[1, 0, 0, 0, 0],
      ...[0, 1, 0, 0, 0, 9],
    ]);
    expect(encodeParts([])).toHaveLength(0);
  });

  it.each([0, 255, 256, 65_536])('keeps the length %d of a part', (length) => {
    const blob = encodeParts([{ rejected: false, body: new Uint8Array(length) }, part(true, 1)]);
    expect(new DataView(blob.buffer).getUint32(1, true)).toBe(length);
    expect(decodeParts(blob).map(({ body }) => body.length)).toEqual([length, 1]);
  });

  it('is read as it was written, wherever it lies in a buffer', () => {
    const parts = [part(true, 1, 2, 3), part(false), part(false, 4)];
    const blob = encodeParts(parts);
    const within = new Uint8Array([9, 9, ...blob, 9]).subarray(2, 2 + blob.length);
    expect(decodeParts(within)).toEqual(parts);
    expect(decodeBodies(within)?.map((body) => [...body])).toEqual([[1, 2, 3], [], [4]]);
    expect(decodeBodies(null)).toBeNull();
  });

  it('R17: of a damaged row gives the parts that are whole', () => {
    const blob = encodeParts([part(false, 1, 2), part(false, 3)]);
    for (let length = 0; length <= blob.length; length++) {
      const whole = [7, 13].filter((end) => length >= end).length;
      expect(decodeParts(blob.subarray(0, length))).toHaveLength(whole);
    }
  });

  it('gives bodies in buffers of their own size', () => {
    const bytes = new Uint8Array(100).subarray(10, 12);
    expect(exactBytes(bytes).buffer.byteLength).toBe(2);
    const [first] = decodeParts(encodeParts([part(false, 5)]));
    expect(first?.body.buffer.byteLength).toBe(1);
  });
});
