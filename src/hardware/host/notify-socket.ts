import { CopycatError } from '../../errors/copycat-error.js';

/** Tells systemd about this process (sd_notify(3)). */
export interface NotifySocket {
  /** Lines such as `READY=1`. False: it could not be told, as when its queue is full; nothing waits for it. */
  send(text: string): boolean;
  close(): void;
}

/** linux/socket.h, the same on x86-64, arm64 and armhf. */
const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
/** sizeof sun_path */
const MOST_PATH_BYTES = 108;

/**
 * The socket that `$NOTIFY_SOCKET` names. Node has no datagrams on unix sockets, so the C library's own calls are used
 * (koffi); with a child process (systemd-notify) every line would cost a fork, and systemd would have to believe any
 * process of the service.
 * @throws CopycatError USAGE for a path that is no socket's, INTERNAL when koffi or the C library cannot be loaded
 */
export async function openNotifySocket(path: string): Promise<NotifySocket> {
  const address = socketAddress(path);
  const libc = await loadLibc();
  const socket = libc.func('int socket(int, int, int)');
  const sendto = libc.func('long sendto(int, void*, size_t, int, void*, uint32_t)');
  const close = libc.func('int close(int)');
  const descriptor: unknown = socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
  if (typeof descriptor !== 'number' || descriptor < 0) {
    throw new CopycatError('INTERNAL', 'cannot make a socket to tell systemd about this service');
  }
  return {
    send(text) {
      const bytes = Buffer.from(text);
      const sent: unknown = sendto(descriptor, bytes, bytes.length, MSG_DONTWAIT_NOSIGNAL, address, address.length);
      return sent === bytes.length;
    },
    close() {
      close(descriptor);
    },
  };
}

/** struct sockaddr_un; a path that begins with @ is in the abstract namespace, whose names begin with a zero byte. */
function socketAddress(path: string): Buffer {
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`);
  if (!/^[/@]./.test(path) || name.length > MOST_PATH_BYTES) {
    throw new CopycatError('USAGE', 'NOTIFY_SOCKET names no socket', {
      value: path,
      expected: 'a path, or a name after @, as systemd sets it for a service of Type=notify',
    });
  }
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, name]);
}

async function loadLibc() {
  try {
    const { default: koffi } = await import('koffi');
    return koffi.load('libc.so.6');
  } catch (cause) {
    throw new CopycatError('INTERNAL', 'systemd cannot be told about this service: koffi or the C library is missing', {
      expected: 'koffi, as npm installs it on Linux (x64, arm64, arm)',
      cause,
    });
  }
}
