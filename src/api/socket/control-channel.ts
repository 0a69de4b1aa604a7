import type { BoardLines } from '../../control/contract/board-line.js';
import type { CommandOutcome } from '../../control/contract/command.js';
import { CONTRACT_VERSION } from '../../control/contract/version.js';

/**
 * The control socket speaks lines of JSON, each answered by a line, in order: `{"get":"status"}` by `{"status":…}`,
 * `{"get":"log"}` by `{"log":…}`, `{"do":"switch"}` and the other commands by `{"done":…}`, `{"refused":…}` or `{"underWay":…}`, anything else by
 * `{"error":…}`. A request that says another `version` of the contract than ours is refused with both.
 */
export type ControlAnswer =
  | { readonly status: unknown }
  | { readonly log: BoardLines }
  | CommandOutcome
  | { readonly error: string };

export const STATUS_REQUEST = { get: 'status' } as const;

/** The line that asks for it, with the version of the contract that is spoken. */
export function lineFor(request: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...request, version: CONTRACT_VERSION });
}

export const MAX_REQUEST_BYTES = 8192;
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** How long a gateway waits for what became of a command before it says that it is still under way. */
export const COMMAND_LIMIT_MS = 15_000;
