import { parentPort, workerData } from 'node:worker_threads';
import { CopycatError, internalError } from '../../errors/copycat-error.js';
import { type OpenedStore, openStore } from './open-store.js';
import { ReplacedFileLock } from './replaced-file-lock.js';
import { GuardedStore } from './standby/guarded-store.js';
import type { FromWorker, StoreOptions, ToWorker } from './store-messages.js';

// The program of a ledger's worker thread: one SQLite file, one message in, one transaction, one message out.
if (parentPort === null) throw internalError('The ledger worker was started outside a worker thread');
const port = parentPort;

function tryOpen(options: StoreOptions): OpenedStore | null {
  try {
    return openStore(options, (path) => lock.take(path));
  } catch (error) {
    if (error instanceof CopycatError) post({ type: 'openFailed', code: error.code, message: error.message });
    else post({ type: 'openFailed', code: 'LEDGER_UNAVAILABLE', message: `${options.path} cannot be used: ${error}` });
    return null;
  }
}

function post(message: FromWorker): void {
  port.postMessage(message);
}

const options = workerData as StoreOptions;
const lock = new ReplacedFileLock(options.path, options.lockFolder ?? null);
const opened = tryOpen(options);
if (opened) {
  const { snapshot, notes } = opened;
  const store = new GuardedStore(options, opened, undefined, (path) => lock.take(path));
  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'batch':
        return post(store.write(message.requests));
      case 'carry':
        return post(store.carry(message.fromPath, message.what));
      case 'look':
        return post(store.look());
      case 'close':
        store.close();
        lock.release();
        post({ type: 'closed' });
        port.close();
    }
  });
  post({ type: 'opened', snapshot, notes });
}
