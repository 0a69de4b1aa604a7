import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removePairFolder } from '../remove-pair-folder.js';
import { PlantedCopy } from '../sim/planted/planted-copy.js';
import { until } from '../until.js';

/** R30, as it runs: the built command with real files, on two emulated boards. */

const MAIN = resolve('dist/cli/main.js');
let folder: string;
const toEnd: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-mistake-'));
  writeFileSync(
    join(folder, 'pair.yaml'),
    `boards:
  a: { kind: uno, port: emulated }
  b: { kind: uno, port: emulated }
relay: { pin: emulated, at-rest: a, feedback: emulated }
input: tcp://127.0.0.1:0
deadline: 500ms
ledger: { path: copycat.sqlite, durability: power }
`,
  );
});
afterEach(() => {
  for (const child of toEnd.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  removePairFolder(folder);
});

class Life {
  said = '';
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(main = MAIN) {
    this.#child = spawn(process.execPath, [main, 'run', '-c', 'pair.yaml'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    toEnd.push(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.said += chunk.toString();
      });
    }
    this.ended = new Promise((done) => this.#child.once('exit', done));
  }

  async says(pattern: RegExp): Promise<void> {
    const isOver = (): boolean => pattern.test(this.said) || this.#child.exitCode !== null;
    await until(isOver, () => this.said);
    expect(this.said).toMatch(pattern);
  }

  isProtected(): Promise<void> {
    return this.says(/(?<!NOT )PROTECTED · both boards agree/);
  }

  async end(): Promise<void> {
    this.#child.kill('SIGTERM');
    expect(await this.ended).toBe(0);
  }

  /** Its answer, or what the connection ended with. */
  async ask(id: string, payload: string): Promise<string> {
    await this.says(/tcp:\/\/[\d.]+:\d+/);
    const { hostname, port } = new URL(/tcp:\/\/[\d.]+:\d+/.exec(this.said)?.[0] ?? '');
    const socket = connect(Number(port), hostname);
    socket.write(`${JSON.stringify({ id, payload })}\n`);
    return new Promise((done) => {
      socket.once('data', (chunk: Buffer) => done(chunk.toString()));
      socket.once('error', () => done('cut off'));
      socket.once('close', () => done('cut off'));
    });
  }
}

function copycat(...args: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}

function faultCodes(): string[] {
  const faults = JSON.parse(copycat('faults', 'list', '--all', '--json', '-c', 'pair.yaml')) as { code: string }[];
  return faults.map(({ code }) => code);
}

/** A row that no rule of the ledger would have let in: committed in an epoch that has not been. */
function damageLedger(): void {
  const file = new Database(join(folder, 'copycat.sqlite'));
  const triggers = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'input'");
  for (const name of triggers.pluck().all()) file.exec(`DROP TRIGGER ${String(name)}`);
  file
    .prepare(
      `INSERT INTO input (seq, ref, kind, pair_time_ms, payload, commit_board, commit_epoch, commit_hash,
         execution_count, digest, result, observed)
       SELECT max(seq) + 1, 'tcp:damaged', 'input', 1, x'40', 'a', 99, commit_hash, execution_count + 1, digest, result, observed
       FROM input WHERE commit_hash IS NOT NULL`,
    )
    .run();
  file.close();
}

describe('a mistake of its own', () => {
  it('R30: ends the gateway before the step is done; a fresh start serves, and tells it', async () => {
    const planted = new PlantedCopy();
    try {
      // R9 broken on purpose: a client's answer leaves as soon as its input is recorded, whatever the ledger has committed.
      cpSync('package.json', join(planted.folder, 'package.json'));
      for (const name of ['boards', 'firmware-harness']) symlinkSync(resolve(name), join(planted.folder, name));
      planted.plant({
        file: 'pair/input/intake.js',
        find: '    input.recorded = true;',
        replace:
          "    input.recorded = true; if (input.kind === 'input') step.effects.push({ type: 'answer', seq, ref: input.ref, kind: input.kind, bodies: [input.payload], repeat: false });",
      });
      const wrong = new Life(join(planted.folder, 'build/cli/main.js'));
      // Emulated boards end with their gateway: a pair that both boards are in begins anew with both.
      await wrong.isProtected();
      expect(await wrong.ask('one', '40069001')).toBe('cut off');
      await wrong.ended;
      expect(wrong.said).toMatch(/a mistake in Copycat: ending/);
      expect(wrong.said).toContain('emittedOnlyWhenCommitted');
    } finally {
      planted.remove();
    }
    const right = new Life();
    await right.isProtected();
    // R23: never answered, so it is asked again: the answer is that of the boards.
    expect(await right.ask('one', '40069001')).toMatch(/"payload":"[0-9a-f]{12}"/);
    expect(faultCodes()).toContain('own-mistake');
    await right.end();
  }, 300_000);

  it('R30: a damaged ledger: again within a minute is a stop with evidence, and resume is the way out', async () => {
    const sound = new Life();
    await sound.isProtected();
    expect(await sound.ask('one', '40069001')).toContain('payload');
    await sound.end();
    damageLedger();
    for (const _nth of ['first', 'second']) {
      const life = new Life();
      await life.ended;
      expect(life.said).toContain('ledgerHoldsTogether');
      expect(life.said).toMatch(/committed in epoch 99/);
    }
    const stopped = new Life();
    await stopped.says(/Copycat found a mistake of its own, and the same again/);
    const status = copycat('status', '-c', 'pair.yaml').replace(/\s+/g, ' ');
    expect(status).toMatch(/committed in epoch 99, and the lease is of epoch 1/);
    expect(status).toMatch(/resume/);
    expect(faultCodes()).toEqual(expect.arrayContaining(['own-mistake', 'pair-stopped']));
    expect(await stopped.ask('two', '40069001')).toContain('STOPPED');
    copycat('resume', '-c', 'pair.yaml');
    await stopped.isProtected();
    expect(await stopped.ask('three', '40069001')).toMatch(/"payload":"[0-9a-f]{12}"/);
    await stopped.end();
  }, 300_000);
});
