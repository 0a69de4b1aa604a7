import { type Command, type CommandOutcome, requestFor } from '../../control/contract/command.js';
import { askGateway, strangeAnswer } from './ask-gateway.js';
import { COMMAND_LIMIT_MS, lineFor } from './control-channel.js';

/** Longer than the gateway's own limit, so that it is the gateway that says how things stand. */
const ANSWER_MS = COMMAND_LIMIT_MS + 5_000;

export interface SendCommandOptions {
  /** Who asks, for the gateway's log; null: nobody says. */
  readonly by?: string | null;
  readonly timeoutMs?: number;
}

/**
 * Asks a running gateway to do something, and waits for what became of it. Rejects with USAGE when none runs at this
 * path, when it ends meanwhile, and when it does not answer.
 */
export async function sendCommand(
  path: string,
  command: Command,
  { by = null, timeoutMs = ANSWER_MS }: SendCommandOptions = {},
): Promise<CommandOutcome> {
  const answer = await askGateway(path, lineFor(requestFor(command, by)), timeoutMs);
  if ('done' in answer && typeof answer.done === 'string') return { done: answer.done };
  if ('refused' in answer && typeof answer.refused === 'string') return { refused: answer.refused };
  if ('underWay' in answer && typeof answer.underWay === 'string') return { underWay: answer.underWay };
  throw strangeAnswer(path, `understand ${command.command}`, answer);
}
