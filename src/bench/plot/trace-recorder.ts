import type { FieldMap } from '../../faults/stored-fault.js';
import type { Message } from '../../protocol/messages.generated.js';
import type { NamedField } from '../../values/named-field.js';
import { RAW_BYTES, readRaw } from '../../values/raw-value.js';
import type { BenchBoard, BoardName } from '../bench-board.js';
import type { ActuatorPins } from '../plant/actuator.js';
import type { ExchangeRecord } from '../record/exchange-record.js';
import { PointLine } from './point-line.js';
import type { Track } from './run-trace.js';

const BOARDS = ['a', 'b'] as const;

/** What a page has of both boards, written down while a run is played: their pins, and what their results and readings say. */
export class TraceRecorder {
  readonly #pins: readonly { readonly pin: number; readonly lines: Record<BoardName, PointLine> }[];
  readonly #results: readonly { readonly field: NamedField; readonly lines: Record<BoardName, PointLine> }[];
  readonly #readings: readonly Record<BoardName, PointLine>[];

  /** Listens from now on, beside whoever listens already. */
  constructor(
    boards: Readonly<Record<BoardName, BenchBoard>>,
    exchanges: ExchangeRecord,
    pins: ActuatorPins,
    private readonly names: FieldMap,
  ) {
    const { duty, trip, others = [] } = pins;
    this.#pins = [duty, ...(trip === null ? [] : [trip]), ...others].map((pin) => ({ pin, lines: bothLines(true) }));
    this.#results = names.result.map((field) => ({ field, lines: bothLines(false) }));
    this.#readings = (names.sources ?? []).map(() => bothLines(false));
    for (const name of BOARDS) this.#watch(name, boards[name]);
    const pass = exchanges.onMessage;
    exchanges.onMessage = (name, message, atUs) => {
      pass(name, message, atUs);
      this.#hear(name, message, atUs);
    };
  }

  get dropped(): number {
    const all = [...this.#pins, ...this.#results].map(({ lines }) => lines);
    return [...all, ...this.#readings].reduce((sum, { a, b }) => sum + a.dropped + b.dropped, 0);
  }

  /** What the pins of the actuator showed, in the order of the actuator's own record. */
  outputs(zeroUs: number, leadUs: number): readonly Track['lines'][] {
    return this.#pins.map(({ lines }) => linesOf(lines, zeroUs, leadUs));
  }

  results(zeroUs: number, leadUs: number): readonly Track[] {
    return this.#results.map(({ field: { name, unit }, lines }) => ({
      ...{ kind: 'result' as const, name, unit, lines: linesOf(lines, zeroUs, leadUs) },
    }));
  }

  readings(zeroUs: number, leadUs: number): readonly Track[] {
    return (this.names.sources ?? []).flatMap(({ name, unit }, index) => {
      const lines = this.#readings[index];
      return lines === undefined ? [] : [{ kind: 'reading', name, unit, lines: linesOf(lines, zeroUs, leadUs) }];
    });
  }

  #watch(name: BoardName, board: BenchBoard): void {
    for (const { pin, lines } of this.#pins) lines[name].add(0, board.duty(pin));
    const pass = board.onOutput;
    board.onOutput = (atUs, pin, duty) => {
      pass(atUs, pin, duty);
      this.#pins.find((watched) => watched.pin === pin)?.lines[name].add(atUs, duty);
    };
  }

  #hear(name: BoardName, message: Message, atUs: number): void {
    if (message.kind !== 'result') return;
    const { part, body, rejected, observed } = message;
    for (const [index, { scale }] of (this.names.sources ?? []).entries()) {
      const raw = observed[index];
      if (raw !== undefined) this.#readings[index]?.[name].add(atUs, raw * scale);
    }
    if (rejected) return;
    for (const { field, lines } of this.#results) {
      const value = valueIn(body, field, part);
      if (value !== null) lines[name].add(atUs, value);
    }
  }
}

/** Null: it is not there. In units. */
export function valueIn(bytes: Uint8Array, field: NamedField, part = 0): number | null {
  const { type, offset, scale } = field;
  if ((field.part ?? 0) !== part || offset + RAW_BYTES[type] > bytes.length) return null;
  return readRaw(bytes, type, offset) * scale;
}

function bothLines(holds: boolean): Record<BoardName, PointLine> {
  return { a: new PointLine('a', holds), b: new PointLine('b', holds) };
}

function linesOf(lines: Record<BoardName, PointLine>, zeroUs: number, leadUs: number): Track['lines'] {
  return BOARDS.map((name) => lines[name].from(zeroUs, leadUs));
}
