import { cap, fact } from '../plain-words.js';
import type { FaultKind } from './fault-kind.js';

/** What the boards' own readings can say (R21). */
export const SENSOR_KINDS: Readonly<Record<string, FaultKind>> = {
  'sensor-drift': {
    title: ({ fault }) => `the boards read ${fact(fault, 'source') ?? 'a sensor'} differently`,
    happened: ({ fault }) =>
      `Each board reads ${fact(fault, 'source') ?? 'the sensor'} for itself. ${cap(fact(fault, 'inARow') ?? 'several')} times in a row the two readings were further apart than the ${fact(fault, 'tolerance') ?? 'little'} that are allowed: ${fact(fault, 'readings') ?? 'the values were not noted'}. One of the two is wrong; nothing here tells which.`,
    cause:
      'A sensor has aged, come loose or broken, its cable or its reference voltage differs, or the tolerance is smaller than what changes between the two readings, which are some milliseconds apart.',
    look: 'Measure it with a third instrument, then mend or calibrate the sensor that is wrong. If it is that of the primary, switch to the other board meanwhile.',
  },
};
