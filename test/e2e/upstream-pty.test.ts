import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { claimPath } from '../../src/gateway/inputs/claim-path.js';
import { loadPtyCalls, type PtyCalls } from '../../src/pseudo-terminal/pty-calls.js';
import {
  type LinkNews,
  PtyTransport,
  type PtyTransportOptions,
} from '../../src/upstream/transport/pseudo-terminal/pty-transport.js';
import { until } from '../until.js';

const toClose: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

interface Came {
  readonly stream: Duplex;
  readonly heard: () => string;
  readonly hasEnded: () => boolean;
}

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-pty-'));
  toClose.push(() => rmSync(folder, { recursive: true }));
  return join(folder, 'port');
}

async function served(options: Partial<PtyTransportOptions> = {}) {
  const path = options.path ?? newPath();
  const access = () => ({ uid: null, gid: null, mode: 0o600 });
  const linkNews: LinkNews[] = [];
  const transport = new PtyTransport({
    path,
    access,
    noticesOpening: false,
    keepsLastWords: true,
    claim: () => () => undefined,
    onLink: (news) => linkNews.push(news),
    clock: new WallClock(),
    ...options,
  });
  const clients: Came[] = [];
  const where = await transport.open({
    came: (stream) => {
      const chunks: Buffer[] = [];
      let hasEnded = false;
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        hasEnded = true;
        stream.end();
      });
      clients.push({ stream, heard: () => Buffer.concat(chunks).toString('latin1'), hasEnded: () => hasEnded });
    },
    turnedAway: () => undefined,
    notTaken: () => undefined,
  });
  toClose.push(async () => {
    for (const { stream } of clients) stream.destroy();
    await transport.close();
  });
  return { path, transport, clients, where, linkNews, device: () => readlinkSync(path) };
}

/** A client of the plainest kind: the device as it stands. */
function opened(path: string) {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  toClose.push(close);
  return { say: (text: string) => writeSync(fd, text, null, 'latin1'), hears: () => readNow(fd), close };
}

function readNow(fd: number): string {
  const bytes = Buffer.alloc(8192);
  try {
    return bytes.toString('latin1', 0, readSync(fd, bytes));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return '';
    throw error;
  }
}

function openMasters(): number {
  const links = readdirSync('/proc/self/fd').map((fd) => `/proc/self/fd/${fd}`);
  // The folder that was listed has a number too, and is closed by now.
  return links.filter((link) => existsSync(link) && /ptmx$/.test(readlinkSync(link))).length;
}

const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1');

describe('a port that is a pseudo-terminal', () => {
  it('takes every byte as it is, both ways, for a client that sets nothing', async () => {
    const { path, clients, where } = await served();
    expect(where).toBe(`pty:${path}`);
    const client = opened(path);
    client.say(ALL_BYTES);
    const [came] = await until(() => clients.length > 0 && clients);
    await until(() => came?.heard().length === 256);
    expect(came?.heard()).toBe(ALL_BYTES);
    came?.stream.write(Buffer.from(ALL_BYTES, 'latin1'));
    let heard = '';
    await until(() => {
      heard += client.hears();
      return heard.length >= 256;
    });
    expect(heard).toBe(ALL_BYTES);
  });

  it('is a serial port to serialport: any rate, RTS and DTR fail and do no harm', async () => {
    const { path, clients } = await served();
    const port = new SerialPort({ path, baudRate: 74_880, autoOpen: false });
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    toClose.push(() => new Promise((resolve) => port.close(() => resolve())));
    const said: string[] = [];
    port.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const refusal = await new Promise<Error | null | undefined>((resolve) => port.set({ dtr: true }, resolve));
    expect(String(refusal)).toMatch(/Inappropriate ioctl|ENOTTY/);
    port.write('ask');
    await until(() => clients[0]?.heard() === 'ask');
    clients[0]?.stream.write('told');
    await until(() => said.join('') === 'told');
  });

  it('is another device for each client: what one left unread or set does not meet the next', async () => {
    const { path, clients, device } = await served();
    const first = device();
    const one = opened(path);
    one.say('one');
    await until(() => clients.length === 1);
    // As a program that was killed leaves it.
    spawnSync('stty', ['-F', path, 'echo', 'icanon', 'opost', 'onlcr']);
    clients[0]?.stream.write('for one, who does not read it');
    one.close();
    await until(() => device() !== first && clients[0]?.hasEnded());
    const two = opened(path);
    two.say('two\n');
    await until(() => clients[1]?.heard() === 'two\n');
    clients[1]?.stream.write('for two');
    let heard = '';
    await until(() => {
      heard += two.hears();
      return heard.length >= 7;
    });
    expect(heard).toBe('for two');
    expect(clients[1]?.heard()).toBe('two\n');
    expect(clients[0]?.heard()).toBe('one');
  });

  it('has the last words of a client that left at once', async () => {
    const { path, clients } = await served();
    writeFileSync(path, 'SET 40\n');
    await until(() => clients[0]?.hasEnded());
    expect(clients[0]?.heard()).toBe('SET 40\n');
  });

  it('does not hear its own answers where a client has switched the echo on', async () => {
    const { path, clients, transport } = await served();
    const client = opened(path);
    client.say('ask');
    await until(() => clients[0]?.heard() === 'ask');
    spawnSync('stty', ['-F', path, 'echo']);
    clients[0]?.stream.write('answer');
    await until(() => client.hears() === 'answer');
    client.say('again');
    await until(() => clients[0]?.heard().includes('again'));
    expect(clients[0]?.heard()).toBe('askagain');
    expect(transport.echoesTakenOff).toBe(1);
  });

  it('notices a client that only listens, where that is asked for', async () => {
    const { path, clients } = await served({ noticesOpening: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(clients).toHaveLength(0);
    const client = opened(path);
    await until(() => clients.length === 1);
    clients[0]?.stream.write('unasked');
    await until(() => client.hears() === 'unasked');
  });

  it('keeps what a client does not read, gives it when it reads, and never stands still meanwhile', async () => {
    const { path, clients } = await served();
    const client = opened(path);
    client.say('x');
    await until(() => clients.length === 1);
    const much = 'y'.repeat(100_000);
    clients[0]?.stream.write(much);
    let heard = '';
    await until(() => {
      heard += client.hears();
      return heard.length >= much.length;
    });
    expect(heard === much).toBe(true);
  });

  it('R6: does not read from a client whose requests wait', async () => {
    const { path, clients } = await served();
    const client = opened(path);
    client.say('x');
    await until(() => clients.length === 1);
    clients[0]?.stream.pause();
    let said = 0;
    const full = await until(
      () => {
        try {
          said += client.say('z'.repeat(1000));
          return said > 1_000_000 ? 'never full' : false;
        } catch {
          return 'full';
        }
      },
      () => said,
      0,
    );
    expect(full).toBe('full');
    clients[0]?.stream.resume();
    await until(() => clients[0]?.heard().length === said + 1);
  });

  it.each([true, false])('R6: notices a hang-up while it does not read (last words are kept: %s)', async (keeps) => {
    const { path, clients, device } = await served({ keepsLastWords: keeps });
    const first = device();
    const one = opened(path);
    one.say('x');
    await until(() => clients[0]?.heard() === 'x');
    clients[0]?.stream.pause();
    const words = 'one'.repeat(3000);
    expect(one.say(words)).toBe(words.length);
    one.close();
    await until(() => device() !== first);
    // Who comes next is somebody else, and hears nothing that was meant for the first.
    const two = opened(path);
    two.say('two');
    await until(() => clients[1]?.heard() === 'two');
    clients[0]?.stream.write('for one');
    clients[1]?.stream.write('for two');
    let heard = '';
    await until(() => {
      heard += two.hears();
      return heard.length >= 7;
    });
    expect(heard).toBe('for two');
    clients[0]?.stream.resume();
    await until(() => clients[0]?.stream.destroyed || clients[0]?.hasEnded());
    expect(clients[0]?.heard()).toBe(keeps ? `x${words}` : 'x');
  });

  it('R6: holds no more than two long frames of what is not taken yet', async () => {
    const { path, clients } = await served();
    const client = opened(path);
    client.say('x');
    await until(() => clients[0]?.heard() === 'x');
    clients[0]?.stream.pause();
    client.say('y'.repeat(4000));
    await until(() => (clients[0]?.stream.readableLength ?? 0) > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(clients[0]?.stream.readableLength).toBeLessThanOrEqual(512);
  });

  it('goes on for a client that came before the hang-up of the last one was seen', async () => {
    const { path, clients } = await served();
    const one = opened(path);
    one.say('one');
    await until(() => clients.length === 1);
    one.close();
    const two = opened(path);
    two.say('two');
    await until(() => clients.map(({ heard }) => heard()).join('') === 'onetwo');
  });

  it('goes on for a client that came between the hang-up and the new device', async () => {
    const calls = await loadPtyCalls();
    const world: { between: () => void } = { between: () => undefined };
    const loadCalls = async (): Promise<PtyCalls> => ({
      ...calls,
      unlock: (fd) => {
        world.between();
        return calls.unlock(fd);
      },
    });
    const { path, clients, device } = await served({ loadCalls });
    const first = device();
    const one = opened(path);
    one.say('one');
    await until(() => clients.length === 1);
    const late: ReturnType<typeof opened>[] = [];
    world.between = () => {
      late.push(opened(first));
      late[0]?.say('late');
      world.between = () => undefined;
    };
    one.close();
    await until(() => clients[1]?.heard() === 'late');
    clients[1]?.stream.write('served');
    await until(() => late[0]?.hears() === 'served');
    // And the next client is served at the new one meanwhile.
    expect(device()).not.toBe(first);
    opened(path).say('next');
    await until(() => clients[2]?.heard() === 'next');
    late[0]?.close();
    await until(() => clients[1]?.hasEnded());
  });

  it('goes on for a client that had followed the link before it led elsewhere', async () => {
    const { path, clients, device } = await served();
    const first = device();
    const one = opened(path);
    one.say('one');
    await until(() => clients.length === 1);
    one.close();
    await until(() => device() !== first);
    const late = opened(first);
    late.say('late');
    await until(() => clients[1]?.heard() === 'late');
    clients[1]?.stream.write('served');
    await until(() => late.hears() === 'served');
  });

  it('keeps no device that nobody comes to any more', async () => {
    const { path, device } = await served();
    for (let client = 0; client < 20; client++) {
      const before = device();
      writeFileSync(path, 'x');
      await until(() => device() !== before);
    }
    // Two for the one that waits for the next client: the pair's own, and its reader's.
    await until(() => openMasters() === 2, openMasters);
  });

  it('has the mode and the group that were asked for before anybody can open it', async () => {
    const { path } = await served({ access: () => ({ uid: null, gid: 20, mode: 0o660 }) });
    expect([statSync(path).mode & 0o777, statSync(path).gid]).toEqual([0o660, 20]);
    opened(path).close();
    await until(() => statSync(path).gid === 20);
  });

  it('replaces a link that a killed gateway left, and nothing else', async () => {
    const path = newPath();
    writeFileSync(path, 'mine');
    await expect(served({ path })).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    const killed = await served();
    const after = await served({ path: killed.path });
    expect(after.device()).toBe(readlinkSync(killed.path));
  });

  it.each([
    ['a link to somewhere else', (path: string) => symlinkSync('/srv/mine', path), 'a link to /srv/mine'],
    ['a link to another device', (path: string) => symlinkSync('/dev/ttyUSB0', path), 'a link to /dev/ttyUSB0'],
    ['a file', (path: string) => writeFileSync(path, 'mine'), 'a file'],
    ['a folder', (path: string) => mkdirSync(path), 'a folder'],
    ['a pipe', (path: string) => spawnSync('mkfifo', [path]), 'a pipe'],
  ])('leaves alone what is at its path: %s', async (_what, make, words) => {
    const path = newPath();
    make(path);
    const before = lstatSync(path).ino;
    await expect(served({ path })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: `cannot make a pseudo-terminal at pty:${path}: ${words} is at ${path}, and is left alone`,
    });
    expect(lstatSync(path).ino).toBe(before);
    expect(readdirSync(dirname(path))).toEqual(['port']);
  });

  it('belongs to one gateway: another one is told who has it, and is served when that has ended', async () => {
    const path = newPath();
    const claim = () => claimPath(path);
    const first = await served({ path, claim });
    const device = first.device();
    await expect(served({ path, claim })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: `cannot make a pseudo-terminal at pty:${path}: another gateway (process ${process.pid}) serves ${path}`,
    });
    // By another way to the same folder, too.
    const beside = `${dirname(path)}-beside`;
    symlinkSync(dirname(path), beside);
    toClose.push(() => rmSync(beside));
    expect(() => claimPath(join(beside, 'port'))).toThrow(`another gateway (process ${process.pid}) serves`);
    expect(first.device()).toBe(device);
    await first.transport.close();
    const second = await served({ path, claim });
    expect(second.device()).toBe(readlinkSync(path));
  });

  it('is not kept from others by a gateway that could not begin', async () => {
    const path = newPath();
    const claim = () => claimPath(path);
    writeFileSync(path, 'mine');
    await expect(served({ path, claim })).rejects.toThrow('a file is at');
    rmSync(path);
    await served({ path, claim });
  });

  it('is put back when somebody has removed the link, and says so once', async () => {
    const { path, device, linkNews, clients } = await served();
    const before = device();
    rmSync(path);
    await until(() => existsSync(path));
    expect([device(), linkNews]).toEqual([before, [{ put: 'back' }]]);
    opened(path).say('x');
    await until(() => clients.length === 1);
  });

  it('says once that something else is at its path, and is back when that has gone', async () => {
    const { path, device, linkNews } = await served();
    rmSync(path);
    writeFileSync(path, 'mine');
    await until(() => linkNews.length > 0);
    const trouble = `a file is at ${path}, and is left alone`;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect([linkNews, readFileSync(path, 'utf8')]).toEqual([[{ trouble }], 'mine']);
    rmSync(path);
    await until(() => linkNews.length > 1);
    expect(linkNews).toEqual([{ trouble }, { trouble: null }]);
    expect(device()).toMatch(/^\/dev\/pts\//);
  });

  it('is gone when it is closed, and whoever has it open sees a hang-up', async () => {
    const { path, transport, clients } = await served();
    const client = opened(path);
    client.say('x');
    await until(() => clients.length === 1);
    clients[0]?.stream.destroy();
    await transport.close();
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
    // Reading nothing is the hang-up.
    expect(() => client.say('y')).toThrow('EIO');
  });
});
