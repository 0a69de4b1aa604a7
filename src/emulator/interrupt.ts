import type { CPU } from 'avr8js';

/** What avr8js needs to know of an interrupt source (its package does not export the name). */
export type InterruptSource = Parameters<CPU['queueInterrupt']>[0];

/** Holds a level-triggered request up or down; `constant` in the source keeps avr8js from dropping it when it is served. */
export function setRequest(cpu: CPU, source: InterruptSource, requested: boolean): void {
  if (requested) cpu.queueInterrupt(source);
  else cpu.clearInterrupt(source, false);
}
