import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removePairFolder } from '../remove-pair-folder.js';
import { until } from '../until.js';
import { CookedTerminal } from './cooked-terminal.js';
import { missingIn } from './printed-page.js';

/** Hands on running emulated pairs: docs/try.md and the README, typed as they stand there. */

const MAIN = resolve('dist/cli/main.js');
let folder: string;
let running: ChildProcess | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-hands-'));
  copyFileSync('example.yaml', join(folder, 'example.yaml'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
});
afterEach(() => {
  const pid = running?.pid;
  if (running?.exitCode === null && running.signalCode === null && pid !== undefined) process.kill(-pid, 'SIGKILL');
  running = null;
  removePairFolder(folder);
});

/** A group of its own, and a folder of its own for what is temporary. */
function start(words: readonly string[], stdio: ('pipe' | number)[]): ChildProcess {
  const env = { ...process.env, TMPDIR: folder, TZ: 'UTC', NO_COLOR: '1', TERM: 'xterm' };
  running = spawn(process.execPath, [MAIN, ...words], { cwd: folder, detached: true, stdio, env });
  return running;
}

class Heard {
  text = '';

  constructor(stream: NodeJS.ReadableStream | null) {
    stream?.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
    });
  }
}

async function typed(words: readonly string[]): Promise<{ readonly text: string; readonly code: number | null }> {
  const child = spawn(process.execPath, [MAIN, ...words], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  const [out, err] = [new Heard(child.stdout), new Heard(child.stderr)];
  await once(child, 'close');
  return { text: out.text + err.text, code: child.exitCode };
}

interface Step {
  readonly words: readonly string[];
  readonly printed: string[];
}

/** The `$ npx copycat` lines of the first console block, with what they print. */
function stepsOf(page: string): readonly Step[] {
  const block = /```console\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8'))?.[1] ?? '';
  const steps: Step[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('$ npx copycat ')) steps.push({ words: line.split(' ').slice(3), printed: [] });
    else steps.at(-1)?.printed.push(line);
  }
  return steps;
}

/** Folders that the demo, or the emulation, has made and not taken away. */
function leftOver(): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith('copycat-'));
}

describe('copycat try', () => {
  it('docs/try.md: each hand is answered by what it did, and what the pair did about it', async () => {
    const gateway = start(['run', '-c', 'example.yaml'], ['pipe', 'pipe', 'pipe']);
    const log = new Heard(gateway.stderr);
    await until(
      () => log.text.includes('"msg":"PROTECTED'),
      () => log.text,
    );
    const steps = stepsOf('docs/try.md');
    expect(steps.length).toBeGreaterThan(8);
    for (const { words, printed } of steps) {
      const { text, code } = await typed(words);
      expect(missingIn(text, printed), words.join(' ')).toBe(null);
      if (words[0] === 'try') expect(code).toBe(text.startsWith('copycat:') ? 1 : 0);
    }
    // Judged by what the gateway says of itself, beside the contact of the relay, by which each answer was judged.
    const status = JSON.parse((await typed(['status', '--json', '-c', 'example.yaml'])).text) as object;
    expect(status).toMatchObject({ protected: true, primary: 'b', relay: { commanded: 'b', proved: true } });
    const ended = once(gateway, 'exit');
    process.kill(-(gateway.pid ?? 0), 'SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(existsSync(join(folder, 'example.sock.try'))).toBe(false);
    expect(leftOver().filter((name) => !/^copycat\.(sqlite|sock$)/.test(name))).toEqual([]);
  });
});

describe('copycat run --demo', () => {
  it('README.md: shows the pair, and takes keys in a terminal', async () => {
    const block = /```\n\$ npx copycat run --demo\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];
    if (block === undefined) throw new Error('the README does not show the demo');
    const terminal = new CookedTerminal();
    const demo = start(['run', '--demo'], [terminal.slave, terminal.slave, terminal.slave]);
    const shows = (text: string) =>
      until(
        () => terminal.read().includes(text),
        () => terminal.read(),
      );
    await shows('keys ');
    await shows('PROTECTED · both boards agree; board a drives');
    terminal.type('h');
    await shows('a halted → ');
    terminal.type('x');
    await shows('every hand taken off');
    const ended = once(demo, 'exit');
    terminal.type('q');
    expect(await ended).toEqual([0, null]);
    const text = terminal.read().replaceAll(/\S*copycat-demo-\w{6}/g, '/tmp/copycat-demo-E6q4As');
    expect(missingIn(text, block.trimEnd().split('\n'))).toBe(null);
    terminal.close();
    expect(leftOver()).toEqual([]);
  });

  it('takes words from what is no terminal, answers there, and ends in order with the input', async () => {
    const demo = start(['run', '--demo'], ['pipe', 'pipe', 'pipe']);
    const [answers, log] = [new Heard(demo.stdout), new Heard(demo.stderr)];
    const ended = once(demo, 'close');
    demo.stdin?.end('halt b\nhalt b\nhalt c\nrelease\nstatus\nresume\nhalt a\nhalt b\nrelease\nresume\n');
    expect(await ended).toEqual([2, null]);
    const printed = [
      'demo: PROTECTED · both boards agree',
      '> halt b',
      'b halted → a drives on, copycat faults show 1 (b does not answer)',
      '> release',
      'every hand taken off, b restarted → a drives on, protected after 203 ms, copycat faults show 1 (…)',
      '> status',
      'demo: PROTECTED · both boards agree',
      // A hand too many stops it, and a word lets it go on.
      '> resume',
      '> halt a',
      '> halt b',
      '> release',
      '> resume',
    ];
    expect(missingIn(answers.text, printed)).toBe(null);
    expect(answers.text).toMatch(/> release\n.* not protected after .*: the pair is stopped/);
    expect(answers.text).toMatch(/> resume\nthe pair starts again → b drives on, protected after /);
    // Refused and misunderstood, in a sentence each; the rest of the log is lines of JSON.
    const sentences = log.text.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(sentences).toEqual([
      'copycat: b is halted already; nothing was done',
      'copycat: this pair has no board c; expected a or b',
      'copycat: the pair is not stopped; nothing was done',
    ]);
    expect(log.text).toContain('ended; the relay stays where it is');
    expect(leftOver()).toEqual([]);
  });
});
