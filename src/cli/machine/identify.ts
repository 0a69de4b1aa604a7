import { existsSync } from 'node:fs';
import { sendCommand } from '../../api/socket/send-command.js';
import type { BoardConfig, Config } from '../../config/config.js';
import { loadConfig } from '../../config/load/load-config.js';
import { helloText } from '../../control/hello-text.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { dialectOf } from '../../gateway/board-dialect.js';
import { type IdentifiedPort, identifyPort } from '../../gateway/ports/identify-port.js';
import { wishOf } from '../../gateway/ports/open-serial-port.js';
import { ownName } from '../../private-files/account.js';
import type { PortWish } from '../../serial/ports/find-port.js';
import { eightBits, formatLine, type LineSettings } from '../../values/line-settings.js';
import { DEFAULT_CONFIG } from '../arguments/find-ledger.js';
import { silenceCode, silenceText } from '../arguments/reach-gateway.js';
import { type ExitCode, printJsonFailure } from '../terminal/report-failure.js';
import { waitingFor } from '../terminal/sign-of-life.js';
import { printError, printJson, printText } from '../terminal/terminal.js';

export interface IdentifyOptions {
  readonly config?: string;
  /** The older spelling of `line`. */
  readonly baud?: number;
  readonly line?: LineSettings;
  readonly json?: boolean;
}

const LOOK = 'look for the one whose RX and TX lights flicker for half a second, once a second';

/**
 * copycat identify BOARD: its lights blink, and it says who it is; through the gateway where one runs, so that the pair
 * is not disturbed. A place or a port that is in no configuration is asked itself. 0 when it has answered.
 */
export async function identify(name: string, options: IdentifyOptions): Promise<ExitCode> {
  const file = options.config ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : null);
  const config = file === null ? null : loadConfig(file);
  const board = config?.boards.find((one) => one.board === name) ?? null;
  if (config === null || file === null || board === null) {
    return looksLikePort(name)
      ? byPort({ port: name, match: null }, lineOf(options), null, options)
      : unknown(name, config);
  }
  const asked = await throughGateway(config, board, file, options);
  return asked ?? byPort(wishOf(board), board.line, config, options);
}

/** What the library begins with, where nothing is said. */
const USUAL = eightBits(500_000);

function lineOf({ baud, line }: IdentifyOptions): LineSettings {
  if (baud === undefined) return line ?? USUAL;
  const older = eightBits(baud);
  if (line === undefined || formatLine(line) === formatLine(older)) return older;
  throw new CopycatError('USAGE', `--baud ${baud} means ${formatLine(older)}, and --line says ${formatLine(line)}`, {
    expected: '--line alone: --baud is its older spelling',
  });
}

function looksLikePort(name: string): boolean {
  return /^(usb-|tty|pci-|platform-)/.test(name) || name.includes('/');
}

function unknown(name: string, config: Config | null): never {
  const boards =
    config === null ? 'usb-1.2, as copycat ports shows it' : config.boards.map(({ board }) => board).join(', ');
  throw new CopycatError('USAGE', `there is no board and no port ${name}`, {
    expected: `${boards}${config === null ? '; or a board of a configuration: -c FILE' : ', or a place such as usb-1.2'}`,
  });
}

/** Null: no gateway runs, so that the port is free. */
async function throughGateway(
  config: Config,
  { board }: BoardConfig,
  file: string,
  { json }: IdentifyOptions,
): Promise<ExitCode | null> {
  if (json !== true) printError(`copycat: board ${board} blinks through the gateway, if one runs: ${LOOK}`);
  try {
    const asking = () => sendCommand(config.controlPath, { command: 'identify', board }, { by: ownName() });
    const outcome = await waitingFor(`board ${board} blinks, and is asked who it is`, asking);
    if (json === true) printJson(outcome);
    else if ('done' in outcome) printText(outcome.done);
    else printError(`copycat: ${'refused' in outcome ? outcome.refused : outcome.underWay}`);
    return 'done' in outcome ? 0 : 1;
  } catch (error) {
    const message = silenceText(error, file);
    if (message.startsWith('no gateway is running')) return null;
    printError(`copycat: ${message}`);
    if (json === true) printJsonFailure(silenceCode(message), message);
    return 1;
  }
}

async function byPort(
  wish: PortWish,
  line: LineSettings,
  config: Config | null,
  { json }: IdentifyOptions,
): Promise<ExitCode> {
  const { path, introduction } = await waitingFor('the board blinks, and is asked who it is', () =>
    identifyPort({
      ...{ wish, line, dialect: dialectOf(config) },
      onBlinking: (opened) => {
        if (json !== true) printError(`copycat: no gateway has ${opened}; asking the board itself: ${LOOK}`);
      },
    }),
  );
  const { outcome } = introduction;
  const hello = outcome === 'described' ? introduction.board : null;
  if (json === true)
    printJson({ path, hello, isOther: outcome === 'other-program' || outcome === 'other-version', outcome });
  else printText(`${path}: ${introductionText(introduction, line)}`);
  return hello === null ? 1 : 0;
}

function introductionText(introduction: IdentifiedPort['introduction'], line: LineSettings): string {
  switch (introduction.outcome) {
    case 'described':
      return helloText(introduction.board);
    case 'other-program':
      return `something answers that is not the harness at ${formatLine(line)}: another sketch, or other line settings`;
    case 'other-version':
      return `it speaks version ${introduction.spoken} of the harness, and not ${introduction.expected}: give it firmware of this version (copycat flash)`;
    case 'not-asked':
      return 'boards of its protocol cannot be asked who they are: it was left alone';
    case 'silent':
      return 'no answer; it may run another sketch (its RX light blinked all the same)';
  }
}
