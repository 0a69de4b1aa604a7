import { imageOf } from '../../config/board-facts.js';
import { factsOfKind } from '../../config/load/board-files.js';
import { suppliedImage } from '../../config/load/supplied-images.js';
import type { FieldMap } from '../../faults/stored-fault.js';
import type { BenchKind } from '../stage/heater-image.js';
import type { SketchSubject } from '../stage/sketch-subject.js';

/** What the values of a run are called: as its sketch's configuration says, or as the heater's are. */
export function namesOfRun(sketch: SketchSubject | undefined, kind: BenchKind): FieldMap {
  if (sketch !== undefined) {
    const { inputFields: input, resultFields: result, sources, outputs } = sketch;
    return { input, result, sources, outputs };
  }
  const file = imageOf(factsOfKind(kind), 'heater');
  const supplied = file === null ? null : suppliedImage(file);
  if (supplied === null) return { input: [], result: [] };
  return { ...supplied.fields, sources: supplied.sources, outputs: supplied.outputs };
}
