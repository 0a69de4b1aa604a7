import { type Line, LineCutter } from '../clients/line-cutter.js';
import type { RequestCutter } from '../clients/request-cutter.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** What ends the lines of clients that speak as to the board itself. */
export interface TypedLines {
  newCutter(): RequestCutter<Line>;
  /** What is left of a line that was cut when its end is several bytes. */
  withoutEnd(line: Buffer): Buffer;
}

/**
 * What has no end when its client leaves is no line: a board waits for the end too, and `SET 4` may have become `SET 40`.
 *
 * @param lineEnd what the board itself takes for the end of a line, at least a byte. Behind a carriage return a line feed is
 * no further line, and one alone ends a line too: both are what people's terminals send.
 * @param maxLineBytes without its end
 */
export function typedLines(lineEnd: Uint8Array, maxLineBytes: number): TypedLines {
  const last = lineEnd.at(-1) ?? LINE_FEED;
  if (last === CARRIAGE_RETURN) {
    return {
      newCutter: () => new KeyboardCutter(new LineCutter(maxLineBytes, LINE_FEED, false)),
      withoutEnd: (line) => line,
    };
  }
  // Where a line feed ends lines, a carriage return may stand before it, whatever the board is sent.
  const before = last === LINE_FEED ? Buffer.of(CARRIAGE_RETURN) : Buffer.from(lineEnd.subarray(0, -1));
  return {
    newCutter: () => new LineCutter(maxLineBytes + before.length, last, false),
    withoutEnd: (line) => (line.subarray(-before.length).equals(before) ? line.subarray(0, -before.length) : line),
  };
}

/** Return, line feed and both in this order are the end of one line. */
class KeyboardCutter implements RequestCutter<Line> {
  #wasReturn = false;

  constructor(private readonly lines: LineCutter) {}

  push(chunk: Buffer): void {
    const kept: number[] = [];
    for (const byte of chunk) {
      if (byte === CARRIAGE_RETURN) kept.push(LINE_FEED);
      else if (byte !== LINE_FEED || !this.#wasReturn) kept.push(byte);
      this.#wasReturn = byte === CARRIAGE_RETURN;
    }
    this.lines.push(Buffer.from(kept));
  }

  end(): void {
    this.lines.end();
  }

  get hasRequest(): boolean {
    return this.lines.hasRequest;
  }

  next(): Line | null {
    return this.lines.next();
  }
}
