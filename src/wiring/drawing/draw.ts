import { internalError } from '../../errors/copycat-error.js';
import { isRail, type Meaning, type Netlist, type WireEnd } from '../netlist/netlist.js';
import type { Drawing, DrawnText, DrawnWire, PlacedPart, Point, Tag } from './drawing.js';
import { GRID, type Layout, layOut, NOTE_SIZE, noteLines, TITLE_LINE, TITLE_SIZE, titleLines } from './layout.js';
import { type Port, type Routes, routeWires, type WireRequest } from './router/route-wires.js';
import { textWidth } from './text-width.js';

const LABEL_SIZE = 12;
const TAG_HEIGHT = 14;
/** Height that a line of text takes, of its size. */
const LINE = 1.15;

/** Steps of room that are tried; eight channels with everything there is want the first beyond none. */
const MOST_ROOM = 4;

/** Where everything is: parts, texts, and the way of every wire. The same netlist gives the same drawing. */
export function draw(netlist: Netlist): Drawing {
  const groups = groupsOf(netlist);
  for (let room = 0; room <= MOST_ROOM; room++) {
    const layout = layOut(netlist, room);
    const routes = routeWires({
      columns: layout.width / GRID + 1,
      rows: Math.ceil(layout.height / GRID) + 2,
      boxes: layout.parts.map(({ x, y, width, height }) => ({
        left: x / GRID,
        top: y / GRID,
        right: (x + width) / GRID,
        bottom: (y + height) / GRID,
      })),
      wires: netlist.wires.map((wire) => requestOf(wire, layout.parts, groups)),
    });
    if (routes !== null) return drawingOf(netlist, layout, routes, groups);
  }
  throw internalError('the drawing has no room for its wires', netlist.title);
}

function drawingOf(
  netlist: Netlist,
  { parts, width, height }: Layout,
  routes: Routes,
  groups: ReadonlyMap<number, string>,
): Drawing {
  const tags = parts.flatMap((part) => tagsOf(part, netlist));
  return {
    width,
    height,
    parts,
    texts: parts.flatMap((part) => textsOf(part, netlist, tags)),
    tags,
    wires: netlist.wires.map(({ number, meaning }): DrawnWire => {
      const points = routes.get(number) ?? [];
      return { number, meaning, points: points.map(({ x, y }) => ({ x: x * GRID, y: y * GRID })) };
    }),
    joints: jointsOf(netlist, routes, groups),
  };
}

/** Wires that meet at a terminal or a rail are one electrical node. */
function groupsOf(netlist: Netlist): ReadonlyMap<number, string> {
  const nameOf = new Map<string, string>();
  const find = (key: string): string => {
    const parent = nameOf.get(key);
    return parent === undefined || parent === key ? key : find(parent);
  };
  const key = ({ part, terminal }: WireEnd) => `${part}.${terminal}`;
  for (const { from, to } of netlist.wires) nameOf.set(find(key(from)), find(key(to)));
  return new Map(netlist.wires.map((wire) => [wire.number, find(key(wire.from))]));
}

function requestOf(
  wire: Netlist['wires'][number],
  parts: readonly PlacedPart[],
  groups: ReadonlyMap<number, string>,
): WireRequest {
  // Towards a rail, so that the search begins at the one place that is given.
  const [from, to] = isRail(wire.from.part) ? [wire.to, wire.from] : [wire.from, wire.to];
  return {
    number: wire.number,
    group: groups.get(wire.number) ?? '',
    from: portsOf(from, parts),
    to: portsOf(to, parts),
  };
}

function portsOf(end: WireEnd, parts: readonly PlacedPart[]): readonly Port[] {
  const part = parts.find((one) => one.part.id === end.part);
  if (part === undefined) return [];
  if (isRail(end.part)) {
    const ports: Port[] = [];
    for (let x = part.x / GRID + 1; x < (part.x + part.width) / GRID; x++) {
      ports.push({ x, y: part.y / GRID, leaves: 3 }, { x, y: (part.y + part.height) / GRID, leaves: 1 });
    }
    return ports;
  }
  return part.terminals
    .filter(({ id }) => id === end.terminal)
    .map(({ x, y, side }) => ({ x: x / GRID, y: y / GRID, leaves: side === 'left' ? 2 : 0 }));
}

function numbersAt(netlist: Netlist, part: string, terminal: string): readonly { number: number; meaning: Meaning }[] {
  return netlist.wires.filter(({ from, to }) =>
    [from, to].some((end) => end.part === part && end.terminal === terminal),
  );
}

function tagsOf({ part, terminals }: PlacedPart, netlist: Netlist): readonly Tag[] {
  if (part.kind === 'rail' || part.kind === 'resistor') return [];
  return terminals.flatMap(({ id, side, x, y }) => {
    let at = side === 'left' ? x + 3 : x - 3;
    return numbersAt(netlist, part.id, id).map(({ number, meaning }): Tag => {
      const width = number < 10 ? 13 : 19;
      const left = side === 'left' ? at : at - width;
      at += side === 'left' ? width + 2 : -width - 2;
      return { number, meaning, x: left, y: y - TAG_HEIGHT / 2, width, height: TAG_HEIGHT };
    });
  });
}

function textsOf(placed: PlacedPart, netlist: Netlist, allTags: readonly Tag[]): readonly DrawnText[] {
  const { part, x, y, width, height } = placed;
  if (part.kind === 'resistor' || part.kind === 'rail') {
    const wide = textWidth(part.title, LABEL_SIZE, part.kind === 'rail');
    const left = part.kind === 'rail' ? x + 12 : x + (width - wide) / 2;
    return [text(part.title, left, y + height / 2, LABEL_SIZE, part.kind === 'rail' ? 'bold' : 'normal')];
  }
  const titles = titleLines(part);
  const heading = [
    ...titles.map((line, index) => text(line, x + 10, y + 15 + index * TITLE_LINE, TITLE_SIZE, 'bold')),
    ...noteLines(part).map((line, index) =>
      text(line, x + 10, y + 14 + titles.length * TITLE_LINE + index * 14, NOTE_SIZE, 'normal'),
    ),
  ];
  const labels = placed.terminals.flatMap((terminal) => {
    const said = part.terminals.find(({ id }) => id === terminal.id)?.label ?? '';
    if (said === '') return [];
    const own = allTags.filter((tag) => tag.x >= x && tag.x < x + width && tag.y + TAG_HEIGHT / 2 === terminal.y);
    const used = numbersAt(netlist, part.id, terminal.id).length;
    // A pin of the header that is used is no longer what it might have been.
    const label = part.kind === 'pi' && used > 0 ? said.replace(/^(GPIO\d+) .*/, '$1') : said;
    const weight = used > 0 ? ('bold' as const) : ('faint' as const);
    const size = part.kind === 'pi' && used === 0 ? LABEL_SIZE - 1 : LABEL_SIZE;
    const wide = textWidth(label, size, used > 0);
    if (part.kind === 'pi' && /^\d+$/.test(terminal.id)) {
      // Beside the pin in the middle of the header.
      const middle = x + width / 2;
      return [text(label, terminal.side === 'left' ? middle - 24 - wide : middle + 24, terminal.y, size, weight)];
    }
    const sameSide = own.filter((tag) => (terminal.side === 'left') === tag.x < x + width / 2);
    const edge =
      terminal.side === 'left'
        ? Math.max(x + 6, ...sameSide.map((tag) => tag.x + tag.width + 4))
        : Math.min(x + width - 6, ...sameSide.map((tag) => tag.x - 4)) - wide;
    return [text(label, edge, terminal.y, size, weight)];
  });
  return [...heading, ...labels];
}

/** `y` is the middle of the line. */
function text(said: string, x: number, y: number, size: number, weight: DrawnText['weight']): DrawnText {
  const tall = size * LINE;
  return {
    text: said,
    size,
    weight,
    x,
    y: y - tall / 2,
    width: textWidth(said, size, weight === 'bold'),
    height: tall,
  };
}

/** Points where three or four ways of one node meet. */
function jointsOf(netlist: Netlist, routes: Routes, groups: ReadonlyMap<number, string>): readonly Point[] {
  const ways = new Map<string, Map<string, Set<string>>>();
  for (const { number } of netlist.wires) {
    const group = groups.get(number) ?? '';
    const points = ways.get(group) ?? new Map<string, Set<string>>();
    ways.set(group, points);
    const corners = routes.get(number) ?? [];
    for (const [index, to] of corners.entries()) {
      const from = corners[index - 1];
      if (from === undefined) continue;
      const stepX = Math.sign(to.x - from.x);
      const stepY = Math.sign(to.y - from.y);
      for (let x = from.x, y = from.y; x !== to.x || y !== to.y; x += stepX, y += stepY) {
        note(points, `${x},${y}`, `${stepX},${stepY}`);
        note(points, `${x + stepX},${y + stepY}`, `${-stepX},${-stepY}`);
      }
    }
  }
  return [...ways.values()].flatMap((points) =>
    [...points]
      .filter(([, leaving]) => leaving.size > 2)
      .map(([point]) => {
        const [x = 0, y = 0] = point.split(',').map(Number);
        return { x: x * GRID, y: y * GRID };
      }),
  );
}

function note(points: Map<string, Set<string>>, point: string, way: string): void {
  const ways = points.get(point) ?? new Set<string>();
  ways.add(way);
  points.set(point, ways);
}
