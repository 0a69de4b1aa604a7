import { characterUs, type LineSettings } from '../../values/line-settings.js';

/** Above this the silence is a time of its own and does not follow the baud rate (Modbus over serial line 1.02, 2.5.1.1). */
const FAST_BAUD = 19_200;
const FAST_SILENCE_US = 1_750;
const SILENT_CHARACTERS = 3.5;

/** Between two RTU frames, at least, in microseconds. */
export function silenceUs(line: LineSettings): number {
  return line.baudRate > FAST_BAUD ? FAST_SILENCE_US : Math.ceil(SILENT_CHARACTERS * characterUs(line));
}
