import type { BoardLines, BoardLinesRequest } from '../../control/contract/board-line.js';
import { askGateway, strangeAnswer } from './ask-gateway.js';
import { lineFor } from './control-channel.js';

const ANSWER_MS = 2000;

/**
 * Asks a running gateway for what its boards said. Rejects with USAGE when none runs at this path, when it does not answer,
 * and when it is too old to keep such lines.
 */
export async function readBoardLines(path: string, request: BoardLinesRequest): Promise<BoardLines> {
  const answer = await askGateway(path, lineFor({ get: 'log', ...request }), ANSWER_MS);
  if ('log' in answer) return answer.log as BoardLines; // written by serveControl
  throw strangeAnswer(path, 'tell what its boards said', answer);
}
