import { FIVE_VOLT_RAIL, GROUND_RAIL, isRail, type Netlist, type Part } from '../netlist/netlist.js';
import type { Box, PlacedPart, PlacedTerminal } from './drawing.js';
import { wrapWords } from './text-width.js';

export const GRID = 10;
export const DRAWING_WIDTH = 1260;
/** Left edge and width of the columns; what lies between is for wires. */
const COLUMNS = [
  { x: 50, width: 190 },
  { x: 360, width: 230 },
  { x: 700, width: 190 },
  { x: 1000, width: 220 },
] as const;
/** More of it for each step of `room`, at every column's left side and between parts that stand one above the other. */
const MORE_COLUMN = 60;
const MORE_GAP = 20;
export const TITLE_SIZE = 14;
export const NOTE_SIZE = 11;
const NOTE_LINE = 14;
export const TITLE_LINE = 18;
const ROW = 20;
const RAIL_HEIGHT = 20;
const TOP_OF_RAIL = 120;
const TOP = 190;
/** Room for wires between two parts that stand one above the other. */
const GAP = 50;
const RESISTOR: Pick<Box, 'width' | 'height'> = { width: 120, height: 20 };

/** Height of what stands above the rows of terminals. */
function headingHeight(part: Part): number {
  if (part.kind === 'resistor') return 0;
  const lines = noteLines(part).length;
  return Math.ceil((8 + titleLines(part).length * TITLE_LINE + lines * NOTE_LINE) / GRID) * GRID;
}

export function titleLines(part: Part): readonly string[] {
  return wrapWords(part.title, COLUMNS[part.column].width - 20, TITLE_SIZE, true);
}

export function noteLines(part: Part): readonly string[] {
  return wrapWords(part.note, COLUMNS[part.column].width - 20, NOTE_SIZE);
}

export interface Layout {
  readonly parts: readonly PlacedPart[];
  readonly width: number;
  readonly height: number;
}

/** Where every part stands. Parts of the third column stand beside what they are wired to. `room`: 0, or more of it for wires. */
export function layOut(netlist: Netlist, room: number): Layout {
  const gap = GAP + room * MORE_GAP;
  const leftOf = (part: Part) => columnLeft(part.column, room) + (part.kind === 'resistor' ? 40 : 0);
  const placed = new Map<string, Box>();
  const inColumn = (column: number) => netlist.parts.filter((part) => part.column === column && !isRail(part.id));
  for (const column of [0, 1, 3]) {
    let y = TOP;
    for (const part of inColumn(column)) {
      const size = sizeOf(part);
      placed.set(part.id, { x: leftOf(part), y, ...size });
      y += size.height + (part.kind === 'resistor' ? gap - 20 : gap);
    }
  }
  const wanted = inColumn(2)
    .map((part) => ({ part, y: wantedY(part, netlist, placed) }))
    .sort((one, other) => one.y - other.y);
  let y = TOP;
  for (const { part, y: desired } of wanted) {
    const size = sizeOf(part);
    const at = Math.max(y, Math.round((desired - size.height / 2) / GRID) * GRID);
    placed.set(part.id, { x: leftOf(part), y: at, ...size });
    y = at + size.height + gap - 20;
  }
  const bottom = Math.max(...[...placed.values()].map((box) => box.y + box.height)) + 60;
  const left = columnLeft(0, room);
  const right = columnLeft(3, room) + COLUMNS[3].width;
  placed.set(GROUND_RAIL, { x: left, y: bottom, width: right - left, height: RAIL_HEIGHT });
  placed.set(FIVE_VOLT_RAIL, {
    x: columnLeft(1, room),
    y: TOP_OF_RAIL,
    width: right - columnLeft(1, room),
    height: RAIL_HEIGHT,
  });
  const parts = netlist.parts.flatMap((part) => {
    const box = placed.get(part.id);
    return box === undefined ? [] : [{ part, ...box, terminals: terminalsOf(part, box) }];
  });
  return { parts, width: right + 40 + room * MORE_COLUMN, height: bottom + RAIL_HEIGHT + 20 };
}

function columnLeft(column: Part['column'], room: number): number {
  return COLUMNS[column].x + room * MORE_COLUMN * (column + 1);
}

function sizeOf(part: Part): Pick<Box, 'width' | 'height'> {
  if (part.kind === 'resistor') return RESISTOR;
  return { width: COLUMNS[part.column].width, height: headingHeight(part) + rowsOf(part) * ROW + GRID };
}

function rowsOf(part: Part): number {
  const count = (side: string) => part.terminals.filter((terminal) => terminal.side === side).length;
  return Math.max(count('left'), count('right'));
}

function terminalsOf(part: Part, box: Box): readonly PlacedTerminal[] {
  const rows = { left: 0, right: 0 };
  return part.terminals.map(({ id, side }) => {
    const row = rows[side]++;
    const y = part.kind === 'resistor' ? box.y + box.height / 2 : box.y + headingHeight(part) + row * ROW + GRID;
    return { id, side, x: side === 'left' ? box.x : box.x + box.width, y };
  });
}

/** The mean height of what a part is wired to; the supply of the Pi stands at its foot. */
function wantedY(part: Part, netlist: Netlist, placed: ReadonlyMap<string, Box>): number {
  const heights = netlist.wires.flatMap(({ from, to }) => {
    const other = from.part === part.id ? to : to.part === part.id ? from : null;
    const box = other === null ? undefined : placed.get(other.part);
    const partner = netlist.parts.find(({ id }) => id === other?.part);
    if (other === null || box === undefined || partner === undefined) return [];
    return [terminalsOf(partner, box).find(({ id }) => id === other.terminal)?.y ?? box.y];
  });
  return heights.length === 0 ? TOP : heights.reduce((sum, one) => sum + one, 0) / heights.length;
}
