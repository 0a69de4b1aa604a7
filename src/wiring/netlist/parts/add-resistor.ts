import type { Column, WireEnd } from '../netlist.js';
import type { NetlistBuilder } from '../netlist-builder.js';

/** A resistor as a part of its own: `one` and `two` are its ends. */
export function addResistor(
  builder: NetlistBuilder,
  id: string,
  title: string,
  column: Column,
): { readonly one: WireEnd; readonly two: WireEnd } {
  builder.part({
    id,
    kind: 'resistor',
    title,
    note: '',
    column,
    terminals: [
      { id: 'one', label: '', side: 'left' },
      { id: 'two', label: '', side: 'right' },
    ],
  });
  return { one: { part: id, terminal: 'one' }, two: { part: id, terminal: 'two' } };
}
