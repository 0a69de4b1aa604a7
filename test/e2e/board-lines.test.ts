import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until.js';
import { CookedTerminal } from './cooked-terminal.js';
import { NewcomerMachine } from './newcomer-machine.js';
import { pairFile, RunningGateway } from './running-gateway.js';

/** `cc_log` of a sketch, on two boards that are processes, as somebody sees it who runs the built program. */

const SOURCE = resolve('test/e2e/talking-heater.c');
const VERSION = createHash('sha1').update(readFileSync(SOURCE)).digest('hex');
const machine = new NewcomerMachine(`-Wl,--wrap=heater_step ${SOURCE} -DTALKING_${VERSION}`);
const terminal = new CookedTerminal();
let gateway: RunningGateway;

beforeAll(async () => {
  await machine.setUp();
  writeFileSync(`${machine.folder}/copycat.yaml`, pairFile('every 50ms').replace('deadline: 2s', 'deadline: 5s'));
  const nobody = await machine.run(['log'], '');
  expect(nobody.code).toBe(1);
  expect(nobody.text).toMatch(
    /^copycat: no gateway is running: there is no \S+; start it: copycat run -c copycat.yaml\n$/,
  );
  gateway = new RunningGateway(
    machine.spawn(['run'], { stdio: ['ignore', terminal.slave, terminal.slave] }),
    machine.folder,
  );
});
afterAll(async () => {
  gateway.process.kill('SIGKILL');
  await gateway.ended;
  terminal.close();
  machine.dispose();
});

describe('what a sketch says with cc_log', () => {
  it('is shown by copycat run in a terminal, with the time and the board, and acts on nothing', async () => {
    await until(() => /^\d\d:\d\d:\d\d a: level 1\r?$/m.test(terminal.read()));
    await until(() => /^\d\d:\d\d:\d\d b: level \d+\r?$/m.test(terminal.read()));
    await until(() => terminal.read().includes(String.raw`a: \x1b[2J\x1b]0;owned\x07`));
  });

  it('is told by copycat log: all of it, of one board, as JSON lines', async () => {
    const all = await machine.run(['log'], '');
    expect(all).toMatchObject({ code: 0, text: expect.stringMatching(/^\d\d:\d\d:\d\d a: level 1$/m) });
    expect(all.text).toMatch(/^\d\d:\d\d:\d\d b: level \d+$/m);
    expect(all.text).toContain(String.raw`a: \x1b[2J\x1b]0;owned\x07`);
    const ofB = await machine.run(['log', '--board', 'b', '--json'], '');
    const lines = ofB.text.trim().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    const numbers = lines.map((line) => (JSON.parse(line) as { board: string; number: number }).number);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(lines.filter((line) => !line.includes('"board":"b"'))).toEqual([]);
    expect(await machine.run(['log', '--board', 'c'], '')).toEqual({
      code: 2,
      text: 'copycat: this pair has no board c; expected a or b\n',
    });
  });

  it('is followed by copycat log --follow until Ctrl-C, each line once', async () => {
    const follower = machine.spawn(['log', '--follow', '--board', 'a'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    follower.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const seen = (): string[] => text.match(/level \d+/g) ?? [];
    await until(() => seen().length > 3);
    const before = seen().length;
    await until(() => seen().length > before + 20);
    expect(seen()).toEqual([...new Set(seen())]);
    const ended = once(follower, 'exit');
    follower.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
});
