import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandProcess } from '#built/notify/command-runner.js';
import { checkNotify } from '../../src/config/checks/check-notify.js';
import { runCommand } from '../../src/notify/run-command.js';
import { until } from '../until.js';
import { ManualClock } from './manual-clock.js';

/** What a person's commands do, with real programs. */

let folder: string;
const runners: CommandProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-notify-'));
});
afterEach(() => {
  for (const runner of runners.splice(0)) runner.close();
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\ncd ${folder}\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

function runner(clock = new ManualClock()): CommandProcess {
  const made = new CommandProcess(clock);
  runners.push(made);
  return made;
}

const run = (command: readonly string[], timeoutMs = 60_000) =>
  ({
    command,
    input: '{"kind":"fault"}\n',
    environment: { COPYCAT_TITLE: 'a "title"; rm -rf $HOME' },
    timeoutMs,
  }) as const;

describe('a command that tells somebody', () => {
  it('has the JSON on its standard input, words in its environment, its arguments as they are, and no shell', async () => {
    const tell = script('tell', 'cat > input; printf "%s" "$COPYCAT_TITLE" > title; printf "%s" "$1" > first');
    expect(await runCommand(run([tell, '$(touch never) two words']))).toEqual({ ok: true, why: '' });
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect([read('input'), read('title'), read('first')]).toEqual([
      '{"kind":"fault"}\n',
      'a "title"; rm -rf $HOME',
      '$(touch never) two words',
    ]);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  it('fails by its exit code, with the last of what it said; and by not being there; and one that reads nothing is no trouble', async () => {
    const fails = script('fails', 'echo on its way; echo no network >&2; exit 7');
    expect(await runCommand(run([fails]))).toEqual({ ok: false, why: 'exit code 7: on its way no network' });
    const missing = await runCommand(run([join(folder, 'missing')]));
    expect(missing).toMatchObject({ ok: false, why: expect.stringMatching(/missing cannot be run: .*ENOENT/) });
    const big = { ...run([script('deaf', 'exec <&-')]), input: 'x'.repeat(1_000_000) };
    expect(await runCommand(big)).toEqual({ ok: true, why: '' });
    expect(await runCommand(run(['/bin/true', 'with a zero \0 byte']))).toMatchObject({ ok: false });
  });

  it('that hangs is ended with what it has started, and one that leaves something behind is over when it ends', async () => {
    const hangs = script('hangs', 'sleep 1000 & echo $! > child; wait');
    const ended = runCommand(run([hangs], 1_000));
    expect(await ended).toEqual({ ok: false, why: 'did not end within 1 s and was ended' });
    if (existsSync(join(folder, 'child'))) {
      const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
      await until(() => !isAlive(child));
    }
    const leaves = script('leaves', 'sleep 1000 & echo $! > left');
    expect(await runCommand(run([leaves]))).toEqual({ ok: true, why: '' });
    process.kill(Number(readFileSync(join(folder, 'left'), 'utf8')));
  });

  it('R32: runs in a process beside the gateway, with less priority than others', async () => {
    const tells = runner();
    const who = script('who', 'echo $PPID > parent; nice > nice');
    expect(await tells.run(run([who]))).toEqual({ ok: true, why: '' });
    expect(Number(readFileSync(join(folder, 'parent'), 'utf8'))).toBe(tells.pid);
    expect(tells.pid).not.toBe(process.pid);
    expect(Number(readFileSync(join(folder, 'nice'), 'utf8'))).toBeGreaterThanOrEqual(10);
  });

  it('R32: that process is killed: what was under way has failed, and it is started again, a minute later', async () => {
    const clock = new ManualClock();
    const tells = runner(clock);
    const wait = script('wait', 'touch began; sleep 1000');
    const under = tells.run(run([wait], 1_000));
    await until(() => existsSync(join(folder, 'began')));
    process.kill(tells.pid ?? 0, 'SIGKILL');
    expect(await under).toEqual({ ok: false, why: 'the process that runs commands was ended' });
    expect(await tells.run(run(['/bin/true']))).toMatchObject({ ok: false, why: expect.stringContaining('is gone') });
    clock.advance(60_000_000);
    expect(await tells.run(run(['/bin/true']))).toEqual({ ok: true, why: '' });
  });

  it('R32: more than may be under way fail at once; a process that says nothing is ended', async () => {
    const clock = new ManualClock();
    const tells = runner(clock);
    const wait = script('wait', 'sleep 1000');
    const under = Array.from({ length: 8 }, () => tells.run(run([wait], 600_000)));
    expect(await tells.run(run(['/bin/true']))).toEqual({ ok: false, why: '8 commands are under way already' });
    // It hangs itself, as when its host has no memory for it.
    process.kill(tells.pid ?? 0, 'SIGSTOP');
    clock.advance(611_000_000);
    expect(new Set((await Promise.all(under)).map(({ why }) => why))).toEqual(
      new Set(['the process that runs commands was ended']),
    );
  });

  it('is still let end when the gateway is gone', async () => {
    const tells = runner();
    const slow = script('slow', 'touch began; while [ ! -e go ]; do sleep 0.05; done; touch told');
    void tells.run(run([slow]));
    await until(() => existsSync(join(folder, 'began')));
    const pid = tells.pid ?? 0;
    tells.close();
    writeFileSync(join(folder, 'go'), '');
    await until(() => existsSync(join(folder, 'told')));
    await until(() => !isAlive(pid));
  });

  it('check tells of one that is not there, that must not be run, that is a folder; and of none that PATH finds', () => {
    const plain = join(folder, 'plain');
    writeFileSync(plain, 'no program');
    const notify = { onFault: ['/no/such/program'], onChange: [plain], heartbeat: null };
    expect(checkNotify({ notify })).toMatchObject([
      { severity: 'warning', key: 'on-fault', message: 'there is no program /no/such/program' },
      { severity: 'warning', key: 'on-change', message: `${plain} must not be run by this user, or is no program` },
    ]);
    const heartbeat = { everyUs: 1, command: ['no-such-program'] };
    expect(checkNotify({ notify: { onFault: ['sh', '-c', 'true'], onChange: [folder], heartbeat } })).toMatchObject([
      { key: 'on-change', message: `${folder} must not be run by this user, or is no program` },
      { key: 'heartbeat.command', message: 'there is no program no-such-program in PATH' },
    ]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Ended, and not yet taken note of by whoever started it.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
