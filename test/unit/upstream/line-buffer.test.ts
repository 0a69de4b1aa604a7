import { describe, expect, it } from 'vitest';
import { LineBuffer } from '../../../src/upstream/clients/line-buffer.js';

describe('lines cut from a stream', () => {
  it('say beforehand whether there is one, and take nothing by that', () => {
    const buffer = new LineBuffer();
    expect(buffer.hasLine).toBe(false);
    expect(buffer.next()).toBeNull();
    buffer.push(Buffer.from('half'));
    expect(buffer.hasLine).toBe(false);
    buffer.push(Buffer.from(' and half\nmore'));
    expect(buffer.hasLine).toBe(true);
    expect(buffer.heldBytes).toBe(18);
    expect(buffer.next()?.toString()).toBe('half and half');
    expect(buffer.hasLine).toBe(false);
    expect(buffer.heldBytes).toBe(4);
  });

  it('are the same where a client sends a byte at a time: pieces become one beyond 32', () => {
    const buffer = new LineBuffer();
    const text = 'a line that is much longer than there are pieces kept of it, and one more byte';
    for (const byte of Buffer.from(text)) {
      buffer.push(Buffer.from([byte]));
      // Whoever asks at every byte must not have it begin behind what was searched before.
      expect(buffer.hasLine).toBe(false);
    }
    expect(buffer.heldBytes).toBe(text.length);
    buffer.push(Buffer.from('\nnext\n'));
    expect(buffer.next()?.toString()).toBe(text);
    expect(buffer.next()?.toString()).toBe('next');
    expect(buffer.next()).toBeNull();
    expect(buffer.heldBytes).toBe(0);
  });

  it('in pieces that wait behind a line are given after it, in order', () => {
    const buffer = new LineBuffer();
    for (const piece of ['a', 'b\n', 'c', 'd\ne', 'f\n']) buffer.push(Buffer.from(piece));
    const lines: (string | undefined)[] = [];
    while (buffer.hasLine) lines.push(buffer.next()?.toString());
    expect(lines).toEqual(['ab', 'cd', 'ef']);
  });

  it('begin anew after the rest was taken', () => {
    const buffer = new LineBuffer();
    for (const piece of ['no', ' newline']) buffer.push(Buffer.from(piece));
    expect(buffer.hasLine).toBe(false);
    expect(buffer.rest().toString()).toBe('no newline');
    expect(buffer.heldBytes).toBe(0);
    expect(buffer.rest()).toHaveLength(0);
    buffer.push(Buffer.from('new\n'));
    expect(buffer.next()?.toString()).toBe('new');
  });
});
