import type { Status } from '../../control/contract/status.js';
import { askGateway, strangeAnswer } from './ask-gateway.js';
import { lineFor, STATUS_REQUEST } from './control-channel.js';

export interface ReadStatusOptions {
  /** How long a gateway may take to answer before it is called unresponsive. */
  readonly timeoutMs?: number;
}

/**
 * Asks a running gateway for its status. Rejects with USAGE when none runs at this path, and when it does not answer.
 */
export async function readStatus(path: string, options: ReadStatusOptions = {}): Promise<Status> {
  const answer = await askGateway(path, lineFor(STATUS_REQUEST), options.timeoutMs ?? 2000);
  if ('status' in answer) return answer.status as Status; // written by serveControl
  throw strangeAnswer(path, 'tell its status', answer);
}
