import { join } from 'node:path';
import type { StoredFault } from '../../faults/stored-fault.js';
import { openLedgerReader } from '../../ledger/reader/reader.js';
import type { BenchReport } from '../bench-report.js';
import { endOf } from '../stage/pair-end.js';
import type { PlayOptions, Scenario } from '../stage/run-plan.js';
import { drivesOf } from './own-firmware-checks.js';
import type { OwnFirmwarePlan } from './own-firmware-plan.js';
import type { OwnFirmwareRun } from './own-firmware-run.js';
import { OwnFirmwareStage } from './own-firmware-stage.js';

export interface OwnFirmwareScenario {
  readonly name: string;
  readonly promise: string;
  readonly plans: readonly OwnFirmwarePlan[];
}

interface Played {
  readonly run: OwnFirmwareRun;
  readonly variant: string;
  readonly failures: readonly string[];
  readonly ledger: string;
}

/** As a scenario of the bench. */
export function ownFirmware(scenario: OwnFirmwareScenario): Scenario {
  const { name, promise } = scenario;
  return { name, promise, onlyNamed: true, runs: [], play: (options) => playOwnFirmware(scenario, options) };
}

/** Plays every run of a scenario and says whether its promise held in all of them. */
async function playOwnFirmware(scenario: OwnFirmwareScenario, options: PlayOptions): Promise<BenchReport> {
  const played: Played[] = [];
  for (const [index, plan] of scenario.plans.entries()) {
    const equalShare = Math.floor(options.inputs / scenario.plans.length);
    const requests = plan.requests?.(options.inputs) ?? equalShare;
    played.push(await playRun(scenario, plan, options, { index, requests }));
  }
  return toReport(scenario, options, played);
}

async function playRun(
  scenario: OwnFirmwareScenario,
  plan: OwnFirmwarePlan,
  options: PlayOptions,
  { index, requests }: { readonly index: number; readonly requests: number },
): Promise<Played> {
  const { variant } = plan;
  const suffix = variant === '' ? '' : `-${variant.replaceAll(/\W+/g, '-')}`;
  const folder = join(options.folder, `${scenario.name}${suffix}`);
  const name = scenario.name.slice(0, 32);
  const stage = await OwnFirmwareStage.create(
    { ...options, name, folder, requests, seed: options.seed * 1000 + index },
    plan,
  );
  try {
    await stage.play(() => plan.plan?.(stage));
    const status = await stage.gateway?.status();
    if (status === undefined) throw new Error('the run ended without a gateway');
    await stage.gateway?.retire();
    const run = { stage, requests, status, faults: readFaults(stage.ledgerFile) };
    const failed = plan.checks(run).filter(({ ok }) => !ok);
    const failures = failed.map(({ what, seen }) => `${variant === '' ? '' : `${variant}: `}${what}; seen ${seen}`);
    return { run, variant, failures, ledger: stage.ledgerFile };
  } finally {
    await stage.close();
  }
}

function readFaults(ledgerFile: string): StoredFault[] {
  const reader = openLedgerReader(ledgerFile);
  try {
    return reader.listFaults({ limit: 1000 }).map(({ id }) => reader.showFault(id));
  } finally {
    reader.close();
  }
}

/** From the fault put in until a board was declared failed, and from then until the other one drove; null where that was not. */
function figuresOf({ stage, faults }: OwnFirmwareRun): {
  readonly detectionUs: number | null;
  readonly takeoverUs: number | null;
} {
  const steps = faults.flatMap(({ timeline }) => timeline).sort((one, other) => one.atUs - other.atUs);
  const declared = steps.find(({ step, detail }) => step === 'declared-failed' && detail['planned'] !== true);
  const { injectedAtUs, world } = stage;
  if (declared === undefined || injectedAtUs === null) return { detectionUs: null, takeoverUs: null };
  const before = world.recorder.at(injectedAtUs)?.board;
  const next = world.recorder.changes.find(
    ({ atUs, board }) => atUs >= declared.atUs && board !== null && board !== before,
  );
  return {
    detectionUs: Math.max(0, declared.atUs - injectedAtUs),
    takeoverUs: next === undefined ? null : next.atUs - declared.atUs,
  };
}

/** How long nobody drove the actuator, all in all. */
function gapUs({ stage }: OwnFirmwareRun): number {
  const changes = stage.world.recorder.changes.filter(({ atUs }) => atUs >= stage.firstRequestAtUs);
  return changes.reduce((sum, { atUs, board }, index) => {
    const next = changes[index + 1];
    return board === null && next !== undefined ? sum + next.atUs - atUs : sum;
  }, 0);
}

function toReport(scenario: OwnFirmwareScenario, options: PlayOptions, played: readonly Played[]): BenchReport {
  const last = played.at(-1);
  const sum = (of: (run: OwnFirmwareRun) => number) => played.reduce((total, { run }) => total + of(run), 0);
  const most = (of: (run: OwnFirmwareRun) => number | null): number | null => {
    const values = played.flatMap(({ run }) => of(run) ?? []);
    return values.length === 0 ? null : toMs(Math.max(...values));
  };
  const faults = played.flatMap(({ run }) => run.faults.map(({ id, code, board }) => ({ id, code, board })));
  const failures = played.flatMap((one) => one.failures);
  const drives = last === undefined ? [] : drivesOf(last.run.stage.world.recorder.changes);
  return {
    scenario: scenario.name,
    promise: scenario.promise,
    held: failures.length === 0,
    inputs: options.inputs,
    completed: sum(({ stage }) => stage.client.asked.filter(({ answers }) => answers.length > 0).length),
    lost: sum(({ stage }) => stage.client.asked.filter(({ hasTimedOut }) => hasTimedOut).length),
    dropped: 0,
    duplicated: sum(({ stage }) => stage.client.asked.filter(({ answers }) => answers.length > 1).length),
    wrongAtActuator: failures.filter((failure) => failure.includes('actuator')).length,
    detectionMs: most((run) => figuresOf(run).detectionUs),
    takeoverMs: most((run) => figuresOf(run).takeoverUs),
    actuatorGapMs: most((run) => gapUs(run) || null),
    reason: faults[0]?.code ?? null,
    primaryAfter: drives.at(-1) ?? null,
    protectionAfter: last !== undefined && endOf(last.run.status) === 'protected' ? 'protected' : 'not protected',
    faults,
    ledger: last?.ledger ?? '',
    ledgers: played.map(({ ledger }) => ledger),
    drives,
    failures,
    slippedMs: toMs(sum(({ stage }) => stage.world.slippedUs)),
    emulatedMs: toMs(sum(({ stage }) => stage.world.ranUs)),
  };
}

function toMs(us: number): number {
  return Math.round(us / 100) / 10;
}
