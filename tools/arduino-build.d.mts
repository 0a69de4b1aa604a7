export interface BuiltSketch {
  readonly name: string;
  readonly board: string;
  /** Paths of what was built. */
  readonly hex: string;
  readonly elf: string;
  readonly flashBytes: number;
  readonly ramBytes: number;
}

export interface SketchesToBuild {
  /** As boards.txt of the core names it: `uno`, `mega`. */
  readonly board: string;
  /** `file`: the path of a .ino; `name`: of what is built from it. */
  readonly sketches: readonly { readonly name: string; readonly file: string }[];
  readonly folder: string;
  readonly defines?: readonly string[];
}

export const INSTALL_ARDUINO_CORE: string;
export function hasArduinoCore(): boolean;
export function sketchToCpp(text: string, file: string): string;
export function buildSketches(wanted: SketchesToBuild): readonly BuiltSketch[];
