import type { BoardFacts, PinFacts } from '../../config/board-facts.js';
import { parseDuration } from '../../config/schema/duration.js';
import type { Mcu } from '../../emulator/mcu.js';
import type { OutsideLevel } from '../../emulator/peripherals/pin-inputs.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { nearestWord } from '../../words/nearest-word.js';
import type { BoardName } from '../bench-board.js';
import { HANDS, type Hand } from './hand.js';

/** A board as a person names it, and what it is. */
export interface HandledBoard {
  readonly name: string;
  readonly at: BoardName;
  readonly facts: BoardFacts;
  readonly mcu: Mcu;
}

export type HandledBoards = readonly [HandledBoard, HandledBoard];

/** The converters of both chips. */
const MOST_COUNTS = 1023;
/** The serial line to the gateway: a level there is no input of the sketch. */
const SERIAL_PINS = 2;
const LONGEST_US = 60_000_000;
const LEVELS: Readonly<Record<string, OutsideLevel>> = { high: 1, low: 0, open: null };

type Reader = (words: readonly string[], boards: HandledBoards) => Hand;

const READERS: Readonly<Record<string, Reader>> = {
  halt: plain('halt'),
  restart: plain('restart'),
  unplug: plain('unplug'),
  plug: plain('plug'),
  noise: ([name, share], boards) => ({ do: 'noise', at: boardNamed(name, boards).at, share: shareOf(share) }),
  slow: ([name, by], boards) => ({ do: 'slow', at: boardNamed(name, boards).at, byUs: durationOf(by, '80ms') }),
  flip: ([name, place], boards) => {
    const board = boardNamed(name, boards);
    return { do: 'flip', at: board.at, ...bitOf(place, board) };
  },
  pin: ([name, pin, level], boards) => {
    const board = boardNamed(name, boards);
    return { do: 'pin', at: board.at, pin: pinOf(pin, board), level: levelOf(level) };
  },
  analog: ([name, channel, counts], boards) => {
    const board = boardNamed(name, boards);
    return { do: 'analog', at: board.at, channel: channelOf(channel, board), counts: countsOf(counts) };
  },
  relay: ([state]) => {
    if (state === 'stuck') return { do: 'relay-stuck' };
    throw usage(`the relay cannot be made ${state}`, 'relay stuck');
  },
  ledger: ([state, by]) => {
    if (state === 'slow') return { do: 'ledger-slow', byUs: durationOf(by, '500ms') };
    throw usage(`the ledger cannot be made ${state}`, 'ledger slow 500ms');
  },
  release: () => ({ do: 'release' }),
};

/** `halt a` as it was typed, word by word. Throws USAGE, in one sentence, for what no emulated pair of such boards can be done. */
export function readHand(words: readonly string[], boards: HandledBoards): Hand {
  const [first = '', ...rest] = words;
  const known = Object.keys(HANDS);
  if (first === '') throw usage('nothing to try was named', known.join(', '));
  const read = Object.hasOwn(READERS, first) ? READERS[first] : undefined;
  const example = HANDS[first]?.typed;
  if (read === undefined || example === undefined) {
    if (boards.some(({ name }) => name === first))
      throw usage(`${first} is a board, and what is done to it comes first`, `as in halt ${first}`);
    const near = nearestWord(first, known);
    throw usage(
      `${first} is nothing that can be tried${near === undefined ? '' : `; did you mean ${near}?`}`,
      known.join(', '),
    );
  }
  const wanted = example.split(' ').length;
  if (words.length < wanted) throw usage(`${words.join(' ')} says too little`, `as in ${example}`);
  const tooMany = words[wanted];
  if (tooMany !== undefined)
    throw usage(`${tooMany} is one word too many behind ${words.slice(0, wanted).join(' ')}`, `as in ${example}`);
  return read(rest, boards);
}

function plain(act: 'halt' | 'restart' | 'unplug' | 'plug'): Reader {
  return ([name], boards) => ({ do: act, at: boardNamed(name, boards).at });
}

function boardNamed(name: string | undefined, boards: HandledBoards): HandledBoard {
  const board = boards.find((one) => one.name === name);
  if (board !== undefined) return board;
  throw usage(`this pair has no board ${name}`, boards.map((one) => one.name).join(' or '));
}

function shareOf(text = ''): number {
  const percent = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100;
  throw usage(`${text} is no share of the bytes on a line`, '0% to 100%, such as 1%');
}

function durationOf(text = '', example: string): number {
  const us = parseDuration(text);
  if (us !== undefined && us <= LONGEST_US) return us;
  throw usage(
    `${text} is no time by which something is slower`,
    `0ms to ${LONGEST_US / 1_000_000}s, such as ${example}`,
  );
}

/** Only memory: a register is a peripheral's, and a bit of it is changed by what is wired to it. */
function bitOf(text = '', { name, mcu }: HandledBoard): { readonly address: number; readonly bit: number } {
  const [, address, bit] = /^0x([0-9a-f]{1,8})\.(\d)$/i.exec(text) ?? [];
  const place = Number.parseInt(address ?? '', 16);
  const lastByte = mcu.sramStart + mcu.sramBytes - 1;
  if (place >= mcu.sramStart && place <= lastByte && Number(bit) <= 7) return { address: place, bit: Number(bit) };
  throw usage(
    `${text} is no bit of the memory of board ${name}`,
    `an address and a bit from ${hex(mcu.sramStart)}.0 to ${hex(lastByte)}.7, such as 0x123.4`,
  );
}

function pinOf(text = '', { name, facts, mcu }: HandledBoard): number {
  const { digital, analog } = pinsOf(facts, mcu);
  const inputs = digital.filter((pin) => pin >= SERIAL_PINS && !analog.includes(pin));
  // Two channels of a Nano are wired to the converter alone.
  const digitalToo = analog.filter((pin) => pin < mcu.pins.length);
  const channel = /^A(\d{1,2})$/i.exec(text)?.[1];
  const number = Number(/^D?(\d{1,2})$/i.exec(text)?.[1] ?? -1);
  const pin = channel === undefined ? inputs.find((one) => one === number) : digitalToo[Number(channel)];
  if (pin !== undefined) return pin;
  throw usage(
    `board ${name} has no pin ${text} for an input`,
    `D${SERIAL_PINS} to D${Math.max(...inputs)}, or A0 to A${digitalToo.length - 1}`,
  );
}

/** Of a kind whose file says nothing of pins: those of its chip. */
function pinsOf({ pins }: BoardFacts, mcu: Mcu): Pick<PinFacts, 'digital' | 'analog'> {
  if (pins !== undefined) return pins;
  const all = mcu.pins.map((_, pin) => pin);
  return { digital: all.slice(0, mcu.firstAnalogPin), analog: all.slice(mcu.firstAnalogPin) };
}

function levelOf(text = ''): OutsideLevel {
  const level = Object.hasOwn(LEVELS, text) ? LEVELS[text] : undefined;
  if (level !== undefined) return level;
  throw usage(`${text} is no level of a pin`, 'high, low or open');
}

function channelOf(text = '', { name, facts, mcu }: HandledBoard): number {
  const { length } = pinsOf(facts, mcu).analog;
  const channel = Number(/^A(\d{1,2})$/i.exec(text)?.[1] ?? -1);
  if (channel >= 0 && channel < length) return channel;
  throw usage(`board ${name} has no channel ${text}`, `A0 to A${length - 1}`);
}

function countsOf(text = ''): number {
  if (/^\d{1,4}$/.test(text) && Number(text) <= MOST_COUNTS) return Number(text);
  throw usage(`${text} is nothing that the converter shows`, `0 to ${MOST_COUNTS}`);
}

function usage(message: string, expected: string): CopycatError {
  return new CopycatError('USAGE', message, { expected });
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
