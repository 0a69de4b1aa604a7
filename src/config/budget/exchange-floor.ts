import { silenceUs } from '../../protocol/modbus/silence.js';
import { characterUs } from '../../values/line-settings.js';
import type { BoardConfig } from '../config.js';
import type { LinesProtocol, ModbusProtocol, RegisterRange } from '../protocol-config.js';

/** A board with firmware of its own: what it is asked and answers on the wire, and what its firmware takes in between. */

/** A read or write of a slave: address, code, four bytes, checksum. */
const REQUEST_CHARACTERS = 8;
/** Around its data an answer has address, code, count and checksum. */
const ANSWER_AROUND = 5;
/** What masters often read at once, where the configuration names nothing. */
const USUAL_REGISTERS = 10;
/** The longest answer of a slave. */
const MOST_CHARACTERS = 256;
/** A line each way. */
const LINE_CHARACTERS = 20;

/** By itself, before the first byte of its answer: from what was measured and read of real ones (2 to 300 ms). */
export const FIRMWARE = { typicalUs: 5_000, worstUs: 30_000 };
/** The quickest slave. */
const QUICKEST_US = 2_000;
/** USB at full speed, there and back, and what a chip holds back of an answer. */
const USB_US = 2_000;
const CHIP_US = 4_000;

/** What goes over the wire for one input of usual length, in microseconds. */
export interface ExchangeOnWire {
  readonly requestUs: number;
  readonly answerUs: number;
}

export function exchangeOnWire(board: BoardConfig, protocol: LinesProtocol | ModbusProtocol): ExchangeOnWire {
  const { line } = board;
  const us = (characters: number): number => characters * characterUs(line);
  if (protocol.dialect === 'lines') return { requestUs: us(LINE_CHARACTERS), answerUs: us(LINE_CHARACTERS) };
  // The silence ends a frame: before the slave begins, and before the gateway believes it.
  return {
    requestUs: us(REQUEST_CHARACTERS) + silenceUs(line),
    answerUs: us(answerCharacters(protocol)) + silenceUs(line),
  };
}

/** Below it not even the quickest board could always answer: R14. */
export function exchangeFloorUs(board: BoardConfig, protocol: LinesProtocol | ModbusProtocol): number {
  const { requestUs, answerUs } = exchangeOnWire(board, protocol);
  const quickestUs = protocol.dialect === 'modbus' ? QUICKEST_US : 0;
  return Math.round(requestUs + quickestUs + answerUs + USB_US + CHIP_US);
}

/** The longest answer that a slave can be asked for, with its request. */
export function longestExchangeUs({ line }: BoardConfig): number {
  const onWireUs = (REQUEST_CHARACTERS + MOST_CHARACTERS) * characterUs(line) + 2 * silenceUs(line);
  return Math.round(onWireUs + QUICKEST_US + USB_US + CHIP_US);
}

/** Of the longest range that the gateway reads by itself, and at least of what masters often read. */
function answerCharacters({ watch, joinCopy }: ModbusProtocol): number {
  const own = [...watch, ...joinCopy].map(dataBytes);
  return Math.min(MOST_CHARACTERS, ANSWER_AROUND + Math.max(2 * USUAL_REGISTERS, ...own));
}

function dataBytes({ space, first, last }: RegisterRange): number {
  const count = last - first + 1;
  return space === 'coils' || space === 'discrete' ? Math.ceil(count / 8) : 2 * count;
}
