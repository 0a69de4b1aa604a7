import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createIoProvider, type IoProviderOptions } from '../../../src/hardware/lines/io-provider.js';
import type { LineIo } from '../../../src/hardware/lines/line-io.js';

class BareIo extends EventEmitter {
  readonly MODES = { INPUT: 0, OUTPUT: 1 };
  readonly HIGH = 1;
  readonly LOW = 0;
  readonly pins = [];
  isReady = true;
  pinMode(): void {
    // Not asked about.
  }
  digitalWrite(): void {
    // Not asked about.
  }
  digitalRead(): void {
    // Not asked about.
  }
}

function providing(io: LineIo, more: Partial<IoProviderOptions> = {}) {
  const provider = createIoProvider({ name: 'the test', has: () => true, openIo: () => Promise.resolve(io), ...more });
  const changes: (string | null)[] = [];
  let ended = false;
  provider.changes.subscribe({ next: (trouble) => changes.push(trouble), complete: () => (ended = true) });
  return { provider, changes, ended: () => ended };
}

describe('lines of a plugin whose hardware does not come and go', () => {
  it('keep their names, and are whose the plugin says', () => {
    const { provider } = providing(new BareIo(), { has: (line) => line === 'GPIO4' });
    expect(provider.name).toBe('the test');
    expect([provider.has('GPIO4'), provider.has('D4')]).toEqual([true, false]);
    expect(provider.pinOf('GPIO4')).toBe('GPIO4');
  });

  it('are in trouble from what the plugin calls an error, whatever it is, until it has recovered', async () => {
    const io = new BareIo();
    const { provider, changes } = providing(io);
    expect(await provider.open()).toBe(io);
    expect(provider.trouble).toBeNull();
    expect(changes).toEqual([]);
    io.emit('error', new Error('the chip is gone'));
    expect(provider.trouble).toBe('the chip is gone');
    io.emit('error', 5);
    expect(provider.trouble).toBe('5');
    io.emit('recovered');
    expect(provider.trouble).toBeNull();
    expect(changes).toEqual(['the chip is gone', '5', null]);
  });

  it('of a plugin that is ready are not waited for', async () => {
    const io = new BareIo();
    const { provider } = providing(io);
    await provider.open();
    expect(io.listenerCount('ready')).toBe(0);
    expect(io.listenerCount('error')).toBe(1);
  });

  it('of a plugin that is not ready yet are there when it is', async () => {
    const io = new BareIo();
    io.isReady = false;
    const { provider } = providing(io);
    let isThere = false;
    const opening = provider.open().then(() => (isThere = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isThere).toBe(false);
    io.emit('ready');
    await opening;
    expect(isThere).toBe(true);
  });

  it.each([
    [new Error('no such chip'), 'no such chip'],
    ['busy', 'busy'],
  ])('of a plugin that never becomes ready are RELAY_UNAVAILABLE, with its reason: %s', async (cause, why) => {
    const io = new BareIo();
    io.isReady = false;
    const { provider } = providing(io);
    const opening = provider.open();
    setImmediate(() => io.emit('error', cause));
    await expect(opening).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: `the lines of the test cannot be used: ${why}`,
      expected: 'an IO plugin that becomes ready',
      cause,
    });
    expect(provider.trouble).toBe(why);
  });

  it('R27: are let go of once, and only where they were opened', async () => {
    const closed: LineIo[] = [];
    const io = new BareIo();
    const unopened = providing(io, { close: (one) => closed.push(one) });
    unopened.provider.close();
    expect(closed).toEqual([]);
    expect(unopened.ended()).toBe(true);
    const { provider } = providing(io, { close: (one) => closed.push(one) });
    await provider.open();
    provider.close();
    expect(closed).toEqual([io]);
    const without = providing(io);
    await without.provider.open();
    without.provider.close();
    expect(without.ended()).toBe(true);
  });
});
