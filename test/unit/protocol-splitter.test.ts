import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/protocol/frame-codec.js';
import { FrameSplitter, type Received } from '../../src/protocol/frame-splitter.js';
import type { Message } from '../../src/protocol/messages.generated.js';

const wait = (seq: number): Message => ({ kind: 'wait', session: 1, seq });

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

function seqs(received: readonly Received[]): number[] {
  return received.flatMap((one) => (one.ok ? [one.message.seq] : []));
}

function droppedBytes(received: readonly Received[]): number {
  return received.reduce((sum, one) => sum + (one.ok ? 0 : one.bytes), 0);
}

describe('the frame splitter', () => {
  it('gives the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (numbers, sizes) => {
          const stream = concat(numbers.map((seq) => encodeFrame(wait(seq))));
          const splitter = new FrameSplitter();
          const received: Received[] = [];
          for (let at = 0; at < stream.length; ) {
            const size = sizes.next().value ?? 1;
            received.push(...splitter.push(stream.subarray(at, at + size)));
            at += size;
          }
          expect(received.every(({ ok }) => ok)).toBe(true);
          expect(seqs(received)).toEqual(numbers);
        },
      ),
    );
  });

  it('finds every whole frame between garbage, and accounts for every byte of the garbage', () => {
    const garbage = fc.uint8Array({ maxLength: 200 }).map((bytes) => bytes.map((byte) => (byte === 0 ? 1 : byte)));
    fc.assert(
      fc.property(fc.array(garbage, { maxLength: 6 }), (pieces) => {
        const splitter = new FrameSplitter();
        const received = pieces.flatMap((piece, index) => [
          ...splitter.push(piece),
          ...splitter.push(encodeFrame(wait(index))),
        ]);
        expect(seqs(received)).toEqual(pieces.map((_, index) => index));
        expect(droppedBytes(received)).toBe(pieces.reduce((sum, piece) => sum + piece.length, 0));
      }),
    );
  });

  it('a stray print before a frame costs nothing but a count', () => {
    const print = new TextEncoder().encode('hello from a library\r\n');
    const received = new FrameSplitter().push(concat([print, encodeFrame(wait(7))]));
    expect(received).toHaveLength(2);
    expect(received[0]).toMatchObject({ ok: false, bytes: print.length });
    expect(seqs(received)).toEqual([7]);
  });

  it('counts what a line without a delimiter has sent, and goes on behind the next one', () => {
    const splitter = new FrameSplitter();
    for (let push = 0; push < 1000; push++) expect(splitter.push(new Uint8Array(1000).fill(0x55))).toEqual([]);
    const received = splitter.push(concat([Uint8Array.of(0), encodeFrame(wait(3))]));
    expect(received[0]).toEqual({ ok: false, reason: 'too-long', bytes: 1_000_000 });
    expect(seqs(received)).toEqual([3]);
  });

  it('costs no more values than delimiters for garbage at full speed', () => {
    const splitter = new FrameSplitter();
    let state = 1;
    const garbage = Uint8Array.from({ length: 200_000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
    const received = splitter.push(garbage);
    const delimiters = garbage.filter((byte) => byte === 0).length;
    expect(received.every(({ ok }) => !ok)).toBe(true);
    expect(received.length).toBeLessThanOrEqual(delimiters);
  });

  it('says nothing of delimiters without anything between', () => {
    expect(new FrameSplitter().push(new Uint8Array(1000))).toEqual([]);
  });
});
