import type { WireEnd } from '../netlist.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { pinOfLine } from '../pi-header.js';
import { FIRMATA, HOST } from './add-host.js';

const EMULATED = 'emulated';

/**
 * The terminal of a line: a pin of the Pi's header, or of the Firmata board. A line that is emulated, or that the header
 * does not have, is drawn at a part of its own.
 */
export function lineEnd(builder: NetlistBuilder, line: string): WireEnd {
  const pin = pinOfLine(line);
  if (pin !== undefined) return { part: HOST, terminal: String(pin.number) };
  if (isFirmataLine(line) && builder.has(FIRMATA, 'usb')) {
    return builder.terminal(FIRMATA, { id: line.toLowerCase(), label: line, side: 'left' });
  }
  const id = `line-${line.toLowerCase()}`;
  if (!builder.has(id, 'line')) {
    builder.part({
      id,
      kind: 'stage',
      title: line === EMULATED ? 'Emulated line' : line,
      note: line === EMULATED ? 'of the virtual bench: there is no pin' : 'there is no such pin here',
      column: 3,
      terminals: [{ id: 'line', label: line, side: 'left' }],
    });
  }
  return { part: id, terminal: 'line' };
}

export function isFirmataLine(line: string): boolean {
  return /^[DA]\d/.test(line);
}

/** Connects a terminal to as many volts as the input of this line bears. */
export function readingSupply(builder: NetlistBuilder, line: string, to: WireEnd, note: string): void {
  if (isFirmataLine(line) && builder.has(FIRMATA, 'usb')) builder.wire(`${FIRMATA}.5v`, to, '5 V');
  else builder.threeVolts(to, note);
}
