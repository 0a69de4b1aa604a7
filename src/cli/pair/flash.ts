import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { readStatus } from '../../api/socket/read-status.js';
import { sendCommand } from '../../api/socket/send-command.js';
import { emulatedMcu, imageOf } from '../../config/board-facts.js';
import type { BoardConfig, Config } from '../../config/config.js';
import type { CommandOutcome } from '../../control/contract/command.js';
import type { ImageFacts } from '../../control/contract/update-command.js';
import { type RollingOutcome, rollingUpdate, type UpdatingGateway } from '../../control/rolling-update.js';
import { updateOne } from '../../control/update-one.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { flashTrouble, foreignFirmware, neverFlashed } from '../../gateway/check-update.js';
import { flashInTurn } from '../../gateway/operator/flash-in-turn.js';
import { readImageFacts } from '../../gateway/operator/image-facts.js';
import { openLedgerReader } from '../../ledger/reader/reader.js';
import { ownName } from '../../private-files/account.js';
import { findGateway, type GatewayChoice, silenceText } from '../arguments/reach-gateway.js';
import { commandName } from '../terminal/command-name.js';
import type { ExitCode } from '../terminal/report-failure.js';
import { startSignOfLife, waitingFor } from '../terminal/sign-of-life.js';
import { print, printError, printJson } from '../terminal/terminal.js';
import { decide, progressLine } from './flash-dialogue.js';

export interface FlashOptions extends GatewayChoice {
  /** Without it what the configuration names, or what comes along for the kind of board. */
  readonly image?: string;
  /** A board that is connected to the actuator too. */
  readonly force?: boolean;
  /** The older spelling of `both` and an image. */
  readonly rolling?: string;
  readonly abandon?: boolean;
  readonly comparisons: number;
  readonly acceptIdentical?: boolean;
  readonly converter?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const POLL_EVERY_MS = 300;

/** Instead of a board's name. */
const BOTH = 'both';

/**
 * copycat flash both [--image FILE]: both boards, one after the other; where the gateway runs, without a moment in which
 * nobody drives. copycat flash BOARD [--image FILE]: a board that does not drive. 0 when it is done. The older spellings,
 * flash --rolling IMAGE and flash BOARD IMAGE, mean the same.
 */
export async function flash(
  board: string | undefined,
  image: string | undefined,
  options: FlashOptions,
): Promise<ExitCode> {
  const { config, file, option } = findGateway(options, 'flash');
  if (options.abandon === true) return tell(await abandon(config, file), options, option);
  if (options.rolling !== undefined && board !== undefined)
    throw usage('flash --rolling IMAGE takes no board: it begins with the backup');
  const target = options.rolling === undefined ? board : BOTH;
  if (target === undefined) throw usage(`flash what? flash ${boardNames(config).join(', flash ')} or flash ${BOTH}`);
  const boards = boardsOf(config, target);
  // Before an image is looked for: none would help.
  const never = foreignFirmware(config) ?? boards.map(neverFlashed).find((trouble) => trouble !== null);
  if (never !== undefined && never !== null)
    return tell({ refused: `Nothing was flashed: ${never}.` }, options, option);
  const said = options.rolling ?? options.image ?? image;
  const path = said === undefined ? configuredImage(boards) : imageFile(said);
  return tell(await give(config, file, boards, path, options), options, option);
}

const boardNames = ({ boards }: Config): string[] => boards.map(({ board }) => board);

function boardsOf(config: Config, target: string): readonly [BoardConfig, ...BoardConfig[]] {
  const board = config.boards.find((one) => one.board === target);
  if (board !== undefined) return [board];
  if (target === BOTH) return config.boards;
  const expected = `${boardNames(config).join(', ')} or ${BOTH}`;
  throw new CopycatError('USAGE', `this pair has no board ${target}`, { expected });
}

/** What the configuration names, else what comes along for the kind. */
function configuredImage(boards: readonly BoardConfig[]): string {
  const images = new Set(boards.map(({ firmware, facts }) => firmware ?? imageOf(facts)));
  const [image] = images;
  if (images.size === 1 && image !== undefined && image !== null) return imageFile(image);
  const why = images.size > 1 ? 'the boards have different images' : 'no image comes along for this kind of board';
  throw usage(`flash them with what? ${why}: name one with --image FILE`);
}

/** By the gateway, which has the ports; where none runs, at the ports. */
async function give(
  config: Config,
  file: string,
  boards: readonly [BoardConfig, ...BoardConfig[]],
  image: string,
  options: FlashOptions,
): Promise<RollingOutcome> {
  const [first] = boards;
  const gateway = gatewayAt(config);
  try {
    await gateway.status();
  } catch (error) {
    const message = silenceText(error, file);
    if (!message.startsWith('no gateway is running')) return { failed: message };
    return giveAtPorts(config, boards, image, options);
  }
  // What a gateway says against it (check-update.ts) it says as its own user, who may be another.
  const facts = await factsOf(first, image);
  if (boards.length > 1) return rolling(config, file, image, facts, options);
  const { comparisons, converter = null, force = false } = options;
  const how = { image, facts, comparisons, converter, force, pause, progress: progressLine() };
  return updateOne(gateway, first.board, how);
}

/** Where no gateway runs. What is known against it is said first: a program that is missing is no reason to wait for an emulator. */
async function giveAtPorts(
  config: Config,
  boards: readonly [BoardConfig, ...BoardConfig[]],
  image: string,
  options: FlashOptions,
): Promise<RollingOutcome> {
  for (const board of boards) {
    const trouble = flashTrouble(board, image);
    if (trouble !== null) return { refused: `Nothing was flashed: ${trouble}.` };
  }
  const facts = await factsOf(boards[0], image);
  printError('copycat: no gateway is running: flashing at the port');
  const force = options.force === true;
  return waitingFor('flashing', (sign) => {
    const progress = (text: string): void => {
      printError(`copycat: ${text}`);
      sign.say(text);
    };
    return flashInTurn({ boards, image, facts, connected: connectedOf(config), force, progress });
  });
}

/** Where the relay stands as far as is known; null: this pair has never run. */
function connectedOf({ ledger }: Config): string | null {
  if (!existsSync(ledger.path)) return null;
  const reader = openLedgerReader(ledger.path);
  try {
    return reader.stats().owner || null;
  } finally {
    reader.close();
  }
}

function usage(message: string): CopycatError {
  return new CopycatError('USAGE', message);
}

function imageFile(name: string): string {
  const path = resolve(name);
  if (!existsSync(path)) throw new CopycatError('USAGE', `there is no image ${name}`, { value: path });
  return path;
}

/** Asked before a board is touched. What the board is to say afterwards is known from nowhere else. */
async function factsOf({ kind, facts }: BoardConfig, path: string): Promise<ImageFacts> {
  const mcu = emulatedMcu(facts);
  if (mcu === null) {
    throw usage(
      `boards of kind ${kind} are not emulated, and so nobody knows what ${path} says of itself: upload it with its maker's tool, with the gateway stopped`,
    );
  }
  printError(`copycat: asking an emulated ${kind} what ${path} says of itself`);
  return waitingFor('asking it', () => readImageFacts(path, mcu)).catch((cause: unknown) => {
    // What the file is, is the user's own; anything else goes on as it is.
    if (!(cause instanceof CopycatError) || cause.code !== 'EMULATOR_FAILED') throw cause;
    const expected = `an Intel HEX file for this kind of board (${kind}), built with the harness (firmware-harness)`;
    throw new CopycatError('USAGE', `${path} cannot be flashed`, { value: path, expected, cause });
  });
}

async function rolling(
  config: Config,
  file: string,
  image: string,
  facts: ImageFacts,
  options: FlashOptions,
): Promise<RollingOutcome> {
  const sign = startSignOfLife('the update');
  try {
    return await rollingUpdate(gatewayAt(config), {
      ...{ image, facts, comparisons: options.comparisons, converter: options.converter ?? null },
      acceptsIdentical: options.acceptIdentical === true || options.yes === true,
      decide(tried) {
        // Nothing moves below a question.
        sign.stop();
        return decide(tried, options);
      },
      progress: progressLine(),
      pause,
    });
  } catch (error) {
    return { failed: silenceText(error, file) };
  } finally {
    sign.stop();
  }
}

async function abandon(config: Config, file: string): Promise<RollingOutcome> {
  let outcome: CommandOutcome;
  try {
    outcome = await sendCommand(config.controlPath, { command: 'update-abandon' }, { by: ownName() });
  } catch (error) {
    return { failed: silenceText(error, file) };
  }
  return 'underWay' in outcome ? { waits: outcome.underWay } : outcome;
}

function gatewayAt({ controlPath }: Config): UpdatingGateway {
  return {
    status: () => readStatus(controlPath, { timeoutMs: 10_000 }),
    command: (command) => sendCommand(controlPath, command, { by: ownName() }),
  };
}

async function pause(): Promise<boolean> {
  await pass(POLL_EVERY_MS);
  return true;
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
