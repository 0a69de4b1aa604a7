import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHostTrouble } from '../../../src/hardware/host/host-supply.js';
import { openNotifySocket } from '../../../src/hardware/host/notify-socket.js';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)');
const bind = libc.func('int bind(int, void*, uint32_t)');
const recv = libc.func('long recv(int, void*, size_t, int)');
const close = libc.func('int close(int)');

let folder: string;
const receivers: number[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-notify-'));
});
afterEach(() => {
  for (const fd of receivers.splice(0)) close(fd);
  rmSync(folder, { recursive: true });
});

/** A socket of this process that is bound to the name as it stands in the address. Gives the next datagram; null: there is none. */
function receiver(name: string): () => string | null {
  const fd = socket(AF_UNIX, SOCK_DGRAM, 0) as number; // as it is declared
  receivers.push(fd);
  const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), Buffer.from(name)]);
  expect(bind(fd, address, address.length)).toBe(0);
  return () => {
    const bytes = Buffer.alloc(4096);
    const length = recv(fd, bytes, bytes.length, MSG_DONTWAIT) as number; // as it is declared
    return length < 0 ? null : bytes.toString('utf8', 0, length);
  };
}

describe('the socket that systemd listens at', () => {
  it('is a path, and gets each text as one datagram', async () => {
    const path = join(folder, 'notify');
    const next = receiver(`${path}\0`);
    const opened = await openNotifySocket(path);
    expect([opened.send('READY=1\nSTATUS=grüezi'), opened.send('WATCHDOG=1')]).toEqual([true, true]);
    expect([next(), next(), next()]).toEqual(['READY=1\nSTATUS=grüezi', 'WATCHDOG=1', null]);
    opened.close();
  });

  it('is a name after @, which stands in no folder', async () => {
    const name = `copycat-unit-${process.pid}`;
    const next = receiver(`\0${name}`);
    const opened = await openNotifySocket(`@${name}`);
    expect([opened.send('READY=1'), next(), existsSync(name)]).toEqual([true, 'READY=1', false]);
    opened.close();
  });

  it('closed, tells nothing more', async () => {
    const path = join(folder, 'notify');
    const next = receiver(`${path}\0`);
    const opened = await openNotifySocket(path);
    opened.close();
    expect([opened.send('READY=1'), next()]).toEqual([false, null]);
  });

  it('that nobody listens at, or whose queue is full, is waited for by nobody', async () => {
    const nobody = await openNotifySocket(join(folder, 'nobody'));
    expect(nobody.send('READY=1')).toBe(false);
    nobody.close();
    const path = join(folder, 'notify');
    receiver(`${path}\0`);
    const opened = await openNotifySocket(path);
    let told = 0;
    while (told < 100_000 && opened.send('WATCHDOG=1')) told++;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(100_000);
    opened.close();
  });

  it.each(['', '/', '@', 'relative', 'a/b', `/${'x'.repeat(107)}`, `@${'x'.repeat(108)}`])(
    'is not %s',
    async (path) => {
      await expect(openNotifySocket(path)).rejects.toMatchObject({
        code: 'USAGE',
        value: path,
        expected: expect.stringContaining('Type=notify'),
      });
    },
  );

  it.each([`/${'x'.repeat(106)}`, `@${'x'.repeat(107)}`])('may fill the whole address: %s', async (path) => {
    const opened = await openNotifySocket(path);
    expect(opened.send('READY=1')).toBe(false);
    opened.close();
  });
});

describe('how this host is fed', () => {
  it('is no failure to ask where there are no files of a Raspberry Pi', () => {
    expect(readHostTrouble).not.toThrow();
  });
});
