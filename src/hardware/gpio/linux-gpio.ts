import { closeSync, openSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';
import {
  type GpioChip,
  GpioError,
  type GpioHost,
  type HeldLine,
  type LineInfo,
  type LineRequest,
} from './gpio-chip.js';
import {
  askLine,
  askLineInfo,
  emptyChipInfo,
  lineValues,
  readChipInfo,
  readLevel,
  readLineDescriptor,
  readLineInfo,
  requests,
} from './gpio-structs.js';

/** Throws GpioError with the kernel's own word. */
type Control = (fd: number, request: number, bytes: Buffer, what: string) => void;

/**
 * The host's chips through their character devices. The C library is loaded here and not before: a pair whose relay
 * hangs on a Firmata board needs none of it. Rejects with RELAY_UNAVAILABLE when it cannot be loaded.
 */
export async function openLinuxGpio(folder = '/dev'): Promise<GpioHost> {
  const control = await loadControl();
  return {
    paths: () => chipPaths(folder),
    open: (path) => {
      const fd = openDevice(path);
      try {
        return new LinuxChip(path, fd, control);
      } catch (error) {
        closeSync(fd);
        throw error;
      }
    },
  };
}

class LinuxChip implements GpioChip {
  readonly label: string;
  readonly lineCount: number;

  constructor(
    readonly path: string,
    private readonly fd: number,
    private readonly control: Control,
  ) {
    const bytes = emptyChipInfo();
    control(fd, requests.getChipInfo, bytes, `asking ${path} what it is`);
    ({ label: this.label, lineCount: this.lineCount } = readChipInfo(bytes));
  }

  info(offset: number): LineInfo {
    const bytes = askLineInfo(offset);
    this.control(this.fd, requests.getLineInfo, bytes, `asking ${this.path} for its line ${offset}`);
    return readLineInfo(bytes);
  }

  request(offset: number, request: LineRequest): HeldLine {
    const bytes = askLine(offset, request);
    this.control(this.fd, requests.getLine, bytes, `taking line ${offset} of ${this.path} as an ${request.direction}`);
    return new LinuxLine(`line ${offset} of ${this.path}`, readLineDescriptor(bytes), this.control);
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** The kernel opens its descriptor close-on-exec: a child of ours never keeps the line. */
class LinuxLine implements HeldLine {
  constructor(
    private readonly what: string,
    private readonly fd: number,
    private readonly control: Control,
  ) {}

  get(): 0 | 1 {
    const bytes = lineValues();
    this.control(this.fd, requests.getValues, bytes, `reading ${this.what}`);
    return readLevel(bytes);
  }

  set(level: 0 | 1): void {
    this.control(this.fd, requests.setValues, lineValues(level), `setting ${this.what}`);
  }

  release(): void {
    closeSync(this.fd);
  }
}

function chipPaths(folder: string): readonly string[] {
  const numberOf = (name: string) => Number(/^gpiochip(\d+)$/.exec(name)?.[1] ?? Number.NaN);
  return readdirSync(folder)
    .filter((name) => !Number.isNaN(numberOf(name)))
    .sort((one, other) => numberOf(one) - numberOf(other))
    .map((name) => join(folder, name));
}

function openDevice(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'EIO';
    throw new GpioError(code, `opening ${path}: ${code}`, error);
  }
}

async function loadControl(): Promise<Control> {
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load('libc.so.6');
    // Variadic in C; on Linux (x86-64, arm64, armhf) a third argument is passed the same way.
    const ioctl = libc.func('int ioctl(int, unsigned long, void*)');
    const names = new Map(Object.entries(constants.errno).map(([name, errno]) => [errno, name]));
    return (fd, request, bytes, what) => {
      const result: unknown = ioctl(fd, request, bytes);
      if (typeof result === 'number' && result >= 0) return;
      const errno = koffi.errno();
      const code = names.get(errno) ?? `errno ${errno}`;
      throw new GpioError(code, `${what}: ${code}`);
    };
  } catch (cause) {
    throw new CopycatError(
      'RELAY_UNAVAILABLE',
      "the host's GPIO lines cannot be used: koffi or the C library is missing",
      {
        expected: 'koffi, as npm installs it on Linux (x64, arm64, arm)',
        cause,
      },
    );
  }
}
