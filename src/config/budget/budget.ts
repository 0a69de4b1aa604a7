import { characterUs } from '../../values/line-settings.js';
import type { BoardConfig, Config } from '../config.js';
import type { LinesProtocol, ModbusProtocol } from '../protocol-config.js';
import { exchangeFloorUs, exchangeOnWire, FIRMWARE } from './exchange-floor.js';
import { linkFloor } from './link-floor.js';

/** One stretch of the way of an input, in the order in which it is gone. */
export interface Leg {
  readonly name: string;
  readonly typicalUs: number;
  readonly worstUs: number;
  /** Board and wire: what the deadline counts (R14). */
  readonly counts: boolean;
}

export interface Budget {
  /** The board with the slowest link. */
  readonly board: string;
  readonly link: string;
  /** Until the pin of the primary has moved. */
  readonly toPin: readonly Leg[];
  /** What follows until the primary is done and the backup gets its copy. */
  readonly toDone: readonly Leg[];
  readonly pinMoves: Span;
  readonly done: Span;
  /** Below it a sound board would be declared failed now and then: `copycat check` refuses it. */
  readonly deadlineFloorUs: number;
  readonly deadlineUs: number;
  /** Inputs a second, one after the other. */
  readonly surelyHz: number;
  readonly usuallyHz: number;
  /** From the moment a silent primary was given an input until the other board drives the actuator. */
  readonly takeoverWhenSilent: Span;
  /** From the moment it is known that the primary is gone. */
  readonly takeoverWhenGone: Span;
  /** Of boards with firmware of their own: from the request until the other board's answer, when the primary says nothing. */
  readonly answeredInTakeover?: Span;
}

export interface Span {
  readonly typicalUs: number;
  readonly worstUs: number;
}

/** A frame of usual length on the wire. */
const FRAME_CHARACTERS = 24;
/** Where it is not known which chip it is: as of an Uno, the slowest of those that come along once their timers are set. */
const CHIP_NOT_KNOWN = { name: 'a USB chip that nothing is known of', latencyUs: 4000 };
/** Until bytes that are written have left the process, or read ones have come in: a host that does other things as well. */
const HOST: Span = { typicalUs: 50, worstUs: 1000 };
/** USB at full speed has one frame a millisecond, each way. */
const USB_FRAME: Span = { typicalUs: 500, worstUs: 1000 };
/** An ATmega at 16 MHz checks a frame, computes and frames its answer (measured on the emulated heater). */
const COMPUTES: Span = { typicalUs: 400, worstUs: 1000 };
const ACTS: Span = { typicalUs: 100, worstUs: 300 };
/** Round trip to the ledger's thread: in memory, or with an fsync on an SD card (docs/ledger.md). */
const LEDGER: Readonly<Record<Config['ledger']['durability'], Span>> = {
  process: { typicalUs: 100, worstUs: 1000 },
  power: { typicalUs: 8000, worstUs: 40_000 },
};
const NOTHING: Span = { typicalUs: 0, worstUs: 0 };

/** DESIGN section 4 for this configuration: what one input takes, from which stretches, and what follows from it. */
export function budgetOf(config: Config): Budget {
  const { protocol } = config;
  if (protocol.dialect !== 'harness') return budgetOfExchange(config, protocol);
  const [first, second] = config.boards;
  const slowest = linkFloor(second).worstUs > linkFloor(first).worstUs ? second : first;
  const ledger = LEDGER[config.ledger.durability];
  const both = config.commit.needs === 'both';
  const toPin = [
    ...downTo(slowest, 'INPUT'),
    leg('the board computes', COMPUTES),
    ...upFrom(slowest, 'RESULT'),
    ...(both ? roundTrip(slowest) : []),
    leg('the ledger commits', ledger, false),
    ...downTo(slowest, 'COMMIT'),
    leg('the board moves its pin', ACTS),
  ];
  const toDone = upFrom(slowest, 'DONE');
  const pinMoves = sum(toPin);
  const done = sum([...toPin, ...toDone]);
  const gone = plus(ledger, { typicalUs: config.relay.operateUs, worstUs: config.relay.settleUs + config.catchUpUs });
  return {
    board: slowest.board,
    link: linkFloor(slowest).link,
    ...{ toPin, toDone, pinMoves, done },
    deadlineFloorUs: linkFloor(slowest).worstUs,
    deadlineUs: config.deadlineUs,
    surelyHz: 1e6 / done.worstUs,
    usuallyHz: 1e6 / done.typicalUs,
    takeoverWhenGone: gone,
    takeoverWhenSilent: plus(gone, { typicalUs: config.deadlineUs, worstUs: config.deadlineUs }),
  };
}

/** Boards that act as soon as they are asked: no ledger in between, and nothing to grant (R7 does not hold). */
function budgetOfExchange(config: Config, protocol: LinesProtocol | ModbusProtocol): Budget {
  const [first, second] = config.boards;
  const isSecondSlower = exchangeFloorUs(second, protocol) > exchangeFloorUs(first, protocol);
  const slowest = isSecondSlower ? second : first;
  const { requestUs, answerUs } = exchangeOnWire(slowest, protocol);
  const both = config.commit.needs === 'both';
  const there = [
    ...hostTo(slowest, 'the request'),
    leg('  the wire', { typicalUs: requestUs, worstUs: requestUs }),
    leg('the board acts, and computes (not known: 2 to 300 ms)', FIRMWARE),
  ];
  const back = [leg('its answer on the wire', { typicalUs: answerUs, worstUs: answerUs }), ...hostFrom(slowest)];
  const toDone = both ? [...back, ...there, ...back] : back;
  const pinMoves = sum(there);
  const done = sum([...there, ...toDone]);
  const moved = { typicalUs: config.relay.operateUs, worstUs: config.relay.settleUs + config.catchUpUs };
  const gone = plus(LEDGER[config.ledger.durability], moved);
  const silent = plus(gone, { typicalUs: config.deadlineUs, worstUs: config.deadlineUs });
  return {
    board: slowest.board,
    link: usbOf(slowest)?.name ?? linkFloor(slowest).link,
    ...{ toPin: there, toDone, pinMoves, done },
    deadlineFloorUs: exchangeFloorUs(slowest, protocol),
    deadlineUs: config.deadlineUs,
    surelyHz: 1e6 / done.worstUs,
    usuallyHz: 1e6 / done.typicalUs,
    takeoverWhenGone: gone,
    takeoverWhenSilent: silent,
    answeredInTakeover: plus(silent, sum([...there, ...back])),
  };
}

function downTo(board: BoardConfig, what: string): readonly Leg[] {
  return [...hostTo(board, what), wire(board)];
}

function hostTo(board: BoardConfig, what: string): readonly Leg[] {
  const usb = usbOf(board) === null ? NOTHING : USB_FRAME;
  return [leg(`${what} leaves the host`, HOST), leg('  its USB frame', usb)].filter(isSome);
}

function upFrom(board: BoardConfig, what: string): readonly Leg[] {
  return [wire(board, what), ...hostFrom(board)];
}

function hostFrom(board: BoardConfig): readonly Leg[] {
  const chip = usbOf(board);
  if (chip === null) return [leg('  the host reads it', HOST)];
  const { latencyUs, name } = chip;
  return [
    leg(`  ${name} holds it`, { typicalUs: latencyUs / 2, worstUs: latencyUs }),
    leg('  its USB frame', USB_FRAME),
    leg('  the host reads it', HOST),
  ];
}

/** Commits that need both boards wait for the other one's result as well. */
function roundTrip(board: BoardConfig): readonly Leg[] {
  return [...downTo(board, 'the copy'), leg('the other board computes', COMPUTES), ...upFrom(board, 'its RESULT')];
}

function wire(board: BoardConfig, what = '  the wire'): Leg {
  const us = FRAME_CHARACTERS * characterUs(board.line);
  return leg(what === '  the wire' ? what : `${what} on the wire`, { typicalUs: us, worstUs: us });
}

/** A latency timer that can be set is taken to be set: copycat doctor and the udev rules do so. */
function usbOf(board: BoardConfig): { readonly name: string; readonly latencyUs: number } | null {
  if (board.facts.usb === undefined) return CHIP_NOT_KNOWN;
  const [chip] = board.facts.usb;
  if (chip === undefined) return null;
  return { name: `the ${chip.chip}`, latencyUs: chip.latencyIsSettable ? 1000 : chip.latencyMs * 1000 };
}

function leg(name: string, { typicalUs, worstUs }: Span, counts = true): Leg {
  return { name, typicalUs, worstUs, counts };
}

function isSome({ worstUs }: Leg): boolean {
  return worstUs > 0;
}

function sum(legs: readonly Leg[]): Span {
  return legs.reduce<Span>(plus, NOTHING);
}

function plus(one: Span, other: Span): Span {
  return { typicalUs: one.typicalUs + other.typicalUs, worstUs: one.worstUs + other.worstUs };
}
