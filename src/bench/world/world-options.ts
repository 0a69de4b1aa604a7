import type { CharacterFormat } from '../../emulator/character-format.js';
import type { BenchBoard, BoardName } from '../bench-board.js';
import type { LinkModelName } from '../link-models/link-parameters.js';
import type { ActuatorPins } from '../plant/actuator.js';
import type { OvenOptions } from '../plant/oven.js';
import type { RelayOptions } from '../plant/relay-model.js';
import type { PaceName } from './pace.js';

/** What a virtual bench is made of. */
export interface BenchWorldOptions {
  /** An existing folder for the ports' paths. */
  readonly folder: string;
  /** Decides everything that is random: SRAM content, clock errors, phases, noise. */
  readonly seed: number;
  /** The program of both emulated boards, as Intel HEX; not needed where `boards` are given. */
  readonly hex?: string;
  /** The program of one of them where it is another. */
  readonly hexOf?: Partial<Readonly<Record<BoardName, string>>>;
  /** The name of their microcontroller; an Uno's where not given. */
  readonly mcu?: Partial<Readonly<Record<BoardName, string>>>;
  /** Boards that are no emulated microcontrollers. */
  readonly boards?: Partial<Readonly<Record<BoardName, BenchBoard>>>;
  readonly link?: LinkModelName;
  /** What the gateway sets its ports to (a pseudo-terminal does not tell). */
  readonly baudRate?: number;
  /** The same; 8N1 when not given. */
  readonly format?: CharacterFormat;
  /** Board clock errors in parts per million; by default a is slow and b fast, by up to 0.5 %. */
  readonly clockErrorPpm?: Readonly<Record<BoardName, number>>;
  readonly pins?: ActuatorPins;
  readonly relay?: RelayOptions;
  /** The gateway's names for the relay's coil and its feedback. */
  readonly lines?: { readonly coil: string; readonly feedback: string };
  readonly plant?: OvenOptions;
  /** What drives the plant, 0 to 255, of what the actuator gets; the duty, and nothing when tripped, when not given. */
  readonly drivesPlant?: (duty: number, trip: boolean, others: readonly number[]) => number;
  /** How far emulated time may be ahead of the gateway's last acknowledgement, at the wall clock's pace. */
  readonly maxAheadUs?: number;
  /** The wall clock's when not given. */
  readonly pace?: PaceName;
}

export const defaultPins = { duty: 9, trip: 8 } satisfies ActuatorPins;
export const defaultLines = { coil: 'GPIO17', feedback: 'GPIO27' };
export const defaultBaudRate = 500_000;
export const defaultMaxAheadUs = 2_000;
export const largestClockErrorPpm = 5000;
