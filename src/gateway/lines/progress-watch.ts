import type { BoardStatus, Status } from '../../control/contract/status.js';

export interface ProgressLimits {
  /** A board of the pair whose link has shown no sign of work for so long stands still. */
  readonly linkUs: number;
  /** One that is out of the pair and not connected is looked for; its port may be a flasher's for some minutes. */
  readonly outUs: number;
  /** Idle boards are probed (R16): where they are not, silence is no standstill. */
  readonly isProbing: boolean;
}

interface Mark {
  readonly text: string;
  readonly sinceUs: number;
}

/**
 * Whether the links of a gateway make progress. A link does when a frame came or went, or when it tried to open its port
 * again: a board that is unplugged or hangs is the board's trouble, and restarting the gateway would not mend it. What
 * waits for something that has a name (a person, a board that is out of the pair, an input) does not stand still either.
 */
export class ProgressWatch {
  readonly #marks = new Map<string, Mark>();

  constructor(private readonly limits: ProgressLimits) {}

  /** Null: all make progress or wait for something that has a name. A text: who stands still. */
  look(status: Status, nowUs: number): string | null {
    let still: string | null = null;
    for (const board of status.boards) {
      const text = markOf(board);
      const last = this.#marks.get(board.board);
      if (last?.text !== text || waitsFor(board, status, this.limits) !== null) {
        this.#marks.set(board.board, { text, sinceUs: nowUs });
        continue;
      }
      const limitUs = isOut(board) ? this.limits.outUs : this.limits.linkUs;
      const forUs = nowUs - last.sinceUs;
      if (forUs > limitUs) still ??= stillText(board, forUs);
    }
    return still;
  }
}

/** What changes with every frame, with every opening and with every try. */
function markOf({ link, session, counters, joining }: BoardStatus): string {
  const { framesIn = 0, framesOut = 0, droppedWrites = 0, openAttempts = 0 } = counters;
  return [link, session, framesIn, framesOut, droppedWrites, openAttempts, joining?.step, joining?.done].join(' ');
}

/** Why nothing has to move; null: something should. */
function waitsFor(board: BoardStatus, status: Status, { isProbing }: ProgressLimits): string | null {
  if (status.phase === 'stopped') return 'a person: the pair is stopped';
  if (board.link === 'no link') return null;
  if (isOut(board)) return 'its way back into the pair';
  // Its session is over and its port open: the core asks again when it is wanted.
  if (board.link === 'closed') return 'the decision of the pair';
  // The third copy is never probed.
  if (board.role === 'third copy' || (!isProbing && status.inputs.pending === 0)) return 'an input';
  return null;
}

function isOut({ role }: BoardStatus): boolean {
  return role === 'locked out' || role === 'kept out' || role === 'set aside';
}

function stillText({ board, link }: BoardStatus, forUs: number): string {
  const seconds = Math.round(forUs / 1_000_000);
  if (link === 'no link') return `board ${board}: its port was not tried for ${seconds} s`;
  return `board ${board}: no frame came or went for ${seconds} s`;
}
