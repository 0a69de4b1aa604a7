import { readFileSync } from 'node:fs';
import type { CharacterFormat } from '../../../src/emulator/character-format.js';
import { EmulatedBoard } from '../../../src/emulator/emulated-board.js';
import { bitsPerCharacter } from '../../../src/values/line-settings.js';

const images = new URL('../../../firmware-harness/images/', import.meta.url);
/** The supply comes on, the crystal settles, and the program starts. */
const startUs = 70_000;

/** A committed image, by its name without processor. */
function imageOf(name: string): string {
  return readFileSync(new URL(`${name}.atmega328p.hex`, images), 'utf8');
}

/** Where an image keeps its state. */
export function stateAddress(name: string): number {
  const text = readFileSync(new URL(`${name}.atmega328p.symbols.json`, images), 'utf8');
  const { symbols } = JSON.parse(text) as { symbols: { state: { address: number } } };
  return symbols.state.address;
}

export interface LineOptions {
  readonly baudRate: number;
  readonly format: CharacterFormat;
  readonly eeprom?: Uint8Array;
}

/** An emulated Uno with a committed image, and a listener at the other end of its serial line. */
export class SerialLine {
  readonly uno: EmulatedBoard;
  /** What has been heard since it was last taken, and when each byte ended. */
  #heard: { readonly byte: number; readonly atUs: number }[] = [];
  /** When the last byte given has ended. */
  givenUs = 0;
  readonly #byteUs: number;
  readonly #options: LineOptions;

  constructor(image: string, options: LineOptions) {
    const { baudRate, format, eeprom } = options;
    this.#options = options;
    this.#byteUs = (bitsPerCharacter(format) * 1e6) / baudRate;
    this.uno = new EmulatedBoard({ hex: imageOf(image), seed: 3, ...(eeprom === undefined ? {} : { eeprom }) });
    this.uno.onTransmit = (byte, atUs) => this.#heard.push({ byte, atUs });
    this.uno.runForUs(startUs);
  }

  get byteUs(): number {
    return this.#byteUs;
  }

  /** Puts bytes on the line without a gap, now or behind what is on it already, after a pause. */
  give(bytes: Iterable<number>, pauseUs = 0): void {
    this.givenUs = Math.max(this.givenUs, this.uno.nowUs) + pauseUs;
    for (const byte of bytes) {
      this.uno.receive(byte, this.givenUs, this.#options.baudRate, this.#options.format);
      this.givenUs += this.#byteUs;
    }
  }

  /** Lets time pass, and takes what was heard. */
  listen(forUs: number): number[] {
    return this.listenTimed(forUs).map(({ byte }) => byte);
  }

  listenTimed(forUs: number): readonly { readonly byte: number; readonly atUs: number }[] {
    this.uno.runForUs(forUs);
    const heard = this.#heard;
    this.#heard = [];
    return heard;
  }
}
