import { constants } from 'node:fs';
import { CopycatError } from '../errors/copycat-error.js';

/** The C library's calls that Node does not have: a pair of sockets, and one of them in the place of standard error. */
export interface OutputCalls {
  /** Two ends of one stream; reading and writing at the first never waits. */
  socketPair(): readonly [number, number];
  /** `descriptor` under another number too, which no child inherits. */
  duplicate(descriptor: number): number;
  /** From now on `place` is what `descriptor` is, in one step. */
  replace(place: number, descriptor: number): void;
}

/** linux/socket.h and fcntl.h, the same on x86-64, arm64 and armhf. */
const AF_UNIX = 1;
const SOCK_STREAM_CLOEXEC = 1 | 0o2000000;
const F_DUPFD_CLOEXEC = 1030;
const F_SETFL = 4;
/** Numbers below are standard input, output and error. */
const FIRST_FREE = 3;

/** @throws CopycatError INTERNAL when koffi or the C library cannot be loaded */
export async function loadOutputCalls(): Promise<OutputCalls> {
  const libc = await loadLibc();
  const socketpair = libc.func('int socketpair(int, int, int, void*)');
  const dup2 = libc.func('int dup2(int, int)');
  // Variadic in C; on Linux (x86-64, arm64, armhf) a third argument is passed the same way.
  const fcntl = libc.func('int fcntl(int, int, long)');
  const checked = (name: string, result: unknown): number => {
    if (typeof result === 'number' && result >= 0) return result;
    throw new CopycatError('INTERNAL', `${name} failed on the output of this process`, { value: result });
  };
  return {
    socketPair() {
      const ends = new Int32Array(2);
      checked('socketpair', socketpair(AF_UNIX, SOCK_STREAM_CLOEXEC, 0, ends));
      const [ours = -1, theirs = -1] = ends;
      checked('fcntl', fcntl(ours, F_SETFL, constants.O_RDWR | constants.O_NONBLOCK));
      return [ours, theirs];
    },
    duplicate: (descriptor) => checked('fcntl', fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_FREE)),
    replace(place, descriptor) {
      checked('dup2', dup2(descriptor, place));
    },
  };
}

async function loadLibc() {
  try {
    const { default: koffi } = await import('koffi');
    return koffi.load('libc.so.6');
  } catch (cause) {
    throw new CopycatError('INTERNAL', 'the log cannot be kept from blocking: koffi or the C library is missing', {
      expected: 'koffi, as npm installs it on Linux (x64, arm64, arm)',
      cause,
    });
  }
}
