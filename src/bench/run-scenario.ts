import { join } from 'node:path';
import type { StoredFault } from '../faults/stored-fault.js';
import { openLedgerReader } from '../ledger/reader/reader.js';
import type { BenchReport } from './bench-report.js';
import { expectedRun } from './judge/expected-run.js';
import { judgeAnswers } from './judge/judge-answers.js';
import { judgeByReplay } from './judge-replay.js';
import { judgeStage } from './judge-stage.js';
import type { LinkModelName } from './link-models/link-parameters.js';
import { namesOfRun } from './plot/names-of-run.js';
import type { RunTrace } from './plot/run-trace.js';
import { TraceRecorder } from './plot/trace-recorder.js';
import { traceRun } from './plot/trace-run.js';
import type { BenchKind } from './stage/heater-image.js';
import type { RunPlan, Scenario } from './stage/run-plan.js';
import type { ReceivedRun, RunCheck } from './stage/run-record.js';
import type { SketchSubject } from './stage/sketch-subject.js';
import { Stage } from './stage/stage.js';
import type { PaceName } from './world/pace.js';
import { defaultPins } from './world/world-options.js';

export interface ScenarioOptions {
  readonly folder: string;
  readonly seed: number;
  readonly inputs: number;
  readonly link: LinkModelName;
  readonly needsBoth?: boolean;
  readonly kind?: BenchKind;
  /** Somebody's own program; the heater when not given. */
  readonly sketch?: SketchSubject;
  readonly pace?: PaceName;
  /** What happened in each run is kept, to be drawn. */
  readonly isTraced?: boolean;
}

export interface PlayedScenarioRuns {
  readonly report: BenchReport;
  /** One for each run; none where nothing is traced. */
  readonly traces: readonly RunTrace[];
}

interface PlayedRun {
  readonly run: ReceivedRun;
  readonly variant: string;
  readonly failed: readonly RunCheck[];
  readonly figures: Figures;
  readonly ledger: string;
  readonly trace: RunTrace | null;
}

interface Figures {
  readonly detectionMs: number | null;
  readonly takeoverMs: number | null;
}

/** Plays every run of a scenario and says whether its promise held in all of them. */
export async function runScenario(scenario: Scenario, options: ScenarioOptions): Promise<PlayedScenarioRuns> {
  if (scenario.play !== undefined) return { report: await scenario.play(options), traces: [] };
  const played: PlayedRun[] = [];
  let left = options.inputs;
  for (const [index, plan] of scenario.runs.entries()) {
    const equalShare = Math.floor(left / (scenario.runs.length - index));
    const inputs = Math.min(left, plan.inputs?.(options.inputs) ?? equalShare);
    left -= inputs;
    played.push(await playRun(scenario, plan, { ...options, inputs }, index));
  }
  return {
    report: toReport(scenario, options, played),
    traces: played.flatMap(({ trace }) => (trace === null ? [] : [trace])),
  };
}

async function playRun(scenario: Scenario, plan: RunPlan, options: ScenarioOptions, index: number): Promise<PlayedRun> {
  const suffix = plan.variant === '' ? '' : `-${plan.variant.replaceAll(/\W+/g, '-')}`;
  const folder = join(options.folder, `${scenario.name}${suffix}`);
  // Every run of a scenario has its own boards, phases and moments.
  const seed = options.seed * 1000 + index;
  const stage = await Stage.create({ ...options, name: scenario.name.slice(0, 32), folder, seed }, plan);
  const traceOf = options.isTraced === true ? traceOn(stage, plan.variant) : () => null;
  try {
    await stage.play(() => plan.plan?.(stage));
    const status = await stage.gateway?.status();
    if (status === undefined) throw new Error('the run ended without a gateway');
    await stage.gateway?.retire();
    const run: ReceivedRun = {
      stage,
      inputs: options.inputs,
      gaveUp: plan.gaveUp ?? 0,
      status,
      faults: readFaults(stage),
      ...judge(stage, plan),
    };
    const failed = plan.checks(run).filter((entry) => !entry.ok);
    const { variant } = plan;
    return { run, variant, failed, figures: figuresOf(run), ledger: stage.ledgerFile, trace: traceOf(run, failed) };
  } finally {
    await stage.close();
  }
}

/** Writes down from now on what a page shows of the run, and gives it when that is over. */
function traceOn(stage: Stage, variant: string): (run: ReceivedRun, failed: readonly RunCheck[]) => RunTrace {
  const { sketch, kind = 'uno' } = stage.options;
  const pins = sketch?.pins ?? defaultPins;
  const names = namesOfRun(sketch, kind);
  const { a, b } = stage.world.boards;
  const recorder = new TraceRecorder({ a: a.board, b: b.board }, stage.exchanges, pins, names);
  return (run, failed) => traceRun({ run, recorder, pins, names, variant, failed });
}

function judge(stage: Stage, plan: RunPlan): Pick<ReceivedRun, 'answers' | 'actuator' | 'replay'> {
  const { sketch } = stage.options;
  if (sketch !== undefined && stage.executed !== null) return judgeByReplay(stage, sketch, stage.executed);
  const { sent } = stage.client;
  const order = plan.order?.(stage) ?? sent.filter(({ isGivenUp }) => !isGivenUp).map((input) => input.id);
  const payloads = order.map((id) => (id === null ? null : (sent[id - 1]?.payload ?? new Uint8Array(0))));
  const expected = expectedRun(payloads, plan.readings?.(stage), plan.programChange?.(stage) ?? null);
  return { answers: judgeAnswers(sent, order, expected.replies), actuator: judgeStage(stage, order, expected) };
}

function readFaults(stage: Stage): StoredFault[] {
  const reader = openLedgerReader(stage.ledgerFile);
  try {
    return reader.listFaults({ limit: 1000 }).map(({ id }) => reader.showFault(id));
  } finally {
    reader.close();
  }
}

/** Nobody failed where a change was planned. */
function isDeclared({ step, detail }: StoredFault['timeline'][number]): boolean {
  return (step === 'declared-failed' && detail['planned'] !== true) || step === 'set-aside';
}

/** Times for people, in emulated milliseconds: when the fault was declared, and when the other board drove. */
function figuresOf(run: ReceivedRun): Figures {
  const { injectedAtUs, world } = run.stage;
  const steps = run.faults.flatMap((fault) => fault.timeline).sort((one, another) => one.atUs - another.atUs);
  const declared = steps.find((entry) => isDeclared(entry));
  if (declared === undefined || injectedAtUs === null) return { detectionMs: null, takeoverMs: null };
  const before = world.recorder.at(injectedAtUs)?.board;
  const { changes } = world.recorder;
  const next = changes.find(({ atUs, board }) => atUs >= declared.atUs && board !== null && board !== before);
  return {
    // The gateway's clock is up to a tick behind the world's.
    detectionMs: toMs(Math.max(0, declared.atUs - injectedAtUs)),
    takeoverMs: next === undefined ? null : toMs(next.atUs - declared.atUs),
  };
}

function toReport(scenario: Scenario, options: ScenarioOptions, played: readonly PlayedRun[]): BenchReport {
  const last = played.at(-1);
  const sum = (of: (run: ReceivedRun) => number): number => played.reduce((total, { run }) => total + of(run), 0);
  const most = (of: (entry: PlayedRun) => number | null): number | null =>
    played.reduce<number | null>((worst, entry) => {
      const value = of(entry);
      return value === null ? worst : Math.max(worst ?? value, value);
    }, null);
  const faults = played.flatMap(({ run }) => run.faults.map(({ id, code, board }) => ({ id, code, board })));
  const grave = faults.find(({ code }) => code !== 'link-degraded') ?? faults[0];
  return {
    scenario: scenario.name,
    promise: scenario.promise,
    held: played.every(({ failed }) => failed.length === 0),
    inputs: options.inputs,
    completed: sum((run) => run.answers.completed),
    lost: sum((run) => run.answers.lost.length),
    dropped: sum((run) => run.stage.client.sent.filter(({ isGivenUp }) => isGivenUp).length),
    duplicated: sum((run) => run.answers.duplicated.length),
    wrongAtActuator: sum((run) => run.actuator.wrong.length),
    detectionMs: most(({ figures }) => figures.detectionMs),
    takeoverMs: most(({ figures }) => figures.takeoverMs),
    actuatorGapMs: most(({ run }) => (run.actuator.gapUs === 0 ? null : toMs(run.actuator.gapUs))),
    reason: grave?.code ?? null,
    primaryAfter: last?.run.actuator.drives.at(-1) ?? null,
    protectionAfter: last?.run.status.protected === true ? 'protected' : 'not protected',
    faults,
    ledger: last?.ledger ?? '',
    ledgers: played.map(({ ledger }) => ledger),
    drives: last?.run.actuator.drives ?? [],
    failures: played.flatMap(({ variant, failed }) =>
      failed.map(({ what, seen }) => `${variant === '' ? '' : `${variant}: `}${what}; seen ${seen}`),
    ),
    slippedMs: toMs(sum((run) => run.stage.world.slippedUs)),
    emulatedMs: toMs(sum((run) => run.stage.world.ranUs)),
  };
}

function toMs(us: number): number {
  return Math.round(us / 100) / 10;
}
