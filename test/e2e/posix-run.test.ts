import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { until } from '../until.js';
import { PosixHeater } from './posix-pair.js';

// docs/bench.md, "Two processes as boards": its configuration, `copycat run` as people run it, and what it says is printed.

const MAIN = resolve('dist/cli/main.js');
const [, SECTION = ''] = readFileSync('docs/bench.md', 'utf8').split('\n## Two processes as boards\n');
const [PAGE = ''] = SECTION.split('\n## ');
const [YAML = ''] = blocksOf('yaml');
const [WELL = '', KILLED = ''] = blocksOf('console');

const heater = new PosixHeater();
const toEnd: (() => void)[] = [];
afterEach(async () => {
  for (const end of toEnd.splice(0)) end();
  await heater.dispose();
});

function blocksOf(language: string): readonly string[] {
  return PAGE.split('```')
    .filter((block) => block.startsWith(`${language}\n`))
    .map((block) => block.slice(language.length + 1));
}

function copycat(...words: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], { cwd: heater.folder, encoding: 'utf8' });
  return stdout + stderr;
}

/** Lines of the page that were not printed; images and counts differ from machine to machine. */
function missing(page: string, printed: string): readonly string[] {
  const alike = (text: string) => text.replaceAll(/\b[0-9a-f]{8}\b/g, 'IMAGE').trim();
  const lines = new Set(printed.split('\n').map(alike));
  return page.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('$ ') && !lines.has(alike(line)));
}

it('R10, R23: two processes and an emulated relay are a pair on any machine: one is killed, and the client goes on being answered', async () => {
  const a = await heater.start(1);
  const b = await heater.start(2);
  // Both in one pass: a terminal of ours may bear the number of the page's other one.
  const ports: Readonly<Record<string, string>> = { '/dev/pts/3': a.port, '/dev/pts/4': b.port };
  const yaml = YAML.replace(/\/dev\/pts\/\d+/g, (port) => ports[port] ?? port).replace(':7400', ':0');
  expect(yaml).toContain('relay: emulated');
  writeFileSync(join(heater.folder, 'copycat.yaml'), yaml);
  const gateway = spawn(process.execPath, [MAIN, 'run'], { cwd: heater.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  toEnd.push(() => gateway.kill('SIGKILL'));
  let said = '';
  for (const stream of [gateway.stdout, gateway.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk));
  await until(
    () => /tcp:\/\/127\.0\.0\.1:\d+/.test(said) && /"PROTECTED · both boards agree/.test(said),
    () => said,
  );
  expect(missing(WELL, copycat('status'))).toEqual([]);

  const { port } = new URL(/tcp:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '');
  const socket: Socket = connect(Number(port), '127.0.0.1');
  toEnd.push(() => socket.destroy());
  const answers: unknown[] = [];
  createInterface({ input: socket }).on('line', (line) => answers.push(JSON.parse(line)));
  const ask = async (id: number): Promise<unknown> => {
    socket.write(`${JSON.stringify({ id, payload: '40069001' })}\n`);
    await until(
      () => answers.length > 0,
      () => said,
    );
    return answers.shift();
  };
  expect(await ask(1)).toEqual({ id: 1, payload: 'ff0000000000' });
  a.kill();
  for (const id of [2, 3, 4]) expect(await ask(id)).toEqual({ id, payload: 'ff0000000000' });
  // The page was written where a process that is gone takes its terminal along; here the terminal is held, and only silent.
  await until(() => copycat('status', '--json').includes('"primary": "b"'));
  expect(missing(KILLED, copycat('status')).filter((line) => line.includes('relay'))).toEqual([]);
  expect(copycat('faults', 'list')).toMatch(/board a/);
});
