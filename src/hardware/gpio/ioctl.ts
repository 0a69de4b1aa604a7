import { constants } from 'node:os';
import { CopycatError } from '../../errors/copycat-error.js';
import { GpioError } from './gpio-chip.js';

/** Asks the kernel: it reads `bytes` and writes its answer into them. Throws GpioError with the kernel's own word and `what`. */
export type Control = (fd: number, request: number, bytes: Buffer, what: string) => void;

/** The C library's ioctl. Rejects with RELAY_UNAVAILABLE when it cannot be loaded. */
export async function loadControl(): Promise<Control> {
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
