/** What a wire is for: gives its colour in the drawing and its word in the pin table. */
export type Meaning =
  | 'ground'
  | '5 V'
  | '3.3 V'
  | 'supply'
  | 'usb'
  | 'output-first'
  | 'output-second'
  | 'actuator'
  | 'control'
  | 'coil'
  | 'feedback'
  | 'reset'
  | 'sensor';

export interface WireColour {
  readonly name: string;
  /** For the drawing; dark enough on white paper. */
  readonly hex: string;
  readonly legend: string;
}

export const WIRE_COLOURS: Readonly<Record<Meaning, WireColour>> = {
  ground: { name: 'black', hex: '#000000', legend: 'ground (GND)' },
  '5 V': { name: 'red', hex: '#d40000', legend: '5 V' },
  '3.3 V': { name: 'orange', hex: '#e07000', legend: '3.3 V' },
  supply: { name: 'dark red', hex: '#7a1f1f', legend: 'other supply' },
  usb: { name: 'USB cable', hex: '#808080', legend: 'USB cable' },
  'output-first': { name: 'blue', hex: '#0057d9', legend: 'output of the first board' },
  'output-second': { name: 'green', hex: '#1a8a2c', legend: 'output of the second board' },
  actuator: { name: 'brown', hex: '#8a5a2b', legend: 'to the actuator' },
  control: { name: 'violet', hex: '#7b2fbe', legend: 'command of the gateway' },
  coil: { name: 'pink', hex: '#d0479b', legend: 'coil' },
  feedback: { name: 'yellow', hex: '#b89500', legend: 'feedback to the gateway' },
  reset: { name: 'turquoise', hex: '#008a94', legend: 'RESET' },
  sensor: { name: 'grey', hex: '#5a6b7a', legend: 'sensor or button' },
};

/** Where in the drawing a part stands: columns from the left. */
export type Column = 0 | 1 | 2 | 3;

export type PartKind = 'pi' | 'board' | 'relay' | 'chip' | 'stage' | 'resistor' | 'load' | 'supply' | 'sensor' | 'rail';

export interface Terminal {
  readonly id: string;
  /** What is printed at it. */
  readonly label: string;
  readonly side: 'left' | 'right';
}

export interface Part {
  readonly id: string;
  readonly kind: PartKind;
  readonly title: string;
  /** A few words below the title: type, value, what to watch. */
  readonly note: string;
  readonly column: Column;
  readonly terminals: readonly Terminal[];
}

export interface WireEnd {
  readonly part: string;
  readonly terminal: string;
}

export interface Wire {
  /** From 1, in the order in which a person wires. */
  readonly number: number;
  readonly from: WireEnd;
  readonly to: WireEnd;
  readonly meaning: Meaning;
  readonly note: string;
}

/** Every part of an installation and every wire between them. */
export interface Netlist {
  readonly title: string;
  readonly subtitle: string;
  readonly parts: readonly Part[];
  readonly wires: readonly Wire[];
  /** Circuits to be shown enlarged below the drawing. */
  readonly details: readonly DetailName[];
}

const FEEDBACK_DETAIL_NAMES = [
  'feedback-pole',
  'feedback-pole-board',
  'feedback-pole-low',
  'feedback-pole-divided',
  'divider',
] as const;

export type FeedbackDetailName = (typeof FEEDBACK_DETAIL_NAMES)[number];

export const DETAIL_NAMES = [
  'relay-driver',
  'bare-coil',
  'opto-module',
  ...FEEDBACK_DETAIL_NAMES,
  'pull-down',
  'reset-transistor',
  'reset-latch',
  'alarm-driver',
  'alarm-inverter',
  'dead-man',
  'suppression',
] as const;

export type DetailName = (typeof DETAIL_NAMES)[number];

/** Common rails: what a breadboard or a row of terminals is in real life. */
export const GROUND_RAIL = 'ground';
export const FIVE_VOLT_RAIL = 'five-volts';

export function isRail(part: string): boolean {
  return part === GROUND_RAIL || part === FIVE_VOLT_RAIL;
}
