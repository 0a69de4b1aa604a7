import { isRail, type Netlist, WIRE_COLOURS, type Wire, type WireEnd } from '../netlist/netlist.js';
import { HOST } from '../netlist/parts/add-host.js';

/** What the pin table says of one wire. */
export interface WireText {
  readonly number: number;
  readonly from: string;
  readonly to: string;
  readonly colour: string;
  readonly note: string;
}

export function wireTexts(netlist: Netlist): readonly WireText[] {
  return netlist.wires.map((wire) => textOf(wire, netlist));
}

function textOf({ number, from, to, meaning, note }: Wire, netlist: Netlist): WireText {
  return { number, from: endText(from, netlist), to: endText(to, netlist), colour: WIRE_COLOURS[meaning].name, note };
}

/** `Pi pin 11 (GPIO17)`, `GND rail`, `Board a: D9`. */
function endText({ part, terminal }: WireEnd, netlist: Netlist): string {
  const found = netlist.parts.find(({ id }) => id === part);
  const label = found?.terminals.find(({ id }) => id === terminal)?.label ?? terminal;
  if (part === HOST) return /^\d+$/.test(terminal) ? `Pi pin ${terminal} (${label})` : `Pi: ${label}`;
  if (isRail(part)) return part === 'ground' ? 'GND rail' : '5 V rail';
  if (found?.kind === 'resistor') return `${found.title}, ${terminal === 'one' ? 'one end' : 'other end'}`;
  return `${found?.title ?? part}: ${label}`;
}
