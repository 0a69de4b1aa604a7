import type { BoardLine } from '../../control/contract/board-line.js';
import { jsonText, printable } from '../terminal/printable.js';
import { print, printError } from '../terminal/terminal.js';
import { clockTime, timeText } from '../terminal/time-text.js';

/** Longest text shown of a line: the wire has room for 51 bytes, other boards may say more. */
const LONGEST_TEXT = 200;

interface BoardWords extends Pick<BoardLine, 'board' | 'text'> {
  readonly at: string | number;
}

/** `17:44:15 a: level 81`: nothing in it acts on a terminal. */
export function boardLineText({ at, board, text }: BoardWords): string {
  return `${clockTime(at)} ${printable(board)}: ${printable(text.slice(0, LONGEST_TEXT))}`;
}

/** Prints lines as they come: with the day where it is another one, and where some are missing. */
export class BoardLinePrinter {
  #day = dayOf(Date.now());
  readonly #last = new Map<string, number>();

  constructor(private readonly json: boolean) {}

  print(lines: readonly BoardLine[]): void {
    for (const line of lines) {
      this.#tellMissing(line);
      if (this.json) {
        print(jsonText(line));
        continue;
      }
      const day = dayOf(line.at);
      if (day !== this.#day) print(`${day}:`);
      this.#day = day;
      print(boardLineText(line));
    }
  }

  #tellMissing({ board, number }: BoardLine): void {
    const last = this.#last.get(board) ?? 0;
    this.#last.set(board, number);
    // Another gateway counts from 1 again.
    const missing = number - last - 1;
    if (missing > 0) printError(`(${missing} earlier line${missing === 1 ? '' : 's'} of ${board} not kept)`);
  }
}

/** `2026-11-30`. */
function dayOf(time: string | number): string {
  return timeText(time).slice(0, 10);
}
