import type { Finding } from '../../config/checks/finding.js';
import { type Meaning, type Netlist, type PartKind, WIRE_COLOURS } from '../netlist/netlist.js';
import { DETAIL_HEIGHT, DETAIL_WIDTH } from './circuits/detail.js';
import { DETAILS, drawDetail } from './circuits/details.js';
import { draw } from './draw.js';
import type { Drawing, PlacedPart } from './drawing.js';
import { DRAWING_WIDTH } from './layout.js';
import { escapeXml, FACE, round, svgLine, svgRect, svgText } from './svg-parts.js';
import { textWidth, wrapWords } from './text-width.js';
import { wireTexts } from './wire-text.js';

const FILLS: Readonly<Record<PartKind, string>> = {
  pi: '#f2fbf2',
  board: '#eef5fc',
  relay: '#fdf6ea',
  chip: '#fdf6ea',
  stage: '#f6f1fb',
  resistor: '#fff',
  load: '#fbf3ee',
  supply: '#fcf0f0',
  sensor: '#f3f5f7',
  rail: '#fff',
};

const MARGIN = 40;
/** Between two blocks of a sheet. */
const GAP = 16;
const TABLE_ROW = 19;
const COLUMN_X = { number: 50, colour: 84, from: 190, to: 500, note: 810 } as const;

/** The whole sheet: drawing, legend, circuits of the blocks, pin table. `findings`: errors and warnings stand above it. */
export function wiringSvg(netlist: Netlist, findings: readonly Finding[] = []): string {
  const drawing = draw(netlist);
  const blocks = [heading(netlist), warnings(findings), drawingBlock(drawing), legend(netlist), details(netlist)];
  return stack(drawing.width, netlist.title, [...blocks, table(netlist)]);
}

/** The same on sheets of their own, for printing: the drawing, the circuits, the pin table. */
export function wiringSheets(netlist: Netlist, findings: readonly Finding[] = []): readonly string[] {
  const drawing = draw(netlist);
  const first = [heading(netlist), warnings(findings), drawingBlock(drawing), legend(netlist)];
  return [
    stack(drawing.width, netlist.title, first),
    stack(DRAWING_WIDTH, `${netlist.title}: circuits`, [details(netlist)]),
    stack(DRAWING_WIDTH, `${netlist.title}: pin table`, [table(netlist)]),
  ];
}

function stack(width: number, title: string, blocks: readonly Block[]): string {
  const pieces: string[] = [];
  let y = 0;
  for (const block of blocks.filter(({ height }) => height > 0)) {
    pieces.push(`<g transform="translate(0 ${round(y)})">\n${block.svg}\n</g>`);
    y += block.height + GAP;
  }
  return sheet(width, Math.ceil(y), title, pieces.join('\n'));
}

/** One circuit alone, for the documentation. */
export function detailSvg(name: keyof typeof DETAILS): string {
  const { svg } = oneDetail(name);
  return sheet(DETAIL_WIDTH, DETAIL_HEIGHT, DETAILS[name].title, svg);
}

function sheet(width: number, height: number, title: string, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FACE}" role="img" aria-label="${escapeXml(title)}">
<title>${escapeXml(title)}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${content}
</svg>
`;
}

interface Block {
  readonly svg: string;
  readonly height: number;
}

function heading({ title, subtitle }: Netlist): Block {
  const svg = `${svgText(title, MARGIN, 36, { size: 24, isBold: true })}\n${svgText(subtitle, MARGIN, 58, { size: 14 })}`;
  return { svg, height: 58 };
}

function warnings(findings: readonly Finding[]): Block {
  const grave = findings.filter(({ severity }) => severity !== 'note');
  if (grave.length === 0) return { svg: '', height: 0 };
  const lines = grave.flatMap(({ severity, message }) => {
    const isError = severity === 'error';
    const said = `${isError ? 'DO NOT BUILD IT SO' : 'Mind'}: ${message}`;
    const [first = '', ...rest] = wrapWords(said, DRAWING_WIDTH - 2 * MARGIN - 40, 13, isError);
    return [{ text: first, severity }, ...rest.map((text) => ({ text: `   ${text}`, severity }))];
  });
  const height = lines.length * 19 + 14;
  const isError = grave.some(({ severity }) => severity === 'error');
  const svg = [
    svgRect(
      MARGIN,
      0,
      DRAWING_WIDTH - 2 * MARGIN,
      height,
      `rx="4" fill="#fff" stroke="${isError ? '#d40000' : '#b87900'}" stroke-width="2"`,
    ),
    ...lines.map(({ text, severity }, index) =>
      svgText(text, MARGIN + 12, 22 + index * 19, {
        size: 13,
        isBold: severity === 'error',
        colour: severity === 'error' ? '#b00000' : '#111',
      }),
    ),
  ];
  return { svg: svg.join('\n'), height };
}

function drawingBlock(drawing: Drawing): Block {
  const top = 90;
  const svg = [
    ...drawing.parts.map(partSvg),
    ...drawing.wires.map(({ points, meaning }) => {
      const colour = WIRE_COLOURS[meaning].hex;
      const width = meaning === 'usb' ? 5 : 2.6;
      // The white edge lets the later wire pass visibly over the earlier one.
      return `${svgLine(points, 'stroke="#fff" stroke-width="6.5"')}\n${svgLine(points, `stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"`)}`;
    }),
    ...drawing.parts.map(terminalsSvg),
    ...drawing.joints.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="4.2" fill="#111"/>`),
    ...drawing.tags.map(({ number, meaning, x, y, width, height }) =>
      [
        svgRect(x, y, width, height, `rx="3" fill="${WIRE_COLOURS[meaning].hex}"`),
        svgText(String(number), x + width / 2, y + 11, { size: 10.5, isBold: true, colour: '#fff', anchor: 'middle' }),
      ].join('\n'),
    ),
    ...drawing.texts.map(({ text, x, y, size, height, weight }) =>
      svgText(text, x, y + height / 2 + size * 0.36, {
        size,
        isBold: weight === 'bold',
        colour: weight === 'faint' ? '#8a8a8a' : '#111',
      }),
    ),
  ];
  return { svg: `<g transform="translate(0 ${-top})">\n${svg.join('\n')}\n</g>`, height: drawing.height - top };
}

function partSvg({ part, x, y, width, height }: PlacedPart): string {
  if (part.kind === 'rail') {
    const colour = part.id === 'ground' ? WIRE_COLOURS.ground.hex : WIRE_COLOURS['5 V'].hex;
    return svgRect(x, y, width, height, `rx="4" fill="#fff" stroke="${colour}" stroke-width="3"`);
  }
  return svgRect(
    x,
    y,
    width,
    height,
    `rx="${part.kind === 'resistor' ? 3 : 7}" fill="${FILLS[part.kind]}" stroke="#333" stroke-width="1.6"`,
  );
}

function terminalsSvg({ part, terminals, x, width }: PlacedPart): string {
  if (part.kind === 'rail') return '';
  if (part.kind !== 'pi') {
    return terminals
      .map((at) => `<circle cx="${at.x}" cy="${at.y}" r="3.4" fill="#fff" stroke="#333" stroke-width="1.6"/>`)
      .join('\n');
  }
  const pins = terminals.filter(({ id }) => /^\d+$/.test(id));
  const first = pins[0]?.y ?? 0;
  const last = pins.at(-1)?.y ?? 0;
  const middle = x + width / 2;
  return [
    svgRect(middle - 22, first - 11, 44, last - first + 22, 'rx="3" fill="#222"'),
    ...pins.map(({ id, side, y }) => {
      const cx = side === 'left' ? middle - 10 : middle + 10;
      const pad =
        id === '1'
          ? svgRect(cx - 8.5, y - 8.5, 17, 17, 'fill="#f4d58d"')
          : `<circle cx="${cx}" cy="${y}" r="8.5" fill="#f4d58d"/>`;
      return `${pad}\n${svgText(id, cx, y + 3.6, { size: 10, anchor: 'middle', isBold: true })}`;
    }),
    ...terminals
      .filter(({ id }) => !/^\d+$/.test(id))
      .map((at) => `<circle cx="${at.x}" cy="${at.y}" r="3.4" fill="#fff" stroke="#333" stroke-width="1.6"/>`),
  ].join('\n');
}

function legend(netlist: Netlist): Block {
  const used = Object.keys(WIRE_COLOURS).filter((meaning): meaning is Meaning =>
    netlist.wires.some((wire) => wire.meaning === meaning),
  );
  const pieces: string[] = [];
  let x = MARGIN;
  let y = 14;
  for (const meaning of used) {
    const { hex, name, legend: said } = WIRE_COLOURS[meaning];
    const label = name === said ? said : `${name}: ${said}`;
    const width = 44 + textWidth(label, 12);
    if (x + width > DRAWING_WIDTH - MARGIN) {
      x = MARGIN;
      y += 20;
    }
    pieces.push(
      svgLine(
        [
          { x, y: y - 4 },
          { x: x + 28, y: y - 4 },
        ],
        `stroke="${hex}" stroke-width="${meaning === 'usb' ? 5 : 3.5}"`,
      ),
    );
    pieces.push(svgText(label, x + 34, y));
    x += width + 12;
  }
  y += 20;
  pieces.push(`<circle cx="${MARGIN + 14}" cy="${y - 4}" r="4.2" fill="#111"/>`);
  pieces.push(
    svgText(
      'A dot joins wires; wires that cross without one do not touch. The number at both ends of a wire is its row in the table below.',
      MARGIN + 34,
      y,
    ),
  );
  return { svg: pieces.join('\n'), height: y + 6 };
}

function details({ details: names }: Netlist): Block {
  if (names.length === 0) return { svg: '', height: 0 };
  const svg = names.map((name, index) => {
    const x = MARGIN + (index % 3) * (DETAIL_WIDTH + 20);
    const y = Math.floor(index / 3) * (DETAIL_HEIGHT + 14);
    return `<g transform="translate(${x} ${y})">\n${oneDetail(name).svg}\n</g>`;
  });
  return { svg: svg.join('\n'), height: Math.ceil(names.length / 3) * (DETAIL_HEIGHT + 14) - 14 };
}

function oneDetail(name: keyof typeof DETAILS): Block {
  const { title, text } = DETAILS[name];
  const svg = [
    svgRect(0.5, 0.5, DETAIL_WIDTH - 1, DETAIL_HEIGHT - 1, 'rx="5" fill="#fff" stroke="#999"'),
    svgText(title, 12, 20, { size: 13, isBold: true }),
    `<g transform="translate(0 26)">${drawDetail(name)}</g>`,
    ...wrapWords(text, DETAIL_WIDTH - 20, 11).map((line, index) => svgText(line, 12, 211 + index * 14, { size: 11 })),
  ];
  return { svg: svg.join('\n'), height: DETAIL_HEIGHT };
}

function table(netlist: Netlist): Block {
  const pieces: string[] = [];
  let y = 16;
  const row = (cells: Readonly<Record<keyof typeof COLUMN_X, string>>, isBold: boolean) => {
    for (const key of ['number', 'colour', 'from', 'to', 'note'] as const) {
      pieces.push(svgText(cells[key], COLUMN_X[key], y, { isBold: isBold || key === 'number' }));
    }
  };
  row({ number: 'no', colour: 'colour', from: 'from', to: 'to', note: 'note' }, true);
  pieces.push(
    svgLine(
      [
        { x: MARGIN, y: y + 6 },
        { x: DRAWING_WIDTH - MARGIN, y: y + 6 },
      ],
      'stroke="#333"',
    ),
  );
  for (const [index, wire] of wireTexts(netlist).entries()) {
    y += TABLE_ROW;
    const meaning = netlist.wires[index]?.meaning ?? 'ground';
    row({ number: String(wire.number), colour: '', from: wire.from, to: wire.to, note: wire.note }, false);
    pieces.push(
      svgLine(
        [
          { x: COLUMN_X.colour, y: y - 4 },
          { x: COLUMN_X.colour + 20, y: y - 4 },
        ],
        `stroke="${WIRE_COLOURS[meaning].hex}" stroke-width="4"`,
      ),
    );
    pieces.push(svgText(wire.colour, COLUMN_X.colour + 26, y));
    pieces.push(
      svgLine(
        [
          { x: MARGIN, y: y + 5 },
          { x: DRAWING_WIDTH - MARGIN, y: y + 5 },
        ],
        'stroke="#ddd"',
      ),
    );
  }
  return { svg: pieces.join('\n'), height: y + 10 };
}
