import { Writable } from 'node:stream';
import { printable } from '../terminal/printable.js';
import { errorColours as colours, printError } from '../terminal/terminal.js';
import { clockTime } from '../terminal/time-text.js';
import { boardLineText } from './board-line-text.js';

const WARN = 40;

/** One line of the gateway's log: pino writes JSON. */
interface LogLine {
  readonly level: number;
  readonly time: string | number;
  readonly msg: string;
  readonly fault?: number;
  /** Of something planned. */
  readonly event?: number;
  readonly board?: unknown;
  readonly text?: unknown;
  readonly [key: string]: unknown;
}

/**
 * Where the gateway's log goes: as it is, for a service's journal; on a terminal as text, only what is a warning or part
 * of a fault's story.
 */
export function logStream(isTerminal: boolean): NodeJS.WritableStream {
  if (!isTerminal) return process.stderr;
  let rest = '';
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const text = logText(line);
        if (text !== null) printError(text);
      }
      done();
    },
  });
}

/** Stands in the log where lines are missing because whoever reads it did not take them (R32). */
export function droppedText(lines: number, isTerminal: boolean): string {
  const text = `${lines} lines of the log were dropped here: whoever reads it was stopped, gone or full`;
  const time = new Date();
  if (isTerminal) return colours.yellow(`${clockTime(time)}  ${text}`);
  return JSON.stringify({ level: WARN, time: time.toISOString(), droppedLines: lines, msg: text });
}

/** `13:37:45  fault 1: silent (board a)`, `13:37:45 a: level 81` for what a board said; null for what only a program wants to know; what is no JSON stays as it is. */
export function logText(line: string): string | null {
  const read = parse(line);
  if (read === null) return printable(line);
  const { board, text: words } = read;
  if (read['kind'] === 'log' && typeof board === 'string' && typeof words === 'string')
    return boardLineText({ at: read.time, board, text: words });
  if (read.level < WARN && read.fault === undefined && read.event === undefined) return null;
  const { level, time, msg, fault, event, evidence: _told, ...rest } = read;
  const details = Object.entries(rest)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([name, value]) => `${name} ${String(value)}`)
    .filter((detail) => !msg.includes(detail));
  const whose = fault === undefined ? (event === undefined ? '' : `event ${event}`) : `fault ${fault}`;
  const about = whose === '' || msg.startsWith(whose) ? msg : `${whose}: ${msg.replaceAll('-', ' ')}`;
  const text = `${clockTime(time)}  ${[about, ...details].join(', ')}`;
  const shown = printable(text);
  return level >= WARN ? colours.yellow(shown) : shown;
}

function parse(line: string): LogLine | null {
  try {
    const read: unknown = JSON.parse(line);
    const isLog = typeof read === 'object' && read !== null && 'level' in read && 'msg' in read && 'time' in read;
    return isLog ? (read as LogLine) : null; // pino's own three
  } catch {
    // A line of somebody else (a crash of Node, a library): shown as it is.
    return null;
  }
}
