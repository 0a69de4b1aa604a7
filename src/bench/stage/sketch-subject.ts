import type { NamedField, NamedOutput, NamedSource } from '../../values/named-field.js';
import type { ActuatorPins } from '../plant/actuator.js';
import type { SketchWorld } from '../world-file/sketch-world.js';
import type { BenchKind } from './heater-image.js';

/** A program of somebody's own on the bench. Data alone, so that it goes to another process. */
export interface SketchSubject {
  /** For people: the image's file. */
  readonly name: string;
  /** The program as Intel HEX. */
  readonly hex: string;
  readonly kind: BenchKind;
  /** The name of its microcontroller. */
  readonly mcu: string;
  /** Keys of the user's configuration that hold on the bench too: fields, sources, commit, mismatch, deadline. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What stands in payloads and results, by name. */
  readonly inputFields: readonly NamedField[];
  readonly resultFields: readonly NamedField[];
  /** What it reads and puts out, by name; empty where nobody has said. */
  readonly sources: readonly NamedSource[];
  readonly outputs: readonly NamedOutput[];
  readonly world: SketchWorld;
  /** For people: the file that says so; null: none does, and everything moves. */
  readonly worldFile: string | null;
  /** Those that the relay hands over. */
  readonly pins: ActuatorPins;
}
