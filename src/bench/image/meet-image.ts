import { factsOfKind } from '../../config/load/board-files.js';
import { mcuNamed } from '../../emulator/mcu-named.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { HelloMessage } from '../../protocol/messages.generated.js';
import { ReplayBoard } from '../replay/replay-board.js';
import { isNoAnswer } from '../replay/replay-run.js';
import { BENCH_KINDS, type BenchKind, mcuOfKind } from '../stage/heater-image.js';
import { ramOfImage } from './free-ram.js';
import { otherProcessor } from './other-processor.js';
import { WatchedImage } from './watched-image.js';
import {
  type NamedImage,
  otherBaudRate,
  speaksLate,
  stackTooSmall,
  takesTooLong,
  whatDisturbs,
  whyNoResult,
  whySilent,
} from './what-is-wrong.js';

/** What an image has shown of itself, alone on a board. */
export interface MetImage {
  readonly hello: HelloMessage;
  /** The pins that it drives after its first input, by Arduino's number, but for the serial port's. */
  readonly outputs: readonly number[];
}

export interface ImageToMeet {
  /** What its user calls it. */
  readonly file: string;
  readonly hex: string;
  readonly kind: BenchKind;
  /** Of the gateway's line, in bits per second; not given: what boards of this kind begin at. */
  readonly baudRate?: number | undefined;
}

const SEED = 7;
/** An image of another processor speaks in this time or never. */
const OTHER_KIND_US = 1_500_000;
const SOON_US = 1_500_000;
/** All that is looked at, in emulated time: whoever has said nothing by then never will. */
const LONGEST_US = 10_000_000;
/** So long a sketch may wait before cc_begin(), power-on (65 ms) and the sum of its flash (0.2 s) included. */
const LATEST_HELLO_US = 1_000_000;
/** A sketch that waits now and then, or prints now and then, has done so by then. */
const LOOKED_AT_US = 3_000_000;
const INPUTS = 5;
const INPUT_EVERY_US = 20_000;
const FIRST_PAIR_TIME_MS = 1000;
/** The stack is beyond the end of RAM at once: it need not even be tried. */
const NO_STACK_BYTES = 32;
/** What a serial port bears. */
const BAUD_TOLERANCE = 0.03;
const SERIAL_PINS = 2;

/**
 * Lets the image run alone for a moment, and gives it a few inputs.
 * @param payload what an input says
 * @throws CopycatError USAGE, with what is wrong by name and what to change, within ten emulated seconds: another processor, more variables
 *   than RAM, no cc_begin, prints on the link, restarts in a loop, waits, keeps interrupts off, speaks at another rate, stops itself, takes
 *   longer than the deadline
 */
export function meetImage(image: ImageToMeet, payload: Uint8Array, deadlineUs: number): MetImage {
  const { file, hex, kind } = image;
  const mcu = mcuOfKind(kind);
  const lineBaudRate = image.baudRate ?? factsOfKind(kind).uart.baudRate;
  const named = { file, ram: ramOfImage(hex, mcu.name) };
  if (named.ram !== null && named.ram.stackBytes < NO_STACK_BYTES) throw stackTooSmall(file, named.ram, 'cannot run');
  const watched = new WatchedImage({ hex, mcu: mcu.name, seed: SEED });
  const { replayed } = watched;
  const leftUs = (): number => Math.max(0, LONGEST_US - watched.nowUs);
  // Who speaks at all mostly does so at once; before the rest of the time is waited for, the other processor is asked.
  if (replayed.hello(SOON_US) === null) {
    const other = otherKind(hex, kind);
    if (other !== null) throw isForAnother(file, kind, mcuOfKind(other).name, `, or --board ${other}`);
    const shows = replayed.firstFrameUs === null ? otherProcessor(hex, kind) : null;
    if (shows !== null) throw isForAnother(file, kind, shows, '');
  }
  const hello = replayed.open(leftUs() / 2);
  if (isNoAnswer(hello)) throw whySilent(named, watched);
  const spokeUs = replayed.firstFrameUs ?? 0;
  if (spokeUs > LATEST_HELLO_US) throw speaksLate(file, spokeUs);
  const { baudRate } = replayed.board;
  if (baudRate !== null && Math.abs(baudRate / lineBaudRate - 1) > BAUD_TOLERANCE) {
    throw otherBaudRate(file, baudRate, lineBaudRate);
  }
  const outputs = playSome(named, watched, { payload, deadlineUs, leftUs, mcu: mcu.name });
  if (watched.nowUs < LOOKED_AT_US) replayed.wait(LOOKED_AT_US - watched.nowUs);
  // Its answer begins with what ends whatever was printed meanwhile.
  replayed.hello(leftUs());
  const disturbs = whatDisturbs(named, watched);
  if (disturbs !== null) throw disturbs;
  return { hello, outputs };
}

/** The pins that are driven after the first input. */
function playSome(
  named: NamedImage,
  watched: WatchedImage,
  options: {
    readonly payload: Uint8Array;
    readonly deadlineUs: number;
    readonly leftUs: () => number;
    readonly mcu: string;
  },
): readonly number[] {
  const { payload, deadlineUs, leftUs, mcu } = options;
  const { replayed } = watched;
  let outputs: readonly number[] = [];
  for (let number = 1; number <= INPUTS; number++) {
    const beganUs = watched.nowUs;
    const pairTimeMs = FIRST_PAIR_TIME_MS + (number * INPUT_EVERY_US) / 1000;
    const answer = replayed.play({ payload, pairTimeMs, observed: null }, leftUs());
    const tookUs = watched.nowUs - beganUs;
    if (isNoAnswer(answer)) {
      const { noAnswer, stopped = null } = answer;
      throw whyNoResult(named, watched, { number, noAnswer, stopped });
    }
    if (tookUs > deadlineUs) throw takesTooLong(named.file, number, tookUs, deadlineUs);
    if (number === 1) outputs = drivenPins(replayed, mcu);
    replayed.wait(INPUT_EVERY_US);
  }
  return outputs;
}

function otherKind(hex: string, kind: BenchKind): BenchKind | null {
  return BENCH_KINDS.find((one) => one !== kind && speaksOn(hex, one)) ?? null;
}

function isForAnother(file: string, kind: BenchKind, which: string, orElse: string): CopycatError {
  return new CopycatError('USAGE', `${file} is an image for another processor: ${which}`, {
    expected: `one for ${mcuOfKind(kind).name}${orElse}`,
  });
}

function speaksOn(hex: string, kind: BenchKind): boolean {
  try {
    const board = new ReplayBoard({ hex, mcu: mcuOfKind(kind).name, seed: SEED });
    return board.hello(OTHER_KIND_US) !== null;
  } catch {
    // It does not even fit.
    return false;
  }
}

function drivenPins({ board }: ReplayBoard, mcu: string): readonly number[] {
  const data = board.machine?.cpu.data;
  if (data === undefined) return [];
  const pins = mcuNamed(mcu).pins.map(({ port, bit }, pin) => ({
    pin,
    isOutput: ((data[port.DDR] ?? 0) & (1 << bit)) !== 0,
  }));
  return pins.filter(({ pin, isOutput }) => isOutput && pin >= SERIAL_PINS).map(({ pin }) => pin);
}
