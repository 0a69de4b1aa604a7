import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { holdTerminal } from '../held-terminals.js';

/** Debian's package firmware-microbit-micropython: a MicroPython that shows its prompt on the serial line. */
const FIRMWARE = '/usr/share/firmware-microbit-micropython/firmware.hex';

/** A BBC micro:bit with firmware that nobody here has written, emulated by QEMU; its line is a pseudo-terminal of QEMU's. */
export class Microbit {
  private constructor(
    readonly path: string,
    private readonly emulator: ChildProcess,
  ) {}

  static async start(): Promise<Microbit> {
    const words = ['-M', 'microbit', '-display', 'none', '-serial', 'pty', '-monitor', 'stdio'];
    const emulator = spawn('qemu-system-arm', [...words, '-device', `loader,file=${FIRMWARE}`]);
    const lines = createInterface({ input: emulator.stdout });
    let said = '';
    emulator.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const path = await new Promise<string>((found, failed) => {
      lines.on('line', (line) => {
        const [device] = /\/dev\/pts\/\d+/.exec(line) ?? [];
        if (device !== undefined) found(device);
      });
      emulator.once('error', failed);
      emulator.once('exit', (code) => failed(new Error(`qemu-system-arm ended with ${code}: ${said}`)));
    });
    holdTerminal(path);
    return new Microbit(path, emulator);
  }

  /** Its processor stands still: nothing passes any more, and nothing says so. */
  halt(): void {
    this.emulator.stdin?.write('stop\n');
  }

  /** It begins anew, and says what it is. */
  restart(): void {
    this.emulator.stdin?.write('system_reset\n');
  }

  async dispose(): Promise<void> {
    if (this.emulator.exitCode !== null || this.emulator.signalCode !== null) return;
    const gone = once(this.emulator, 'exit');
    this.emulator.kill('SIGKILL');
    await gone;
  }
}
