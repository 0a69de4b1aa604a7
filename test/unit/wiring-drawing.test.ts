import { describe, expect, it } from 'vitest';
import { draw } from '../../src/wiring/drawing/draw.js';
import type { Box, Drawing, DrawnWire, Point } from '../../src/wiring/drawing/drawing.js';
import { wiringSvg } from '../../src/wiring/drawing/sheet-svg.js';
import { isRail, type Netlist } from '../../src/wiring/netlist/netlist.js';
import { netlistOf } from '../../src/wiring/netlist/netlist-of.js';
import { configOf, SAMPLE_NAMES, sample } from './wiring-kit.js';

interface Segment {
  readonly wire: number;
  readonly from: Point;
  readonly to: Point;
}

const drawings = new Map<string, { readonly netlist: Netlist; readonly drawing: Drawing }>();

function drawn(name: string): { readonly netlist: Netlist; readonly drawing: Drawing } {
  const netlist = netlistOf(sample(name));
  const known = drawings.get(name) ?? { netlist, drawing: draw(netlist) };
  drawings.set(name, known);
  return known;
}

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

const segmentsOf = ({ number, points }: DrawnWire): readonly Segment[] =>
  points.slice(1).map((to, index) => ({ wire: number, from: points[index] ?? to, to }));

const boxOf = ({ from, to }: Segment): Box => ({
  x: Math.min(from.x, to.x),
  y: Math.min(from.y, to.y),
  width: Math.abs(from.x - to.x),
  height: Math.abs(from.y - to.y),
});

/** Which wires are one node, worked out from the netlist alone. */
function nodes({ wires }: Netlist): ReadonlyMap<number, number> {
  const node = new Map(wires.map(({ number }) => [number, number]));
  for (const one of wires) {
    for (const other of wires) {
      const ends = [other.from, other.to];
      const meet = [one.from, one.to].some((end) =>
        ends.some(({ part, terminal }) => part === end.part && terminal === end.terminal),
      );
      const [kept, gone] = [node.get(one.number), node.get(other.number)];
      if (!meet || kept === gone || kept === undefined || gone === undefined) continue;
      for (const [number, value] of node) if (value === gone) node.set(number, kept);
    }
  }
  return node;
}

describe.each(SAMPLE_NAMES)('the drawing of %s', (name) => {
  it('no two parts overlap', () => {
    const { parts } = drawn(name).drawing;
    for (const [index, one] of parts.entries()) {
      for (const other of parts.slice(index + 1))
        expect(overlap(one, other), `${one.part.id} ${other.part.id}`).toBe(false);
    }
  });

  it('every text stands in a part, and no two texts or numbers overlap', () => {
    const { parts, texts, tags } = drawn(name).drawing;
    for (const text of texts)
      expect(
        parts.some((part) => within(text, part)),
        text.text,
      ).toBe(true);
    const written = [
      ...texts.map((box) => ({ box, said: box.text })),
      ...tags.map((box) => ({ box, said: `no ${box.number}` })),
    ];
    for (const [index, one] of written.entries()) {
      for (const other of written.slice(index + 1)) {
        expect(overlap(one.box, other.box), `${one.said} / ${other.said}`).toBe(false);
      }
    }
  });

  it('every wire of the netlist is drawn once, from its one terminal to its other', () => {
    const { netlist, drawing } = drawn(name);
    expect(drawing.wires.map(({ number }) => number)).toEqual(netlist.wires.map(({ number }) => number));
    for (const { number, from, to } of netlist.wires) {
      const points = drawing.wires.find((wire) => wire.number === number)?.points ?? [];
      const ends = [points[0], points.at(-1)];
      for (const { part, terminal } of [from, to]) {
        const placed = drawing.parts.find((one) => one.part.id === part);
        const at = placed?.terminals.find(({ id }) => id === terminal);
        const reached = ends.some((end) =>
          isRail(part)
            ? placed !== undefined && (end?.y === placed.y || end?.y === placed.y + placed.height)
            : end?.x === at?.x && end?.y === at?.y,
        );
        expect(reached, `wire ${number} at ${part}.${terminal}`).toBe(true);
      }
    }
  });

  it('every wire runs level or upright, inside the sheet, and through no part', () => {
    const { wires, parts, width, height } = drawn(name).drawing;
    for (const segment of wires.flatMap(segmentsOf)) {
      const box = boxOf(segment);
      expect(Math.min(box.width, box.height), `wire ${segment.wire}`).toBe(0);
      expect(within(box, { x: 0, y: 0, width, height })).toBe(true);
      for (const { part, ...at } of parts) {
        const inner = { x: at.x + 1, y: at.y + 1, width: at.width - 2, height: at.height - 2 };
        const thick = { x: box.x - 0.5, y: box.y - 0.5, width: box.width + 1, height: box.height + 1 };
        expect(overlap(thick, inner), `wire ${segment.wire} through ${part.id}`).toBe(false);
      }
    }
  });

  it('wires of different nodes cross only straight, away from corners, ends and each other’s way', () => {
    const { netlist, drawing } = drawn(name);
    const node = nodes(netlist);
    for (const one of drawing.wires) {
      for (const other of drawing.wires) {
        if (one.number >= other.number || node.get(one.number) === node.get(other.number)) continue;
        for (const a of segmentsOf(one)) {
          for (const b of segmentsOf(other)) {
            const [boxA, boxB] = [boxOf(a), boxOf(b)];
            const meet =
              boxA.x <= boxB.x + boxB.width &&
              boxB.x <= boxA.x + boxA.width &&
              boxA.y <= boxB.y + boxB.height &&
              boxB.y <= boxA.y + boxA.height;
            if (!meet) continue;
            const [level, upright] = boxA.height === 0 ? [boxA, boxB] : [boxB, boxA];
            const crosses =
              level.height === 0 &&
              upright.width === 0 &&
              upright.x > level.x &&
              upright.x < level.x + level.width &&
              level.y > upright.y &&
              level.y < upright.y + upright.height;
            expect(crosses, `wires ${one.number} and ${other.number}`).toBe(true);
          }
        }
      }
    }
  });

  it('a dot stands where wires of one node branch, and nowhere else', () => {
    const { netlist, drawing } = drawn(name);
    const node = nodes(netlist);
    const ways = new Map<string, Set<string>>();
    for (const segment of drawing.wires.flatMap(segmentsOf)) {
      const { x, y, width, height } = boxOf(segment);
      for (let step = 0; step < (width + height) / 10; step++) {
        const [x1, y1] = width > 0 ? [x + step * 10, y] : [x, y + step * 10];
        const [x2, y2] = width > 0 ? [x1 + 10, y] : [x, y1 + 10];
        for (const [at, to] of [[`${x1},${y1}`, `${x2},${y2}`] as const, [`${x2},${y2}`, `${x1},${y1}`] as const]) {
          const key = `${node.get(segment.wire)}:${at}`;
          ways.set(key, (ways.get(key) ?? new Set()).add(to));
        }
      }
    }
    const branches = [...ways].filter(([, to]) => to.size > 2).map(([key]) => key.split(':')[1]);
    expect(drawing.joints.map(({ x, y }) => `${x},${y}`).sort()).toEqual(branches.sort());
  });
});

describe('the sheet', () => {
  it('the same configuration gives the same sheet', () => {
    const config = sample('two-relays');
    expect(wiringSvg(netlistOf(config))).toBe(wiringSvg(netlistOf(config)));
  });

  it('has every row of the pin table, the legend, and well-formed marks', () => {
    const netlist = netlistOf(configOf());
    const svg = wiringSvg(netlist);
    expect(svg).toContain('Pi pin 11 (GPIO17)');
    expect(svg).toContain('violet: command of the gateway');
    expect(svg).toContain('Driver of a relay');
    const open = [...svg.matchAll(/<(svg|g|text|title)\b/g)].length;
    const closed = [...svg.matchAll(/<\/(svg|g|text|title)>/g)].length;
    expect(closed).toBe(open);
  });

  it('escapes what a configuration says', () => {
    const svg = wiringSvg(netlistOf(configOf({ wiring: '{ actuator: "pump <1> & \\"2\\"" }' })));
    expect(svg).toContain('pump &lt;1&gt; &amp;');
    expect(svg).not.toContain('<1>');
  });

  it('says what must not be built so above the drawing, and is silent about notes', () => {
    const netlist = netlistOf(configOf());
    const finding = { key: 'wiring', message: 'smoke comes out', remedy: 'none' };
    expect(wiringSvg(netlist, [{ ...finding, severity: 'error' }])).toContain('DO NOT BUILD IT SO: smoke comes out');
    expect(wiringSvg(netlist, [{ ...finding, severity: 'note' }])).not.toContain('smoke');
  });

  it('draws the fullest installation there is', () => {
    const config = configOf({
      boards:
        '{ a: { kind: mega2560, port: usb-1.2, reset: GPIO5 }, b: { kind: mega2560, port: usb-1.3, reset: GPIO6 } }',
      relay:
        '{ kind: two-relays, pins: { a: [GPIO17, GPIO22, GPIO24, GPIO26], b: [GPIO18, GPIO23, GPIO25, GPIO20] }, at-rest: none, feedback: [GPIO27, GPIO12, GPIO13, GPIO21], dead-man: { pin: GPIO16 } }',
      alarm: '{ pin: GPIO19 }',
      stop: '{ means: cut-off, pin: GPIO4 }',
      wiring: '{ supply: separate, sensor: shared }',
    });
    const netlist = netlistOf(config);
    const drawing = draw(netlist);
    expect(drawing.wires.every(({ points }) => points.length >= 2)).toBe(true);
    expect(drawing.wires).toHaveLength(netlist.wires.length);
  });
});
