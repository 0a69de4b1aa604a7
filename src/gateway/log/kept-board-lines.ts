import {
  type BoardLine,
  type BoardLines,
  type BoardLinesRequest,
  MOST_LINES_AT_ONCE,
} from '../../control/contract/board-line.js';
import type { BoardId } from '../../pair/result/messages.js';

/** Of each board; the oldest goes. A frame of the wire has room for 51 bytes of text, so both boards' are some 100 KB. */
const MOST_KEPT = 500;

/**
 * What boards have said for people (`cc_log`), in memory: a sketch that talks without end wears out no SD card, and the pair
 * waits for none of it (R32). It is gone with the gateway; the log has what was not too much for it. Each board has room of
 * its own: one that talks without end takes nothing from the other.
 */
export class KeptBoardLines {
  readonly #ofBoard = new Map<BoardId, { readonly order: number; readonly line: BoardLine }[]>();
  readonly #began = new Date().toISOString();
  #order = 0;

  add(board: BoardId, text: string): void {
    const kept = this.#ofBoard.get(board) ?? [];
    const number = (kept.at(-1)?.line.number ?? 0) + 1;
    kept.push({ order: ++this.#order, line: { board, number, at: new Date().toISOString(), text } });
    if (kept.length > MOST_KEPT) kept.shift();
    this.#ofBoard.set(board, kept);
  }

  read({ board, after }: BoardLinesRequest): BoardLines {
    const found = [...this.#ofBoard]
      .filter(([of]) => board === null || of === board)
      .flatMap(([of, kept]) => kept.filter(({ line }) => line.number > (after[of] ?? 0)))
      .sort((one, other) => one.order - other.order);
    return {
      began: this.#began,
      lines: found.slice(0, MOST_LINES_AT_ONCE).map(({ line }) => line),
      more: found.length > MOST_LINES_AT_ONCE,
    };
  }
}
