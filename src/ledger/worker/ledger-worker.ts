import { parentPort, workerData } from 'node:worker_threads';
import { CopycatError, internalError } from '../../errors/copycat-error.js';
import { type OpenedStore, openStore } from './open-store.js';
import type { FromWorker, StoreOptions, ToWorker } from './store-messages.js';

// The program of a ledger's worker thread: one SQLite file, one message in, one transaction, one message out.
if (parentPort === null) throw internalError('The ledger worker was started outside a worker thread');
const port = parentPort;

function tryOpen(options: StoreOptions): OpenedStore | null {
  try {
    return openStore(options);
  } catch (error) {
    const code = error instanceof CopycatError ? error.code : 'LEDGER_UNAVAILABLE';
    post({ type: 'openFailed', code, message: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

function post(message: FromWorker): void {
  port.postMessage(message);
}

const opened = tryOpen(workerData as StoreOptions);
if (opened) {
  const { store, snapshot, notes } = opened;
  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'batch':
        return post(store.write(message.requests));
      case 'carry':
        return post(store.carry(message.fromPath));
      case 'close':
        store.close();
        post({ type: 'closed' });
        port.close();
    }
  });
  post({ type: 'opened', snapshot, notes });
}
