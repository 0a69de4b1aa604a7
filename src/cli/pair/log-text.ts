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
  /** One line of a thing that a person understands (src/gateway/log/fault-teller.ts). */
  readonly told?: unknown;
  readonly [key: string]: unknown;
}

/** How the log is shown to a person. */
export interface LogView {
  /** Every line with all it has; otherwise one for each thing that a person understands. */
  readonly verbose: boolean;
  /** What tells more of a fault, without its number: `copycat faults show`, and what has to follow the number. */
  readonly showFault: { readonly command: string; readonly option: string };
}

/** Where the gateway's log goes: as it is, for a service's journal and other programs (null); on a terminal as text. */
export function logStream(view: LogView | null): NodeJS.WritableStream {
  if (view === null) return process.stderr;
  let rest = '';
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const text = logText(line, view);
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
  if (isTerminal) return colours.yellow(`${clockTime(time)} ${text}`);
  return JSON.stringify({ level: WARN, time: time.toISOString(), droppedLines: lines, msg: text });
}

/**
 * `13:37:45 a unplugged → b drives after 43 ms (copycat faults show 1)`; `13:37:45 a: level 81` for what a board said; null
 * for how it was done, which is told with `verbose`; what is no JSON stays as it is.
 */
export function logText(line: string, view: LogView): string | null {
  const read = parse(line);
  if (read === null) return printable(line);
  const { board, text } = read;
  if (read['kind'] === 'log' && typeof board === 'string' && typeof text === 'string')
    return boardLineText({ at: read.time, board, text });
  const number = read.fault ?? read.event;
  const isTold = read.told === true;
  if (!view.verbose && !isTold && (read.level < WARN || number !== undefined)) return null;
  const shown = printable(`${clockTime(read.time)} ${isTold ? toldText(read, number, view) : withDetails(read)}`);
  return read.level >= WARN ? colours.yellow(shown) : shown;
}

function toldText({ msg }: LogLine, number: number | undefined, { showFault }: LogView): string {
  return number === undefined ? msg : `${msg} (${showFault.command} ${number}${showFault.option})`;
}

function withDetails(line: LogLine): string {
  const { level: _level, time: _time, msg, fault, event, evidence: _told, ...rest } = line;
  const details = Object.entries(rest)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([name, value]) => `${name} ${String(value)}`)
    .filter((detail) => !msg.includes(detail));
  const whose = fault === undefined ? (event === undefined ? '' : `event ${event}`) : `fault ${fault}`;
  const about = whose === '' || msg.startsWith(whose) ? msg : `${whose}: ${msg.replaceAll('-', ' ')}`;
  return [about, ...details].join(', ');
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
