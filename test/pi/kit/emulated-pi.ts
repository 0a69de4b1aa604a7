import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionWord, GPLEV0, isOutput, type LineState, levelOf } from './gpio-registers.js';
import { statesOf } from './gpio-writes.js';
import { GuestShell } from './guest-shell.js';
import type { PiParts } from './prepare-pi.js';
import { Qmp } from './qmp.js';

export interface PiOptions {
  readonly parts: PiParts;
  /** Whether the kernel leaves a line driven when the process that held it has died. */
  readonly persistGpioOutputs: 0 | 1;
  /** Files on the SD card, by name: the only thing in the machine that survives a restart. */
  readonly card: Readonly<Record<string, string>>;
}

/** A power of two, as QEMU wants an SD card's size. */
const CARD_BYTES = 64 * 1024 * 1024;
/** Ten seconds on a machine at rest. */
const BOOT_LIMIT_MS = 300_000;
const TRACE = 'memory_region_ops_write';

/** A Raspberry Pi 3 in QEMU, seen from outside: its registers, its console, its reset. */
export class EmulatedPi {
  #traceFrom = 0;
  #traceStart: LineState = { isOutput: false, level: 0 };

  private constructor(
    private readonly folder: string,
    private readonly machine: ChildProcess,
    private readonly qmp: Qmp,
    readonly shell: GuestShell,
  ) {}

  static async boot(options: PiOptions): Promise<EmulatedPi> {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-pi-'));
    const card = makeCard(folder, options.card);
    const { kernel, deviceTree, initrd } = options.parts;
    const words = ['console=ttyS1,115200', 'quiet', 'loglevel=1', 'rdinit=/init', 'panic=-1'];
    words.push(`pinctrl_bcm2835.persist_gpio_outputs=${options.persistGpioOutputs}`);
    const sockets = { console: join(folder, 'console'), qmp: join(folder, 'qmp') };
    const machine = spawn(
      'setpriv', // so that no machine outlives a test that was ended by force
      [
        ...['--pdeathsig', 'KILL', 'qemu-system-aarch64', '-M', 'raspi3b'],
        // One thread for all four processors: threads of their own wait for each other more than they gain.
        ...['-accel', 'tcg,thread=single', '-display', 'none'],
        ...['-kernel', kernel, '-dtb', deviceTree, '-initrd', initrd],
        ...['-append', words.join(' '), '-drive', `if=sd,format=raw,file=${card}`],
        // The first serial port is the Bluetooth chip's.
        ...['-serial', 'null', '-serial', `unix:${sockets.console},server=on,wait=off`],
        ...['-qmp', `unix:${sockets.qmp},server=on,wait=off`, '-D', join(folder, 'trace')],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let complaint = '';
    machine.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    try {
      const console = await opened(sockets.console, machine, () => complaint);
      const pi = new EmulatedPi(folder, machine, await Qmp.open(sockets.qmp), new GuestShell(console));
      await pi.shell.whenReady(BOOT_LIMIT_MS);
      return pi;
    } catch (error) {
      machine.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** A line as its registers have it now. */
  async line(number: number): Promise<LineState> {
    const [selected, levels] = [await this.qmp.wordAt(functionWord(number)), await this.qmp.wordAt(GPLEV0)];
    return { isOutput: isOutput(number, selected), level: levelOf(number, levels) };
  }

  /** From now on every write to a device is recorded. */
  async watch(line: number): Promise<void> {
    this.#traceStart = await this.line(line);
    this.#traceFrom = statSync(this.#trace).size;
    await this.qmp.execute('trace-event-set-state', { name: TRACE, enable: true });
  }

  /** Ends the record: every state the line was in since `watch`, in order. */
  async watched(line: number): Promise<readonly LineState[]> {
    await this.qmp.execute('trace-event-set-state', { name: TRACE, enable: false });
    const trace = readFileSync(this.#trace).subarray(this.#traceFrom).toString('latin1');
    return statesOf(line, trace, this.#traceStart);
  }

  /** The reset button: no process is told, no file system is unmounted; what the SD card has it keeps. Registers are cleared. */
  async reset(): Promise<void> {
    await this.qmp.execute('system_reset');
    this.shell.forget();
  }

  async whenBooted(): Promise<void> {
    await this.shell.whenReady(BOOT_LIMIT_MS);
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.machine.once('exit', resolve));
    this.machine.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #trace(): string {
    return join(this.folder, 'trace');
  }
}

function makeCard(folder: string, files: Readonly<Record<string, string>>): string {
  const [card, content] = [join(folder, 'card.img'), mkdtempSync(join(folder, 'content-'))];
  for (const [name, text] of Object.entries(files)) writeFileSync(join(content, name), text);
  writeFileSync(card, '');
  truncateSync(card, CARD_BYTES);
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
  execFileSync('mke2fs', ['-q', '-t', 'ext4', '-d', content, card], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  return card;
}

/** QEMU makes the socket soon after it has started. */
async function opened(path: string, machine: ChildProcess, complaint: () => string): Promise<Socket> {
  for (let tries = 0; tries < 600; tries++) {
    if (machine.exitCode !== null) break;
    const socket = connect(path);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return socket;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`QEMU did not start: ${complaint()}`);
}
