import { parentPort, workerData } from 'node:worker_threads';
import { planOf } from './plan.js';
import { Run } from './run.js';
import type { SeedReport, WorkerOrder } from './worker-messages.js';

// The program of a worker thread: plays its seeds one after the other, and tells of each.
if (parentPort === null) throw new Error('started outside a worker thread');
const port = parentPort;
const { seeds, inputs } = workerData as WorkerOrder;
for (const seed of seeds) {
  const { broken, coverage } = new Run(planOf(seed, inputs)).play();
  const report: SeedReport = { seed, broken, cells: [...coverage.cells], counts: [...coverage.counts] };
  port.postMessage(report);
}
