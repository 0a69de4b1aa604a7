import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, OPEN_ACCESS } from '../../config/config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import type { GatewayParts } from '../../gateway/parts.js';
import { openLedgerReader } from '../../ledger/reader/reader.js';
import { aloneInFolder } from '../alone-in-folder.js';
import type { HardwareReport } from './hardware-report.js';
import { HARDWARE_SCENARIOS, type HardwareScenario } from './hardware-scenarios.js';
import { HardwareStage } from './hardware-stage.js';

export interface HardwareBenchOptions {
  /** Names; empty: every one that is possible here. */
  readonly scenarios: readonly string[];
  /** Of each scenario. */
  readonly inputs: number;
  /** What every input says. */
  readonly payload: Uint8Array;
  /** Between two inputs. */
  readonly everyMs: number;
  /** Ledgers are kept there. */
  readonly folder: string;
  /** A pair that takes longer for what is under way, or until it is protected, does not hold; a minute and more when not given. */
  readonly finishWithinMs?: number;
  readonly protectWithinMs?: number;
  readonly onStart?: (scenario: string) => void;
  readonly onReport?: (report: HardwareReport) => void;
}

const FINISHED_WITHIN_MS = 60_000;
/** What is told and is not the fault of a scenario; the line may have been degraded before it struck. */
const NOTHING_STRUCK = ['gateway-restarted', 'switched-over', 'link-degraded'];

/**
 * Plays on a real pair what can be done to it without a hand: by its RESET lines and its ports. Each scenario begins with
 * a ledger of its own and a pair that is protected, and ends with one. Rejects with USAGE for a name that is none, LEDGER_LOCKED
 * while another bench is at work in the folder.
 */
export async function hardwareBench(
  config: Config,
  parts: GatewayParts,
  options: HardwareBenchOptions,
): Promise<readonly HardwareReport[]> {
  const scenarios = chosenScenarios(options.scenarios);
  return aloneInFolder(options.folder, () => playAll(scenarios, config, parts, options));
}

async function playAll(
  scenarios: readonly HardwareScenario[],
  config: Config,
  parts: GatewayParts,
  options: HardwareBenchOptions,
): Promise<readonly HardwareReport[]> {
  const reports: HardwareReport[] = [];
  for (const scenario of scenarios) {
    options.onStart?.(scenario.name);
    const report = isPossible(scenario, config)
      ? await play(scenario, forScenario(config, scenario, options.folder), parts, options)
      : skipped(scenario);
    reports.push(report);
    options.onReport?.(report);
  }
  return reports;
}

/** Those of these names, each once; all of them when none is named. Throws USAGE for a name that is none. */
export function chosenScenarios(names: readonly string[]): readonly HardwareScenario[] {
  if (names.length === 0) return HARDWARE_SCENARIOS;
  return [...new Set(names)].map((name) => {
    const found = HARDWARE_SCENARIOS.find((scenario) => scenario.name === name);
    if (found !== undefined) return found;
    const known = HARDWARE_SCENARIOS.map((scenario) => scenario.name).join(', ');
    throw new CopycatError('USAGE', `no hardware scenario is called ${name}`, {
      value: name,
      expected: `one of ${known}`,
    });
  });
}

function isPossible({ needs }: HardwareScenario, config: Config): boolean {
  return needs !== 'reset' || config.boards.every(({ reset }) => reset !== null);
}

/** The pair as it is wired, with a ledger of its own and inputs from here. */
function forScenario(config: Config, { name }: HardwareScenario, folder: string): Config {
  const own = join(folder, name);
  // What the last run of this scenario left; nothing else that may be in the folder.
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  return {
    ...config,
    inputs: [{ type: 'tcp', host: '127.0.0.1', port: 0, access: OPEN_ACCESS }],
    ledger: { ...config.ledger, path: join(own, 'ledger.sqlite'), journalFolder: join(own, 'journal') },
  };
}

async function play(
  scenario: HardwareScenario,
  config: Config,
  parts: GatewayParts,
  { inputs, payload, everyMs, finishWithinMs = FINISHED_WITHIN_MS, protectWithinMs }: HardwareBenchOptions,
): Promise<HardwareReport> {
  const stage = new HardwareStage(config, parts, { inputs, payload, everyUs: everyMs * 1000, protectWithinMs });
  const broken: string[] = [];
  let drives: readonly [string, string] = ['', ''];
  try {
    await stage.startGateway();
    if (!(await stage.untilProtected()))
      broken.push(`it was not protected to begin with: ${stage.gateway.status().why}`);
    else drives = await run(stage, scenario, broken, inputs, finishWithinMs);
  } finally {
    await stage.close();
  }
  const faults = faultsIn(config.ledger.path);
  const codes = faults.map(({ code }) => code);
  for (const code of codes) if (!isExpected(scenario, code)) broken.push(`a fault that does not belong here: ${code}`);
  const answered = stage.client.sent.filter(({ answers }) => answers.length > 0).length;
  const first = faults.find(({ code }) => !NOTHING_STRUCK.includes(code));
  const movedUs = first === undefined ? undefined : stepUs(first, 'relay-moved');
  const { struckAtUs } = stage;
  const since = (us: number | undefined): number | null =>
    us === undefined || struckAtUs === null ? null : Math.max(0, us - struckAtUs) / 1000;
  return {
    scenario: scenario.name,
    promise: scenario.promise,
    held: broken.length === 0,
    skipped: null,
    broken,
    inputs,
    answered,
    noticedMs: first === undefined ? null : since(stepUs(first, 'evidence')),
    movedMs: since(movedUs),
    drives: drives[0] === drives[1] ? drives[0] : `${drives[0]} > ${drives[1]}`,
    faults: codes,
  };
}

/** Inputs run; a third of the way in it happens; then all must be answered and the pair protected again. */
async function run(
  stage: HardwareStage,
  scenario: HardwareScenario,
  broken: string[],
  inputs: number,
  finishWithinMs: number,
): Promise<readonly [string, string]> {
  const before = stage.primary;
  await stage.connectClient();
  const third = Math.ceil(inputs / 3);
  if (!(await stage.until(() => stage.client.answered >= third, finishWithinMs))) {
    broken.push(`of the first ${third} inputs ${stage.client.answered} were answered`);
  }
  // Whatever comes of it then would not be what the scenario is about.
  if (!stage.gateway.status().protected) {
    broken.push(`it was not protected when it was to happen: ${stage.gateway.status().why}`);
  }
  for (const code of itsOwnFaults(stage, scenario)) broken.push(`a fault before it was to happen: ${code}`);
  await scenario.strike(stage);
  // A backup that restarts for a moment hinders nobody: the inputs may be over before it is noticed.
  const isNoticed = () => scenario.faults.length === 0 || itsOwnFaults(stage, scenario).length > 0;
  if (!(await stage.until(isNoticed, finishWithinMs))) broken.push('nothing of it was noticed');
  await stage.until(() => stage.client.isFinished || stage.isStopped, finishWithinMs);
  if (!(await stage.untilProtected())) broken.push(`it was not protected again: ${stage.gateway.status().why}`);
  const after = stage.primary;
  const { sent, errors } = stage.client;
  const unanswered = sent.filter(({ answers }) => answers.length === 0).length + inputs - sent.length;
  if (unanswered > 0) broken.push(`${unanswered} of ${inputs} inputs were not answered`);
  const twice = sent.filter(({ answers }) => answers.filter(({ repeat }) => !repeat).length > 1).length;
  if (twice > 0) broken.push(`${twice} inputs were answered twice without a mark`);
  for (const error of errors) broken.push(`refused: ${error}`);
  const hasChanged = before !== after;
  if (scenario.changesPrimary !== 'either' && hasChanged !== (scenario.changesPrimary === true)) {
    broken.push(`board ${before} drove before it, board ${after} after it`);
  }
  if (stage.config.relay.feedbacks.length > 0 && !stage.gateway.status().relay.proved) {
    broken.push('the feedback line does not show the board that drives');
  }
  return [before, after];
}

/** A repeat on the line is no fault of the pair: it is counted and told, and a real line has some. */
function isExpected({ faults }: HardwareScenario, code: string): boolean {
  return code === 'link-degraded' || faults.includes(code);
}

/** Codes of what the ledger has of it up to now. */
function itsOwnFaults({ config }: HardwareStage, { faults }: HardwareScenario): readonly string[] {
  return faultsIn(config.ledger.path)
    .map(({ code }) => code)
    .filter((code) => faults.includes(code));
}

function stepUs(fault: StoredFault, name: string): number | undefined {
  return fault.timeline.find(({ step }) => step === name)?.atUs;
}

function faultsIn(path: string): readonly StoredFault[] {
  const reader = openLedgerReader(path);
  try {
    return [...reader.exportFaults()];
  } finally {
    reader.close();
  }
}

function skipped({ name, promise }: HardwareScenario): HardwareReport {
  return {
    ...{ scenario: name, promise, held: null, skipped: 'needs the RESET lines of both boards (boards.a.reset)' },
    ...{ broken: [], inputs: 0, answered: 0, noticedMs: null, movedMs: null, drives: '', faults: [] },
  };
}
