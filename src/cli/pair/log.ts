import { setTimeout as pass } from 'node:timers/promises';
import { readBoardLines } from '../../api/socket/read-board-lines.js';
import type { BoardLine } from '../../control/contract/board-line.js';
import { checkKnownBoard } from '../arguments/known-board.js';
import { findGateway, type GatewayChoice, silenceCode, silenceText } from '../arguments/reach-gateway.js';
import { type ExitCode, printJsonFailure } from '../terminal/report-failure.js';
import { printError } from '../terminal/terminal.js';
import { timeText } from '../terminal/time-text.js';
import { BoardLinePrinter } from './board-line-text.js';

const FOLLOW_EVERY_MS = 500;

export interface LogOptions extends GatewayChoice {
  readonly board?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** copycat log: what the boards said for people (`cc_log`), as the running gateway has kept it. 1 when nobody answers. */
export async function log(options: LogOptions): Promise<ExitCode> {
  const { config, file } = findGateway(options, 'log');
  if (options.board !== undefined) checkKnownBoard(options.board, config);
  const board = options.board ?? null;
  const printer = new BoardLinePrinter(options.json === true);
  const reader = new LineReader(config.controlPath, board);
  if (options.follow === true) return follow(reader, printer, file);
  let silence: string | null = null;
  const lines = await reader.next().catch((error: unknown) => {
    silence = silenceText(error, file);
    return [];
  });
  printer.print(lines);
  if (silence !== null) {
    printError(`copycat: ${silence}`);
    if (options.json === true) printJsonFailure(silenceCode(silence), silence);
  } else if (lines.length === 0)
    printError(
      `copycat: ${board === null ? 'the boards have' : `board ${board} has`} said nothing since ${reader.beganText}; a sketch speaks with cc_log("…")`,
    );
  return silence === null ? 0 : 1;
}

/** Until Ctrl-C; the exit code is that of the last answer. A gateway that is not there yet, or no more, is waited for. */
async function follow(reader: LineReader, printer: BoardLinePrinter, file: string): Promise<ExitCode> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  let silence = '';
  while (!interrupted.signal.aborted) {
    try {
      printer.print(await reader.next());
      silence = '';
    } catch (error) {
      const now = silenceText(error, file);
      if (now !== silence) printError(`copycat: ${now} (waiting for it; Ctrl-C ends)`);
      silence = now;
    }
    await pass(FOLLOW_EVERY_MS, undefined, { signal: interrupted.signal }).catch(() => undefined); // only Ctrl-C ends it early
  }
  return silence === '' ? 0 : 1;
}

/** Reads on from where it was; from the beginning when another gateway runs now. */
class LineReader {
  #after: Record<string, number> = {};
  #began = '';

  constructor(
    private readonly path: string,
    private readonly board: string | null,
  ) {}

  get beganText(): string {
    return `the gateway began at ${timeText(this.#began)}`;
  }

  /** All that came since the last time, and is kept. */
  async next(): Promise<readonly BoardLine[]> {
    const all: BoardLine[] = [];
    for (;;) {
      const { began, lines, more } = await readBoardLines(this.path, { board: this.board, after: this.#after });
      if (began !== this.#began) {
        this.#began = began;
        const isOther = Object.keys(this.#after).length > 0;
        this.#after = {};
        if (isOther) continue;
      }
      for (const { board, number } of lines) this.#after[board] = number;
      all.push(...lines);
      if (!more) return all;
    }
  }
}
