import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { SerialPort } from 'serialport';

const readAsync = promisify(read);

/** What the reading loop of a binding on Linux stands on: a descriptor, and a poller that says when there is something. */
interface LinuxBinding {
  isOpen: boolean;
  fd: number | null;
  poller: { once(event: 'readable', listener: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number; buffer: Buffer }>;
  close(): Promise<void>;
}

const TRY_AGAIN = ['EAGAIN', 'EWOULDBLOCK', 'EINTR'];
/** What a read of a device says that is no longer there. */
const GONE = ['EIO', 'ENXIO', 'ENODEV', 'EBADF'];

/**
 * Makes a hang-up between two reads end the session. The binding of serialport 13 takes a read of nothing for no news and
 * reads again, for ever and without a word, so that an unplugged board would look like a silent one. And a close waits
 * for the read that is under way: its number may be given to the next port to be opened, whose bytes it would take.
 * `onGone` is called at once: the port itself says `close` only when the system has closed it, which may take half a minute.
 */
export function guardReads(port: SerialPort, onGone: (error: Error) => void): void {
  const binding: unknown = port.port;
  if (!isLinuxBinding(binding)) return;
  let reading: Promise<unknown> | null = null;
  let isClosing = false;
  binding.read = async (buffer, offset, length) => {
    for (;;) {
      const { fd } = binding;
      if (isClosing || !binding.isOpen || fd === null) throw closed();
      try {
        const read = readAsync(fd, buffer, offset, length, null);
        reading = read;
        const { bytesRead } = await read.finally(() => {
          reading = null;
        });
        if (bytesRead > 0) return { bytesRead, buffer };
        throw gone(undefined, onGone);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        if (GONE.includes(code)) throw gone(error, onGone);
        if (!TRY_AGAIN.includes(code)) throw error;
        // Closed while the read was under way: the poller is freed memory by now, and asking it kills the process.
        if (isClosing || !binding.isOpen) throw closed();
        await new Promise<void>((resolve, reject) => {
          binding.poller.once('readable', (failure) => (failure ? reject(failure) : resolve()));
        });
      }
    }
  };
  const close = binding.close.bind(binding);
  binding.close = async () => {
    isClosing = true;
    // Never long: the descriptor does not block. What the read came to is told to whoever reads.
    await reading?.catch(() => undefined);
    await close();
  };
}

function gone(cause: unknown, onGone: (error: Error) => void): Error {
  const error = Object.assign(new Error('unplugged', { cause }), { disconnect: true });
  onGone(error);
  return error;
}

function closed(): Error {
  return Object.assign(new Error('the port is not open'), { canceled: true });
}

function isLinuxBinding(binding: unknown): binding is LinuxBinding {
  return typeof binding === 'object' && binding !== null && 'fd' in binding && 'poller' in binding && 'read' in binding;
}
