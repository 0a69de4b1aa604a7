import type { Fault } from '../net/shapes.js';

export interface FaultFilter {
  readonly words: string;
  readonly which: 'open' | 'all' | 'events';
  readonly code: string;
  readonly board: string;
}

export const NO_FILTER: FaultFilter = { words: '', which: 'all', code: '', board: '' };

/** Those that are meant, in the order in which they came. */
export function filtered(faults: readonly Fault[], { words, which, code, board }: FaultFilter): readonly Fault[] {
  const sought = words.toLowerCase().split(/\s+/).filter(Boolean);
  return faults.filter((fault) => {
    if (fault.event && which !== 'events') return false;
    if (which === 'open' && fault.closedAt !== null) return false;
    if (code !== '' && fault.code !== code) return false;
    if (board !== '' && fault.board !== board) return false;
    if (sought.length === 0) return true;
    const text = textOf(fault);
    return sought.every((word) => text.includes(word));
  });
}

/** Planned events are closed by themselves. */
export function isOpen({ event, closedAt }: Fault): boolean {
  return !event && closedAt === null;
}

/** All that stands in it, to be searched. */
function textOf(fault: Fault): string {
  const { id, title, code, board, seq, wallTime, evidence, timeline, closedBy, note } = fault;
  const facts = [evidence, ...timeline.map(({ detail }) => detail)].flatMap((one) => Object.values(one));
  return [
    id,
    title,
    code,
    `board ${board}`,
    seq,
    wallTime,
    closedBy,
    note,
    ...timeline.map(({ step }) => step),
    ...facts,
  ]
    .join(' ')
    .toLowerCase();
}
