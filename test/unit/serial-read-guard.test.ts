import { closeSync, constants, openSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardReads } from '../../src/serial/session/read-guard.js';

/** Only what the guard touches of a port of serialport. */
class FakeBinding {
  isOpen = true;
  asked = 0;
  readonly poller = { once: () => ++this.asked };

  constructor(readonly fd: number) {}

  read(_buffer: Buffer, _offset: number, _length: number): Promise<unknown> {
    return Promise.reject(new Error('not guarded'));
  }

  close(): Promise<void> {
    this.isOpen = false;
    return Promise.resolve();
  }
}

let binding: FakeBinding;

beforeEach(() => {
  // Nothing to read and nobody to wait for it: every read says EAGAIN.
  binding = new FakeBinding(openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
  guardReads({ port: binding } as unknown as Parameters<typeof guardReads>[0], () => undefined);
});
afterEach(() => closeSync(binding.fd));

describe('a guarded port', () => {
  it('is not asked for news when it was closed while a read was under way: its poller is freed memory', async () => {
    const reading = binding.read(Buffer.alloc(8), 0, 8);
    binding.isOpen = false;
    await expect(reading).rejects.toMatchObject({ canceled: true });
    expect(binding.asked).toBe(0);
  });

  it('closes after the read that is under way, whose number the next port may get, and reads no more', async () => {
    const reading = binding.read(Buffer.alloc(8), 0, 8);
    const closing = binding.close();
    // The system's answer needs a turn of the event loop, these none.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(binding.isOpen).toBe(true);
    await expect(reading).rejects.toMatchObject({ canceled: true });
    await closing;
    expect(binding.isOpen).toBe(false);
    await expect(binding.read(Buffer.alloc(8), 0, 8)).rejects.toMatchObject({ canceled: true });
    expect(binding.asked).toBe(0);
  });
});
