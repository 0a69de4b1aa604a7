import { resolve } from 'node:path';
import { CopycatError, internalError } from '../../errors/copycat-error.js';
import { eightBits, formatLine, type LineSettings, parseLine } from '../../values/line-settings.js';
import type { BoardFacts } from '../board-facts.js';
import { BOARD_KINDS } from '../board-kinds.js';
import type { BoardConfig, PortConfig, PortMatch } from '../config.js';
import type { ConfigFile } from '../schema/config-schema.js';
import type { ConfigProblem, ConfigSource } from '../schema/explain-issue.js';
import { factsOfKind, readBoardFile } from './board-files.js';
import { DEFAULT_IMAGE, imagePath } from './supplied-images.js';

type SaidBoard = ConfigFile['boards'][string];

/** What is taken where a board's own file cannot be read: as little is known then. */
const NOTHING_KNOWN = 'serial';

/** The two boards of the file, each with what is known of its kind. */
export function boardsOf(
  file: ConfigFile,
  folder: string,
  source: ConfigSource,
): { readonly boards: readonly [BoardConfig, BoardConfig]; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  // Both boards are of one kind as a rule: what is wrong with its file is said once.
  const ownFiles = new Map<string, BoardFacts>();
  const factsOf = (name: string, kind: string): BoardFacts => {
    if (BOARD_KINDS.includes(kind)) return factsOfKind(kind);
    const known = ownFiles.get(kind);
    if (known !== undefined) return known;
    let facts = factsOfKind(NOTHING_KNOWN);
    try {
      facts = readBoardFile(resolve(folder, kind), kind);
    } catch (error) {
      if (!(error instanceof CopycatError) || error.code !== 'CONFIG_INVALID') throw error;
      const key = `boards.${name}.kind`;
      const line = source.lineAt(['boards', name, 'kind']);
      for (const message of error.message.split('\n')) {
        problems.push({ key, line, value: kind, expected: '', message });
      }
    }
    ownFiles.set(kind, facts);
    return facts;
  };
  const boards = Object.entries(file.boards).map(([name, said]): BoardConfig => {
    const facts = factsOf(name, said.kind);
    return {
      ...{ board: name, kind: facts.kind, facts },
      ...(BOARD_KINDS.includes(said.kind) ? {} : { kindFile: resolve(folder, said.kind) }),
      port: portOf(said.port),
      match: matchOf(said.match),
      reset: said.reset ?? null,
      line: lineOf(said, facts),
      rs485: said.rs485 ?? false,
      address: said.address ?? null,
      firmware: firmwareOf(said, folder, facts),
    };
  });
  for (const [name, said] of Object.entries(file.boards)) {
    if (said.line === undefined || said.baud === undefined) continue;
    const path = ['boards', name, 'baud'];
    const wanted = lineOf(said, factsOfKind(NOTHING_KNOWN));
    const baud = formatLine(eightBits(said.baud));
    if (baud === formatLine(wanted)) continue;
    const key = path.join('.');
    const expected = 'line alone: baud is its older spelling';
    const message = `${key} is ${said.baud}, which means ${baud}, and line says ${formatLine(wanted)}; expected ${expected}`;
    problems.push({ key, line: source.lineAt(path), value: said.baud, expected, message });
  }
  const [first, second] = boards;
  if (first === undefined || second === undefined)
    throw internalError('the schema let a pair through that is none', boards);
  return { boards: [first, second], problems };
}

/** What the file says, else what the firmware of the kind begins at. */
function lineOf({ line, baud }: SaidBoard, { uart }: BoardFacts): LineSettings {
  const said = line === undefined ? null : parseLine(line);
  if (said !== null) return said;
  const [format = '8N1'] = uart.formats ?? [];
  return baud === undefined ? (parseLine(`${uart.baudRate}-${format}`) ?? eightBits(uart.baudRate)) : eightBits(baud);
}

/** An emulated board has to run something; a real one has been flashed by whoever wired it. */
function firmwareOf(said: SaidBoard, folder: string, facts: BoardFacts): string | null {
  if (said.firmware !== undefined) return imagePath(said.firmware, folder, facts);
  return said.port === 'emulated' ? imagePath(DEFAULT_IMAGE, folder, facts) : null;
}

export function portOf(said: string | undefined): PortConfig {
  if (said === undefined) return { type: 'match' };
  if (said === 'emulated') return { type: 'emulated' };
  if (said.startsWith('/')) return { type: 'path', path: said };
  return USB_PLACE.test(said) ? { type: 'usb', place: said.slice('usb-'.length) } : { type: 'name', name: said };
}

const USB_PLACE = /^usb-\d+(?:[.-]\d+)*$/;

export function matchOf(said: SaidBoard['match']): PortMatch | null {
  const { vendor, product, serial } = said ?? {};
  if (vendor === undefined && product === undefined && serial === undefined) return null;
  return {
    vendor: vendor?.toLowerCase() ?? null,
    product: product?.toLowerCase() ?? null,
    serial: serial ?? null,
  };
}
