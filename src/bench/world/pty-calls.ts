import { CopycatError } from '../../errors/copycat-error.js';

/** The C library's part of a pseudo-terminal; koffi is loaded when the first one is made. */
export interface PtyCalls {
  /** Readies the master and returns the slave's path. */
  unlock(masterFd: number): string;
  /** No echo, no line editing, no translation: bytes pass as they are, both ways. */
  makeRaw(slaveFd: number): void;
}

/** Larger than any `struct termios` of a Linux C library. */
const termiosBytes = 256;
const applyNow = 0;

let calls: Promise<PtyCalls> | null = null;

/** @throws CopycatError EMULATOR_FAILED when koffi or the C library cannot be loaded */
export function loadPtyCalls(): Promise<PtyCalls> {
  calls ??= load();
  return calls;
}

async function load(): Promise<PtyCalls> {
  const { default: koffi } = await import('koffi');
  const libc = koffi.load('libc.so.6');
  const grant = libc.func('int grantpt(int)');
  const unlock = libc.func('int unlockpt(int)');
  const slaveName = libc.func('int ptsname_r(int, void*, size_t)');
  const getAttributes = libc.func('int tcgetattr(int, void*)');
  const setAttributes = libc.func('int tcsetattr(int, int, void*)');
  const makeRaw = libc.func('void cfmakeraw(void*)');
  const check = (name: string, result: unknown) => {
    if (result !== 0)
      throw new CopycatError('EMULATOR_FAILED', `${name} failed on a pseudo-terminal`, { value: result });
  };
  return {
    unlock(masterFd) {
      check('grantpt', grant(masterFd));
      check('unlockpt', unlock(masterFd));
      const name = new Uint8Array(128);
      check('ptsname_r', slaveName(masterFd, name, name.length));
      return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
    },
    makeRaw(slaveFd) {
      // Not tty.ReadStream.setRawMode: it leaves output translation on.
      const attributes = new Uint8Array(termiosBytes);
      check('tcgetattr', getAttributes(slaveFd, attributes));
      makeRaw(attributes);
      check('tcsetattr', setAttributes(slaveFd, applyNow, attributes));
    },
  };
}
