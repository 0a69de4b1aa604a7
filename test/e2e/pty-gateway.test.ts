import { existsSync, lstatSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterEach, expect, it } from 'vitest';
import { until } from '../until.js';
import { LineBoard } from './slaves/line-board.js';
import { SlaveGateway } from './slaves/slave-gateway.js';

/** Gateways whose clients come to a pseudo-terminal, and what others may do to its path. */

const toDispose: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const dispose of toDispose.splice(0).reverse()) await dispose();
});

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-port-'));
  toDispose.push(() => rmSync(folder, { recursive: true }));
  return join(folder, 'port');
}

async function start(path: string) {
  const boards = [new LineBoard(), new LineBoard()] as const;
  toDispose.push(() => {
    for (const board of boards) board.dispose();
  });
  const pair = await SlaveGateway.start({
    paths: [boards[0].path, boards[1].path],
    board: 'kind: serial, line: 115200-8N1',
    protocol: '{ profile: lines-ok, deadline: 400ms, probe: GET }',
    input: `{ listen: 'pty:${path}', framing: lines }`,
  });
  let isRunning = true;
  const end = async (): Promise<void> => {
    if (isRunning) await pair.dispose();
    isRunning = false;
  };
  toDispose.push(end);
  return { pair, boards, end };
}

const lacks = ({ status }: SlaveGateway): string => JSON.stringify(status.warnings);

it('a second gateway at the path of a running one takes nothing from it, says who has it, and serves there after it', async () => {
  const path = newPath();
  const first = await start(path);
  const device = readlinkSync(path);
  const second = await start(path);
  expect(lacks(second.pair)).toContain(
    `another gateway (process ${process.pid}) serves ${path}; it is tried again for ever`,
  );
  expect([readlinkSync(path), lacks(first.pair)]).toEqual([device, expect.not.stringContaining('nothing comes in')]);
  await first.end();
  await second.pair.until(() => !lacks(second.pair).includes('nothing comes in') && existsSync(path));
  writeFileSync(path, 'SET 40\n');
  await second.pair.until(() => second.boards[0].sets.includes('40'));
  await second.end();
  expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
});

it('a link that was removed is put back, and that is said; what stands in its place is trouble that status tells', async () => {
  const path = newPath();
  const { pair, boards } = await start(path);
  rmSync(path);
  await pair.until(() => existsSync(path));
  expect(pair.log.filter((line) => line.includes('was put back'))).toHaveLength(1);
  rmSync(path);
  writeFileSync(path, 'mine');
  await pair.until(() => lacks(pair).includes(`a file is at ${path}, and is left alone`));
  rmSync(path);
  await pair.until(() => !lacks(pair).includes('nothing comes in'));
  writeFileSync(path, 'SET 41\n');
  await pair.until(() => boards[0].sets.includes('41'));
});

/** As a program that waits for a board which restarts when its port is opened. */
async function openPort(path: string) {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
  let said = '';
  port.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  const close = () => new Promise<void>((resolve) => port.close(() => resolve()));
  return { port, said: () => said, close };
}

it('R27: greeting: banner gives each client what a board said at its start, and so does the next gateway, which has heard none', async () => {
  const path = newPath();
  const boards = [new LineBoard(), new LineBoard()] as const;
  const setup = {
    paths: [boards[0].path, boards[1].path],
    board: 'kind: serial, line: 115200-8N1',
    protocol: "{ profile: lines-ok, deadline: 400ms, probe: GET, banner: '^valve ' }",
    input: `{ listen: 'pty:${path}', framing: lines, greeting: banner }`,
  } as const;
  const first = await SlaveGateway.start(setup);
  await first.until(() => first.status.protected);
  boards[1].say('valve 1.0\nlimit 90\n');
  await first.until(() => first.log.some((line) => line.includes('"kind":"banner"')));
  const client = await openPort(path);
  await until(() => client.said() === 'valve 1.0\nlimit 90\n');
  client.port.write('SET 40\n');
  await until(() => client.said() === 'valve 1.0\nlimit 90\nok\n');
  await client.close();
  await first.close();

  const second = await SlaveGateway.start({ ...setup, after: first });
  toDispose.push(async () => {
    await second.dispose();
    for (const board of boards) board.dispose();
  });
  const next = await openPort(path);
  toDispose.push(next.close);
  await until(() => next.said() === 'valve 1.0\nlimit 90\n');
  expect(second.log.filter((line) => line.includes('"kind":"banner"'))).toEqual([]);
});
