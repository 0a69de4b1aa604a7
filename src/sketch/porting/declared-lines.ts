import { callAt, type ScannedSketch } from './scanned-sketch.js';

/** The numbers by which a sketch calls its outputs and sources, by what it calls their pins. */
export interface DeclaredLines {
  /** `cc_write(PUMP` for the pin `PUMP_PIN`: the name that is declared for it, or the next number. */
  output(pin: string): { readonly id: string; readonly isNew: boolean };
  source(pin: string): { readonly id: string; readonly isNew: boolean };
  /** Whether the pin may be one of an output of the sketch's own, whose function moves it: of those no pins are declared. */
  mayBeOwnOutput(pin: string): boolean;
}

export function declaredLines(sketch: ScannedSketch): DeclaredLines {
  const outputs = declared(sketch, 'cc_(?:own_)?output');
  const hasOwnOutput = declared(sketch, 'cc_own_output').size > 0;
  return {
    output: numbered(outputs),
    mayBeOwnOutput: (pin) => hasOwnOutput && !outputs.has(pin),
    source: numbered(declared(sketch, 'cc_(?:own_)?source')),
  };
}

function declared(sketch: ScannedSketch, call: string): Map<string, { id: string; isNew: boolean }> {
  const found = new Map<string, { id: string; isNew: boolean }>();
  for (const file of sketch.files) {
    for (const { index } of file.code.matchAll(new RegExp(`\\b${call}\\s*\\(`, 'g'))) {
      const [id, pin] = callAt(file, index).given;
      if (id !== undefined && pin !== undefined) found.set(pin, { id, isNew: false });
    }
  }
  return found;
}

function numbered(known: Map<string, { id: string; isNew: boolean }>) {
  return (pin: string) => {
    const one = known.get(pin) ?? { id: String(known.size), isNew: true };
    known.set(pin, one);
    return one;
  };
}
