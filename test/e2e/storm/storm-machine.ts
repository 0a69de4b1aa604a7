import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readStatus } from '#built/api/socket/read-status.js';
import type { Status } from '../../../src/control/contract/status.js';
import { bundleForGuest } from '../../pi/kit/bundle-for-guest.js';
import { PosixHeater } from '../posix-pair.js';

const MAIN = resolve('dist/cli/main.js');
const LINES_KEPT = 400;

/** The built `copycat run` on two boards that are processes of this machine, with a relay of memory on a made chip. */
export class StormMachine {
  readonly #heater = new PosixHeater();
  readonly #preload = join(this.#heater.folder, 'preload.mjs');
  readonly folder = this.#heater.folder;
  readonly ledger = join(this.folder, 'storm.sqlite');
  readonly journalFolder = join(this.folder, 'journal');
  readonly #control = join(this.folder, 'storm.sock');
  #gateway: ChildProcess | null = null;
  #said: string[] = [];
  life = 0;

  /** @param store where ledger and journal lie, in `folder` or below */
  async setUp(durability: 'process' | 'power', store = '.'): Promise<void> {
    const gpio = join(this.folder, 'gpio.mjs');
    writeFileSync(gpio, await bundleForGuest(resolve('test/e2e/newcomer-gpio.ts')));
    const standIn = `export * from ${JSON.stringify(pathToFileURL(gpio).href)};`;
    const hooks = `export async function load(url, context, next) {
  if (!url.endsWith('/dist/chunks/linux-gpio.js')) return next(url, context);
  return { format: 'module', shortCircuit: true, source: ${JSON.stringify(standIn)} };
}`;
    const address = `data:text/javascript,${encodeURIComponent(hooks)}`;
    writeFileSync(this.#preload, `import { register } from 'node:module';\nregister(${JSON.stringify(address)});\n`);
    const [a, b] = [await this.#heater.start(0x111), await this.#heater.start(0x222)];
    // The deadline is far: other work on this machine must blame no board.
    writeFileSync(
      join(this.folder, 'storm.yaml'),
      `boards:
  a: { kind: posix, port: ${a.port} }
  b: { kind: posix, port: ${b.port} }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: tcp://127.0.0.1:0
deadline: 20s
probe: 100ms
control: storm.sock
ledger: { path: ${join(store, 'storm.sqlite')}, journal: ${join(store, 'journal')}, durability: ${durability} }
`,
    );
  }

  /** A gateway, until it listens. @returns the port of its inputs */
  async start(): Promise<number> {
    this.life++;
    this.#said = [];
    const child = this.#spawn(['run', '-c', 'storm.yaml']);
    this.#gateway = child;
    let text = '';
    return new Promise((done, failed) => {
      const hear = (chunk: Buffer): void => {
        text += chunk.toString();
        const lines = text.split('\n');
        text = lines.pop() ?? '';
        this.#said.push(...lines);
        this.#said.splice(0, this.#said.length - LINES_KEPT);
        const port = lines.map((line) => /tcp:\/\/127\.0\.0\.1:([1-9]\d*)/.exec(line)?.[1]).find(Boolean);
        if (port !== undefined) done(Number(port));
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', () => failed(new Error(`the gateway of life ${this.life} ended:\n${this.said}`)));
    });
  }

  get said(): string {
    return this.#said.join('\n');
  }

  async kill(): Promise<void> {
    const gateway = this.#gateway;
    this.#gateway = null;
    if (gateway === null || gateway.exitCode !== null) return;
    const ended = once(gateway, 'exit');
    gateway.kill('SIGKILL');
    await ended;
  }

  /** Null while nobody answers. */
  async status(): Promise<Status | null> {
    try {
      return await readStatus(this.#control, { timeoutMs: 10_000 });
    } catch (error) {
      if ((error as { code?: string }).code === 'USAGE') return null;
      throw error;
    }
  }

  /** A command to its end, as a person types it. */
  async run(...words: readonly string[]): Promise<string> {
    const child = this.#spawn([...words, '-c', 'storm.yaml']);
    let text = '';
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    await once(child, 'close');
    return text;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await this.#heater.dispose();
  }

  #spawn(words: readonly string[]): ChildProcess {
    return spawn(process.execPath, ['--import', this.#preload, MAIN, ...words], { cwd: this.folder });
  }
}
