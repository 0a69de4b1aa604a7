import { connect } from 'node:net';

/** True when a process listens at this Unix socket; of a file that nobody listens at any more, and of none, false. */
export function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
