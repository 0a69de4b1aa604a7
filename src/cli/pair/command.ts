import { sendCommand } from '../../api/socket/send-command.js';
import type { Command, CommandOutcome } from '../../control/contract/command.js';
import { ownName } from '../../private-files/account.js';
import { inputNumber } from '../arguments/input-number.js';
import { checkKnownBoard } from '../arguments/known-board.js';
import { findGateway, type GatewayChoice, silenceCode, silenceText } from '../arguments/reach-gateway.js';
import { commandName } from '../terminal/command-name.js';
import { type ExitCode, printJsonFailure } from '../terminal/report-failure.js';
import { waitingFor } from '../terminal/sign-of-life.js';
import { printError, printJson, printText } from '../terminal/terminal.js';

export interface CommandOptions extends GatewayChoice {
  readonly json?: boolean;
}

/** copycat switch: the other board becomes the primary, nothing is lost. */
export function switchOver(options: CommandOptions): Promise<ExitCode> {
  return give({ command: 'switch' }, 'switch', options);
}

/** copycat rejoin BOARD: one that is kept out may join again; one that is out tries now. */
export async function rejoin(board: string, options: CommandOptions): Promise<ExitCode> {
  checkKnownBoard(board, findGateway(options, `rejoin ${board}`).config);
  return give({ command: 'rejoin', board }, `rejoin ${board}`, options);
}

/** copycat relay test: 0 when the feedback showed each move, 1 when not. */
export function relayTest(options: CommandOptions & { readonly stay?: boolean }): Promise<ExitCode> {
  return give({ command: 'relay-test', back: options.stay !== true }, 'relay test', options);
}

/** copycat resume: a stopped pair goes on. */
export function resume(options: CommandOptions): Promise<ExitCode> {
  return give({ command: 'resume' }, 'resume', options);
}

/** `retry`, `drop`: an input on which two boards have failed; `accept`: one that the primary answers otherwise. */
export type InputDecision = 'retry' | 'drop' | 'accept';

/** copycat inputs retry SEQ, inputs drop SEQ, inputs accept SEQ: what becomes of an input that stopped the pair. */
export async function decideInput(command: InputDecision, text: string, options: CommandOptions): Promise<ExitCode> {
  return give({ command, seq: inputNumber(text) }, `inputs ${command} ${text}`, options);
}

/** 0 when it has been done, 1 when it was refused, is still under way or nobody answers. */
async function give(command: Command, typed: string, options: CommandOptions): Promise<ExitCode> {
  const { config, file, option } = findGateway(options, typed);
  let outcome: CommandOutcome;
  try {
    outcome = await waitingFor(typed, () => sendCommand(config.controlPath, command, { by: ownName() }));
  } catch (error) {
    const silence = silenceText(error, file);
    printError(`copycat: ${silence}`);
    if (options.json === true) printJsonFailure(silenceCode(silence), silence);
    return 1;
  }
  if (options.json === true) printJson(outcome);
  else say(outcome, command, option);
  return 'done' in outcome ? 0 : 1;
}

function say(outcome: CommandOutcome, { command }: Command, option: string): void {
  if ('done' in outcome) printText(typeable(outcome.done, option));
  else if ('refused' in outcome)
    printError(`copycat: ${command.replace('-', ' ')} was refused. ${typeable(outcome.refused, option)}`);
  else printError(`copycat: ${command.replace('-', ' ')} is ${typeable(outcome.underWay, option)}`);
}

/** What the gateway calls `copycat status`, as it has to be typed here. */
function typeable(text: string, option: string): string {
  return text
    .replace(/copycat status/g, `${commandName()} status${option}`)
    .replace(/copycat inputs/g, `${commandName()} inputs`);
}
