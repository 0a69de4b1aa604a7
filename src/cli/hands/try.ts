import { readStatus } from '../../api/socket/read-status.js';
import { handsPath, sendHand } from '../../api/socket/send-hand.js';
import { handledBoards } from '../../bench/hands/handled-boards.js';
import { readHand } from '../../bench/hands/read-hand.js';
import type { Config } from '../../config/config.js';
import type { HandOutcome } from '../../control/contract/hand.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { findGateway, type GatewayChoice, silenceCode, silenceText } from '../arguments/reach-gateway.js';
import { commandName } from '../terminal/command-name.js';
import { type ExitCode, printJsonFailure } from '../terminal/report-failure.js';
import { print, printError, printJson } from '../terminal/terminal.js';
import { handText } from './hand-text.js';

export interface TryOptions extends GatewayChoice {
  readonly json?: boolean;
}

/**
 * copycat try WORD…: does something to a running emulated pair, and says what the pair did about it. 0 done, 1 it made no sense as things
 * stand, or nobody answers. Rejects with USAGE, before anybody is asked, for real boards and for words that say nothing.
 */
export async function tryHand(words: readonly string[], options: TryOptions): Promise<ExitCode> {
  const { config, file, option } = findGateway(options, `try ${words.join(' ')}`);
  refuseReal(config, file);
  readHand(words, handledBoards(config));
  let outcome: HandOutcome;
  try {
    outcome = await sendHand(handsPath(config.controlPath), words);
  } catch (error) {
    await refuseBesideReal(config, file);
    const silence = silenceText(error, file);
    printError(`copycat: ${silence}`);
    if (options.json === true) printJsonFailure(silenceCode(silence), silence);
    return 1;
  }
  if (options.json === true) printJson(outcome);
  else if ('refused' in outcome) printError(`copycat: ${outcome.refused}; nothing was done`);
  else print(handText(outcome, { command: `${commandName()} faults show`, option }));
  return 'refused' in outcome ? 1 : 0;
}

function refuseReal({ boards }: Config, file: string): void {
  if (boards.every(({ port }) => port.type === 'emulated')) return;
  throw new CopycatError('USAGE', `the boards of ${file} are real: nothing is tried on them, and nothing was done`, {
    expected: 'boards with port: emulated, such as those of copycat run --demo',
  });
}

/** The file may have been changed since the gateway began: what runs may be another pair than the one it names now. */
async function refuseBesideReal({ controlPath }: Config, file: string): Promise<void> {
  const status = await readStatus(controlPath).catch(() => null);
  if (status === null) return;
  throw new CopycatError(
    'USAGE',
    `the gateway that runs for ${file} emulates no boards that could be reached: nothing was done`,
    { expected: 'a gateway that was started with port: emulated, and had room for its socket' },
  );
}
