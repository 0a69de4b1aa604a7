// An emulated pair and its console, as people start them: for the tests of the page, and for its pictures.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './run-program.mjs';

const MAIN = join(ROOT, 'dist/cli/main.js');
/** Debian's. Its sandbox is not to be had by root, and what it is shown here is our own. */
export const CHROMIUM = { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] };

export class ConsoleStage {
  #gateways = new Map();
  #console = null;
  #port = 0;

  /** @param names pairs, each in a folder of its own */
  constructor(names, folder = mkdtempSync(join(tmpdir(), 'copycat-page-'))) {
    this.names = names;
    this.folder = folder;
    for (const name of names) {
      mkdirSync(join(this.folder, name), { recursive: true });
      writeFileSync(this.#configOf(name), `name: ${name}\n${readFileSync(join(ROOT, 'example.yaml'), 'utf8')}`);
    }
  }

  get url() {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async begin() {
    this.#port = await freePort();
    await Promise.all(
      this.names.map(async (name) => {
        const gateway = this.#start(['run', '-c', this.#configOf(name)], name);
        this.#gateways.set(name, gateway);
        await heard(gateway, '"msg":"PROTECTED');
      }),
    );
    await this.openConsole();
  }

  /** On the same address each time, as after a restart of its machine. */
  async openConsole() {
    const files = this.names.flatMap((name) => ['-c', this.#configOf(name)]);
    this.#console = this.#start(['console', '--listen', `127.0.0.1:${this.#port}`, ...files]);
    await heard(this.#console, 'http://');
  }

  async closeConsole() {
    await end(this.#console);
  }

  /** `oven`, `try halt a`: gives what it answered. */
  async typed(name, words) {
    const child = this.#start([...words.split(' '), '-c', this.#configOf(name)], name);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said += chunk.toString();
      });
    }
    await once(child, 'close');
    return said;
  }

  /** To the process that has the core of an emulated pair. */
  signalCore(name, signal) {
    for (const pid of childrenOf(this.#gateways.get(name)?.pid)) {
      if (readProc(pid, 'cmdline').includes('gateway-main')) process.kill(Number(pid), signal);
    }
  }

  /** The folder stays: whoever made it knows what else is to go. */
  async close() {
    await Promise.all([this.#console, ...this.#gateways.values()].map(end));
  }

  #configOf(name) {
    return join(this.folder, name, 'copycat.yaml');
  }

  #start(words, name = '') {
    const env = { ...process.env, TMPDIR: this.folder, TZ: 'UTC', NO_COLOR: '1' };
    const cwd = join(this.folder, name);
    return spawn(process.execPath, [MAIN, ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env });
  }
}

/** Resolves when it has said this; rejects with all it said when it ends before. */
function heard(child, text) {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('close', () => reject(new Error(`it never said ${text}: ${said}`)));
  });
}

async function end(child) {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function childrenOf(parent) {
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && new RegExp(`^PPid:\\s+${parent}$`, 'm').test(readProc(name, 'status')),
  );
}

/** Empty: it has ended meanwhile. */
function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
