import { parentPort, workerData } from 'node:worker_threads';
import { CopycatError, internalError } from '../../errors/copycat-error.js';
import type { FromWorker, StoreOptions, ToWorker } from './store-messages.js';
import { StoreServer } from './store-server.js';

// The program of a ledger's worker thread: one SQLite file, one message in, one transaction, one message out.
if (parentPort === null) throw internalError('The ledger worker was started outside a worker thread');
const port = parentPort;

function tryOpen(options: StoreOptions): StoreServer | null {
  try {
    return StoreServer.open(options);
  } catch (error) {
    if (!(error instanceof CopycatError)) throw error;
    post({ type: 'openFailed', code: error.code, message: error.message });
    return null;
  }
}

function post(message: FromWorker): void {
  port.postMessage(message);
}

const server = tryOpen(workerData as StoreOptions);
if (server) {
  port.on('message', (message: ToWorker) => {
    post(server.answer(message));
    if (message.type === 'close') port.close();
  });
  post({ type: 'opened', snapshot: server.snapshot, notes: server.notes });
}
