import { resolve } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { readStatus } from '../../api/socket/read-status.js';
import { runEmulated } from '../../bench/run-emulated.js';
import { WallClock } from '../../clock/clock.js';
import { checkConfig, type Finding } from '../../config/checks/check-config.js';
import type { Config } from '../../config/config.js';
import type { Status } from '../../control/contract/status.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { wrap } from '../../faults/wrap-text.js';
import { checkGatewayDeath } from '../../gateway/lines/check-gateway-death.js';
import { runGateway } from '../../gateway/run-gateway.js';
import { startServiceNotifier } from '../../gateway/watch/service-notifier.js';
import { type TakenOutput, takeOutput } from '../../log/take-output.js';
import { findGateway, type GatewayChoice } from '../arguments/reach-gateway.js';
import { commandName } from '../terminal/command-name.js';
import { type ExitCode, reportFailure } from '../terminal/report-failure.js';
import { shortPath } from '../terminal/short-path.js';
import { errorColours as colours, printError, textWidth } from '../terminal/terminal.js';
import { type EndingSignals, hearEndingSignals } from './ending-signals.js';
import { droppedText, logStream } from './log-text.js';
import { reportProtection } from './report-protection.js';

/** A start that is nearly done is waited for, and ended in good order. */
const STARTS_WITHIN_MS = 2_000;

interface Running {
  readonly addresses: readonly string[];
  /** When it has ended by itself; a gateway in this very process takes it along. */
  readonly ended?: Promise<void>;
  status(): Promise<Status>;
  stop(): Promise<void>;
}

/** copycat run: the gateway, until a signal ends it. Nothing is opened before the configuration is sound. */
export async function run(options: GatewayChoice): Promise<ExitCode> {
  const { config, file } = findGateway(options, 'run');
  const findings = [...checkConfig(config), ...checkGatewayDeath(config)];
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const sentences = errors.map(({ key, message, remedy }) => `${file}: ${key}: ${message}; ${remedy}`);
    throw new CopycatError('CONFIG_INVALID', sentences.join('\n'));
  }
  const signals = hearEndingSignals();
  const isTerminal = isatty(2);
  let output: TakenOutput | null = null;
  let code: ExitCode;
  try {
    output = await takeOutput(new WallClock(), (lines) => droppedText(lines, isTerminal));
    code = await serve({ config, file, findings, signals, isTerminal, output });
  } catch (error) {
    code = reportFailure(error);
  }
  await output?.close();
  // Whatever may still be open somewhere: a gateway that has ended must not look like one that runs.
  process.exit(code);
}

interface Serving {
  readonly config: Config;
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly signals: EndingSignals;
  readonly isTerminal: boolean;
  readonly output: TakenOutput;
}

async function serve(serving: Serving): Promise<ExitCode> {
  const { config, file, findings, signals } = serving;
  const ended = abortedOnce(signals.ended);
  const running = await startUnless(ended, start(serving));
  if (running === null) {
    printError('copycat: ended before the gateway had begun; no board was opened');
    return 0;
  }
  for (const line of introduction(config, file, running.addresses, findings)) printError(line);
  const service = await startServiceNotifier({
    environment: process.env,
    clock: new WallClock(),
    readStatus: () => running.status(),
    probeEveryUs: config.probeEveryUs,
    onStandstill: (why) => printError(`copycat: the service's watchdog is not fed: ${why}`),
  }).catch(async (error: unknown) => {
    // systemd would wait for a word that never comes, and then kill it.
    await running.stop();
    throw error;
  });
  const protection = reportProtection(config.controlPath);
  const isOver = await Promise.race([ended.then(() => false), running.ended?.then(() => true) ?? ended]);
  protection.stop();
  service.stopping();
  if (isOver === true) {
    printError('copycat: the gateway ended by itself; what it said last is above');
    await running.stop();
    return 1;
  }
  printError('copycat: ending: what is in work is finished, new inputs are not taken (Ctrl-C again: at once)');
  signals.endAtOnceWhenAsked();
  await running.stop();
  printError('copycat: ended; the relay stays where it is');
  return 0;
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
async function start({ config, file, signals, isTerminal, output }: Serving): Promise<Running | null> {
  const logTo = logStream(isTerminal);
  if (!isEmulated(config)) return runGateway(config, logTo, signals.ended, () => output.loss);
  const emulated = await runEmulated(config, resolve(file), logTo);
  return { ...emulated, status: () => readStatus(config.controlPath) };
}

function isEmulated(config: Config): boolean {
  return config.boards.some(({ port }) => port.type === 'emulated');
}

/** What runs, where inputs come in, how to look at it and how to end it. */
function introduction(
  config: Config,
  file: string,
  addresses: readonly string[],
  findings: readonly Finding[],
): readonly string[] {
  const names = config.boards.map(({ board }) => board).join(' and ');
  const command = commandName();
  const rows: readonly (readonly [string, string])[] = [
    ['boards', isEmulated(config) ? `${names}, emulated, as are their relay and oven: nothing real is driven` : names],
    ...(config.thirdCopy === null ? [] : [['third copy', shortPath(config.thirdCopy.image)] as const]),
    ['inputs', addresses.join('; ')],
    ...(config.inputs.some(({ type }) => type === 'tcp' || type === 'unix')
      ? [['', 'one JSON object a line, such as {"id": 1, "payload": "40069001"}'] as const]
      : []),
    ['ledger', shortPath(config.ledger.path)],
    ['look at it', `${command} status -c ${file} --watch`],
    ['faults', `${command} faults -c ${file}`],
    ['end it', 'Ctrl-C; the relay then stays where it is'],
    ...findings
      .filter(({ severity }) => severity === 'warning')
      .map(({ message }) => ['warning', `${message} (${command} check ${file} says what to do)`] as const),
  ];
  return [
    `copycat: ${colours.bold(config.name)} runs`,
    ...rows.flatMap(([name, text]) =>
      wrap(text, textWidth(process.stderr) - 14).map((line, row) => `  ${(row === 0 ? name : '').padEnd(12)}${line}`),
    ),
  ];
}

function abortedOnce(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
