import { type CharacterFormat, eightNoneOne } from '../../emulator/character-format.js';
import { characterUs } from '../../values/line-settings.js';
import type { BenchBoard } from '../bench-board.js';

/** What came to a board's serial line without a pause of a character and a half. */
export interface Given {
  readonly atUs: number;
  readonly bytes: Uint8Array;
}

/** More than this is not kept: no run gives so much. */
const mostGiven = 100_000;
const longestGapCharacters = 1.5;

/** A listener at the board's end of its cable: what it was given, as it came. */
export class LineRecord {
  dropped = 0;
  readonly #given: { atUs: number; bytes: number[] }[] = [];
  #endUs = Number.NEGATIVE_INFINITY;

  constructor(board: BenchBoard) {
    const receive = board.receive.bind(board);
    board.receive = (byte, startUs, baudRate, format) => {
      this.#hear(byte, startUs, baudRate, format);
      receive(byte, startUs, baudRate, format);
    };
  }

  get given(): readonly Given[] {
    return this.#given.map(({ atUs, bytes }) => ({ atUs, bytes: Uint8Array.from(bytes) }));
  }

  #hear(byte: number, startUs: number, baudRate: number, format: CharacterFormat = eightNoneOne): void {
    const byteUs = characterUs({ ...format, baudRate });
    const isNew = startUs - this.#endUs > longestGapCharacters * byteUs;
    this.#endUs = startUs + byteUs;
    if (!isNew) this.#given.at(-1)?.bytes.push(byte);
    else if (this.#given.length < mostGiven) this.#given.push({ atUs: startUs, bytes: [byte] });
    else this.dropped += 1;
  }
}
