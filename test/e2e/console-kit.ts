import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { removePairFolder } from '../remove-pair-folder.js';
import { until } from '../until.js';

const MAIN = resolve('dist/cli/main.js');

export const EMULATED_PAIR = `name: oven
boards:
  a: { kind: uno, port: emulated }
  b: { kind: uno, port: emulated }
relay: { pin: emulated, at-rest: a, feedback: emulated }
input: every 100ms
deadline: 500ms
`;

/** Of a command of Copycat that goes on. */
export class Started {
  text = '';
  readonly ended: Promise<void>;

  constructor(readonly process: ChildProcess) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.text += chunk.toString();
      });
    }
    this.ended = new Promise((done) => process.once('close', () => done()));
  }

  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const found = await until(
      () => pattern.exec(this.text) ?? (this.process.exitCode === null ? null : 'over'),
      () => this.text,
    );
    if (found === 'over') throw new Error(`it ended without saying ${pattern}\n${this.text}`);
    return found;
  }
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** As JSON; undefined: it is none. */
  readonly body: Body;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string;
}

/** A folder with pairs, what runs there, and a browser that is none. */
export class ConsoleKit {
  readonly folder = mkdtempSync(join(tmpdir(), 'copycat-console-'));
  readonly #started: Started[] = [];
  address = '';

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  start(...words: string[]): Started {
    // A group of its own, so that it is ended with all that it has started.
    const child = spawn(process.execPath, [MAIN, ...words], {
      ...{ cwd: this.folder, detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new Started(child);
    this.#started.push(started);
    return started;
  }

  /** Starts a console at a free port, and waits for it. */
  async console(...words: string[]): Promise<Started> {
    const started = this.start('console', '--listen', '127.0.0.1:0', ...words);
    const [, address = ''] = await started.says(/ is at (\S+)/);
    this.address = address;
    return started;
  }

  ask<Body = Readonly<Record<string, unknown>>>(
    path: string,
    { method = 'GET', headers = {}, body }: Asked = {},
  ): Promise<Answer<Body>> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const said = text === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise((done, failed) => {
      const asked = request(
        new URL(this.address).origin,
        { method, path, headers: { ...said, ...headers }, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', failed);
          response.once('end', () => {
            const all = Buffer.concat(chunks).toString();
            const isJson = response.headers['content-type']?.startsWith('application/json') === true && all !== '';
            const { statusCode: status = 0, headers: heard } = response;
            done({ status, headers: heard, text: all, body: (isJson ? JSON.parse(all) : undefined) as Body });
          });
        },
      );
      asked.once('error', failed);
      asked.end(text);
    });
  }

  /** What comes back over a connection on which exactly this is said, until it is closed. */
  raw(text: string): Promise<string> {
    const { hostname, port } = new URL(this.address);
    return new Promise((done) => {
      const socket = connect(Number(port), hostname, () => socket.write(text));
      let heard = '';
      socket.on('data', (chunk: Buffer) => {
        heard += chunk.toString();
      });
      socket.once('error', () => undefined);
      socket.once('close', () => done(heard));
    });
  }

  async dispose(): Promise<void> {
    for (const { process: child } of this.#started) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      process.kill(-child.pid, 'SIGCONT');
      process.kill(-child.pid, 'SIGKILL');
    }
    await Promise.all(this.#started.map(({ ended }) => ended));
    removePairFolder(this.folder);
  }
}

type Told = Readonly<Record<string, unknown>>;

/** Server-sent events, as a browser hears them. */
export class EventClient {
  readonly events: { readonly name: string; readonly id: string | null; readonly data: Told }[] = [];
  lastId = '';
  #held = '';
  readonly #request: ReturnType<typeof request>;
  status = 0;

  constructor(address: string, path: string, headers: Readonly<Record<string, string>> = {}) {
    this.#request = request(new URL(address).origin, { path, headers, agent: false }, (response) => {
      this.status = response.statusCode ?? 0;
      response.setEncoding('utf8');
      response.on('data', (text: string) => this.#hear(text));
      response.once('error', () => undefined);
    });
    this.#request.once('error', () => undefined);
    this.#request.end();
  }

  of(name: string): readonly { readonly id: string | null; readonly data: Told }[] {
    return this.events.filter((event) => event.name === name);
  }

  close(): void {
    this.#request.destroy();
  }

  #hear(text: string): void {
    const blocks = (this.#held + text).split('\n\n');
    this.#held = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (lines['id'] !== undefined) this.lastId = lines['id'];
      if (lines['event'] === undefined) continue;
      this.events.push({
        name: lines['event'],
        id: lines['id'] ?? null,
        data: JSON.parse(lines['data'] ?? 'null') as Told,
      });
    }
  }
}

/** Of what was started the process in which the console itself is; null: there is none at the moment. */
export function consolePid({ process: { pid } }: Started): number | null {
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(join('/proc', name, 'status'), 'utf8'))?.[1];
      const isConsole = readFileSync(join('/proc', name, 'cmdline'), 'utf8').includes('console-main');
      if (parent === String(pid) && isConsole) return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  return null;
}
