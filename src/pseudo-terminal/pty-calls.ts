import { constants } from 'node:fs';
import { CopycatError } from '../errors/copycat-error.js';

/** The C library's part of a pseudo-terminal, which Node does not have; koffi is loaded when it is asked for. */
export interface PtyCalls {
  /** Readies the master and returns the slave's path. */
  unlock(masterFd: number): string;
  /** No echo, no line editing, no translation: bytes pass as they are, both ways. At either end, for both. */
  makeRaw(fd: number): void;
  /** A client may switch the echo on, and then what it is given comes back as if it had said it. True: it was on, and is off now. */
  takeEchoOff(fd: number): boolean;
  /** The same open file under another number, which no child inherits. */
  duplicate(fd: number): number;
  /** How a master stands, without waiting and without reading from it. */
  look(masterFd: number): MasterState;
  /** A descriptor, to be closed by the caller, from which something can be read once somebody has opened `path`; reading never waits. */
  watchOpening(path: string): number;
}

/** What poll(2) says of a master. */
export interface MasterState {
  /** Nobody has the device open any more; false before its first opening. */
  readonly isHungUp: boolean;
  /** Something was said that has not been read. */
  readonly hasUnread: boolean;
}

/** Larger than any `struct termios` of a Linux C library, and where in it the local modes are: after three words of flags. */
const TERMIOS_BYTES = 256;
const LOCAL_MODES_AT = 12;
const ECHO = 0o10;
const APPLY_NOW = 0;
/** fcntl.h and sys/inotify.h, the same on x86-64, arm64 and armhf. */
const F_DUPFD_CLOEXEC = 1030;
const CLOSE_ON_EXEC = 0o2000000;
const IN_OPEN = 0x20;
/** poll.h: a descriptor, the events that are asked for, and those that are there. */
const POLLFD = { bytes: 8, eventsAt: 4, foundAt: 6 };
const POLLIN = 0x1;
const POLLHUP = 0x10;
/** Numbers below are standard input, output and error. */
const FIRST_FREE = 3;

let calls: Promise<PtyCalls> | null = null;

/** @throws CopycatError INTERNAL when koffi or the C library cannot be loaded; and so do its calls when the system refuses them */
export function loadPtyCalls(): Promise<PtyCalls> {
  calls ??= load();
  return calls;
}

async function load(): Promise<PtyCalls> {
  const libc = await loadLibc();
  const grant = libc.func('int grantpt(int)');
  const unlock = libc.func('int unlockpt(int)');
  const slaveName = libc.func('int ptsname_r(int, void*, size_t)');
  const getAttributes = libc.func('int tcgetattr(int, void*)');
  const setAttributes = libc.func('int tcsetattr(int, int, void*)');
  const makeRaw = libc.func('void cfmakeraw(void*)');
  // Variadic in C; on Linux (x86-64, arm64, armhf) a third argument is passed the same way.
  const fcntl = libc.func('int fcntl(int, int, long)');
  const poll = libc.func('int poll(void*, unsigned long, int)');
  const newInotify = libc.func('int inotify_init1(int)');
  const addWatch = libc.func('int inotify_add_watch(int, const char*, uint32)');
  const checked = (name: string, result: unknown): number => {
    if (typeof result === 'number' && result >= 0) return result;
    throw new CopycatError('INTERNAL', `${name} failed on a pseudo-terminal`, { value: result });
  };
  const attributesOf = (fd: number): Buffer => {
    const attributes = Buffer.alloc(TERMIOS_BYTES);
    checked('tcgetattr', getAttributes(fd, attributes));
    return attributes;
  };
  return {
    unlock(masterFd) {
      checked('grantpt', grant(masterFd));
      checked('unlockpt', unlock(masterFd));
      const name = new Uint8Array(128);
      checked('ptsname_r', slaveName(masterFd, name, name.length));
      return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
    },
    makeRaw(fd) {
      // Not tty.ReadStream.setRawMode: it leaves output translation on.
      const attributes = attributesOf(fd);
      makeRaw(attributes);
      checked('tcsetattr', setAttributes(fd, APPLY_NOW, attributes));
    },
    takeEchoOff(fd) {
      const attributes = attributesOf(fd);
      const modes = attributes.readUInt32LE(LOCAL_MODES_AT);
      if ((modes & ECHO) === 0) return false;
      attributes.writeUInt32LE((modes & ~ECHO) >>> 0, LOCAL_MODES_AT);
      checked('tcsetattr', setAttributes(fd, APPLY_NOW, attributes));
      return true;
    },
    duplicate: (fd) => checked('fcntl', fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE)),
    look(masterFd) {
      const asked = Buffer.alloc(POLLFD.bytes);
      asked.writeInt32LE(masterFd, 0);
      asked.writeInt16LE(POLLIN, POLLFD.eventsAt);
      checked('poll', poll(asked, 1, 0));
      const found = asked.readInt16LE(POLLFD.foundAt);
      return { isHungUp: (found & POLLHUP) !== 0, hasUnread: (found & POLLIN) !== 0 };
    },
    watchOpening(path) {
      const fd = checked('inotify_init1', newInotify(constants.O_NONBLOCK | CLOSE_ON_EXEC));
      checked('inotify_add_watch', addWatch(fd, path, IN_OPEN));
      return fd;
    },
  };
}

async function loadLibc() {
  try {
    const { default: koffi } = await import('koffi');
    return koffi.load('libc.so.6');
  } catch (cause) {
    throw new CopycatError('INTERNAL', 'there are no pseudo-terminals: koffi or the C library is missing', {
      expected: 'koffi, as npm installs it on Linux (x64, arm64, arm)',
      cause,
    });
  }
}
