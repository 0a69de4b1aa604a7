import { type BoardLines, type BoardLinesRequest, boardLinesRequestFrom } from '../../control/contract/board-line.js';
import { askerIn, type Command, type CommandOutcome, commandFrom } from '../../control/contract/command.js';
import type { Status } from '../../control/contract/status.js';
import { versionTrouble } from '../../control/contract/version.js';
import type { ControlAnswer } from './control-channel.js';
import { type LineServer, type ServeLinesOptions, serveLines } from './serve-lines.js';

/** Who knows the answers. */
export interface Answerers {
  readonly status: () => Status;
  /** What became of a command; in bounded time. `by`: who asks; null: nobody has said. */
  readonly command: (command: Command, by: string | null) => Promise<CommandOutcome>;
  /** What its boards said for people; absent: nobody keeps it. */
  readonly boardLines?: (request: BoardLinesRequest) => BoardLines;
}

export interface ServeControlOptions extends Answerers, Omit<ServeLinesOptions, 'answer'> {}

export type ControlServer = LineServer;

/**
 * Tells the status of this gateway to whoever may open the socket (this user), and takes commands from there. Rejects
 * with LEDGER_LOCKED when another gateway serves at this path; the socket of a dead one is replaced.
 */
export function serveControl(options: ServeControlOptions): Promise<ControlServer> {
  return serveLines({ ...options, answer: (line) => answerTo(line, options) });
}

function answerTo(line: string, { status, command, boardLines }: Answerers): ControlAnswer | Promise<ControlAnswer> {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request === 'object' && request !== null) {
      const trouble = 'version' in request ? versionTrouble(request.version) : null;
      if (trouble !== null) return { error: trouble };
      if ('get' in request && request.get === 'status') return { status: status() };
      if ('get' in request && request.get === 'log' && boardLines !== undefined) {
        const asked = boardLinesRequestFrom(request);
        return typeof asked === 'string' ? { error: asked } : { log: boardLines(asked) };
      }
      if ('do' in request) {
        const asked = commandFrom({ ...request });
        return typeof asked === 'string' ? { error: asked } : command(asked, askerIn({ ...request }));
      }
    }
    return { error: 'unknown request; expected {"get":"status"}, {"get":"log"} or {"do":"switch"}' };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
