import type { CPU } from 'avr8js';
import { type CycleEvents, EventSlot } from '../cycle-events.js';
import type { InterruptSource } from '../interrupt.js';
import { EEARH, EEARL, EECR, EEDR } from '../registers.js';

const EERE = 1;
const EEPE = 2;
const EEMPE = 4;
const EERIE = 8;

/** Erase and write, 3.4 ms (table 12-1). */
const writeCycles = 54_400;

/** "Ready" is a level: requested as long as nothing is being written. */
const readyAt = (address: number): InterruptSource => ({
  address,
  flagRegister: EECR,
  flagMask: EEPE,
  enableRegister: EECR,
  enableMask: EERIE,
  inverseFlag: true,
  constant: true,
});

/** The EEPROM (datasheet section 12). Its content belongs to the board and outlives every reset. */
export class Eeprom {
  constructor(cpu: CPU, events: CycleEvents, vector: number, content: Uint8Array) {
    const ready = readyAt(vector);
    let enabledUntilCycle = -1;
    const address = () => ((((cpu.data[EEARH] ?? 0) << 8) | (cpu.data[EEARL] ?? 0)) >>> 0) % content.length;
    cpu.writeHooks[EECR] = (value) => {
      const writing = (cpu.data[EECR] ?? 0) & EEPE;
      const mayWrite = cpu.cycles <= enabledUntilCycle;
      if (value & EEMPE) enabledUntilCycle = cpu.cycles + 6;
      let control = (value & (EERIE | 0x30)) | writing;
      if (value & EERE && !writing) cpu.data[EEDR] = content[address()] ?? 0xff;
      if (value & EEPE && mayWrite && !writing) {
        content[address()] = cpu.data[EEDR] ?? 0xff;
        control |= EEPE;
        events.set(EventSlot.Eeprom, cpu.cycles + writeCycles);
      }
      cpu.data[EECR] = value & EEMPE && !(value & EEPE) ? control | EEMPE : control;
      cpu.updateInterruptEnable(ready, control);
      return true;
    };
    events.handle(EventSlot.Eeprom, () => {
      cpu.data[EECR] = (cpu.data[EECR] ?? 0) & ~EEPE;
      cpu.updateInterruptEnable(ready, cpu.data[EECR]);
    });
  }
}
