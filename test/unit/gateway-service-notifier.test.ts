import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '../../src/control/contract/status.js';
import {
  type ServiceEnvironment,
  type ServiceNotifier,
  startServiceNotifier,
  watchdogUs,
} from '../../src/gateway/watch/service-notifier.js';
import { openNotifySocket } from '../../src/hardware/host/notify-socket.js';
import { ManualClock } from './manual-clock.js';

/** A receiver of datagrams that is not ours: Python's own sockets, as far from koffi as systemd is. */
const RECEIVER = `
import socket, sys
name = sys.argv[1]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind('\\0' + name[1:] if name.startswith('@') else name)
print('bound', flush=True)
while True:
    print(repr(s.recv(65536).decode()), flush=True)
`;

import { until } from '../until.js';
import { statusWith } from './status-kit.js';

let folder: string;
let receivers: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-notify-'));
  receivers = [];
});
afterEach(() => {
  for (const receiver of receivers) receiver.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function receive(path: string): Promise<string[]> {
  const child = spawn('python3', ['-c', RECEIVER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  receivers.push(child);
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => line.replace(/^'|'$/g, '')));
  });
  await until(() => lines.length > 0);
  return lines;
}

const STATUS = statusWith();

describe('the socket of sd_notify', () => {
  it.each(['path', 'abstract'])('tells a %s name', async (kind) => {
    const path = kind === 'path' ? join(folder, 'notify') : `@copycat-test-${process.pid}`;
    const lines = await receive(path);
    const socket = await openNotifySocket(path);
    expect(socket.send('READY=1\nSTATUS=grüezi')).toBe(true);
    await until(() => lines.length > 1);
    expect(lines[1]).toBe('READY=1\\nSTATUS=grüezi');
    socket.close();
  });

  it('says so when nobody listens, and waits for nobody', async () => {
    const socket = await openNotifySocket(join(folder, 'nobody'));
    expect(socket.send('READY=1')).toBe(false);
    socket.close();
  });

  it('does not wait for a receiver that does not read', async () => {
    const path = join(folder, 'notify');
    const lines = await receive(path);
    receivers[0]?.kill('SIGSTOP');
    const socket = await openNotifySocket(path);
    const sent = Array.from({ length: 5000 }, () => socket.send('x'.repeat(1000)));
    expect(sent.at(-1)).toBe(false);
    expect(lines).toHaveLength(1);
    socket.close();
  });

  it.each(['relative', '', `/${'x'.repeat(120)}`])('refuses %s', async (path) => {
    await expect(openNotifySocket(path)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('what systemd is told', () => {
  const clock = () => new ManualClock();

  async function start(
    environment: ServiceEnvironment,
    readStatus: () => Promise<Status>,
    at = clock(),
  ): Promise<{ notifier: ServiceNotifier; lines: string[]; at: ManualClock; standstills: string[] }> {
    const path = join(folder, 'notify');
    const lines = await receive(path);
    const standstills: string[] = [];
    const notifier = await startServiceNotifier({
      environment: { ...environment, NOTIFY_SOCKET: path },
      ...{ clock: at, readStatus, probeEveryUs: 1_000_000, onStandstill: (why) => standstills.push(why) },
    });
    return { notifier, lines, at, standstills };
  }

  it('ready, its state, alive a quarter of the limit apart, and that it ends', async () => {
    const { notifier, lines, at } = await start({ WATCHDOG_USEC: '8000000' }, () => Promise.resolve(STATUS));
    await until(() => lines.length >= 3);
    at.advance(2_000_000);
    await until(() => lines.length >= 4);
    notifier.stopping();
    await until(() => lines.length >= 5);
    expect(lines).toEqual([
      'bound',
      'READY=1\\nSTATUS=the gateway runs; its boards are looked for',
      'STATUS=PROTECTED · both boards agree; board a drives\\nWATCHDOG=1',
      'STATUS=PROTECTED · both boards agree; board a drives\\nWATCHDOG=1',
      'STOPPING=1\\nSTATUS=ending: what is in work is finished, new inputs are not taken',
    ]);
    expect(at.alarms).toBe(0);
  });

  it('complaint 13: it is ready without its boards, and says that it is not protected', async () => {
    const status = { ...STATUS, protected: false, why: 'board b is not connected' };
    const { lines } = await start({}, () => Promise.resolve(status));
    await until(() => lines.length >= 3);
    expect(lines[1]).toMatch(/^READY=1/);
    expect(lines[2]).toBe('STATUS=NOT PROTECTED · board b is not connected; board a drives');
  });

  it('complaint 12: nothing that keeps it alive while a link stands still or the gateway does not answer', async () => {
    const boards = [
      {
        board: 'a',
        role: 'primary',
        link: 'open',
        session: 1,
        joining: null,
        image: null,
        behind: 0,
        counters: { framesIn: 5 },
      },
    ] as const;
    let isUnresponsive = false;
    const { lines, at, standstills } = await start({ WATCHDOG_USEC: '8000000' }, () =>
      isUnresponsive ? Promise.reject(new Error('it does not answer')) : Promise.resolve({ ...STATUS, boards }),
    );
    await until(() => lines.length >= 3);
    for (let look = 0; look < 6; look++) {
      at.advance(2_000_000);
      await until(() => lines.length >= 4 + look);
    }
    isUnresponsive = true;
    at.advance(2_000_000);
    await until(() => lines.length >= 10);
    expect(lines.slice(2).map((line) => line.endsWith('WATCHDOG=1'))).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(lines[8]).toBe('STATUS=STANDS STILL · board a: no frame came or went for 12 s');
    expect(standstills).toEqual([
      'board a: no frame came or went for 12 s',
      'the gateway gives no status: it does not answer',
    ]);
  });

  it('nothing without a socket, and no sign of life where the watchdog is meant for another process', async () => {
    const notifier = await startServiceNotifier({
      environment: {},
      ...{ clock: clock(), probeEveryUs: 0, onStandstill: () => undefined },
      readStatus: () => Promise.reject(new Error('asked')),
      open: () => Promise.reject(new Error('opened')),
    });
    notifier.stopping();
    expect(watchdogUs({ WATCHDOG_USEC: '8000000', WATCHDOG_PID: '1' }, 2)).toBeNull();
    expect(watchdogUs({ WATCHDOG_USEC: '8000000', WATCHDOG_PID: '2' }, 2)).toBe(8_000_000);
    expect(watchdogUs({ WATCHDOG_USEC: 'soon' })).toBeNull();
  });
});
