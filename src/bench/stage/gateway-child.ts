import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Status } from '../../control/contract/status.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { World } from '../world/world.js';
import { type FromGatewayProcess, readFromGatewayProcess, type ToGatewayProcess } from './gateway-messages.js';

const MAIN = fileURLToPath(new URL('../gateway-side/gateway-main.js', import.meta.url));
/** Wall time; only a machine that is far too slow comes near it, and is told so. */
const START_TIMEOUT_MS = 60_000;

export interface GatewayChildOptions {
  readonly configFile: string;
  /** Null: to `logTo`. */
  readonly logFile: string | null;
  /** Where the log goes that is kept in no file; the standard error of this process when not given. */
  readonly logTo?: NodeJS.WritableStream;
  readonly ports?: Readonly<Record<string, string>>;
  readonly servesStatus?: boolean;
}

/** A running gateway as the bench sees it: an address, a status, and a way to kill it. */
export class GatewayChild {
  private constructor(
    private readonly world: World,
    private readonly child: ChildProcess,
    /** Where its inputs come in, in the order of the configuration. */
    readonly addresses: readonly string[],
  ) {}

  get address(): string {
    return this.addresses[0] ?? '';
  }

  /** Starts a gateway on this configuration and ties the world's time to it. Rejects with EMULATOR_FAILED. */
  static async start(world: World, options: GatewayChildOptions): Promise<GatewayChild> {
    const { logFile, logTo = process.stderr } = options;
    const child = takeSpare() ?? forkGateway();
    const log = logFile === null ? logTo : createWriteStream(logFile, { flags: 'a' });
    child.stderr?.pipe(log, { end: logFile !== null });
    world.attachGateway(child);
    child.on('message', (raw) => flashWhenAsked(world, child, readFromGatewayProcess(raw)));
    const started = nextMessage(child, (message) => 'started' in message || 'failed' in message);
    const { configFile, ports = {}, servesStatus = false } = options;
    send(child, { start: configFile, ports, servesStatus });
    const message = await started.catch((error: unknown) => {
      // One that has not answered would keep this process from ending.
      world.detachGateway();
      child.kill('SIGKILL');
      throw error;
    });
    if (!('started' in message)) {
      world.detachGateway();
      child.kill('SIGKILL');
      const why = 'failed' in message ? message.failed : 'it did not start';
      throw new CopycatError('EMULATOR_FAILED', `the gateway did not start: ${why}`, {
        expected: logFile === null ? 'see above' : `more is in ${logFile}`,
      });
    }
    return new GatewayChild(world, child, message.started);
  }

  /** Lets the next gateway load its program already, so that it starts in no time. `discardSpare` ends it. */
  static prepare(): void {
    spare ??= forkGateway();
  }

  static discardSpare(): void {
    takeSpare()?.kill();
  }

  /** When its process has ended, for whatever reason. */
  get ended(): Promise<void> {
    return this.child.exitCode === null && this.child.signalCode === null ? exited(this.child) : Promise.resolve();
  }

  async status(): Promise<Status> {
    const answered = nextMessage(this.child, (message) => 'status' in message);
    send(this.child, { askStatus: true });
    const message = await answered;
    if (!('status' in message)) throw new CopycatError('EMULATOR_FAILED', 'the gateway gave no status');
    return message.status;
  }

  /** Makes the host too slow for the third copy, or fast again (0): each of its answers takes so long, in emulated time. */
  delayThirdCopy(delayThirdCopyUs: number): void {
    send(this.child, { delayThirdCopyUs });
  }

  /** Makes the disk slow, or as it is again (0): each transaction of the ledger takes so much longer, in emulated time. */
  delayStorage(delayStorageUs: number): void {
    send(this.child, { delayStorageUs });
  }

  /** For what the system does to a process: limits. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** SIGKILL, in full flow. The relay's line stays as it was. */
  async kill(): Promise<void> {
    const gone = exited(this.child);
    this.world.detachGateway();
    this.child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = exited(this.child);
    send(this.child, { close: true });
    await gone;
    this.world.detachGateway();
  }
}

/** On the bench the flash step loads the emulator. */
function flashWhenAsked(world: World, child: ChildProcess, message: FromGatewayProcess | null): void {
  if (message === null || !('flash' in message)) return;
  const { flash: board, image } = message;
  readFile(image, 'utf8')
    .then((hex) => world.flash(board, hex))
    .then(() => null, String)
    .then((failure) => send(child, { flashed: board, failure }));
}

let spare: ChildProcess | null = null;

function takeSpare(): ChildProcess | null {
  const taken = spare;
  spare = null;
  return taken?.connected === true ? taken : null;
}

function forkGateway(): ChildProcess {
  return fork(MAIN, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

function send(child: ChildProcess, message: ToGatewayProcess): void {
  if (child.connected) child.send(message);
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function nextMessage(
  child: ChildProcess,
  wanted: (message: FromGatewayProcess) => boolean,
): Promise<FromGatewayProcess> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (raw: unknown): void => {
      const message = readFromGatewayProcess(raw);
      if (message === null || !wanted(message)) return;
      end();
      resolve(message);
    };
    const onExit = (code: number | null): void => {
      end();
      resolve({ failed: `it ended with exit code ${code}` });
    };
    const timer = setTimeout(() => {
      end();
      reject(new CopycatError('EMULATOR_FAILED', 'this machine is too slow for the bench: the gateway gave no answer'));
    }, START_TIMEOUT_MS);
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
