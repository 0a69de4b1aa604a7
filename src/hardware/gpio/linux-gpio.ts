import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
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
import { type Control, loadControl } from './ioctl.js';

/**
 * The host's chips through their character devices. The C library is loaded here and not before: a pair whose relay
 * hangs on a Firmata board needs none of it. Rejects with RELAY_UNAVAILABLE when it cannot be loaded.
 */
export async function openLinuxGpio(folder = '/dev', load: () => Promise<Control> = loadControl): Promise<GpioHost> {
  const control = await load();
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
