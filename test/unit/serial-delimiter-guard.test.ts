import { describe, expect, it } from 'vitest';
import { DelimiterGuard } from '../../src/serial/session/delimiter-guard.js';

describe('R6: the guard before the delimiter parser', () => {
  it('hands on what has delimiters in time, untouched', () => {
    const guard = new DelimiterGuard(4);
    const chunk = Buffer.from([1, 2, 3, 4, 0, 1, 2, 3, 4, 0]);
    expect(guard.pass(chunk)).toBe(chunk);
    expect(guard.overlongBytes).toBe(0);
  });

  it('cuts a run that is too long, wherever the chunks end, and goes on after its delimiter', () => {
    const stream = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 0];
    for (let size = 1; size <= stream.length; size++) {
      const guard = new DelimiterGuard(4);
      const passed: number[] = [];
      for (let at = 0; at < stream.length; at += size) {
        passed.push(...guard.pass(Buffer.from(stream.slice(at, at + size))));
      }
      expect(passed).toEqual([0, 1, 2, 3, 4, 5, 0, 0, 9, 0]);
      expect(guard.overlongBytes).toBe(3);
    }
  });
});
