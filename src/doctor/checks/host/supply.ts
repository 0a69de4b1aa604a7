import { readSupply, supplyTrouble } from '../../../hardware/host/supply.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';

const ABOUT = 'power supply';

/** Under-voltage and slowing down: a frequent cause of boards that vanish, and one that strikes both at once. */
export function checkSupply(machine: Machine): readonly DoctorFinding[] {
  const supply = readSupply(machine);
  const trouble = supplyTrouble(supply);
  if (trouble !== null) {
    return [
      mend(
        ABOUT,
        `${trouble}: boards that live from this machine's USB may restart together, which no pair survives`,
        supply.isUnderVoltage === true
          ? 'use the supply made for this model (5.1 V at 3 A, Pi 5: 5 A) with a short cable, and feed the boards and the relay from their own'
          : 'cool the processor: a heat sink, air',
      ),
    ];
  }
  if (supply.isUnderVoltage === null) return [note(ABOUT, 'this machine does not say how it is fed')];
  return [right(ABOUT, `no under-voltage${supply.celsius === null ? '' : `, processor at ${supply.celsius} °C`}`)];
}
