import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removePairFolder } from '../remove-pair-folder.js';
import { until } from '../until.js';
import { CookedTerminal } from './cooked-terminal.js';
import { missingIn } from './printed-page.js';

/** The second way of docs/getting-started.md, typed as it stands there: `copycat run` and a master that goes on asking stay in their terminals. */

const MAIN = resolve('dist/cli/main.js');
const PAGE = readFileSync('docs/getting-started.md', 'utf8').split('## The second way')[1]?.split('\n## ')[0] ?? '';
const MASTER_ENDED = '<!-- mbpoll: ended -->';
/** Whoever looks again and again does so for so long; it only ends a test that would fail anyway. */
const PATIENCE_MS = 40_000;

interface Step {
  readonly command: string;
  readonly printed: readonly string[];
}

function stepsOf(page: string): readonly Step[] {
  const steps: { command: string; printed: string[] }[] = [];
  let isConsole = false;
  for (const line of page.split('\n')) {
    if (line === MASTER_ENDED) steps.push({ command: MASTER_ENDED, printed: [] });
    else if (line.startsWith('```')) isConsole = line === '```console';
    else if (isConsole && line.startsWith('$ ')) steps.push({ command: line.slice(2), printed: [] });
    else if (isConsole) steps.at(-1)?.printed.push(line);
  }
  return steps;
}

describe('docs/getting-started.md: boards you already have', () => {
  const steps = stepsOf(PAGE);
  const folder = mkdtempSync(join(tmpdir(), 'copycat-second-way-'));
  const memory = mkdtempSync('/dev/shm/copycat-second-way-');
  const screen = new CookedTerminal();
  let run: ChildProcess | null = null;
  let master: ChildProcess | null = null;
  let masterSaid = '';
  let port = 0;

  beforeAll(() => {
    // Port and journal are this test's own: others may run beside it.
    const text = readFileSync('modbus.yaml', 'utf8').replace(':1502', ':0');
    writeFileSync(join(folder, 'modbus.yaml'), `${text}ledger: { journal: ${memory} }\n`);
  });

  afterAll(async () => {
    master?.kill('SIGKILL');
    if (run !== null) {
      const ended = once(run, 'exit');
      run.kill('SIGINT');
      await ended;
    }
    screen.close();
    removePairFolder(folder, memory);
  });

  function start(command: string, screened = false): ChildProcess {
    const words = command.replace('-p 1502', `-p ${port}`).split(' ');
    const [program, args] =
      words[0] === 'npx' ? [process.execPath, [MAIN, ...words.slice(2)]] : [words[0] ?? '', words.slice(1)];
    const env = { ...process.env, NO_COLOR: '1' };
    if (!screened) return spawn(program, args, { cwd: folder, env });
    return spawn(program, args, { cwd: folder, env, stdio: ['ignore', screen.slave, screen.slave] });
  }

  const runSaid = (): string => screen.read().replaceAll('\r\n', '\n').replaceAll(`:${port} (`, ':1502 (');

  async function saysIt(said: () => string, printed: readonly string[]): Promise<void> {
    await until(
      () => missingIn(said(), printed) === null,
      () => missingIn(said(), printed),
      PATIENCE_MS / 1000,
    );
  }

  async function typed(command: string): Promise<string> {
    const child = start(command);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(child, 'close');
    return text;
  }

  /** Again and again, as a person looks again: a slave joins while it is asked. */
  async function type({ command, printed }: Step): Promise<void> {
    const untilMs = Date.now() + PATIENCE_MS;
    for (;;) {
      const missing = missingIn(await typed(command), printed);
      if (missing === null) return;
      if (!command.includes(' status ') || Date.now() > untilMs) expect.fail(`${command}\n${missing}`);
      await pass(200);
    }
  }

  it('has the steps that make it worth following', () => {
    expect(steps.map(({ command }) => command.split(' ').slice(0, 3).join(' '))).toEqual([
      'npx copycat run',
      'mbpoll -m tcp',
      'npx copycat status',
      'mbpoll -m tcp',
      'npx copycat try',
      'npx copycat try',
      'npx copycat status',
      MASTER_ENDED.split(' -->')[0],
    ]);
  });

  for (const [index, step] of steps.entries()) {
    const { command, printed } = step;
    it.sequential(`step ${index + 1}: ${command}`, async () => {
      if (command.startsWith('npx copycat run')) {
        run = start(command, true);
        await until(
          () => /tcp:\/\/127\.0\.0\.1:\d+ /.test(screen.read()),
          () => screen.read(),
          PATIENCE_MS / 1000,
        );
        port = Number(/tcp:\/\/127\.0\.0\.1:(\d+) /.exec(screen.read())?.[1]);
        await saysIt(runSaid, printed);
      } else if (command.startsWith('mbpoll') && master === null) {
        // In a pipe it would keep to itself what it has.
        master = start(`stdbuf -oL ${command}`);
        master.stdout?.on('data', (chunk: Buffer) => (masterSaid += chunk.toString()));
        await saysIt(() => masterSaid, printed);
      } else if (command === MASTER_ENDED) {
        const asking = master;
        if (asking === null) throw new Error('no master asks');
        const ended = once(asking, 'close');
        asking.kill('SIGINT');
        await ended;
        const [, sent, received, errors] =
          /(\d+) frames transmitted, (\d+) received, (\d+) errors/.exec(masterSaid) ?? [];
        expect(missingIn(masterSaid, printed)).toBeNull();
        expect({ received, errors }).toEqual({ received: sent, errors: '0' });
      } else {
        await type(step);
      }
    });
  }
});
