import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { IntakeTurns } from '../../src/upstream/intake-turns.js';
import {
  createJsonLinesUpstream,
  type JsonLinesUpstream,
  type JsonLinesUpstreamOptions,
} from '../../src/upstream/json-lines/json-lines-upstream.js';
import { SocketTransport, type SocketTransportOptions } from '../../src/upstream/transport/socket-transport.js';
import { ManualClock } from '../unit/manual-clock.js';
import { until } from '../until.js';

const toClose: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

interface Served {
  readonly upstream: JsonLinesUpstream;
  readonly port: number;
  readonly refs: string[];
}

/** What takes long is left out where each of hundreds of mutants is tested with the rest. */
const long = it.skipIf(process.env['COPYCAT_MUTATING'] !== undefined);

const clock = new WallClock();
const HERE = { type: 'tcp', host: '127.0.0.1', port: 0 } as const;

/** `places`: inputs in work of all clients together. */
async function served(
  { address = HERE, allow = [], ...options }: Partial<JsonLinesUpstreamOptions & SocketTransportOptions> = {},
  places = 256,
): Promise<Served> {
  const turns = new IntakeTurns({ places, clock });
  const upstream = createJsonLinesUpstream({
    transport: new SocketTransport({ address, allow }),
    ...{ maxPayloadBytes: 25, clock, turns, ...options },
  });
  const refs: string[] = [];
  upstream.arrivals.subscribe(({ ref }) => refs.push(ref));
  const [where = ''] = await upstream.start();
  toClose.push(() => upstream.close());
  return { upstream, port: Number(/:(\d+)$/.exec(where)?.[1]), refs };
}

class Client {
  readonly lines: unknown[] = [];
  closed = false;
  #held = '';

  constructor(readonly socket: Socket) {
    socket.on('error', () => undefined); // being cut off is what some tests are about
    socket.on('close', () => {
      this.closed = true;
    });
    socket.on('data', (chunk: Buffer) => {
      const lines = (this.#held + chunk.toString()).split('\n');
      this.#held = lines.pop() ?? '';
      for (const line of lines) this.lines.push(JSON.parse(line));
    });
  }

  say(...requests: object[]): void {
    this.socket.write(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  }
}

async function client({ port }: Served): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  toClose.push(() => {
    socket.destroy();
  });
  return new Client(socket);
}

const bodies = (...texts: string[]): Uint8Array[] => texts.map((text) => Buffer.from(text, 'hex'));

describe('lines over TCP', () => {
  it('takes a line in pieces and two lines at once, and answers by id', async () => {
    const bench = await served();
    const one = await client(bench);
    one.socket.write('{"id":1,"pay');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bench.refs).toEqual([]);
    one.socket.write('load":"0102"}\n{"id":"two","payload":"03"}\r\n\n{"id":3,"payload":"04"}\n');
    await until(() => bench.refs.length === 3);
    expect(bench.refs).toEqual(['tcp:1', 'tcp:two', 'tcp:3']);
    expect(bench.upstream.answer('tcp:two', bodies('aa'), false, false)).toBe(true);
    expect(bench.upstream.answer('tcp:1', bodies('bb', 'cc'), true, false)).toBe(true);
    bench.upstream.refuse('tcp:3', 'full');
    await until(() => one.lines.length === 3);
    expect(one.lines).toEqual([
      { id: 'two', payload: 'aa' },
      { id: 1, payload: 'bbcc', parts: ['bb', 'cc'], repeat: true },
      { id: 3, error: expect.objectContaining({ code: 'FULL', expected: expect.any(String) }) },
    ]);
  });

  it('an answer by which the sketch rejects the input says so, and why; its payload stays what it was', async () => {
    const bench = await served();
    const one = await client(bench);
    for (const id of [1, 2, 3]) one.say({ id, payload: '01' });
    await until(() => bench.refs.length === 3);
    bench.upstream.answer('tcp:1', [Buffer.from('too hot')], false, true);
    bench.upstream.answer('tcp:2', bodies(''), true, true);
    bench.upstream.answer('tcp:3', bodies(''), false, false);
    await until(() => one.lines.length === 3);
    expect(one.lines).toEqual([
      { id: 1, payload: '746f6f20686f74', rejected: true, reason: 'too hot' },
      { id: 2, payload: '', repeat: true, rejected: true, reason: 'the sketch gave none' },
      { id: 3, payload: '' },
    ]);
  });

  it('R9: gives one answer, once', async () => {
    const bench = await served();
    const one = await client(bench);
    one.say({ id: 1, payload: '01' });
    await until(() => bench.refs.length === 1);
    expect(bench.upstream.answer('tcp:1', bodies('aa'), false, false)).toBe(true);
    expect(bench.upstream.answer('tcp:1', bodies('aa'), true, false)).toBe(false);
    expect(bench.upstream.answer('tcp:99', bodies('aa'), false, false)).toBe(false);
  });

  it('R1: says that an input is accepted to who wants to know, and only when the ledger has it', async () => {
    const bench = await served();
    const one = await client(bench);
    one.say({ id: 1, payload: '01', ack: true }, { id: 2, payload: '02' });
    await until(() => bench.refs.length === 2);
    expect(one.lines).toEqual([]);
    bench.upstream.accepted('tcp:1');
    bench.upstream.accepted('tcp:2');
    bench.upstream.answer('tcp:2', bodies(''), false, false);
    await until(() => one.lines.length === 2);
    expect(one.lines).toEqual([
      { id: 1, accepted: true },
      { id: 2, payload: '' },
    ]);
  });

  it('a bad line is answered by an error and costs nothing else', async () => {
    const bench = await served();
    const one = await client(bench);
    one.say({ id: 1, payload: '01' });
    one.socket.write('{"id": 2, payload}\n');
    one.say({ id: 3, paylod: '01' }, { id: 4, payload: '04' });
    await until(() => bench.refs.length === 2 && one.lines.length === 2);
    expect(bench.refs).toEqual(['tcp:1', 'tcp:4']);
    expect(one.lines).toEqual([
      { error: expect.objectContaining({ code: 'BAD_JSON' }) },
      { id: 3, error: expect.objectContaining({ code: 'UNKNOWN_KEY', message: expect.stringContaining('"payload"') }) },
    ]);
    expect(bench.upstream.clients).toMatchObject({ lines: 4, badLines: 2 });
  });

  it('R6: a line without end is refused with a reason and the connection ends; others go on', async () => {
    const bench = await served({ maxLineBytes: 1000 });
    const [bad, good] = [await client(bench), await client(bench)];
    bad.socket.write('x'.repeat(5000));
    await until(() => bad.closed);
    expect(bad.lines).toEqual([
      { error: expect.objectContaining({ code: 'LINE_TOO_LONG', expected: 'at most 1000 bytes' }) },
    ]);
    good.say({ id: 1, payload: '01' });
    await until(() => bench.refs.length === 1);
  });

  it('a client may end its side and still gets its answers; its last line needs no newline', async () => {
    const bench = await served();
    const one = await client(bench);
    one.socket.end('{"id":1,"payload":"01"}\n{"id":2,"payload":"02"}');
    await until(() => bench.refs.length === 2);
    bench.upstream.answer('tcp:1', bodies('aa'), false, false);
    bench.upstream.answer('tcp:2', bodies('bb'), false, false);
    await until(() => one.closed);
    expect(one.lines).toHaveLength(2);
  });
});

describe('R6: everything is bounded', () => {
  it('does not read on while too much of a connection is unanswered', async () => {
    const bench = await served({}, 3);
    const one = await client(bench);
    one.say(...Array.from({ length: 5 }, (_, index) => ({ id: index, payload: '' })));
    await until(() => bench.refs.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bench.refs).toEqual(['tcp:0', 'tcp:1', 'tcp:2']);
    bench.upstream.answer('tcp:1', bodies(''), false, false);
    await until(() => bench.refs.length === 4);
    bench.upstream.refuse('tcp:0', 'full');
    await until(() => bench.refs.length === 5);
  });

  long('answers that come while lines are being taken do not change their order', async () => {
    const bench = await served({}, 2);
    bench.upstream.arrivals.subscribe(({ ref }) => bench.upstream.answer(ref, [], false, false));
    const one = await client(bench);
    one.say(...Array.from({ length: 500 }, (_, index) => ({ id: index, payload: '' })));
    await until(() => one.lines.length === 500);
    expect(one.lines).toEqual(Array.from({ length: 500 }, (_, index) => ({ id: index, payload: '' })));
  });

  it('does not read while intake is paused', async () => {
    const bench = await served();
    const one = await client(bench);
    bench.upstream.pauseIntake();
    one.say({ id: 1, payload: '' });
    const late = await client(bench);
    late.say({ id: 2, payload: '' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(bench.refs).toEqual([]);
    bench.upstream.resumeIntake();
    await until(() => bench.refs.length === 2);
  });

  long('cuts off a client that does not read its answers, and no other', async () => {
    const bench = await served({ maxUnreadBytes: 50_000 });
    const [slow, good] = [await client(bench), await client(bench)];
    slow.socket.pause();
    let handedOver = 0;
    const body = bodies('ab'.repeat(4000));
    for (;;) {
      const id = `s${handedOver}`;
      slow.say({ id, payload: '' });
      await until(() => bench.refs.includes(`tcp:${id}`));
      // The answer that goes over the limit is not said to be given.
      if (!bench.upstream.answer(`tcp:${id}`, body, false, false)) break;
      handedOver++;
      if (handedOver > 4000) throw new Error('never cut off');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(handedOver * 8000).toBeGreaterThan(50_000);
    await until(() => bench.upstream.clients.cutOff === 1);
    good.say({ id: 'good', payload: '' });
    await until(() => bench.refs.at(-1) === 'tcp:good');
    expect(bench.upstream.answer('tcp:good', bodies('aa'), false, false)).toBe(true);
    await until(() => good.lines.length === 1);
  });

  it('does not read more inputs than may be in work in all, those of lost connections too', async () => {
    const bench = await served({}, 2);
    const lost = await client(bench);
    lost.say({ id: 1, payload: '' }, { id: 2, payload: '' });
    await until(() => bench.refs.length === 2);
    lost.socket.resetAndDestroy();
    await until(() => bench.upstream.clients.open === 0);
    const one = await client(bench);
    one.say({ id: 3, payload: '' });
    await until(() => bench.upstream.clients.open === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bench.refs).toEqual(['tcp:1', 'tcp:2']);
    expect(one.lines).toEqual([]);
    bench.upstream.answer('tcp:1', [], false, false);
    await until(() => bench.refs.length === 3);
  });

  it('R32: a pair that is full refuses what was read, and nobody is read until it has answered something', async () => {
    const bench = await served({}, 4);
    const [one, two] = [await client(bench), await client(bench)];
    one.say({ id: 1, payload: '' }, { id: 2, payload: '' });
    await until(() => bench.refs.length === 2);
    bench.upstream.refuse('tcp:2', 'full');
    await until(() => one.lines.length === 1);
    expect(one.lines).toEqual([{ id: 2, error: expect.objectContaining({ code: 'FULL' }) }]);
    one.say({ id: 2, payload: '' });
    two.say({ id: 3, payload: '' });
    bench.upstream.answer('tcp:1', [], false, false);
    await until(() => bench.refs.length === 4);
    expect(bench.refs.slice(2).sort()).toEqual(['tcp:2', 'tcp:3']);
  });

  it('R32: among clients who has least in work is next: one with much to ask does not keep another waiting', async () => {
    const bench = await served({ turns: new IntakeTurns({ places: 10, crowdedPlaces: 4, clock }) });
    const [greedy, modest] = [await client(bench), await client(bench)];
    greedy.say(...Array.from({ length: 50 }, (_, index) => ({ id: `g${index}`, payload: '' })));
    // Alone it has all the places.
    await until(() => bench.refs.length === 10);
    modest.say({ id: 'm0', payload: '' }, { id: 'm1', payload: '' }, { id: 'm2', payload: '' });
    await until(() => bench.upstream.clients.open === 2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    // What is in work is finished first; the rest waits with its client.
    for (let index = 0; index < 6; index++) bench.upstream.answer(`tcp:g${index}`, [], false, false);
    expect(bench.refs.length).toBe(10);
    bench.upstream.answer('tcp:g6', [], false, false);
    expect(bench.refs.at(-1)).toBe('tcp:m0');
    bench.upstream.answer('tcp:g7', [], false, false);
    expect(bench.refs.at(-1)).toBe('tcp:m1');
    bench.upstream.answer('tcp:g8', [], false, false);
    // Two each: g9 and one more, m0 and m1.
    expect(bench.refs.at(-1)).toMatch(/^tcp:(g10|m2)$/);
    expect(new Set(bench.refs).size).toBe(bench.refs.length);
  });

  it('R32: a client whose lines are of no use is read ever more rarely, and no other', async () => {
    const manual = new ManualClock();
    const bench = await served({ clock: manual, turns: new IntakeTurns({ places: 8, clock: manual }) });
    const [noisy, good] = [await client(bench), await client(bench)];
    noisy.say(...Array.from({ length: 500 }, () => ({ id: 1 })));
    await until(() => noisy.lines.length === 64);
    good.say({ id: 'good', payload: '' });
    await until(() => bench.refs.length === 1);
    expect(noisy.lines).toHaveLength(64);
    // 20 a second.
    manual.advance(1_000_000);
    await until(() => noisy.lines.length >= 84);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bench.upstream.clients.badLines).toBeLessThanOrEqual(85);
  });
});

describe('R32: connections that only stay lock nobody out', () => {
  it('who has nothing in work and has been idle longest gives way, one that never worked before one that has', async () => {
    const bench = await served({ maxConnections: 3 });
    const worked = await client(bench);
    worked.say({ id: 1, payload: '' });
    await until(() => bench.refs.length === 1);
    bench.upstream.answer('tcp:1', [], false, false);
    const [first, second] = [await client(bench), await client(bench)];
    await until(() => bench.upstream.clients.open === 3);
    const late = await client(bench);
    await until(() => first.closed);
    expect(first.lines).toEqual([{ error: expect.objectContaining({ code: 'GAVE_WAY' }) }]);
    late.say({ id: 2, payload: '' });
    await until(() => bench.refs.length === 2);
    const later = await client(bench);
    await until(() => second.closed);
    later.say({ id: 3, payload: '' });
    await until(() => bench.refs.length === 3);
    await client(bench);
    await until(() => worked.closed);
    expect(bench.upstream.clients).toMatchObject({
      open: 3,
      most: 3,
      connections: 6,
      gaveWay: 3,
      refusedConnections: 0,
    });
  });

  it('who is at work stays: a new one is refused with a reason', async () => {
    const bench = await served({ maxConnections: 1 });
    const first = await client(bench);
    first.say({ id: 1, payload: '' });
    await until(() => bench.refs.length === 1);
    const second = await client(bench);
    await until(() => second.closed);
    expect(second.lines).toEqual([{ error: expect.objectContaining({ code: 'TOO_MANY_CONNECTIONS' }) }]);
    expect(first.closed).toBe(false);
    expect(bench.upstream.clients).toMatchObject({ open: 1, refusedConnections: 1, gaveWay: 0 });
    bench.upstream.answer('tcp:1', [], false, false);
    await until(() => first.lines.length === 1);
  });

  long('a thousand silent ones that do not hang up: eight are held, and work gets in', async () => {
    const bench = await served({ maxConnections: 8 });
    const silent: Socket[] = [];
    for (let count = 0; count < 1000; count++) {
      const socket = connect({ port: bench.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => undefined);
      socket.resume();
      silent.push(socket);
    }
    toClose.push(() => {
      for (const socket of silent) socket.destroy();
    });
    await until(() => bench.upstream.clients.connections === 1000);
    const one = await client(bench);
    one.say({ id: 1, payload: '' });
    await until(() => bench.refs.length === 1);
    expect(bench.upstream.clients).toMatchObject({ open: 8, refusedConnections: 0, gaveWay: 993 });
    await until(() => silent.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded).length === 7);
  });
});

describe('who gets in', () => {
  it('a browser does not: a first line that is no JSON ends the connection, with one sentence', async () => {
    const bench = await served();
    const browser = await client(bench);
    const body = '\n{"id":1,"payload":"00"}\n';
    browser.socket.write(
      `POST / HTTP/1.1\r\nHost: 127.0.0.1:${bench.port}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => browser.closed);
    expect(browser.lines).toEqual([{ error: expect.objectContaining({ code: 'BAD_JSON' }) }]);
    expect(bench.refs).toEqual([]);
    const other = await client(bench);
    other.say({ id: 2, payload: '00' });
    await until(() => bench.refs.length === 1);
    expect(bench.refs).toEqual(['tcp:2']);
  });

  it('with a token: who says it first, and nobody else; nothing is carried out before it', async () => {
    const tokenFile = file('0123456789abcdef\n', 0o600);
    const bench = await served({ tokenFile });
    const [right, wrong, none] = [await client(bench), await client(bench), await client(bench)];
    wrong.say({ token: '0123456789abcdeF' }, { id: 'w', payload: '' });
    none.say({ id: 'n', payload: '' });
    right.say({ token: '0123456789abcdef' }, { id: 'r', payload: '' });
    await until(() => wrong.closed && none.closed && bench.refs.length === 1);
    expect(wrong.lines).toEqual([{ error: expect.objectContaining({ code: 'BAD_TOKEN' }) }]);
    expect(none.lines).toEqual([{ error: expect.objectContaining({ code: 'NO_TOKEN' }) }]);
    expect(JSON.stringify([wrong.lines, none.lines])).not.toContain('0123456789abcdef');
    expect(bench.refs).toEqual(['tcp:r']);
    expect(bench.upstream.clients.badLines).toBe(2);
  });

  it.each([
    ['that others may read', '0123456789abcdef', 0o640, 'mode 0640'],
    ['with next to nothing in it', 'short', 0o600, 'no token'],
  ])('a token file %s is not used, and nobody gets in', async (_name, text, mode, why) => {
    await expect(served({ tokenFile: file(text, mode) })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: expect.stringContaining(why),
    });
  });

  it('only who comes from an address that is allowed', async () => {
    const closed = await served({ allow: ['10.0.0.0/8', '::1'] });
    const one = await client(closed);
    await until(() => one.closed);
    expect(closed.upstream.clients).toMatchObject({ open: 0, refusedConnections: 1 });
    const open = await served({ allow: ['127.0.0.0/8'] });
    const other = await client(open);
    other.say({ id: 1, payload: '' });
    await until(() => open.refs.length === 1);
  });

  it('by a Unix socket: this user alone; what a killed gateway left is replaced, and nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-socket-'));
    toClose.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'in.sock');
    const dead = spawnSync(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    expect(dead.signal).toBe('SIGKILL');
    const address = { type: 'unix', path } as const;
    const bench = await served({ address });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const socket = connect(path);
    socket.write('{"id":1,"payload":""}\n');
    await until(() => bench.refs.length === 1);
    socket.destroy();
    await expect(served({ address })).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    const text = join(folder, 'letter');
    writeFileSync(text, 'mine');
    await expect(served({ address: { type: 'unix', path: text } })).rejects.toMatchObject({
      message: expect.stringContaining('no socket'),
    });
    expect(readFileSync(text, 'utf8')).toBe('mine');
  });

  it('R23: ids whose bytes are not UTF-8 are refused; the number 1 and the text "1" are two', async () => {
    const bench = await served();
    const one = await client(bench);
    one.say({ id: 1, payload: '' }, { id: '1', payload: '' });
    one.socket.write(Buffer.from('{"id":"\xff","payload":""}\n{"id":"\xfe","payload":""}\n', 'latin1'));
    await until(() => one.lines.length === 2 && bench.refs.length === 2);
    expect(one.lines).toEqual([
      { error: expect.objectContaining({ code: 'BAD_ID' }) },
      { error: expect.objectContaining({ code: 'BAD_ID' }) },
    ]);
    expect(bench.refs).toEqual(['tcp:1', 'tcp:"1"']);
  });
});

function file(text: string, mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-token-'));
  toClose.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'token');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('R23: an id asked again', () => {
  it('while in work is answered once, where it was asked last, without being asked of the pair again', async () => {
    const bench = await served();
    const first = await client(bench);
    first.say({ id: 1, payload: '01' });
    await until(() => bench.refs.length === 1);
    const second = await client(bench);
    second.say({ id: 1, payload: '01' });
    await until(() => bench.upstream.clients.askedAgain === 1);
    bench.upstream.answer('tcp:1', bodies('aa'), true, false);
    await until(() => second.lines.length === 1);
    expect(second.lines).toEqual([{ id: 1, payload: 'aa', repeat: true }]);
    expect(first.lines).toEqual([]);
    expect(bench.refs).toEqual(['tcp:1']);
  });

  it('after a lost connection gets the answer that came late', async () => {
    const bench = await served();
    const first = await client(bench);
    first.say({ id: 1, payload: '01', ack: true });
    await until(() => bench.refs.length === 1);
    first.socket.destroy();
    bench.upstream.accepted('tcp:1');
    const second = await client(bench);
    second.say({ id: 1, payload: '01', ack: true });
    await until(() => second.lines.length === 1);
    bench.upstream.answer('tcp:1', bodies('aa'), false, false);
    await until(() => second.lines.length === 2);
    expect(second.lines).toEqual([
      { id: 1, accepted: true },
      { id: 1, payload: 'aa' },
    ]);
  });

  it('an answer nobody is there to take is not said to be given, and the input can be asked again', async () => {
    const bench = await served();
    const first = await client(bench);
    first.say({ id: 1, payload: '01' });
    await until(() => bench.refs.length === 1);
    first.socket.resetAndDestroy(); // a client that only ended its side may still be reading
    await until(() => bench.upstream.clients.open === 0);
    expect(bench.upstream.answer('tcp:1', bodies('aa'), false, false)).toBe(false);
    const second = await client(bench);
    second.say({ id: 1, payload: '01' });
    await until(() => bench.refs.length === 2);
    expect(bench.upstream.answer('tcp:1', bodies('aa'), true, false)).toBe(true);
  });

  it('with another payload while in work is refused', async () => {
    const bench = await served();
    const one = await client(bench);
    one.say({ id: 1, payload: '01' }, { id: 1, payload: '02' });
    await until(() => one.lines.length === 1);
    expect(one.lines).toEqual([{ id: 1, error: expect.objectContaining({ code: 'ID_IN_WORK', value: '01' }) }]);
    expect(bench.refs).toEqual(['tcp:1']);
    expect(bench.upstream.clients.badLines).toBe(1);
  });
});

describe('opening and closing', () => {
  it('says why it cannot listen', async () => {
    const bench = await served();
    await expect(served({ address: { ...HERE, port: bench.port } })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      value: `tcp://127.0.0.1:${bench.port}`,
    });
  });

  it('closes with clients connected, after what was answered has left', async () => {
    const bench = await served();
    const one = await client(bench);
    one.say({ id: 1, payload: '01' });
    await until(() => bench.refs.length === 1);
    bench.upstream.answer('tcp:1', bodies('aa'), false, false);
    await bench.upstream.close();
    await until(() => one.closed);
    expect(one.lines).toEqual([{ id: 1, payload: 'aa' }]);
    toClose.splice(toClose.length - 2, 1);
  });
});
