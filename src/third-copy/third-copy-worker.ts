import { parentPort, workerData } from 'node:worker_threads';
import { CopycatError, internalError } from '../errors/copycat-error.js';
import type { FromThirdCopy, ThirdCopyStart, ToThirdCopy } from './third-copy-messages.js';
import { UnpacedBoard } from './unpaced-board.js';

// The program of a third copy's thread: bytes in, the emulated board runs until it waits again, bytes out. While nothing
// comes in there is nothing to do here, and no processor time is used.

/** Board time between two looks at what else has come in: some milliseconds of a slow core. */
const SLICE_US = 10_000;

if (parentPort === null) throw internalError('The third copy was started outside a worker thread');
const port = parentPort;

function post(message: FromThirdCopy): void {
  port.postMessage(message);
}

function build(options: ThirdCopyStart): UnpacedBoard | null {
  try {
    return new UnpacedBoard(options);
  } catch (error) {
    if (!(error instanceof CopycatError)) throw error;
    post({ type: 'refused', message: error.message });
    return null;
  }
}

// Only our own session starts this thread, from the typed side.
const start = workerData as ThirdCopyStart;
const board = build(start);
if (board !== null) {
  let takenBytes = 0;
  let isWorking = false;
  let restedUs = 0;
  const work = (): void => {
    const isAtRest = board.run(SLICE_US);
    const { nowUs: boardUs, starts } = board;
    post({ type: 'ran', sent: board.takeSent(), takenBytes, isAtRest, boardUs, starts });
    isWorking = !isAtRest;
    if (isAtRest) restedUs = boardUs;
    else if (boardUs - restedUs < start.mostUnrestUs) setImmediate(work);
    else {
      post({
        type: 'gaveUp',
        message: `the third copy never came to rest in ${start.mostUnrestUs / 1e6} s of its own time`,
      });
      port.close();
    }
  };
  port.on('message', (bytes: ToThirdCopy) => {
    board.give(bytes);
    takenBytes += bytes.length;
    if (isWorking) return;
    isWorking = true;
    work();
  });
  post({ type: 'started' });
  isWorking = true;
  work();
}
