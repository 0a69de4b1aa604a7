import { functionWord, GPCLR0, GPSET0, isOutput, type LineState } from './gpio-registers.js';

/** One write by the guest to a register of a device, as QEMU's trace has it. */
const WRITE = /\bmemory_region_ops_write .*\baddr 0x([0-9a-f]+) value 0x([0-9a-f]+) size 4 name 'bcm2835_gpio'/;

/**
 * Every state a line was in, in order, from the writes to the GPIO block: complete, where looking at the registers now and
 * then could miss what lasts microseconds. `from` is what it was before; states that repeat are left out.
 */
export function statesOf(line: number, trace: string, from: LineState): readonly LineState[] {
  const states = [from];
  for (const text of trace.split('\n')) {
    const [, address, value] = WRITE.exec(text) ?? [];
    if (address === undefined || value === undefined) continue;
    const last = states[states.length - 1] ?? from;
    const next = after(line, last, Number.parseInt(address, 16), Number.parseInt(value, 16));
    if (next.isOutput !== last.isOutput || next.level !== last.level) states.push(next);
  }
  return states;
}

function after(line: number, state: LineState, address: number, value: number): LineState {
  const isNamed = ((value >>> line) & 1) === 1;
  if (address === GPSET0 && isNamed) return { ...state, level: 1 };
  if (address === GPCLR0 && isNamed) return { ...state, level: 0 };
  if (address === functionWord(line)) return { ...state, isOutput: isOutput(line, value) };
  return state;
}
