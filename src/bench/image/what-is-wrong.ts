import { CopycatError } from '../../errors/copycat-error.js';
import type { FailedReason } from '../../protocol/messages.generated.js';
import type { RamOfImage } from './free-ram.js';
import type { WatchedImage } from './watched-image.js';

/** More starts than this without an input are a loop. */
const MOST_RESTARTS = 2;
const MOST_SHOWN_CHARACTERS = 40;
/** A stack that is smaller than this may have run into the variables. */
const SMALL_STACK_BYTES = 300;

const SKETCH = 'a sketch that calls cc_begin() at the end of setup() and cc_poll() in loop()';
const LATER = 'keep in the state when something is due, and let an input of a later pair time do it';

/** What an image is called, and what is known of it before it runs. */
export interface NamedImage {
  readonly file: string;
  readonly ram: RamOfImage | null;
}

/** What an image does that never answers as a harness board does: by what was seen of it, and what to change. */
export function whySilent({ file, ram }: NamedImage, image: WatchedImage): CopycatError {
  const { replayed } = image;
  const seconds = (image.nowUs / 1e6).toFixed(1);
  const hasSpoken = replayed.firstFrameUs !== null;
  const said = text(replayed.strayBytes.length > 0 ? replayed.strayBytes : replayed.firstBytes);
  if (image.jumpsToZero > MOST_RESTARTS) return beginsAnew(file, image, ram);
  if (replayed.restarts > MOST_RESTARTS) {
    return hasSpoken
      ? usage(
          `${file} says HELLO and then blocks until its watchdog restarts it: ${replayed.restarts} times in ${seconds} s`,
          `cc_poll() in loop() all the time, and nothing beside it that waits: no delay(); ${LATER}`,
        )
      : usage(
          `${file} restarts again and again: ${replayed.restarts} times in ${seconds} s its watchdog ran out before it said HELLO`,
          `${SKETCH}, and nothing that waits between them`,
        );
  }
  if (replayed.firstBytes.length > 0 && image.keepsInterruptsOff()) {
    return usage(
      `${file} keeps interrupts off: it cannot hear what it is asked, nor say more than a few bytes`,
      'interrupts() behind every noInterrupts(), sei() behind every cli()',
    );
  }
  if (isSmall(ram)) return stackTooSmall(file, ram, 'never says HELLO');
  if (!hasSpoken && replayed.firstBytes.length > 0) {
    const expected = `${SKETCH}, and prints by cc_log()`;
    return usage(`${file} prints on its serial port and never says HELLO`, expected, said);
  }
  if (hasSpoken) {
    return usage(
      `${file} says HELLO and then never answers, not in ${seconds} s of its own time`,
      'cc_poll() in loop() all the time, and nobody who ends or begins Serial beside cc_begin()',
    );
  }
  return usage(`${file} never says HELLO, not in ${seconds} s of its own time`, `${SKETCH}, and nothing slow before`);
}

/** What an image does that answers, and yet keeps its board from working in a pair; null: nothing was seen. */
export function whatDisturbs({ file, ram }: NamedImage, image: WatchedImage): CopycatError | null {
  const { restarts, strayBytes } = image.replayed;
  if (image.jumpsToZero > 0) return beginsAnew(file, image, ram);
  if (restarts > 0) {
    const times = restarts === 1 ? 'once' : `${restarts} times`;
    return usage(
      `${file} blocks in loop() until its watchdog restarts it, ${times} in ${(image.nowUs / 1e6).toFixed(1)} s`,
      `nothing beside cc_poll() that waits: no delay(); ${LATER}`,
    );
  }
  const said = text(strayBytes);
  if (said === undefined) return null;
  return usage(
    `${file} prints on the line over which it speaks to the gateway`,
    'cc_log() for people, cc_reply() for answers, and no Serial.print()',
    said,
  );
}

/** An input that is not answered. */
export function whyNoResult(
  { file, ram }: NamedImage,
  image: WatchedImage,
  given: { readonly number: number; readonly noAnswer: string; readonly stopped: FailedReason | null },
): CopycatError {
  const at = `at ${inputText(given.number)}`;
  if (image.jumpsToZero > 0) return beginsAnew(file, image, ram);
  if (given.stopped !== null) {
    if (isSmall(ram) && given.stopped === 'stateCorrupt') return stackTooSmall(file, ram, `stops itself ${at}`);
    return usage(
      `${file}: ${at} ${given.noAnswer}`,
      WHY_STOPPED[given.stopped] ?? 'an onInput() that comes to a result',
    );
  }
  if (isSmall(ram)) return stackTooSmall(file, ram, `gives no answer ${at}`);
  if (image.replayed.restarts > 0) {
    return usage(
      `${file} blocks ${at} for so long that its watchdog restarts it`,
      `an onInput() that returns at once: no delay(), no loop that waits; ${LATER}`,
    );
  }
  return usage(`${file}: ${at} ${given.noAnswer}`, `an onInput() that returns; ${LATER}`);
}

function inputText(number: number): string {
  return number === 1 ? 'its first input' : `input ${number}`;
}

const WHY_STOPPED: Partial<Readonly<Record<FailedReason, string>>> = {
  stateCorrupt:
    'nobody but onInput() who writes into the state: no interrupt, no loop(), no function that moves an output of its own, no array that ends before its index',
  outputCorrupt:
    'nobody but cc_write() who moves a declared output, CC_PWM only on pins that have it, and a read_back() of an own output that gives the level written last (behind a shift register the bench has nothing to read: NULL)',
  internal: 'at most four cc_read() and four cc_reply() an input, and only of what is declared',
};

export function speaksLate(file: string, afterUs: number): CopycatError {
  return usage(
    `${file} says HELLO only ${(afterUs / 1e6).toFixed(1)} s after its start`,
    'nothing slow before cc_begin(): no delay(), no warm-up. A board that restarts in a pair counts as silent until then',
  );
}

export function takesTooLong(file: string, number: number, tookUs: number, deadlineUs: number): CopycatError {
  return usage(
    `${file} took ${Math.round(tookUs / 1000)} ms for ${inputText(number)}`,
    `less than the deadline of ${deadlineUs / 1000} ms: look for delay() and loops that wait, in onInput() and in loop()`,
  );
}

export function otherBaudRate(file: string, baudRate: number, expected: number): CopycatError {
  return usage(
    `${file} speaks at ${Math.round(baudRate / 100) * 100} baud, and the gateway at ${expected}`,
    'no Serial.begin() beside cc_begin()',
  );
}

/** Nothing runs without a stack. */
export function stackTooSmall(file: string, ram: RamOfImage, does: string): CopycatError {
  const { variableBytes, stackBytes } = ram;
  const all = variableBytes + stackBytes;
  const left = stackBytes < 0 ? 'more than there is' : `and leave ${stackBytes} for the stack`;
  return usage(
    `${file} ${does}: its state and other variables take ${variableBytes} of ${all} bytes of RAM, ${left}`,
    `at least ${SMALL_STACK_BYTES} bytes for the stack: a smaller state, smaller arrays, texts in F("…")`,
  );
}

function isSmall(ram: RamOfImage | null): ram is RamOfImage {
  return ram !== null && ram.stackBytes < SMALL_STACK_BYTES;
}

function beginsAnew(file: string, image: WatchedImage, ram: RamOfImage | null): CopycatError {
  if (isSmall(ram)) return stackTooSmall(file, ram, 'begins anew again and again without a reset');
  const seconds = (image.nowUs / 1e6).toFixed(1);
  return usage(
    `${file} begins anew again and again without a reset: ${image.jumpsToZero} times in ${seconds} s it came to address 0`,
    'no jump to 0, no call of a function that is not there, and no array that is written beyond its end',
  );
}

/** What was printed, as far as it can be shown; undefined: nothing. */
function text(bytes: readonly number[]): string | undefined {
  const shown = Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
  if (shown !== '') return shown.slice(0, MOST_SHOWN_CHARACTERS);
  return bytes.length === 0 ? undefined : `${bytes.length} bytes`;
}

function usage(message: string, expected: string, value?: string): CopycatError {
  return new CopycatError('USAGE', message, { expected, ...(value === undefined ? {} : { value }) });
}
