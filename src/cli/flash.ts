import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pass } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import type { CommandOutcome } from '../control/command.js';
import { readStatus } from '../control/read-status.js';
import { type RollingOutcome, rollingUpdate, type UpdatingGateway } from '../control/rolling-update.js';
import { sendCommand } from '../control/send-command.js';
import type { ImageFacts } from '../control/update-command.js';
import { updateOne } from '../control/update-one.js';
import { type UpdateStatus, updateText } from '../control/update-status.js';
import { CopycatError } from '../errors/copycat-error.js';
import { flashBoard } from '../gateway/flash-board.js';
import { readImageFacts } from '../gateway/image-facts.js';
import { commandName } from './command-name.js';
import { findGateway, type GatewayChoice, silenceText } from './reach-gateway.js';
import type { ExitCode } from './report-failure.js';
import { print, printError, printJson } from './terminal.js';
import { trialText } from './trial-text.js';

export interface FlashOptions extends GatewayChoice {
  /** The image that both boards are to run. */
  readonly rolling?: string;
  readonly abandon?: boolean;
  readonly comparisons: number;
  readonly acceptIdentical?: boolean;
  readonly converter?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const LOOK_EVERY_MS = 300;

/**
 * copycat flash --rolling IMAGE: both boards, one after the other, without a moment in which nobody drives. copycat flash
 * BOARD IMAGE: a board that is out of the pair. 0 when it is done.
 */
export async function flash(
  board: string | undefined,
  image: string | undefined,
  options: FlashOptions,
): Promise<ExitCode> {
  const { config, file, option } = findGateway(options, 'flash');
  if (options.abandon === true) return tell(await abandon(config, file), options, option);
  if (options.rolling !== undefined) {
    if (board !== undefined) throw usage('flash --rolling IMAGE takes no board: it begins with the backup');
    const path = imageFile(options.rolling);
    return tell(await rolling(config, file, path, await factsOf(config, path), options), options, option);
  }
  if (board === undefined || image === undefined)
    throw usage('flash what? flash --rolling IMAGE, or flash BOARD IMAGE');
  return tell(await single(config, file, board, imageFile(image), options), options, option);
}

function usage(message: string): CopycatError {
  return new CopycatError('USAGE', message);
}

function imageFile(name: string): string {
  const path = resolve(name);
  if (!existsSync(path)) throw new CopycatError('USAGE', `there is no image ${name}`, { value: path });
  return path;
}

/** Asked before a board is touched; every kind of board that there is can be emulated. */
async function factsOf(config: Config, path: string): Promise<ImageFacts> {
  printError(`copycat: asking an emulated ${config.boards[0].kind} what ${path} says of itself`);
  return readImageFacts(path, config.boards[0].kind);
}

async function rolling(
  config: Config,
  file: string,
  image: string,
  facts: ImageFacts,
  options: FlashOptions,
): Promise<RollingOutcome> {
  try {
    return await rollingUpdate(gatewayAt(config), {
      ...{ image, facts, comparisons: options.comparisons, converter: options.converter ?? null },
      acceptsIdentical: options.acceptIdentical === true || options.yes === true,
      decide: (tried) => decide(tried, options),
      progress: progressLine(),
      pause,
    });
  } catch (error) {
    return { failed: silenceText(error, file) };
  }
}

/** A board that is out of the pair, by the gateway that has its port; without a gateway, by its port. */
async function single(
  config: Config,
  file: string,
  boardName: string,
  image: string,
  options: FlashOptions,
): Promise<RollingOutcome> {
  const board = config.boards.find((one) => one.board === boardName);
  if (board === undefined) {
    const known = config.boards.map((one) => one.board).join(' or ');
    throw new CopycatError('USAGE', `this pair has no board ${boardName}`, { expected: known });
  }
  const facts = await factsOf(config, image);
  const gateway = gatewayAt(config);
  try {
    await gateway.status();
  } catch (error) {
    const message = silenceText(error, file);
    if (!message.startsWith('no gateway is running')) return { failed: message };
    printError('copycat: no gateway is running: the board is flashed at its port');
    await flashBoard(board, image);
    return { done: `board ${boardName} runs ${image}` };
  }
  const { comparisons } = options;
  return updateOne(gateway, boardName, {
    ...{ image, facts, comparisons, converter: options.converter ?? null, pause },
    progress: progressLine(),
  });
}

async function abandon(config: Config, file: string): Promise<RollingOutcome> {
  let outcome: CommandOutcome;
  try {
    outcome = await sendCommand(config.controlPath, { command: 'update-abandon' });
  } catch (error) {
    return { failed: silenceText(error, file) };
  }
  return 'underWay' in outcome ? { waits: outcome.underWay } : outcome;
}

function gatewayAt({ controlPath }: Config): UpdatingGateway {
  return {
    status: () => readStatus(controlPath, { timeoutMs: 10_000 }),
    command: (command) => sendCommand(controlPath, command),
  };
}

async function pause(): Promise<boolean> {
  await pass(LOOK_EVERY_MS);
  return true;
}

/** One line for each stage, and now and then how far a trial has come. */
function progressLine(): (update: UpdateStatus) => void {
  let last = '';
  let sinceMs = 0;
  return (update) => {
    const text = updateText(update);
    const isNew = text !== last && (update.stage !== 'trial' || performance.now() - sinceMs > 2_000);
    if (!isNew) return;
    last = text;
    sinceMs = performance.now();
    printError(`copycat: ${text}`);
  };
}

/** R26: a person looks at what differs, field by field. */
async function decide(tried: UpdateStatus, { yes, json }: FlashOptions): Promise<'accept' | 'abandon' | 'later'> {
  if (json !== true) for (const line of trialText(tried)) print(line);
  if (yes === true) return 'accept';
  if (!process.stdin.isTTY) return 'later';
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asked.question(`Let board ${tried.board} drive with the new program? (yes, no, later) `);
    const word = answer.trim().toLowerCase();
    if (word === 'yes' || word === 'y') return 'accept';
    return word === 'no' || word === 'n' ? 'abandon' : 'later';
  } finally {
    asked.close();
  }
}

function tell(outcome: RollingOutcome, { json }: FlashOptions, option: string): ExitCode {
  const isDone = 'done' in outcome || 'abandoned' in outcome;
  if (json === true) printJson(outcome);
  else if ('done' in outcome) print(outcome.done);
  else if ('abandoned' in outcome) print(outcome.abandoned);
  else if ('refused' in outcome) printError(`copycat: refused. ${typeable(outcome.refused, option)}`);
  else if ('failed' in outcome) printError(`copycat: ${typeable(outcome.failed, option)}`);
  else
    printError(`copycat: ${typeable(outcome.waits, option)}; the same command again goes on, --yes accepts it unasked`);
  return isDone ? 0 : 1;
}

/** What the gateway calls `copycat status`, as it has to be typed here. */
function typeable(text: string, option: string): string {
  return text.replace(/copycat (status|faults|flash)/g, `${commandName()} $1${option}`);
}
