import { describe, expect, it } from 'vitest';
import { FaultInputs } from '../../../src/ledger/requests/fault-inputs.js';
import { FaultThinner } from '../../../src/ledger/requests/fault-thinner.js';

const SECOND_US = 1_000_000;

describe('a fault that comes again and again', () => {
  it('is written five times within ten seconds, and then counted on the last one written', () => {
    const thinner = new FaultThinner();
    const said = [1, 2, 3, 4, 5, 6, 7].map((id) => thinner.repeatOf(id, 'silent', 'a', id * SECOND_US));
    expect(said).toEqual([null, null, null, null, null, 5, 5]);
    expect([5, 6, 7].map((id) => thinner.isWritten(id))).toEqual([true, false, false]);
  });

  it('is written again when the oldest of them is ten seconds old, and is then counted on that one', () => {
    const thinner = new FaultThinner();
    for (const id of [1, 2, 3, 4, 5]) thinner.repeatOf(id, 'silent', 'a', id);
    expect(thinner.repeatOf(6, 'silent', 'a', 10 * SECOND_US)).toBe(5);
    expect(thinner.repeatOf(7, 'silent', 'a', 10 * SECOND_US + 1)).toBeNull();
    expect(thinner.repeatOf(8, 'silent', 'a', 10 * SECOND_US + 1)).toBe(7);
  });

  it('is another one with another code, of another board, and of no board', () => {
    const thinner = new FaultThinner();
    for (let id = 1; id <= 5; id++) thinner.repeatOf(id, 'silent', 'a', id);
    expect(thinner.repeatOf(6, 'silent', 'b', 6)).toBeNull();
    expect(thinner.repeatOf(7, 'silent', null, 6)).toBeNull();
    expect(thinner.repeatOf(8, 'crashed', 'a', 6)).toBeNull();
    expect(thinner.repeatOf(9, 'silent', 'a', 6)).toBe(5);
  });

  it('is another one where it is told by other words, and is counted on one that says the same', () => {
    const thinner = new FaultThinner();
    const told = (id: number): string => (id % 2 === 0 ? 'from b to a' : 'from a to b');
    const said = Array.from({ length: 12 }, (_, index) => index + 1).map((id) =>
      thinner.repeatOf(id, 'switched-over', null, id, told(id)),
    );
    expect(said).toEqual([null, null, null, null, null, null, null, null, null, null, 9, 10]);
    expect([9, 11, 12].map((id) => thinner.keptAs(id))).toEqual([9, 9, 10]);
  });

  it('R6: is written twenty times in ten seconds, in however many ways it is told', () => {
    const thinner = new FaultThinner();
    const ids = Array.from({ length: 300 }, (_, index) => index + 1);
    const said = ids.map((id) => thinner.repeatOf(id, 'failed', 'a', id, `reason ${id}`));
    expect(said.filter((repeatOf) => repeatOf === null)).toHaveLength(20);
    expect(said.at(-1)).toBe(20);
    expect(thinner.repeatOf(301, 'failed', 'b', 301, 'reason 1')).toBeNull();
  });

  it('R6: of 128 kinds is remembered; the kind that came least lately is forgotten first', () => {
    const thinner = new FaultThinner();
    for (let id = 1; id <= 5; id++) thinner.repeatOf(id, 'first', 'a', id);
    for (let kind = 1; kind < 127; kind++) thinner.repeatOf(100 + kind, `kind-${kind}`, 'a', 10);
    // It came again: now others are older.
    expect(thinner.repeatOf(6, 'first', 'a', 10)).toBe(5);
    thinner.repeatOf(300, 'one-more', 'a', 10);
    expect(thinner.repeatOf(7, 'first', 'a', 10)).toBe(5);
    for (let kind = 0; kind < 127; kind++) thinner.repeatOf(400 + kind, `other-${kind}`, 'a', 10);
    expect(thinner.repeatOf(8, 'first', 'a', 10)).toBe(5);
    for (let kind = 0; kind < 128; kind++) thinner.repeatOf(600 + kind, `third-${kind}`, 'a', 10);
    expect(thinner.repeatOf(9, 'first', 'a', 10)).toBeNull();
  });

  it('R6: that is not written is known as such for 1024 of them', () => {
    const thinner = new FaultThinner();
    for (let id = 1; id <= 5 + 1024; id++) thinner.repeatOf(id, 'silent', 'a', 1);
    expect(thinner.isWritten(6)).toBe(false);
    thinner.repeatOf(5 + 1025, 'silent', 'a', 1);
    expect([thinner.isWritten(6), thinner.isWritten(7)]).toEqual([true, false]);
  });
});

describe('R10, R15: the story of a takeover', () => {
  function counted(...ids: number[]): FaultThinner<string> {
    const thinner = new FaultThinner<string>();
    for (let id = 1; id <= 5; id++) thinner.repeatOf(id, 'silent', 'a', id);
    for (const id of ids) thinner.repeatOf(id, 'silent', 'a', 10);
    return thinner;
  }

  it('is held where its fault was counted, and is written when it turns out to be one', () => {
    const thinner = counted(6, 7);
    thinner.hold(6, 'opened');
    thinner.hold(6, 'told');
    expect(thinner.release(6)).toEqual({ repeatOf: 5, requests: ['opened', 'told'] });
    expect(thinner.isWritten(6)).toBe(true);
    expect(thinner.release(6)).toBeNull();
    expect(thinner.isWritten(7)).toBe(false);
    expect(thinner.release(1)).toBeNull();
  });

  it('R6: is held of the last eight, and of each the first 16 steps', () => {
    const thinner = counted(...Array.from({ length: 9 }, (_, index) => 6 + index));
    thinner.hold(6, 'too old');
    for (let step = 1; step <= 17; step++) thinner.hold(7, `step ${step}`);
    expect(thinner.release(6)).toBeNull();
    expect(thinner.isWritten(6)).toBe(false);
    const held = thinner.release(7);
    expect(held?.requests).toHaveLength(16);
    expect(held?.requests.at(-1)).toBe('step 16');
  });

  it('is not held of a fault that is written', () => {
    const thinner = counted();
    thinner.hold(1, 'step');
    expect(thinner.release(1)).toBeNull();
  });
});

describe('inputs that a fault speaks of', () => {
  it('leave once', () => {
    const inputs = new FaultInputs();
    inputs.concerns(3);
    expect([inputs.leaves(4), inputs.leaves(3), inputs.leaves(3)]).toEqual([false, true, false]);
  });

  it('R6: are 256 at a time; the oldest keeps the copy that was made when its fault was opened', () => {
    const inputs = new FaultInputs();
    for (let seq = 1; seq <= 256; seq++) inputs.concerns(seq);
    inputs.concerns(256);
    inputs.concerns(257);
    inputs.concerns(258);
    expect([1, 2, 3, 258].map((seq) => inputs.leaves(seq))).toEqual([false, false, true, true]);
  });
});
