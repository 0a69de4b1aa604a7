import { readUserFile } from '../../config/load/read-user-file.js';
import { loadHex } from '../../emulator/hex.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { BENCH_KINDS, type BenchKind, mcuOfKind } from '../stage/heater-image.js';
import { beyondEveryAvr } from './other-processor.js';

const HEX_EXPECTED = 'the .hex file that the Arduino IDE exports (Sketch, Export Compiled Binary)';
/** Four times the text of a full flash of 256 KB. */
const MOST_BYTES = 4_194_304;
const ELF_MAGIC = '\u007fELF';

/**
 * The text of an Intel HEX file that fits a board of this kind.
 * @param file what the user calls it
 * @throws CopycatError USAGE for a file that cannot be read, is none, is damaged or cut short, or does not fit the flash
 */
export function readImage(path: string, kind: BenchKind, file = path): string {
  const text = readUserFile(path, {
    ...{ shown: file, what: 'the image', code: 'USAGE', mostBytes: MOST_BYTES, encoding: 'latin1' },
    origin: `expected ${HEX_EXPECTED}`,
  });
  if (text.startsWith(ELF_MAGIC)) {
    throw new CopycatError('USAGE', `${file} is an ELF file`, {
      expected: `Intel HEX: ${HEX_EXPECTED}, or avr-objcopy -O ihex -R .eeprom ${file} out.hex`,
    });
  }
  if (!text.startsWith(':'))
    throw new CopycatError('USAGE', `${file} is no Intel HEX file`, { expected: HEX_EXPECTED });
  const mcu = mcuOfKind(kind);
  try {
    loadHex(text, mcu.flashBytes);
  } catch (cause) {
    if (!(cause instanceof CopycatError)) throw cause;
    throw unfit(file, cause, text, kind);
  }
  return text;
}

function unfit(file: string, cause: CopycatError, text: string, kind: BenchKind): CopycatError {
  const { message } = cause;
  if (message.includes('end record')) {
    return new CopycatError('USAGE', `${file} is cut short: its last line is missing`, {
      expected: 'a last line :00000001FF; copy or build it again',
    });
  }
  if (message.includes('beyond the flash')) {
    const mcu = mcuOfKind(kind);
    const beyond = beyondEveryAvr(text);
    if (beyond !== null) {
      return new CopycatError('USAGE', `${file} is an image for another processor: it begins at ${beyond}`, {
        expected: `one for ${mcu.name}`,
      });
    }
    const larger = BENCH_KINDS.find((one) => one !== kind && fits(text, one));
    const other = larger === undefined ? '' : `; it would fit a ${mcuOfKind(larger).name} (--board ${larger})`;
    return new CopycatError('USAGE', `${file} is too large: ${message.replace(/^hex /, 'its ')}${other}`, {
      expected: `an image for ${mcu.name}, which has ${mcu.flashBytes} bytes of flash`,
    });
  }
  const line = /line (\d+)/.exec(message)?.[1] ?? '?';
  return new CopycatError('USAGE', `${file}:${line} is damaged`, {
    value: typeof cause.value === 'string' ? cause.value.slice(0, 60) : cause.value,
    expected: 'a record of Intel HEX with a right checksum; copy or build it again',
  });
}

function fits(text: string, kind: BenchKind): boolean {
  try {
    loadHex(text, mcuOfKind(kind).flashBytes);
    return true;
  } catch {
    // Not for that one either.
    return false;
  }
}
