import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { servePersistently } from '../../src/api/socket/persistent-control.js';
import { readStatus } from '../../src/api/socket/read-status.js';
import { sendCommand } from '../../src/api/socket/send-command.js';
import { serveControl } from '../../src/api/socket/serve-control.js';
import type { Command, CommandOutcome } from '../../src/control/contract/command.js';
import type { Status } from '../../src/control/contract/status.js';
import { until } from '../until.js';
import { ManualClock } from './manual-clock.js';
import { statusWith } from './status-kit.js';

const STATUS = statusWith({ inputs: { pending: 0, answered: 3, refused: 0, quarantined: [] }, upMs: 5 });

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-control-'));
  path = join(folder, 'control.sock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const noCommands = (): Promise<CommandOutcome> => Promise.resolve({ refused: 'not in this test' });
const serve = () => serveControl({ path, status: () => STATUS, command: noCommands });

/** Leaves a socket file behind, as a gateway that was killed does. */
async function leaveStaleSocket(): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.alive`, resolve));
  // Closing removes the file under the name it was made with: under another name it stays, with nobody behind it.
  const { renameSync } = await import('node:fs');
  renameSync(`${path}.alive`, path);
  await new Promise((resolve) => server.close(resolve));
}

/** Sends text and gives what comes back until the other side is silent or gone. */
function ask(text: string, answers: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let held = '';
    const done = (): void => {
      const lines = held.split('\n').slice(0, -1);
      if (lines.length < answers && !socket.destroyed) return;
      socket.destroy();
      resolve(lines.map((line) => JSON.parse(line)));
    };
    socket.on('connect', () => socket.write(text));
    socket.on('error', reject);
    socket.on('close', done);
    socket.on('data', (chunk: Buffer) => {
      held += chunk.toString();
      done();
    });
  });
}

describe('the control socket', () => {
  it('tells the status as it is when asked', async () => {
    let upMs = 0;
    const server = await serveControl({ path, status: () => ({ ...STATUS, upMs: ++upMs }), command: noCommands });
    expect(await readStatus(path)).toEqual({ ...STATUS, upMs: 1 });
    expect(await readStatus(path)).toEqual({ ...STATUS, upMs: 2 });
    await server.close();
  });

  it('belongs to this user alone', async () => {
    const server = await serve();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server.close();
  });

  it('answers every line of a connection, the wrong ones with an error', async () => {
    const server = await serve();
    expect(await ask('{"get":"status"}\n{"get":"moon"}\nnonsense\n{"get":"status"}\n', 4)).toEqual([
      { status: STATUS },
      { error: expect.any(String) },
      { error: expect.any(String) },
      { status: STATUS },
    ]);
    await server.close();
  });

  it('R6: hangs up on a request without end', async () => {
    const server = await serve();
    expect(await ask('x'.repeat(10_000), 1)).toEqual([]);
    expect(await readStatus(path)).toEqual(STATUS);
    await server.close();
  });

  it('replaces the socket of a gateway that was killed', async () => {
    await leaveStaleSocket();
    expect(existsSync(path)).toBe(true);
    const server = await serve();
    expect(await readStatus(path)).toEqual(STATUS);
    await server.close();
    expect(existsSync(path)).toBe(false);
  });

  it('refuses to serve where another gateway serves, which goes on', async () => {
    const server = await serve();
    await expect(serve()).rejects.toMatchObject({
      code: 'LEDGER_LOCKED',
      message: `another gateway is running here: it serves ${path}`,
    });
    expect(await readStatus(path)).toEqual(STATUS);
    await server.close();
  });

  it('takes the place of nothing but a socket: whatever else has the name stays as it is', async () => {
    writeFileSync(path, 'precious');
    await expect(serve()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${path} is no socket, and stays as it is`,
    });
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('closes while somebody is connected', async () => {
    const server = await serve();
    const socket = connect(path);
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await server.close();
    await closed;
  });

  it('says why it cannot be made', async () => {
    await expect(
      serveControl({ path: join(folder, 'x'.repeat(120)), status: () => STATUS, command: noCommands }),
    ).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      expected: 'at most 107 bytes',
    });
    await expect(
      serveControl({ path: join(folder, 'no', 'such'), status: () => STATUS, command: noCommands }),
    ).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});

describe('the control socket of a gateway that runs', () => {
  const stand = (clock: ManualClock, troubles: (string | null)[] = []) =>
    servePersistently({
      ...{ path, clock, status: () => STATUS, command: noCommands, besideLedger: true },
      onTrouble: (trouble) => troubles.push(trouble),
    });
  const asked = (clock: ManualClock): Promise<Status> => {
    clock.advance(5_000_000);
    return until(() => readStatus(path).catch(() => null));
  };

  it('is there again when somebody has removed its file', async () => {
    const clock = new ManualClock();
    const control = await stand(clock);
    rmSync(path);
    expect(await asked(clock)).toEqual(STATUS);
    await control.close();
    expect(existsSync(path)).toBe(false);
    expect(clock.alarms).toBe(0);
  });

  it('is made as soon as its folder can be used, where nothing could be made at the start', async () => {
    const clock = new ManualClock();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'no folder');
    const troubles: (string | null)[] = [];
    const control = await stand(clock, troubles);
    expect(troubles).toEqual([expect.stringContaining(folder)]);
    rmSync(folder);
    expect(await asked(clock)).toEqual(STATUS);
    expect(troubles.at(-1)).toBeNull();
    await control.close();
  });

  it('that has another at its place leaves that alone when it closes', async () => {
    const control = await stand(new ManualClock());
    rmSync(path);
    const other = await serve();
    await control.close();
    expect(await readStatus(path)).toEqual(STATUS);
    await other.close();
  });
});

describe('asking for the status', () => {
  it('says that no gateway is running, and whether one was', async () => {
    await expect(readStatus(path)).rejects.toMatchObject({
      code: 'USAGE',
      message: `no gateway is running: there is no ${path}`,
    });
    await leaveStaleSocket();
    await expect(readStatus(path)).rejects.toMatchObject({
      code: 'USAGE',
      message: `no gateway is running: the one that made ${path} is gone`,
    });
  });

  it('does not wait for ever for a gateway that stands still, and takes no nonsense', async () => {
    let say: string | null = null;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (say !== null) socket.write(say);
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(readStatus(path, { timeoutMs: 20 })).rejects.toMatchObject({
      message: expect.stringContaining('does not answer'),
    });
    say = 'hello\n';
    await expect(readStatus(path)).rejects.toMatchObject({ message: `what answers at ${path} is no gateway` });
    say = '{"error":"broken"}\n';
    await expect(readStatus(path)).rejects.toMatchObject({ code: 'USAGE' });
    server.close();
  });
});

describe('giving commands', () => {
  const asked: Command[] = [];
  const answers: ((outcome: CommandOutcome) => void)[] = [];
  beforeEach(() => {
    asked.length = 0;
    answers.length = 0;
  });
  const serveCommands = () =>
    serveControl({
      path,
      status: () => STATUS,
      command: (command) => {
        asked.push(command);
        return new Promise((resolve) => answers.push(resolve));
      },
    });
  it.each<[Command, CommandOutcome]>([
    [{ command: 'switch' }, { done: 'board b drives' }],
    [{ command: 'rejoin', board: 'b' }, { refused: 'board b is in the pair' }],
    [{ command: 'resume' }, { done: 'the pair goes on' }],
    [{ command: 'retry', seq: 42 }, { underWay: 'still under way' }],
    [{ command: 'accept', seq: 42 }, { underWay: 'still under way' }],
    [{ command: 'drop', seq: 4294967295 }, { refused: 'no such input' }],
    [
      { command: 'update-begin', board: 'b', image: '/i.hex', facts: null, converter: 'convert 2', comparisons: 5 },
      { done: 'it is flashed' },
    ],
    [
      {
        ...{ command: 'update-begin', board: 'b', image: '/i.hex', converter: null, comparisons: 1 },
        facts: { imageHash: 1, stateLayout: 2, stateBytes: 3 },
      },
      { refused: 'another layout' },
    ],
    [{ command: 'update-accept', fields: ['duty', 'state'] }, { done: 'board b drives' }],
    [{ command: 'update-abandon' }, { refused: 'no update is under way' }],
  ])('%j goes to the gateway as it is, and the outcome comes back', async (command, outcome) => {
    const server = await serveCommands();
    const answer = sendCommand(path, command);
    await until(() => asked.length === 1);
    answers[0]?.(outcome);
    expect(await answer).toEqual(outcome);
    expect(asked).toEqual([command]);
    await server.close();
  });

  it('refuses what is no command with what was expected, and asks nobody', async () => {
    const server = await serveCommands();
    const lines = [
      '{"do":"jump"}',
      '{"do":"rejoin"}',
      '{"do":"retry","seq":"42"}',
      '{"do":"drop","seq":0}',
      '{"do":"drop","seq":1.5}',
      '{"do":"retry","seq":4294967296}',
      '{"do":"update-begin","board":"b","image":"/i.hex","facts":null,"converter":null,"comparisons":0}',
      '{"do":"update-begin","board":"b","image":"/i.hex","facts":{"imageHash":1},"converter":null,"comparisons":1}',
      '{"do":"relay-test"}',
      '{"do":"update-accept","fields":"duty"}',
    ];
    expect(await ask(`${lines.join('\n')}\n`, lines.length)).toEqual([
      {
        error:
          'expected do to be one of switch, rejoin, resume, relay-test, notify-test, identify, retry, drop, accept, update-begin, update-check, update-accept, update-abandon',
      },
      { error: 'rejoin needs a board: {"do":"rejoin","board":"b"}' },
      { error: 'retry needs the number of an input: {"do":"retry","seq":42}' },
      { error: 'drop needs the number of an input: {"do":"drop","seq":42}' },
      { error: 'drop needs the number of an input: {"do":"drop","seq":42}' },
      { error: 'retry needs the number of an input: {"do":"retry","seq":42}' },
      { error: 'update-begin needs board, image, facts (or null), converter (or null) and comparisons' },
      { error: 'update-begin needs board, image, facts (or null), converter (or null) and comparisons' },
      { error: 'relay-test needs back: {"do":"relay-test","back":true}' },
      { error: 'update-accept needs the fields that differ: {"do":"update-accept","fields":["duty"]}' },
    ]);
    expect(asked).toEqual([]);
    await server.close();
  });

  it('R6: takes one at a time from a client, in its order, and goes on answering others', async () => {
    const server = await serveCommands();
    const all = ask('{"do":"switch"}\n{"get":"status"}\n{"do":"resume"}\n', 3);
    await until(() => asked.length === 1);
    expect(await readStatus(path)).toEqual(STATUS);
    expect(asked).toEqual([{ command: 'switch' }]);
    answers[0]?.({ done: 'one' });
    await until(() => asked.length === 2);
    answers[1]?.({ done: 'two' });
    expect(await all).toEqual([{ done: 'one' }, { status: STATUS }, { done: 'two' }]);
    await server.close();
  });

  it('does not mind a client that went away before its answer', async () => {
    const server = await serveCommands();
    const socket = connect(path);
    socket.on('error', () => undefined);
    socket.write('{"do":"switch"}\n');
    await until(() => asked.length === 1);
    const gone = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await gone;
    answers[0]?.({ done: 'board b drives' });
    expect(await readStatus(path)).toEqual(STATUS);
    await server.close();
  });

  it('says so when the gateway ends before it has answered', async () => {
    const server = await serveCommands();
    const answer = sendCommand(path, { command: 'switch' });
    const rejected = expect(answer).rejects.toMatchObject({
      code: 'USAGE',
      message: `the gateway at ${path} hung up before it answered`,
    });
    await until(() => asked.length === 1);
    await server.close();
    await rejected;
  });

  it('takes no nonsense for an outcome', async () => {
    const server = createServer((socket) => socket.end('{"done":7}\n'));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(sendCommand(path, { command: 'switch' })).rejects.toMatchObject({
      code: 'USAGE',
      value: '{"done":7}',
    });
    server.close();
  });
});
