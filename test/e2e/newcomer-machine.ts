import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleForGuest } from '../pi/kit/bundle-for-guest.js';
import { removePairFolder } from '../remove-pair-folder.js';
import { HostTree } from '../unit/host-tree.js';
import { CookedTerminal } from './cooked-terminal.js';
import { type PosixBoard, PosixHeater } from './posix-pair.js';

const MAIN = resolve('dist/cli/main.js');
const SOCKETS = {
  a: { name: 'ttyACM0', at: '1.2', serial: '7583335353635140E1C1', unit: 0x111 },
  b: { name: 'ttyACM1', at: '1.3', serial: '85439303133351D07182', unit: 0x222 },
} as const;
export type Plug = keyof typeof SOCKETS;

export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** The built program on a made host: two Unos of processes in two sockets, a relay of memory on the lines of a made chip. */
export class NewcomerMachine {
  readonly #heater: PosixHeater;
  readonly #host = new HostTree();
  readonly folder: string;
  readonly #boards = new Map<Plug, PosixBoard>();
  readonly #preload: string;
  #gateway: ChildProcess | null = null;
  readonly #screen = new CookedTerminal();

  /** `flags`: of the compiler, for the boards' program. */
  constructor(flags = '') {
    this.#heater = new PosixHeater(flags);
    this.folder = join(this.#heater.folder, 'oven');
    this.#preload = join(this.#heater.folder, 'preload.mjs');
  }

  /** What stands in for /sys, /dev and /proc. */
  get hostFolder(): string {
    return this.#host.root;
  }

  async setUp(): Promise<void> {
    mkdirSync(this.folder);
    const gpio = join(this.#heater.folder, 'gpio.mjs');
    writeFileSync(gpio, await bundleForGuest(resolve('test/e2e/newcomer-gpio.ts')));
    const { sys, dev, proc } = this.#host;
    const standIns = {
      '/dist/chunks/host-folders.js': `export const HOST = ${JSON.stringify({ sys, dev, proc })};`,
      '/dist/chunks/linux-gpio.js': `export * from ${JSON.stringify(pathToFileURL(gpio).href)};`,
    };
    const hooks = `const standIns = Object.entries(${JSON.stringify(standIns)});
export async function load(url, context, next) {
  const found = standIns.find(([end]) => url.endsWith(end));
  return found === undefined ? next(url, context) : { format: 'module', shortCircuit: true, source: found[1] };
}`;
    const address = `data:text/javascript,${encodeURIComponent(hooks)}`;
    writeFileSync(this.#preload, `import { register } from 'node:module';\nregister(${JSON.stringify(address)});\n`);
    await this.plug('a');
    await this.plug('b');
  }

  async plug(board: Plug): Promise<void> {
    const { unit, ...socket } = SOCKETS[board];
    const process = await this.#heater.start(unit);
    this.#boards.set(board, process);
    this.#host.plug({ ...socket, device: process.port });
  }

  async unplug(board: Plug): Promise<void> {
    this.#host.unplug(SOCKETS[board].name);
    await this.#boards.get(board)?.stop();
  }

  /** A command to its end, with these answers to what it asks. */
  async run(words: readonly string[], answers: string): Promise<Said> {
    const child = this.#spawn(words);
    let text = '';
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.stdin?.end(answers);
    await once(child, 'close');
    return { code: child.exitCode, text: this.#asOnAPi(text) };
  }

  /** `copycat run` in a terminal, until it is ended. */
  startGateway(words: readonly string[]): void {
    const { slave } = this.#screen;
    const env = { ...process.env, NO_COLOR: '1' };
    this.#gateway = this.spawn(words, { env, stdio: ['ignore', slave, slave] });
  }

  get gatewaySaid(): string {
    return this.#asOnAPi(this.#screen.read().replaceAll('\r\n', '\n'));
  }

  async endGateway(): Promise<number | null> {
    const gateway = this.#gateway;
    if (gateway === null) throw new Error('no gateway was started');
    this.#gateway = null;
    const ended = once(gateway, 'exit');
    gateway.kill('SIGINT');
    await ended;
    return gateway.exitCode;
  }

  dispose(): void {
    this.#gateway?.kill('SIGKILL');
    for (const board of this.#boards.values()) board.kill();
    this.#screen.close();
    this.#host.remove();
    removePairFolder(this.#heater.folder);
  }

  /** As somebody who may use sudo: root itself is nobody that a service is to run as. */
  #spawn(words: readonly string[]): ChildProcess {
    return this.spawn(words, { env: { ...process.env, SUDO_USER: 'nobody' } });
  }

  /** A command for whoever looks after it. */
  spawn(words: readonly string[], options: SpawnOptions): ChildProcess {
    return spawn(process.execPath, ['--import', this.#preload, MAIN, ...words], { ...options, cwd: this.folder });
  }

  /** The boards' own processes have their terminals open; on a Pi nobody has. */
  #asOnAPi(text: string): string {
    return text
      .replaceAll(`${this.#host.dev}/`, '/dev/')
      .replaceAll(/\bheater \(\d+\)/g, '–')
      .replaceAll('npx copycat', 'copycat');
  }
}
