import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Status } from '../../control/contract/status.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Began } from '../../gateway/parts.js';
import type { BenchWorld } from '../world/world.js';
import { type FromGatewayProcess, readFromGatewayProcess, type ToGatewayProcess } from './gateway-messages.js';

const MAIN = fileURLToPath(new URL('../gateway-side/gateway-main.js', import.meta.url));
/** Wall time; only a machine that is far too slow comes near it, and is told so. */
const START_TIMEOUT_MS = 180_000;

export interface GatewayChildOptions {
  readonly configFile: string;
  /** Null: to `logTo`. */
  readonly logFile: string | null;
  /** Where the log goes that is kept in no file; the standard error of this process when not given. */
  readonly logTo?: NodeJS.WritableStream;
  /** Hears the log too. */
  readonly hearLog?: (chunk: Buffer) => void;
  readonly ports?: Readonly<Record<string, string>>;
  readonly servesStatus?: boolean;
  /** For a pair whose record is kept. */
  readonly began?: Began;
}

/** What ties its process to it. */
interface Ties {
  readonly heard: (message: unknown) => void;
  /** Its log has had its last word. */
  readonly letGo: () => void;
}

/** A running gateway as the bench sees it: an address, a status, and a way to kill it. */
export class GatewayChild {
  #isRetired = false;

  private constructor(
    private readonly world: BenchWorld,
    private readonly child: ChildProcess,
    private readonly ties: Ties,
    /** Where its inputs come in, in the order of the configuration. */
    readonly addresses: readonly string[],
  ) {}

  get address(): string {
    return this.addresses[0] ?? '';
  }

  /** Starts a gateway on this configuration and ties the world's time to it. Rejects with EMULATOR_FAILED. */
  static async start(world: BenchWorld, options: GatewayChildOptions): Promise<GatewayChild> {
    const { logFile, logTo = process.stderr } = options;
    const child = takeSpare();
    const log = logFile === null ? logTo : createWriteStream(logFile, { flags: 'a' });
    child.stderr?.pipe(log, { end: logFile !== null });
    if (options.hearLog !== undefined) child.stderr?.on('data', options.hearLog);
    world.attachGateway(child);
    const heard = (raw: unknown) => flashWhenAsked(world, child, readFromGatewayProcess(raw));
    child.on('message', heard);
    const letGo = (): void => {
      child.stderr?.unpipe(log);
      if (logFile !== null) log.end();
    };
    const started = nextMessage(child, (message) => 'started' in message || 'failed' in message);
    const { configFile, ports = {}, servesStatus = false, began } = options;
    send(child, {
      start: configFile,
      ports,
      servesStatus,
      pace: world.paceName,
      ...(began === undefined ? {} : { began }),
    });
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
      const more = logFile === null ? '' : `; more is in ${logFile}`;
      throw new CopycatError('EMULATOR_FAILED', `the gateway did not start: ${why}${more}`);
    }
    return new GatewayChild(world, child, { heard, letGo }, message.started);
  }

  /** Lets the next gateway load its program already, so that it starts in no time. `discardSpare` ends it. */
  static prepare(): void {
    if (spares.length === 0) spares.push({ child: forkGateway(), letGo: () => undefined });
  }

  static discardSpare(): void {
    // It takes no other signal.
    for (const { child } of spares.splice(0)) child.kill('SIGKILL');
  }

  /** When its process has ended; for which reason, as the end of a sentence. */
  get ended(): Promise<string> {
    const { child } = this;
    const gone = child.exitCode === null && child.signalCode === null ? exited(child) : Promise.resolve();
    return gone.then(() => endOf(child));
  }

  status(): Promise<Status> {
    return this.world.whileTimeStands(() => this.#status());
  }

  async #status(): Promise<Status> {
    const answered = nextMessage(this.child, (message) => 'status' in message);
    send(this.child, { askStatus: true });
    const message = await answered;
    if (!('status' in message)) throw new CopycatError('EMULATOR_FAILED', 'the gateway gave no status');
    return message.status;
  }

  /** Makes the host too slow for the third copy, or fast again (0): each of its answers takes so long, in emulated time. */
  delayThirdCopy(delayThirdCopyUs: number): void {
    send(this.child, { delayThirdCopyUs });
    this.world.nudge();
  }

  /** Makes the disk slow, or as it is again (0): each transaction of the ledger takes so much longer, in emulated time. */
  delayStorage(delayStorageUs: number): void {
    send(this.child, { delayStorageUs });
    this.world.nudge();
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
    if (this.#isOver) return;
    const gone = exited(this.child);
    // From then on nobody answers, and that is no accident.
    this.child.once('disconnect', () => this.world.detachGateway());
    send(this.child, { close: true, stays: false });
    this.world.nudge();
    await gone;
  }

  /** As `close`, at the end of a run: its process, which has loaded its program, is kept for a gateway of another run. */
  async retire(): Promise<void> {
    if (this.world.paceName === 'real-time') return this.close();
    if (this.#isOver) return;
    const { child } = this;
    const closed = nextMessage(child, (message) => 'closed' in message || 'failed' in message);
    send(child, { close: true, stays: true });
    this.world.nudge();
    const isClosed = 'closed' in (await closed);
    this.world.detachGateway();
    this.#isRetired = true;
    const { heard, letGo } = this.ties;
    child.off('message', heard);
    // Its last words may still be on their way to its log: it is let go when its process is used again.
    if (isClosed && spares.length < MOST_SPARES) spares.push({ child, letGo });
    else child.kill('SIGKILL');
  }

  get #isOver(): boolean {
    return this.#isRetired || this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** On the bench the flash step loads the emulator. */
function flashWhenAsked(world: BenchWorld, child: ChildProcess, message: FromGatewayProcess | null): void {
  if (message === null || !('flash' in message)) return;
  const { flash: board, image } = message;
  // The file is read at once: time must not go on meanwhile.
  const flashed = async (): Promise<void> => world.flash(board, readFileSync(image, 'utf8'));
  const tell = (failure: string | null): void => {
    send(child, { flashed: board, failure });
    world.nudge();
  };
  flashed().then(
    () => tell(null),
    (error: unknown) => tell(String(error)),
  );
}

/** One that is loaded, and one that comes back meanwhile. */
const MOST_SPARES = 2;
const spares: { readonly child: ChildProcess; readonly letGo: () => void }[] = [];

/** The one that was used last: its program is warm. */
function takeSpare(): ChildProcess {
  const taken = spares.pop();
  taken?.letGo();
  return taken?.child.connected === true ? taken.child : forkGateway();
}

function forkGateway(): ChildProcess {
  return fork(MAIN, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

function send(child: ChildProcess, message: ToGatewayProcess): void {
  if (!child.connected) return;
  child.send(message, () => {
    // One that was killed stays connected until its end is noticed, which is told by itself.
  });
}

/** For which reason one that has ended did. */
function endOf({ exitCode, signalCode }: ChildProcess): string {
  return signalCode === null ? `exit code ${exitCode}` : `ended by ${signalCode}`;
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
    const onExit = (): void => {
      end();
      resolve({ failed: `its process has ended (${endOf(child)})` });
    };
    const timer = setTimeout(() => {
      end();
      reject(new CopycatError('EMULATOR_FAILED', 'this machine is too slow for the bench: the gateway gave no answer'));
    }, START_TIMEOUT_MS);
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
