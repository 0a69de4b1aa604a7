import type { BoardFacts } from '../../config/board-facts.js';

/** What wiring has to know of a board, from what is known of its kind. */
export interface BoardPins {
  readonly name: string;
  /** Names of pins that a program may use; null: not known. */
  readonly pins: readonly string[] | null;
  /** Pins that something else drives. */
  readonly driven: Readonly<Record<string, DrivenPin>>;
}

export interface DrivenPin {
  readonly until: 'program' | 'always';
  /** What drives it: a clause. */
  readonly why: string;
}

export function boardPins({ name, pins }: BoardFacts): BoardPins {
  if (pins === undefined) return { name, pins: null, driven: {} };
  return {
    name,
    pins: [...pins.digital.map((pin) => `D${pin}`), ...pins.analog.map((_, index) => `A${index}`)],
    driven: Object.fromEntries(pins.atBoot.map(({ pin, until, why }) => [`D${pin}`, { until, why }])),
  };
}

/** Level of its outputs, and the most its inputs bear; null: not known, or it has none. */
export function voltsOf({ supply }: BoardFacts): number | null {
  return supply?.volts ?? null;
}

/** The outputs that are drawn for so many channels when the configuration names none: those of the heater first. */
export function defaultOutputs(channels: number): readonly string[] {
  return ['D9', 'D8', 'D7', 'D6', 'D5', 'D4', 'D3', 'D2'].slice(0, channels);
}
