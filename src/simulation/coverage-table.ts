import { type Coverage, cellOf, EVENTS, IMPOSSIBLE } from './coverage.js';
import { FAULT_KINDS } from './faults/fault-kinds.js';
import { PHASES } from './phase.js';

const NAME_WIDTH = 25;

/** Faults by kind and by the phase in which they struck, as text; `-` where it cannot be. */
export function coverageTable(coverage: Coverage): string {
  const heads = PHASES.map((phase) => phase.replace('joining-', 'j-').replace('serving-', 's-'));
  const widths = heads.map((head) => Math.max(head.length, 6));
  const row = (name: string, cells: readonly string[]): string =>
    name.padEnd(NAME_WIDTH) + cells.map((cell, index) => cell.padStart((widths[index] ?? 0) + 1)).join('');
  const lines = [row('', heads)];
  for (const kind of FAULT_KINDS) {
    const cells = PHASES.map((phase) => {
      const cell = cellOf(kind, phase);
      return IMPOSSIBLE.has(cell) ? '-' : String(coverage.cells.get(cell) ?? 0);
    });
    lines.push(row(kind, cells));
  }
  return lines.join('\n');
}

/** How often the pair did what it is there for. */
export function eventLines(coverage: Coverage): string[] {
  return EVENTS.map((event) => `${String(coverage.counts.get(event) ?? 0).padStart(9)} ${event}`);
}
