import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { readStatus } from '../../api/socket/read-status.js';
import { hashOf } from '../../backup/write-archive.js';
import { type EmulatedPair, runEmulated } from '../../bench/run-emulated.js';
import { WallClock } from '../../clock/clock.js';
import type { Finding } from '../../config/checks/finding.js';
import type { Config } from '../../config/config.js';
import type { Status } from '../../control/contract/status.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { findingsOf } from '../../gateway/findings-of.js';
import type { Began } from '../../gateway/parts.js';
import { runGateway } from '../../gateway/run-gateway.js';
import { startServiceNotifier } from '../../gateway/watch/service-notifier.js';
import { type TakenOutput, takeOutput } from '../../log/take-output.js';
import { type FoundGateway, findGateway, type GatewayChoice } from '../arguments/reach-gateway.js';
import { commandName } from '../terminal/command-name.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { type EndingSignals, hearEndingSignals } from './ending-signals.js';
import { introduce, isEmulated } from './introduction.js';
import { droppedText, type LogView, logStream } from './log-text.js';
import { beginConsole } from './own-console.js';
import { reportProtection } from './report-protection.js';
import { type RunWords, runWords } from './run-words.js';

/** A start that is nearly done is waited for, and ended in good order. */
const STARTS_WITHIN_MS = 2_000;

interface Running {
  /** Null: its boards are real. */
  readonly emulated: EmulatedPair | null;
  readonly addresses: readonly string[];
  /** When its process has ended, and by what; a gateway in this very process takes it along. */
  readonly ended?: Promise<string>;
  status(): Promise<Status>;
  stop(): Promise<void>;
}

export interface RunOptions extends GatewayChoice {
  readonly verbose?: boolean;
}

/** Somebody who is there while an emulated pair runs. */
export interface Companion {
  /** The pair runs. */
  begin(pair: EmulatedPair, signals: EndingSignals): void;
  /** It is about to end. */
  stop(): void;
  /** What comes of it when the pair has ended in order. */
  readonly exitCode: ExitCode;
}

/** copycat run: the gateway, until a signal ends it. Nothing is opened before the configuration is sound. */
export async function run(options: RunOptions, version: string): Promise<ExitCode> {
  const { config, file, option } = findGateway(options, 'run');
  const findings = findingsOf(config);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const sentences = errors.map(({ key, message, remedy }) => `${file}: ${key}: ${message}; ${remedy}`);
    throw new CopycatError('CONFIG_INVALID', sentences.join('\n'));
  }
  const began = { version, configHash: statSync(file).isFile() ? hashOf(file) : '' };
  return runPair({ config, file, option, findings, began, companion: null, isVerbose: options.verbose === true });
}

export interface PairToRun extends FoundGateway {
  /** Absent: no record of it is kept, as of a demonstration. */
  readonly began?: Began;
  readonly findings: readonly Finding[];
  readonly companion: Companion | null;
  readonly isVerbose: boolean;
}

/** Runs it until a signal, or its companion, ends it; and then this process. */
export async function runPair({ option, isVerbose, ...pair }: PairToRun): Promise<ExitCode> {
  const signals = hearEndingSignals();
  const isTerminal = isatty(2);
  const words = runWords(isTerminal);
  const view: LogView | null = isTerminal
    ? { verbose: isVerbose, showFault: { command: `${commandName()} faults show`, option } }
    : null;
  let output: TakenOutput | null = null;
  let code: ExitCode;
  try {
    // A companion's answers are for whoever reads them; in one terminal with the log they keep their order.
    const keepsStdout = pair.companion !== null && !isatty(1);
    output = await takeOutput(new WallClock(), (lines) => droppedText(lines, isTerminal), { keepsStdout });
    code = await serve({ ...pair, signals, words, view, output });
  } catch (error) {
    code = words.fail(error);
  }
  await output?.close();
  // Whatever may still be open somewhere: a gateway that has ended must not look like one that runs.
  process.exit(code);
}

interface Serving {
  readonly began?: Began;
  readonly config: Config;
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly companion: Companion | null;
  readonly signals: EndingSignals;
  readonly words: RunWords;
  /** How a person is shown the log; null: nobody looks, it goes to a program. */
  readonly view: LogView | null;
  readonly output: TakenOutput;
}

async function serve(serving: Serving): Promise<ExitCode> {
  const { config, file, findings, companion, signals, words } = serving;
  const ended = abortedOnce(signals.ended);
  const running = await startUnless(ended, start(serving));
  if (running === null) {
    words.say('ended before the gateway had begun; no board was opened');
    return 0;
  }
  introduce({ config, file, findings, addresses: running.addresses }, serving.view !== null);
  const service = await startServiceNotifier({
    environment: process.env,
    clock: new WallClock(),
    readStatus: () => running.status(),
    probeEveryUs: config.probeEveryUs,
    onStandstill: (why) => words.say(`the service's watchdog is not fed: ${why}`, 'error'),
  }).catch(async (error: unknown) => {
    // systemd would wait for a word that never comes, and then kill it.
    await running.stop();
    throw error;
  });
  const protection = reportProtection(config.controlPath, serving.view !== null);
  const shown = beginConsole(config, file, words);
  const trouble = running.emulated?.handsTrouble ?? null;
  if (trouble !== null) words.say(trouble, 'warn');
  if (running.emulated !== null) companion?.begin(running.emulated, signals);
  const over = await Promise.race([ended, running.ended ?? ended]);
  companion?.stop();
  shown?.close();
  protection.stop();
  service.stopping();
  if (typeof over === 'string') {
    words.say(`the gateway's process has ended (${over}); what it said last is above`, 'error');
    await running.stop();
    return 1;
  }
  words.say('ending: what is in work is finished, new inputs are not taken (Ctrl-C again: at once)');
  signals.endAtOnceWhenAsked();
  await running.stop();
  words.say(endedText(config));
  return companion?.exitCode ?? 0;
}

/** R27: what becomes of the actuator. An emulated relay is of the process that has ended. */
function endedText({ relay }: Config): string {
  if (relay.kind === 'none' || relay.kind === 'emulated') return 'ended';
  return 'ended; the relay stays where it is';
}

/**
 * Null: it is to end, and has not come into being by then. It may wait for what never comes, such as a Firmata board that
 * is not there; and whoever wants it ended must not find it driving a relay later.
 */
async function startUnless(ended: Promise<void>, starting: Promise<Running | null>): Promise<Running | null> {
  const begun = await Promise.race([starting, ended.then(() => null)]);
  return begun ?? (await Promise.race([starting, pass(STARTS_WITHIN_MS, null)]));
}

/** Emulated boards need a world around them; real ones the machine's own ports and lines. */
async function start({ config, file, began, signals, view, output }: Serving): Promise<Running | null> {
  const logTo = logStream(view);
  if (!isEmulated(config)) {
    const running = await runGateway(config, logTo, signals.ended, () => output.loss, began ?? null);
    return running === null ? null : { ...running, emulated: null };
  }
  const emulated = await runEmulated(config, resolve(file), logTo, began ?? null).catch((error: unknown) => {
    // Its process may have been ended by the same signal, before it could know better.
    if (signals.ended.aborted) return null;
    throw error;
  });
  return emulated === null ? null : { ...emulated, emulated, status: () => readStatus(config.controlPath) };
}

function abortedOnce(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
