import { isProgramOfHost } from '../../../config/board-facts.js';
import { BOARD_KINDS } from '../../../config/board-kinds.js';
import { linkFloor } from '../../../config/budget/link-floor.js';
import { type RelayKind, WIRED_RELAY_KINDS, type WiredRelayKind } from '../../../config/config.js';
import { factsOfKind } from '../../../config/load/board-files.js';
import { describePort } from '../../../serial/ports/describe-port.js';
import type { PortInfo } from '../../../serial/ports/port-info.js';
import { eightBits, formatLine, parseLine } from '../../../values/line-settings.js';
import type { Asker } from '../../terminal/asker.js';

export interface BoardAnswer {
  readonly kind: string;
  readonly port: string;
  /** Null: as the firmware of the kind begins. */
  readonly line: string | null;
  /** What is plugged in there, for a comment; null: nothing now. */
  readonly seen: string | null;
  readonly reset: string | null;
}

/** What switches the actuator: a relay on lines, or what the file names by one word. */
export type RelayAnswer =
  | { readonly kind: Exclude<RelayKind, WiredRelayKind> }
  | {
      readonly kind: WiredRelayKind;
      /** For both boards, or, two-relays and latching, that of a and that of b. */
      readonly lines: readonly string[];
      readonly atRest: string;
      readonly feedback: string | null;
      readonly activeLow: boolean;
    };

export interface Answers {
  readonly name: string;
  readonly a: BoardAnswer;
  readonly b: BoardAnswer;
  readonly relay: RelayAnswer;
  /** False: the boards only measure (outputs: none). */
  readonly switchesSomething: boolean;
  readonly input: string;
  readonly deadlineMs: number;
}

/** Where nothing is plugged in. */
const USUAL = 'uno';
const ANY_MAKE = 'serial';
const LINE = /^(GPIO\d{1,2}|D\d{1,2})$/;
const RELAYS: readonly RelayKind[] = [...WIRED_RELAY_KINDS, 'emulated', 'none'];
/** Lines of a Raspberry Pi that are pulled down at boot and are nothing else (docs/wiring.md). */
const SUGGESTED = { pin: 'GPIO17', second: 'GPIO22', feedback: 'GPIO27', reset: ['GPIO23', 'GPIO24'] } as const;

/** What a configuration cannot do without, asked in the order in which a person wires it. */
export async function interview(asker: Asker, ports: readonly PortInfo[]): Promise<Answers> {
  const isWord = (said: string) =>
    /^[a-z][a-z0-9-]{0,31}$/.test(said) ? null : 'small letters, digits and dashes, please';
  const name = await asker.ask('What is this pair called', 'pair', isWord);
  const usable = ports.filter(({ usb }) => usb !== null);
  const first = await askBoard(asker, 'a', usable, null);
  const second = await askBoard(asker, 'b', usable, first);
  // A process has no pins: there is nothing that a relay could switch.
  const arePosix = [first, second].every(({ kind }) => isProgramOfHost(factsOfKind(kind)));
  const relay = await askRelay(asker, arePosix ? 'emulated' : 'changeover');
  const switchesSomething =
    relay.kind !== 'none' || (await yes(asker, 'Do outputs of the boards drive anything, without a relay', false));
  const isReset = await askReset(asker, relay.kind, switchesSomething);
  const input = await asker.ask(
    "Where do inputs come from ('every 100ms' for a controller that works by the clock, or 'tcp://127.0.0.1:7400')",
    'every 100ms',
    (said) =>
      /^(every \d+(\.\d+)?(ms|s)|tcp:\/\/(127(\.\d+){3}|localhost|\[::1\]):\d+)$/.test(said)
        ? null
        : 'such as: every 100ms, or tcp://127.0.0.1:7400 (an address for others needs a token: docs/config.md)',
  );
  const floorMs = Math.ceil(Math.max(...[first, second].map(floorOf)) / 1000);
  const deadline = await asker.ask(
    `How many milliseconds may a board take for one input, wire included (at least ${floorMs} on this link)`,
    String(Math.ceil((2 * floorMs) / 10) * 10),
    (said) => (/^\d+$/.test(said) && Number(said) >= floorMs ? null : `a whole number, ${floorMs} or more`),
  );
  return {
    name,
    a: { ...first, reset: isReset ? SUGGESTED.reset[0] : null },
    b: { ...second, reset: isReset ? SUGGESTED.reset[1] : null },
    relay,
    switchesSomething,
    input,
    deadlineMs: Number(deadline),
  };
}

async function askBoard(
  asker: Asker,
  board: string,
  ports: readonly PortInfo[],
  other: BoardAnswer | null,
): Promise<BoardAnswer> {
  const left = ports.filter(({ usb, device }) => usb?.place !== other?.port && device !== other?.port);
  const guess = left[0]?.usb?.place ?? (other === null ? 'usb-1.2' : 'usb-1.3');
  const list = left.map((port) => `\n  ${port.usb?.place}  ${describePort(port)}`).join('');
  const question =
    left.length === 0 ? `Where is board ${board} plugged in` : `Which is board ${board}${list}\nIts place`;
  const port = await asker.ask(question, guess, (said) => {
    if (said === other?.port && said !== 'emulated') return 'that is board a already';
    const isPort = /^(usb-\d+([.-]\d+)*|\/.+|emulated)$/.test(said);
    return isPort ? null : 'a place such as usb-1.2, a path such as /dev/ttyACM0, or emulated';
  });
  const info = ports.find(({ usb, device }) => usb?.place === port || device === port);
  const kind = await asker.ask(
    `What kind of board is it (${BOARD_KINDS.join(', ')})`,
    other?.kind ?? (info === undefined ? USUAL : kindOf(info)),
    (said) => (BOARD_KINDS.includes(said) ? null : `one of ${BOARD_KINDS.join(', ')}`),
  );
  const line = await askLine(asker, kind, other);
  return { kind, port, line, seen: info === undefined ? null : describePort(info), reset: null };
}

/** Of firmware that can do one format alone nothing is asked. */
async function askLine(asker: Asker, kind: string, other: BoardAnswer | null): Promise<string | null> {
  const { uart } = factsOfKind(kind);
  if (uart.formats !== undefined) return null;
  const usual = formatLine(eightBits(uart.baudRate));
  const said = await asker.ask(
    'What does its sketch begin the line with (bits per second, data bits, parity, stop bits)',
    other?.line ?? usual,
    (word) => (parseLine(word)?.dataBits === 8 ? null : 'such as 115200-8N1; the library needs 8 data bits'),
  );
  return said === usual ? null : said;
}

function floorOf({ kind, line }: BoardAnswer): number {
  const facts = factsOfKind(kind);
  const settings = line === null ? null : parseLine(line);
  return linkFloor({ facts, line: settings ?? eightBits(facts.uart.baudRate) }).worstUs;
}

/** By what its USB chip says: of several kinds the likeliest, and a board of any make where it is none of theirs. */
function kindOf({ usb }: PortInfo): string {
  const id = usb === null ? '' : `${usb.vendor}:${usb.product}`;
  return BOARD_KINDS.find((kind) => factsOfKind(kind).usb?.some(({ ids }) => ids.includes(id))) ?? ANY_MAKE;
}

/** R13: where neither a relay nor `outputs: none` keeps an old primary from acting, RESET has to. */
async function askReset(asker: Asker, kind: RelayKind, switchesSomething: boolean): Promise<boolean> {
  if (kind === 'emulated') return false;
  if (kind === 'none') return switchesSomething;
  return await yes(asker, 'Is RESET of both boards wired to lines, each through a transistor', false);
}

async function askRelay(asker: Asker, usual: RelayKind): Promise<RelayAnswer> {
  const isRelay = (said: string): said is RelayKind => RELAYS.some((kind) => kind === said);
  const said = await asker.ask(`What switches the actuator (${RELAYS.join(', ')})`, usual, (word) =>
    isRelay(word) ? null : `one of ${RELAYS.join(', ')}`,
  );
  const kind = isRelay(said) ? said : usual;
  if (kind === 'emulated' || kind === 'none') return { kind };
  const isLine = (word: string) =>
    LINE.test(word) ? null : 'a line such as GPIO17 (of the Pi) or D7 (of a Firmata board)';
  const each = kind === 'two-relays' || kind === 'latching';
  const lines = [await asker.ask(each ? 'Which line connects board a' : 'Which line drives it', SUGGESTED.pin, isLine)];
  if (each) lines.push(await asker.ask('Which line connects board b', SUGGESTED.second, isLine));
  const feedback = await asker.ask(
    'Which line reads where the contact is (none: a move cannot be proved)',
    SUGGESTED.feedback,
    (word) => (word === 'none' ? null : isLine(word)),
  );
  const activeLow = await yes(
    asker,
    'Is the relay on while its line is low (many modules with opto-couplers are so)',
    false,
  );
  const atRest = await asker.ask(
    'What does the relay connect to the actuator without power (a, b, none)',
    'a',
    (word) => (['a', 'b', 'none'].includes(word) ? null : 'a, b or none'),
  );
  return { kind, lines, atRest, feedback: feedback === 'none' ? null : feedback, activeLow };
}

async function yes(asker: Asker, question: string, otherwise: boolean): Promise<boolean> {
  const said = await asker.ask(`${question} (yes, no)`, otherwise ? 'yes' : 'no', (word) =>
    /^(y|n|yes|no)$/i.test(word) ? null : 'yes or no',
  );
  return /^y/i.test(said);
}
