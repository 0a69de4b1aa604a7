import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removePairFolder } from '../remove-pair-folder.js';

/** The example that comes along, run as its first line says. */

const MAIN = resolve('dist/cli/main.js');
let folder: string;
let gateway: ChildProcess;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-run-'));
  copyFileSync('example.yaml', join(folder, 'example.yaml'));
  said = '';
  // A group of its own, so that a signal can reach all of it, as Ctrl-C in a terminal does.
  gateway = spawn(process.execPath, [MAIN, 'run', '-c', 'example.yaml'], { cwd: folder, detached: true });
  gateway.stderr?.setEncoding('utf8');
  gateway.stderr?.on('data', (text: string) => {
    said += text;
  });
});
afterEach(() => {
  if (gateway.exitCode === null && gateway.signalCode === null && gateway.pid !== undefined)
    process.kill(-gateway.pid, 'SIGKILL');
  removePairFolder(folder);
});

function copycat(...args: string[]): { readonly code: number | null; readonly out: string } {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout };
}

function isLogLine(line: string): boolean {
  const { level, time, msg } = JSON.parse(line) as Record<string, unknown>;
  return typeof level === 'number' && time !== undefined && typeof msg === 'string';
}

function says(text: string): Promise<void> {
  return new Promise((done, failed) => {
    const look = (): void => {
      if (said.includes(text)) done();
    };
    gateway.stderr?.on('data', look);
    gateway.once('exit', () => failed(new Error(`it ended without saying "${text}":\n${said}`)));
    look();
  });
}

describe('copycat run on emulated boards', () => {
  it('says what runs and when it is protected, does what it is told, and ends on Ctrl-C with everything closed', async () => {
    await says('"msg":"PROTECTED · both boards agree');
    // In a pipe: lines of JSON and nothing else.
    expect(
      said
        .trim()
        .split('\n')
        .filter((line) => !isLogLine(line)),
    ).toEqual([]);
    const now = copycat('status', '-c', 'example.yaml');
    expect(now).toMatchObject({ code: 0, out: expect.stringContaining('pair: PROTECTED') });

    // R26: the other board leads at a word, nobody is locked out, and the pair stays protected.
    expect(copycat('switch', '-c', 'example.yaml')).toEqual({
      code: 0,
      out: 'Board b is the primary now, board a the backup.\n',
    });
    expect(copycat('status', '-c', 'example.yaml')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ {2}b +primary /m),
    });
    // R13: the relay is proved there and back, and what was proved is kept.
    expect(copycat('relay', 'test', '-c', 'example.yaml')).toEqual({
      code: 0,
      out: 'The relay moved to board a and back to board b; its feedback showed both moves.\n',
    });
    expect(copycat('status', '--verbose', '-c', 'example.yaml').out).toMatch(
      /takeover +last proven less than a minute ago\n +3 of 100000 relay operations/,
    );
    expect(copycat('faults', 'list', '--all', '-c', 'example.yaml').out).toContain(
      'planned switchover from board a to board b',
    );
    // What makes no sense is refused, and changes nothing.
    expect(copycat('resume', '-c', 'example.yaml')).toEqual({ code: 1, out: '' });
    expect(copycat('inputs', 'drop', '1', '-c', 'example.yaml').code).toBe(1);
    expect(copycat('inputs', 'list', '--all', '-c', 'example.yaml').out).toMatch(/^ +\d+ {2}tick +finished /m);

    const ended = new Promise((done) => gateway.once('exit', done));
    process.kill(-(gateway.pid ?? 0), 'SIGINT');
    expect(await ended).toBe(0);
    expect(said).toContain('ended; the relay stays where it is');
    // Closed in order: the socket is gone, and nothing waits in a write-ahead log.
    expect(existsSync(join(folder, 'copycat.sock'))).toBe(false);
    expect(existsSync(join(folder, 'copycat.sqlite-wal'))).toBe(false);
    expect(copycat('status', '-c', 'example.yaml').code).toBe(1);
  });
});
