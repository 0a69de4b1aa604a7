import { bitsPerCharacter, type LineSettings } from '../../values/line-settings.js';

/** Above this the silences are times of their own and do not follow the baud rate (Modbus over serial line 1.02, 2.5.1.1). */
const FAST_BAUD = 19_200;
const FAST_SILENCE_US = 1_750;
const SILENT_CHARACTERS = 3.5;

export interface WireTimes {
  readonly characterUs: number;
  /** Between two frames, at least. */
  readonly silenceUs: number;
}

export function wireTimes(line: LineSettings): WireTimes {
  const characterUs = (bitsPerCharacter(line) * 1_000_000) / line.baudRate;
  return {
    characterUs,
    silenceUs: line.baudRate > FAST_BAUD ? FAST_SILENCE_US : Math.ceil(SILENT_CHARACTERS * characterUs),
  };
}
