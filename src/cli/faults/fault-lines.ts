import { isEvent } from '../../faults/catalogue/events.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import { titleOf } from '../../faults/story.js';
import { colours, tableWidth } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';
import { timeColumn } from '../terminal/time-text.js';
import type { BookedFault } from './fault-book.js';

/** Columns of a terminal in which all of the list can be read. */
const ROOM_FOR_ALL = 72;

/**
 * The list of faults and events as a table, events dimmed. Those of a bench are told apart by their scenario, others by when they came; where all
 * are open faults, nothing is said of it.
 */
export function faultTable(faults: readonly BookedFault[], isBench: boolean): string {
  const areOpen = faults.every(({ fault }) => fault.closedAt === null);
  const state = (fault: StoredFault): readonly string[] =>
    areOpen ? [] : [isEvent(fault) ? 'event' : fault.closedAt === null ? 'open' : 'closed'];
  const times = timeColumn(faults.map(({ fault }) => fault.wallTime));
  // What happened names its board, and the story its input: where there is little room, the words have it.
  const isNarrow = tableWidth() < ROOM_FOR_ALL;
  const head = [
    'fault',
    isBench ? 'scenario' : times.heading,
    ...(isNarrow ? [] : ['board', 'input']),
    'what',
    ...(areOpen ? [] : ['state']),
  ];
  const rows = faults.map(({ fault, scenario }, row) => [
    String(fault.id),
    scenario ?? times.cells[row] ?? '–',
    ...(isNarrow ? [] : [fault.board ?? '–', fault.seq === null ? '–' : String(fault.seq)]),
    `${titleOf(fault)}${fault.repeats > 0 ? ` (${fault.repeats + 1} times)` : ''}`,
    ...state(fault),
  ]);
  // Nobody has to do anything about an event.
  const shaded = rows.map((row, index) => {
    const booked = faults[index];
    return booked !== undefined && isEvent(booked.fault) ? row.map(colours.dim) : row;
  });
  return textTable([head, ...shaded], isNarrow ? [0] : [0, 3]);
}

/** Faults of a link or of a restart are common and mostly harmless: nobody wants to read those first. */
const COMMON: readonly string[] = [
  'link-degraded',
  'gateway-restarted',
  'host-restarted',
  'ledger-tail-lost',
  'ledger-restored',
  'pair-restarted',
  'switched-over',
  'updating',
];

/** Which of them to read first: the first in the list that is not a common one. */
export function tellingFault(faults: readonly BookedFault[]): StoredFault | undefined {
  return (faults.find(({ fault }) => !COMMON.includes(fault.code)) ?? faults[0])?.fault;
}
