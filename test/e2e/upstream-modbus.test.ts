import { execFile } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readlinkSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { encodeRtu } from '../../src/protocol/modbus/rtu-frame.js';
import { IntakeTurns } from '../../src/upstream/intake-turns.js';
import { createModbusUpstream, type ModbusUpstreamOptions } from '../../src/upstream/modbus/modbus-upstream.js';
import { ServedUnits, type UnitUse } from '../../src/upstream/modbus/served-units.js';
import { PtyTransport } from '../../src/upstream/transport/pseudo-terminal/pty-transport.js';
import { SocketTransport } from '../../src/upstream/transport/socket-transport.js';
import { until } from '../until.js';
import { FakePair } from './modbus-masters/fake-pair.js';

const toClose: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

const clock = new WallClock();
const UNITS = new Map<number, UnitUse>([
  [5, 'pair'],
  [0, 'broadcast'],
]);

type Options = Partial<ModbusUpstreamOptions> & { readonly places?: number };

async function begin(transport: ModbusUpstreamOptions['transport'], options: Options) {
  const turns = new IntakeTurns({ places: options.places ?? 16, clock });
  const upstream = createModbusUpstream({
    ...{ transport, framing: 'modbus-tcp', units: new ServedUnits(UNITS), writes: 'codes', clock, turns, runId: 'run' },
    ...options,
  });
  const pair = new FakePair(upstream);
  const [where = ''] = await upstream.start();
  toClose.push(() => upstream.close());
  return { upstream, pair, where };
}

async function overTcp(options: Options = {}) {
  const transport = new SocketTransport({ address: { type: 'tcp', host: '127.0.0.1', port: 0 } });
  const begun = await begin(transport, options);
  return { ...begun, port: Number(/:(\d+) \(modbus-/.exec(begun.where)?.[1]) };
}

async function overPty(options: Options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-modbus-'));
  toClose.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'port');
  const access = () => ({ uid: null, gid: null, mode: 0o600 });
  const alone = { claim: () => () => undefined, onLink: () => undefined };
  const transport = new PtyTransport({ path, access, noticesOpening: false, keepsLastWords: false, ...alone, clock });
  return { ...(await begin(transport, { framing: 'modbus-rtu', ...options })), path };
}

interface Ended {
  readonly code: number;
  readonly said: string;
}

function run(program: string, ...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, words, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, said: stdout + stderr });
    });
  });
}

const PYTHON = '/usr/bin/python3';
const master = (name: string) => join(import.meta.dirname, 'modbus-masters', name);
const ROUNDS = 20;

/** What a master says at its end; its own words where it came to another. */
function got(said: string): unknown {
  expect(said).toMatch(/^\{.*\}\n$/);
  return JSON.parse(said);
}

/** What a library says when all went well. */
const ALL_WELL = {
  registers: [17, 18, 19],
  coils: [false, true, false],
  reads: Array.from({ length: ROUNDS }, (_, round) => [round]),
};

/** A connection that says exactly what a test wants. */
class RawMaster {
  readonly heard: Buffer[] = [];
  closed = false;
  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.heard.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static async at(port: number): Promise<RawMaster> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    toClose.push(() => {
      socket.destroy();
    });
    return new RawMaster(socket);
  }

  get said(): string {
    return Buffer.concat(this.heard).toString('hex');
  }

  ask(transaction: number, unit: number, ...pdu: readonly number[]): void {
    this.socket.write(mbap(transaction, unit, ...pdu));
  }
}

function mbap(transaction: number, unit: number, ...pdu: readonly number[]): Buffer {
  return Buffer.from([transaction >> 8, transaction & 0xff, 0, 0, 0, pdu.length + 1, unit, ...pdu]);
}

const hex = (...frames: readonly Buffer[]) => Buffer.concat(frames).toString('hex');
const WRITE_3 = [6, 0, 3, 0, 17];
const READ_3 = [3, 0, 3, 0, 1];

describe('masters that people have, with their default time-outs', () => {
  it('mbpoll over TCP: writes, reads, is told of what is not there, and waits out a takeover', async () => {
    const { pair, port } = await overTcp();
    const poll = (...words: string[]) => run('mbpoll', '-m', 'tcp', '-p', `${port}`, '-a', '5', '-1', ...words);
    expect(await poll('-r', '4', '127.0.0.1', '17', '18')).toMatchObject({ code: 0 });
    expect([...pair.holding.slice(3, 5)]).toEqual([17, 18]);
    pair.nextTakesMs = 300;
    const read = await poll('-r', '4', '-c', '2', '127.0.0.1');
    expect(read.code).toBe(0);
    expect(read.said).toMatch(/\[4\]:\s+17\n\[5\]:\s+18/);
    expect((await poll('-r', '9000', '127.0.0.1')).said).toContain('Illegal data address');
  });

  it('mbpoll over a pseudo-terminal, one after another', async () => {
    const { pair, path } = await overPty();
    const poll = (...words: string[]) => run('mbpoll', '-m', 'rtu', '-a', '5', '-1', ...words);
    expect(await poll('-r', '4', path, '17', '18')).toMatchObject({ code: 0 });
    expect([...pair.holding.slice(3, 5)]).toEqual([17, 18]);
    pair.nextTakesMs = 300;
    const read = await poll('-r', '4', '-c', '2', path);
    expect(read).toMatchObject({ code: 0, said: expect.stringMatching(/\[4\]:\s+17\n\[5\]:\s+18/) });
  });

  it.each(['tcp', 'rtu'])('python3-pymodbus: %s', async (way) => {
    const { pair, upstream, ...at } = way === 'tcp' ? await overTcp() : await overPty();
    pair.nextTakesMs = 300;
    const where = 'port' in at ? `${at.port}` : at.path;
    const { said } = await run(PYTHON, master('pymodbus-master.py'), way, where, '5', `${ROUNDS}`);
    expect(got(said)).toEqual({
      ...ALL_WELL,
      ...{ connected: true, errors: [], missing: expect.stringContaining('IllegalAddress') },
    });
    expect(upstream.clients).toMatchObject({ askedAgain: 0, withheldAnswers: 0, badLines: 0 });
  });

  it.each(['tcp', 'rtu'])('modbus-serial: %s', async (way) => {
    const { pair, upstream, ...at } = way === 'tcp' ? await overTcp() : await overPty();
    pair.nextTakesMs = 300;
    const where = 'port' in at ? `${at.port}` : at.path;
    const { said } = await run(process.execPath, master('modbus-serial-master.mjs'), way, where, '5', `${ROUNDS}`);
    expect(got(said)).toEqual({ ...ALL_WELL, missing: expect.stringContaining('Illegal data address') });
    expect(upstream.clients).toMatchObject({ askedAgain: 0, withheldAnswers: 0, badLines: 0 });
  });

  it('one that opens and closes the port for each request gets each answer', async () => {
    const { pair, path } = await overPty();
    const rounds = 200;
    const { said } = await run(PYTHON, master('quick-master.py'), path, '5', `${rounds}`);
    expect(JSON.parse(said)).toEqual({});
    expect(pair.payloads.map((payload) => Buffer.from(payload).readUInt16BE(4))).toEqual(
      Array.from({ length: rounds }, (_, number) => number),
    );
  });

  it('each finds a device of its own at the path', async () => {
    const { path } = await overPty();
    const before = readlinkSync(path);
    await run('mbpoll', '-m', 'rtu', '-a', '5', '-1', path);
    await until(() => readlinkSync(path) !== before);
  });
});

describe('Modbus over TCP', () => {
  it('gives a request as unit and PDU, and its answer under its transaction id, whatever the order', async () => {
    const { pair, port } = await overTcp();
    const one = await RawMaster.at(port);
    one.ask(0x1234, 5, ...WRITE_3);
    one.ask(7, 5, ...READ_3);
    await until(() => pair.payloads.length === 2 && one.heard.length > 0);
    await until(
      () => one.said === hex(mbap(0x1234, 5, ...WRITE_3), mbap(7, 5, 3, 2, 0, 17)),
      () => one.said,
    );
    expect(pair.payloads.map((payload) => Buffer.from(payload).toString('hex'))).toEqual([
      '050600030011',
      '050300030001',
    ]);
  });

  it('a request that is asked again while it stands unanswered is done once, and answered once under its last number', async () => {
    const { pair, port, upstream } = await overTcp();
    pair.isHeld = true;
    const one = await RawMaster.at(port);
    const other = await RawMaster.at(port);
    one.ask(1, 5, ...WRITE_3);
    one.ask(2, 5, ...WRITE_3);
    await until(() => upstream.clients.askedAgain === 1);
    // Another client's is its own, and so is the next one after the answer.
    other.ask(9, 5, ...WRITE_3);
    await until(() => pair.payloads.length === 2);
    pair.go();
    await until(() => one.said !== '' && other.said !== '');
    one.ask(3, 5, ...WRITE_3);
    await until(() => pair.payloads.length === 3);
    await until(
      () => one.said === hex(mbap(2, 5, ...WRITE_3), mbap(3, 5, ...WRITE_3)),
      () => one.said,
    );
    expect(other.said).toBe(hex(mbap(9, 5, ...WRITE_3)));
  });

  it('a unit that is not served is exception 10, a broadcast is passed on and has no answer', async () => {
    const { pair, port } = await overTcp();
    const one = await RawMaster.at(port);
    one.ask(1, 6, ...READ_3);
    one.ask(2, 0, ...WRITE_3);
    one.ask(3, 0, ...READ_3);
    one.ask(4, 5, ...READ_3);
    await until(() => one.said.length >= 40);
    expect(one.said).toBe(hex(mbap(1, 6, 0x83, 10), mbap(4, 5, 3, 2, 0, 17)));
    expect(pair.payloads.map(([unit]) => unit)).toEqual([0, 5]);
  });

  it('0 that is the pair is no broadcast to the boards', async () => {
    const { pair, port } = await overTcp({ units: new ServedUnits(new Map([[0, 'pair']])) });
    const one = await RawMaster.at(port);
    one.ask(1, 0, ...READ_3);
    await until(() => one.said === hex(mbap(1, 0, 3, 2, 0, 0)));
    expect(pair.payloads[0]?.[0]).toBe(255);
  });

  it.each([
    ['full', 6],
    ['stopped', 11],
    ['in-doubt', 4],
    ['quarantined', 4],
  ] as const)('R6: what is refused as %s is exception %i', async (reason, exception) => {
    const { pair, port } = await overTcp();
    pair.refusal = reason;
    const one = await RawMaster.at(port);
    one.ask(1, 5, ...WRITE_3);
    await until(
      () => one.said === hex(mbap(1, 5, 0x86, exception)),
      () => one.said,
    );
  });

  it.each([
    ['none', WRITE_3, 1],
    [{ codes: [16] }, WRITE_3, 1],
    [{ codes: [6] }, WRITE_3, null],
    [{ ranges: [{ space: 'holding', first: 0, last: 2 }] }, WRITE_3, 2],
    [{ ranges: [{ space: 'holding', first: 3, last: 3 }] }, WRITE_3, null],
    [{ ranges: [{ space: 'coils', first: 0, last: 9 }] }, WRITE_3, 2],
    ['none', READ_3, null],
  ] as const)('with writes %j, %j is exception %s', async (writes, pdu, exception) => {
    const { pair, port } = await overTcp({ writes });
    const one = await RawMaster.at(port);
    one.ask(1, 5, ...pdu);
    await until(() => one.said !== '');
    expect(pair.payloads).toHaveLength(exception === null ? 1 : 0);
    if (exception !== null) expect(one.said).toBe(hex(mbap(1, 5, (pdu[0] ?? 0) | 0x80, exception)));
  });

  it.each([
    [[3, 0, 0, 0, 126], 3],
    [[3, 0xff, 0xff, 0, 2], 2],
    [[99, 1, 2, 3], 1],
    [[6, 0, 3, 0], 3],
    [[16, 0, 3, 0, 1, 3, 0, 1], 3],
  ])('%j never reaches a board, which might be silent about it: exception %i', async (pdu, exception) => {
    const { pair, port } = await overTcp();
    const one = await RawMaster.at(port);
    one.ask(1, 5, ...pdu);
    await until(
      () => one.said === hex(mbap(1, 5, (pdu[0] ?? 0) | 0x80, exception)),
      () => one.said,
    );
    expect(pair.payloads).toEqual([]);
  });

  it.each(['GET / HTTP/1.1\r\n\r\n', '\0\0\0\0\0\0', '\0\0\0\0\u0001\0\u0005'])(
    '%j ends the connection, and no other',
    async (said) => {
      const { pair, port } = await overTcp();
      const [bad, good] = [await RawMaster.at(port), await RawMaster.at(port)];
      bad.socket.write(said, 'latin1');
      await until(() => bad.closed);
      good.ask(1, 5, ...READ_3);
      await until(() => good.said !== '');
      expect(pair.payloads).toHaveLength(1);
    },
  );

  it('takes a frame in pieces, and several in one', async () => {
    const { port } = await overTcp();
    const one = await RawMaster.at(port);
    const frames = Buffer.concat([mbap(1, 5, ...WRITE_3), mbap(2, 5, ...READ_3)]);
    for (const byte of frames) {
      one.socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answers = hex(mbap(1, 5, ...WRITE_3), mbap(2, 5, 3, 2, 0, 17));
    await until(
      () => one.said === answers,
      () => one.said,
    );
    one.socket.write(frames);
    await until(
      () => one.said === answers + answers,
      () => one.said,
    );
  });
});

describe('Modbus as on a line', () => {
  const frame = (...pdu: readonly number[]) => Buffer.from(encodeRtu({ address: 5, pdu: Uint8Array.from(pdu) }));

  it('R6: what a master has asked and was not begun when it hung up is never done', async () => {
    const { pair, path, upstream } = await overPty({ places: 1 });
    pair.isHeld = true;
    const device = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    const writes = Array.from({ length: 1000 }, (_, value) => frame(6, 0, 3, value >> 8, value & 0xff));
    writeSync(device, Buffer.concat(writes));
    await until(() => pair.payloads.length === 1);
    closeSync(device);
    // Nothing has made room for it to be read, and it is noticed all the same.
    await until(() => upstream.clients.open === 0);
    pair.go();
    const next = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    toClose.push(() => closeSync(next));
    writeSync(next, frame(6, 0, 4, 0, 99));
    await until(() => pair.holding[4] === 99);
    expect([pair.payloads.length, pair.holding[3]]).toEqual([2, 0]);
  });

  it.each(['modbus-tcp', 'modbus-rtu'] as const)(
    'R6: what a master over TCP had not begun when it hung up is not done to its end: %s',
    async (framing) => {
      const { pair, port, upstream } = await overTcp({ framing, places: 1, readsAhead: true });
      pair.isHeld = true;
      const one = await RawMaster.at(port);
      const asked = Array.from({ length: 1000 }, (_, value) => [6, 0, 3, value >> 8, value & 0xff] as const);
      const frames = asked.map((pdu, at) => (framing === 'modbus-tcp' ? mbap(at, 5, ...pdu) : frame(...pdu)));
      one.socket.write(Buffer.concat(frames));
      await until(() => pair.payloads.length === 1);
      one.socket.destroy();
      const other = await RawMaster.at(port);
      pair.go();
      await until(() => upstream.clients.open === 1);
      other.socket.write(framing === 'modbus-tcp' ? mbap(7, 5, 6, 0, 4, 0, 99) : frame(6, 0, 4, 0, 99));
      await until(() => pair.holding[4] === 99);
      // Over Modbus TCP its end shows by an answer that cannot be given to it.
      expect(pair.payloads.length).toBeLessThan(framing === 'modbus-tcp' ? 50 : 3);
    },
  );

  it('a master over TCP that has said all it wants to say has its answer all the same', async () => {
    const { pair, port } = await overTcp({ framing: 'modbus-rtu', readsAhead: true, answerWithinUs: 60_000_000 });
    pair.isHeld = true;
    const one = await RawMaster.at(port);
    one.socket.end(frame(...WRITE_3));
    await until(() => pair.payloads.length === 1);
    pair.go();
    await until(
      () => one.said === hex(frame(...WRITE_3)),
      () => one.said,
    );
  });

  it('what a master has asked with its last breath is done, where there is room for it', async () => {
    const { pair, path } = await overPty();
    writeFileSync(path, frame(6, 0, 3, 0, 17));
    await until(() => pair.holding[3] === 17);
  });

  it('a late answer is withheld: no master takes it for that to its next request', async () => {
    const { pair, port, upstream } = await overTcp({ framing: 'modbus-rtu', answerWithinUs: 1 });
    pair.nextTakesMs = 20;
    const one = await RawMaster.at(port);
    one.socket.write(frame(...READ_3));
    await until(() => upstream.clients.withheldAnswers === 1);
    expect(one.said).toBe('');
  });

  it('an answer whose master has gone on to something else is withheld, in time or not', async () => {
    const { pair, port, upstream } = await overTcp({ framing: 'modbus-rtu', answerWithinUs: 60_000_000 });
    pair.isHeld = true;
    const one = await RawMaster.at(port);
    one.socket.write(frame(3, 0, 1, 0, 1));
    await until(() => pair.payloads.length === 1);
    one.socket.write(frame(3, 0, 2, 0, 2));
    await until(() => pair.payloads.length === 2);
    pair.go();
    await until(
      () => one.said === hex(frame(3, 4, 0, 0, 0, 0)),
      () => one.said,
    );
    expect(upstream.clients.withheldAnswers).toBe(1);
  });

  it('asked again is answered, once', async () => {
    const { pair, port, upstream } = await overTcp({ framing: 'modbus-rtu', answerWithinUs: 60_000_000 });
    pair.isHeld = true;
    const one = await RawMaster.at(port);
    one.socket.write(frame(...WRITE_3));
    await until(() => pair.payloads.length === 1);
    one.socket.write(frame(...WRITE_3));
    await until(() => upstream.clients.askedAgain === 1);
    pair.go();
    await until(
      () => one.said === hex(frame(...WRITE_3)),
      () => one.said,
    );
    expect([pair.payloads.length, upstream.clients.withheldAnswers]).toEqual([1, 0]);
  });
});
