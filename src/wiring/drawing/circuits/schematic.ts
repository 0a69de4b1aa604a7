import { svgLine, svgRect, svgText, type TextStyle } from '../svg-parts.js';

type Place = readonly [x: number, y: number];

/** Signs of circuit diagrams (IEC 60617), drawn one after the other. Ends of a sign are where its wires go on. */
export class Schematic {
  readonly #pieces: string[] = [];

  wire(...places: readonly Place[]): this {
    this.#pieces.push(
      svgLine(
        places.map(([x, y]) => ({ x, y })),
        STROKE,
      ),
    );
    return this;
  }

  dot(x: number, y: number): this {
    this.#pieces.push(`<circle cx="${x}" cy="${y}" r="3.2" fill="#111"/>`);
    return this;
  }

  text(said: string, x: number, y: number, style: TextStyle = {}): this {
    this.#pieces.push(svgText(said, x, y, style));
    return this;
  }

  /** A named end, drawn as a small open circle. */
  end(said: string, x: number, y: number, side: 'left' | 'right' | 'above' | 'below'): this {
    this.#pieces.push(`<circle cx="${x}" cy="${y}" r="3" fill="#fff" stroke="#111" stroke-width="1.4"/>`);
    const style = { isBold: true } as const;
    if (side === 'left') return this.text(said, x - 7, y + 4, { ...style, anchor: 'end' });
    if (side === 'right') return this.text(said, x + 7, y + 4, style);
    return this.text(said, x, side === 'above' ? y - 8 : y + 17, { ...style, anchor: 'middle' });
  }

  /** 40 long, to the right of `x`. */
  resistor(x: number, y: number, said: string): this {
    this.#pieces.push(svgRect(x, y - 6, 40, 12, BODY));
    return this.text(said, x + 20, y - 10, { anchor: 'middle' });
  }

  /** 40 long, below `y`. */
  uprightResistor(x: number, y: number, said: string): this {
    this.#pieces.push(svgRect(x - 6, y, 12, 40, BODY));
    return this.text(said, x + 11, y + 24);
  }

  /** A coil of 44 by 24 round its middle; its ends are above and below. */
  coil(x: number, y: number, said: string): this {
    this.#pieces.push(svgRect(x - 22, y - 12, 44, 24, BODY));
    return this.text(said, x, y + 4, { anchor: 'middle', isBold: true });
  }

  lamp(x: number, y: number): this {
    this.#pieces.push(`<circle cx="${x}" cy="${y}" r="13" fill="#fff" ${STROKE}/>`);
    return this.wire([x - 9, y - 9], [x + 9, y + 9]).wire([x - 9, y + 9], [x + 9, y - 9]);
  }

  /** The current goes up or down, or to the right. 24 long. */
  diode(x: number, y: number, goes: 'up' | 'down' | 'right', said = ''): this {
    const turn = { up: 0, down: 180, right: 90 }[goes];
    this.#pieces.push(
      `<g transform="translate(${x} ${y}) rotate(${turn})"><path d="M0 12V-12M-9 8H9L0 -7ZM-9 -7H9" fill="#fff" ${STROKE}/></g>`,
    );
    return said === '' ? this : this.text(said, x + 14, y + 4);
  }

  /** Plates across an upright wire; ends 6 above and below. */
  capacitor(x: number, y: number, said: string): this {
    this.wire([x - 12, y - 4], [x + 12, y - 4]).wire([x - 12, y + 4], [x + 12, y + 4]);
    this.wire([x, y - 6], [x, y - 4]).wire([x, y + 4], [x, y + 6]);
    return this.text(said, x + 16, y + 5);
  }

  /** Plates across a level wire; ends 6 to the left and right. */
  levelCapacitor(x: number, y: number, said: string): this {
    this.wire([x - 4, y - 12], [x - 4, y + 12]).wire([x + 4, y - 12], [x + 4, y + 12]);
    this.wire([x - 6, y], [x - 4, y]).wire([x + 4, y], [x + 6, y]);
    return this.text(said, x, y - 17, { anchor: 'middle' });
  }

  /** Base at (x, y), collector at (x + 24, y - 24), emitter at (x + 24, y + 24). */
  npn(x: number, y: number, said: string): this {
    this.wire([x, y], [x + 10, y]).wire([x + 10, y - 13], [x + 10, y + 13]);
    this.wire([x + 10, y - 5], [x + 24, y - 14], [x + 24, y - 24]);
    this.wire([x + 10, y + 5], [x + 24, y + 14], [x + 24, y + 24]);
    this.#pieces.push(`<path d="M${x + 22} ${y + 13}l-9 -1.5l4.5 -6Z" fill="#111"/>`);
    return this.text(said, x + 32, y + 4);
  }

  ground(x: number, y: number): this {
    this.wire([x, y], [x, y + 6]).wire([x - 10, y + 6], [x + 10, y + 6]);
    return this.wire([x - 6, y + 10], [x + 6, y + 10]).wire([x - 2, y + 14], [x + 2, y + 14]);
  }

  supply(x: number, y: number, said: string): this {
    return this.wire([x - 10, y], [x + 10, y]).text(said, x, y - 6, { anchor: 'middle', isBold: true });
  }

  /** COM at (x, y); throws NC at (x + 44, y - 14) and NO at (x + 44, y + 14); rests on NC. */
  changeover(x: number, y: number): this {
    this.wire([x, y], [x + 40, y - 12]);
    for (const [cx, cy] of [
      [x, y],
      [x + 44, y - 14],
      [x + 44, y + 14],
    ] as const) {
      this.#pieces.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="#fff" stroke="#111" stroke-width="1.4"/>`);
    }
    return this;
  }

  /** A contact of 44 to the right, drawn open or closed. */
  contact(x: number, y: number, isClosed: boolean): this {
    this.wire([x, y], [x + 42, isClosed ? y - 4 : y - 14]);
    for (const cx of [x, x + 44]) {
      this.#pieces.push(`<circle cx="${cx}" cy="${y}" r="3" fill="#fff" stroke="#111" stroke-width="1.4"/>`);
    }
    return this;
  }

  dashes(...places: readonly Place[]): this {
    this.#pieces.push(
      svgLine(
        places.map(([x, y]) => ({ x, y })),
        'stroke="#111" stroke-width="1.2" stroke-dasharray="5 4"',
      ),
    );
    return this;
  }

  cross(x: number, y: number, width: number, height: number): this {
    const red = 'stroke="#d40000" stroke-width="4" opacity="0.7"';
    this.#pieces.push(
      svgLine(
        [
          { x, y },
          { x: x + width, y: y + height },
        ],
        red,
      ),
    );
    this.#pieces.push(
      svgLine(
        [
          { x, y: y + height },
          { x: x + width, y },
        ],
        red,
      ),
    );
    return this;
  }

  box(x: number, y: number, width: number, height: number): this {
    this.#pieces.push(
      svgRect(x, y, width, height, 'fill="none" stroke="#555" stroke-width="1.2" stroke-dasharray="4 4"'),
    );
    return this;
  }

  toString(): string {
    return this.#pieces.join('\n');
  }
}

const STROKE = 'stroke="#111" stroke-width="1.6" stroke-linejoin="round"';
const BODY = `fill="#fff" ${STROKE}`;
