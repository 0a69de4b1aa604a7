import { CopycatError } from '../../errors/copycat-error.js';
import { isEvent } from '../../faults/catalogue/events.js';
import { titleOf } from '../../faults/story.js';
import type { Closing } from '../../ledger/reader/reader.js';
import { print, printJson } from '../terminal/terminal.js';
import { timeText } from '../terminal/time-text.js';
import type { BookedFault, FaultBook } from './fault-book.js';
import { faultJson } from './fault-json.js';

const ALL = 'all';

/**
 * Marks faults as dealt with: those of these numbers, or all that are open. Where one of the numbers is of no fault, none is closed.
 * Throws USAGE.
 */
export function closeFaults(book: FaultBook, ids: readonly string[], closing: Closing, isJson: boolean): void {
  const before = ids.includes(ALL) ? allOpen(book, ids) : [...new Set(ids.map(faultNumber))].map((id) => book.show(id));
  const closed = before.map(({ fault }) => book.markClosed(fault.id, closing));
  if (isJson) {
    const told = closed.map((booked) => faultJson(booked, book.fieldsOf(booked)));
    printJson(ids.length === 1 && ids[0] !== ALL ? told[0] : told);
    return;
  }
  if (before.length === 0) print('No open faults.');
  for (const { fault } of before) {
    if (isEvent(fault)) print(`Event ${fault.id} was planned, and is closed by itself: ${titleOf(fault)}`);
    else if (fault.closedAt === null) print(`Closed fault ${fault.id}: ${titleOf(fault)}`);
    else print(`Fault ${fault.id} was closed already, ${timeText(fault.closedAt)}`);
  }
}

function allOpen(book: FaultBook, ids: readonly string[]): readonly BookedFault[] {
  if (ids.length === 1) return book.list({ open: true });
  throw new CopycatError('USAGE', `all is said beside numbers`, {
    value: ids.join(' '),
    expected: 'numbers, or all alone',
  });
}

/** As it is typed. Throws USAGE. */
export function faultNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CopycatError('USAGE', `${text} is no number of a fault`, {
    value: text,
    expected: 'a number that faults list shows',
  });
}
