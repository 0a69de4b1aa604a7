import { Worker } from 'node:worker_threads';
import { Coverage } from './coverage.js';
import type { Broken } from './judge/invariants.js';
import type { SeedReport, WorkerOrder } from './worker-messages.js';

export interface SimulationOptions {
  readonly seedStart: number;
  readonly seeds: number;
  /** Inputs of each seed. */
  readonly inputs: number;
  readonly threads: number;
  /** Told after every seed. */
  readonly progress?: (done: number, failed: number) => void;
}

export interface SimulationReport {
  readonly seeds: number;
  readonly coverage: Coverage;
  /** In the order of their seeds. */
  readonly failures: readonly { readonly seed: number; readonly broken: Broken }[];
}

/** Plays many seeds on worker threads. The report does not depend on how many there are. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { seedStart, seeds, inputs, threads } = options;
  const reports = new Map<number, SeedReport>();
  let failed = 0;
  const take = (report: SeedReport): void => {
    reports.set(report.seed, report);
    if (report.broken !== null) failed++;
    options.progress?.(reports.size, failed);
  };
  const orders = Array.from({ length: threads }, (_, thread): WorkerOrder => {
    const own = Array.from({ length: seeds }, (_nothing, n) => seedStart + n).filter(
      (seed) => seed % threads === thread,
    );
    return { seeds: own, inputs };
  });
  await Promise.all(orders.filter((order) => order.seeds.length > 0).map((order) => runWorker(order, take)));
  const inOrder = [...reports.values()].sort((one, other) => one.seed - other.seed);
  const coverage = new Coverage();
  for (const report of inOrder) coverage.add(report);
  const failures = inOrder.flatMap(({ seed, broken }) => (broken === null ? [] : [{ seed, broken }]));
  return { seeds: inOrder.length, coverage, failures };
}

function runWorker(order: WorkerOrder, take: (report: SeedReport) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // Nearly everything dies young: with room for more of it the collector has less to look at.
    const resourceLimits = { maxYoungGenerationSizeMb: 64 };
    const program = new URL('./simulate-worker.js', import.meta.url);
    const worker = new Worker(program, { workerData: order, resourceLimits });
    worker.on('message', take);
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker of the simulation ended with code ${code}`));
    });
  });
}
