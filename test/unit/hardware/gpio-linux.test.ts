import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GpioError, type GpioHost } from '../../../src/hardware/gpio/gpio-chip.js';
import { readLineInfo, requests } from '../../../src/hardware/gpio/gpio-structs.js';
import { type Control, loadControl } from '../../../src/hardware/gpio/ioctl.js';
import { openLinuxGpio } from '../../../src/hardware/gpio/linux-gpio.js';
import { gpioCases } from '../../conformance/kit/gpio-cases.js';

/** include/uapi/linux/gpio.h */
const USED = 1n;
const INPUT = 4n;
const OUTPUT = 8n;
/** asm-generic/ioctls.h: how many bytes there are to read. */
const FIONREAD = 0x541b;

interface Line {
  level: 0 | 1;
  taken: { readonly flags: bigint; readonly consumer: string } | null;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-gpio-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/**
 * A kernel's side of the character device, of one chip with two lines: real files have its place in the folder, so that
 * descriptors are real ones, and what is asked of them is answered here, in the bytes of linux/gpio.h.
 */
class ScriptedKernel {
  readonly lines: Line[] = [0, 1].map(() => ({ level: 0, taken: null }));
  /** Every descriptor that it gave away for a line. */
  readonly given: number[] = [];
  /** The descriptor of the last question. */
  fd = -1;
  /** The next question is refused with this. */
  refusal: string | null = null;
  readonly #lineOf = new Map<number, Line>();

  readonly control: Control = (fd, request, bytes, what) => {
    this.fd = fd;
    const refused = this.refusal ?? this.#answer(fd, request, bytes);
    this.refusal = null;
    if (refused !== null) throw new GpioError(refused, `${what}: ${refused}`);
  };

  #answer(fd: number, request: number, bytes: Buffer): string | null {
    if (!isOpen(fd)) return 'EBADF';
    switch (request) {
      case requests.getChipInfo:
        bytes.write('gpiochip0', 0);
        bytes.write('pinctrl-made', 32);
        bytes.writeUInt32LE(this.lines.length, 64);
        return null;
      case requests.getLineInfo:
        return this.#info(bytes, bytes.readUInt32LE(64));
      case requests.getLine:
        return this.#take(bytes, bytes.readUInt32LE(0));
      case requests.getValues:
        bytes.writeBigUInt64LE(BigInt(this.#held(fd).level), 0);
        return null;
      case requests.setValues:
        if (this.#held(fd).taken?.flags !== OUTPUT) return 'EPERM';
        this.#held(fd).level = bytes.readBigUInt64LE(0) === 1n ? 1 : 0;
        return null;
      default:
        return 'ENOTTY';
    }
  }

  #info(bytes: Buffer, offset: number): string | null {
    const line = this.#line(offset);
    if (line === null) return 'EINVAL';
    bytes.write(`GPIO${offset}`, 0);
    bytes.write(line.taken?.consumer ?? '', 32);
    bytes.writeBigUInt64LE(line.taken === null ? INPUT : USED | line.taken.flags, 72);
    return null;
  }

  #take(bytes: Buffer, offset: number): string | null {
    const line = this.#line(offset);
    if (line === null || bytes.readUInt32LE(560) !== 1) return 'EINVAL';
    if (line.taken !== null) return 'EBUSY';
    const flags = bytes.readBigUInt64LE(288);
    line.taken = { flags, consumer: bytes.toString('latin1', 256, 288).replaceAll('\0', '') };
    if (flags === OUTPUT) line.level = bytes.readBigUInt64LE(328) === 1n ? 1 : 0;
    const fd = openSync('/dev/null', 'r+');
    this.given.push(fd);
    this.#lineOf.set(fd, line);
    bytes.writeInt32LE(fd, 588);
    return null;
  }

  /** A line whose descriptor was closed is free again; its number may be a chip's by now, which is a plain file. */
  #line(offset: number): Line | null {
    for (const [fd, line] of this.#lineOf) {
      if (isOpen(fd) && fstatSync(fd).isCharacterDevice()) continue;
      line.taken = null;
      this.#lineOf.delete(fd);
    }
    return this.lines[offset] ?? null;
  }

  #held(fd: number): Line {
    const line = this.#lineOf.get(fd);
    if (line === undefined) throw new Error(`no line has the descriptor ${fd}`);
    return line;
  }
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

async function host(kernel: ScriptedKernel, chips: readonly string[] = ['gpiochip0']): Promise<GpioHost> {
  for (const name of chips) writeFileSync(join(folder, name), '');
  return await openLinuxGpio(folder, () => Promise.resolve(kernel.control));
}

describe("the kernel's GPIO, with a kernel of this test's behind it", () => {
  it.each(gpioCases)('$name', async ({ run }) => run(await host(new ScriptedKernel()), 'GPIO1'));

  it('has the chips that are called so, in the order of their numbers, and nothing else of the folder', async () => {
    const names = ['gpiochip10', 'gpiochip9', 'gpiochip0', 'gpiochip', 'xgpiochip1', 'gpiochip1x', 'gpiomem', 'null'];
    const { paths } = await host(new ScriptedKernel(), names);
    expect(paths()).toEqual(['gpiochip0', 'gpiochip9', 'gpiochip10'].map((name) => join(folder, name)));
  });

  it('opens a chip, asks what it is, and closes what is none', async () => {
    const kernel = new ScriptedKernel();
    const made = await host(kernel);
    const path = join(folder, 'gpiochip0');
    const chip = made.open(path);
    expect([chip.path, chip.label, chip.lineCount]).toEqual([path, 'pinctrl-made', 2]);
    expect(isOpen(kernel.fd)).toBe(true);
    chip.close();
    expect(isOpen(kernel.fd)).toBe(false);
    kernel.refusal = 'ENOTTY';
    expect(() => made.open(path)).toThrow(
      expect.objectContaining({ code: 'ENOTTY', message: `asking ${path} what it is: ENOTTY` }),
    );
    expect(isOpen(kernel.fd)).toBe(false);
  });

  it('a chip that cannot be opened is refused in the words of the kernel', async () => {
    const { open } = await host(new ScriptedKernel());
    const path = join(folder, 'gpiochip7');
    expect(() => open(path)).toThrow(
      expect.objectContaining({
        name: 'GpioError',
        code: 'ENOENT',
        message: `opening ${path}: ENOENT`,
        cause: expect.objectContaining({ code: 'ENOENT' }),
      }),
    );
  });

  it('R27: a line is held by a descriptor of its own, beyond the chip, until it is released', async () => {
    const kernel = new ScriptedKernel();
    const chip = (await host(kernel)).open(join(folder, 'gpiochip0'));
    const line = chip.request(1, { direction: 'output', consumer: 'copycat', level: 1 });
    chip.close();
    line.set(0);
    line.set(1);
    expect([line.get(), kernel.given.map(isOpen)]).toEqual([1, [true]]);
    line.release();
    expect([kernel.lines[1]?.level, kernel.given.map(isOpen)]).toEqual([1, [false]]);
  });

  it('every refusal says what was asked for', async () => {
    const kernel = new ScriptedKernel();
    const path = join(folder, 'gpiochip0');
    const chip = (await host(kernel)).open(path);
    const line = chip.request(1, { direction: 'output', consumer: 'copycat', level: 1 });
    for (const [ask, what] of [
      [() => chip.info(0), `asking ${path} for its line 0`],
      [
        () => chip.request(0, { direction: 'input', consumer: 'copycat', pull: 'up' }),
        `taking line 0 of ${path} as an input`,
      ],
      [() => line.get(), `reading line 1 of ${path}`],
      [() => line.set(0), `setting line 1 of ${path}`],
    ] as const) {
      kernel.refusal = 'ENODEV';
      expect(ask).toThrow(expect.objectContaining({ code: 'ENODEV', message: `${what}: ENODEV` }));
    }
    expect(kernel.lines[1]?.level).toBe(1);
    line.release();
    chip.close();
  });
});

describe("the C library's ioctl", () => {
  it('asks the kernel of this machine: what it writes is in the bytes, what it refuses has its name', async () => {
    const control = await loadControl();
    const path = join(folder, 'twelve');
    writeFileSync(path, 'twelve bytes');
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(8);
      control(fd, FIONREAD, bytes, 'asking for its length');
      expect(bytes.readInt32LE(0)).toBe(12);
      expect(() => control(fd, requests.getChipInfo, Buffer.alloc(68), 'asking a file')).toThrow(
        expect.objectContaining({ name: 'GpioError', code: 'ENOTTY', message: 'asking a file: ENOTTY' }),
      );
    } finally {
      closeSync(fd);
    }
    expect(() => control(fd, FIONREAD, Buffer.alloc(8), 'asking nobody')).toThrow(
      expect.objectContaining({ code: 'EBADF' }),
    );
  });
});

describe('what the kernel says of a line', () => {
  it('that nobody uses, and that is an input; a name may fill its field to the last byte', () => {
    const bytes = Buffer.alloc(256);
    bytes.write('n'.repeat(32), 0);
    bytes.write('c'.repeat(32), 32);
    bytes.writeBigUInt64LE(INPUT, 72);
    expect(readLineInfo(bytes)).toEqual({
      name: 'n'.repeat(32),
      consumer: 'c'.repeat(32),
      isUsed: false,
      isOutput: false,
    });
  });
});
