export interface BuiltSketch {
  readonly name: string;
  readonly board: string;
  /** Paths of what was built. */
  readonly hex: string;
  readonly elf: string;
  readonly flashBytes: number;
  readonly ramBytes: number;
}

export interface Sketch {
  /** Of what is built. */
  readonly name: string;
  /** Paths: .ino, .c, .cpp. */
  readonly files: readonly string[];
}

export interface SketchesToBuild {
  /** As boards.txt of the core names it: `uno`, `mega`. */
  readonly board: string;
  readonly sketches: readonly Sketch[];
  readonly folder: string;
  readonly defines?: readonly string[];
}

export const INSTALL_ARDUINO_CORE: string;
export function hasArduinoCore(): boolean;
export function buildSketches(wanted: SketchesToBuild): readonly BuiltSketch[];
export function putImageHash(built: Pick<BuiltSketch, 'board' | 'elf' | 'hex'>): void;
export function addressIn(built: Pick<BuiltSketch, 'board' | 'elf'>, symbol: string): number;
