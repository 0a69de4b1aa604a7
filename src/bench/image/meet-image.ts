import { mcuNamed } from '../../emulator/mcu-named.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { HelloMessage } from '../../protocol/messages.generated.js';
import { ReplayBoard } from '../replay/replay-board.js';
import { isNoAnswer } from '../replay/replay-run.js';
import { BENCH_KINDS, type BenchKind, mcuOfKind } from '../stage/heater-image.js';

/** What an image has shown of itself, alone on a board. */
export interface MetImage {
  readonly hello: HelloMessage;
  /** The pins that it drives after its first input, by Arduino's number, but for the serial port's. */
  readonly outputs: readonly number[];
}

const SEED = 7;
/** An image of another processor speaks in this time or never. */
const OTHER_KIND_US = 1_500_000;
const SOON_US = 1_500_000;
/** Whoever has said nothing by then never will. */
const HELLO_US = 4_000_000;
const SERIAL_PINS = 2;
/** More restarts than this in ten seconds are a loop. */
const MOST_RESTARTS = 2;

/**
 * Lets the image run alone for a moment, and gives it one input.
 * @param payload what the first input says
 * @throws CopycatError USAGE, with what is wrong by name: another processor, no cc_begin, prints on the link, restarts in a
 *   loop, stops itself, takes longer than the deadline
 */
export function meetImage(
  image: { readonly file: string; readonly hex: string; readonly kind: BenchKind },
  payload: Uint8Array,
  deadlineUs: number,
): MetImage {
  const { file, hex, kind } = image;
  const mcu = mcuOfKind(kind).name;
  const replayed = new ReplayBoard({ hex, mcu, seed: SEED });
  // Who speaks at all mostly does so at once; before the rest of the time is waited for, the other processor is asked.
  const other = replayed.hello(SOON_US) === null ? otherKind(hex, kind) : null;
  if (other !== null) throw isForAnother(file, kind, other);
  const hello = replayed.open(HELLO_US);
  if (isNoAnswer(hello)) throw notMet(file, replayed);
  const beganUs = replayed.board.nowUs;
  const answer = replayed.play({ payload, pairTimeMs: 1000, observed: null });
  const tookUs = replayed.board.nowUs - beganUs;
  if (replayed.restarts > MOST_RESTARTS) throw loops(file, replayed);
  if (isNoAnswer(answer)) {
    throw new CopycatError('USAGE', `${file}: at its first input ${answer.noAnswer}`, {
      expected: 'an onInput() that returns, and leaves waiting to the pair time of later inputs',
    });
  }
  if (tookUs > deadlineUs) {
    throw new CopycatError('USAGE', `${file} took ${Math.round(tookUs / 1000)} ms for its first input`, {
      expected: `less than the deadline of ${deadlineUs / 1000} ms: look for delay() and loops that wait in onInput()`,
    });
  }
  return { hello, outputs: drivenPins(replayed, mcu) };
}

/** What an image does that never begins to speak as a harness board does. */
function notMet(file: string, replayed: ReplayBoard): CopycatError {
  if (replayed.restarts > MOST_RESTARTS) return loops(file, replayed);
  const said = Buffer.from(replayed.firstBytes).toString('latin1');
  const expected = 'a sketch that calls cc_begin() in setup() and cc_poll() in loop()';
  if (said.length > 0) {
    const text = said
      .replace(/[^\x20-\x7e]+/g, ' ')
      .trim()
      .slice(0, 40);
    return new CopycatError('USAGE', `${file} prints on its serial port and never says HELLO`, {
      ...(text === '' ? {} : { value: text }),
      expected: `${expected}, and prints by cc_log()`,
    });
  }
  return new CopycatError('USAGE', `${file} never says HELLO, not in ${(SOON_US + HELLO_US) / 1e6} s of its own time`, {
    expected,
  });
}

function loops(file: string, { restarts, board }: ReplayBoard): CopycatError {
  const seconds = (board.nowUs / 1e6).toFixed(1);
  return new CopycatError(
    'USAGE',
    `${file} restarts again and again: ${restarts} times in ${seconds} s of its own time`,
    {
      expected: 'a program that feeds its watchdog: cc_poll() in loop(), and nothing that waits beside it',
    },
  );
}

function otherKind(hex: string, kind: BenchKind): BenchKind | null {
  return BENCH_KINDS.find((one) => one !== kind && speaksOn(hex, one)) ?? null;
}

function isForAnother(file: string, kind: BenchKind, other: BenchKind): CopycatError {
  const [own, its] = [mcuOfKind(kind), mcuOfKind(other)];
  return new CopycatError('USAGE', `${file} is an image for another processor: ${its.name}`, {
    expected: `one for ${own.name}, or --board ${other}`,
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
