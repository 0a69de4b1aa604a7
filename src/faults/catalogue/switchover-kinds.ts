import type { FaultView } from '../fault-view.js';
import { fact } from '../plain-words.js';
import type { FaultKind } from './fault-kind.js';

/** A planned change of primary, which is no fault, and one that came to nothing (R26). */
export const SWITCHOVER_KINDS: Readonly<Record<string, FaultKind>> = {
  'switched-over': {
    title: (view) => `planned switchover from board ${from(view)} to board ${to(view)}`,
    happened: (view) =>
      `Board ${to(view)} was to be the primary: somebody wanted it, or the relay was tested. This is no fault: it is kept here so that the record is whole.`,
    cause: '',
    look: 'Nothing has to be looked at.',
    event: 'always',
  },
  'switchover-failed': {
    title: ({ fault }) =>
      isReturn(fault)
        ? 'a switchover was undone: the relay did not follow'
        : `a switchover was given up: ${why(fault)}`,
    happened: (view) =>
      isReturn(view.fault)
        ? `The relay was commanded to board ${from(view)} and did not follow, so the pair went back to board ${to(view)}, which had never stopped driving.`
        : `Somebody wanted the other board to be the primary. It came to nothing before anything was changed: ${why(view.fault)}.`,
    cause:
      'A board or its link failed at that moment, inputs took longer than switchover.drain, or the relay or its feedback line is broken.',
    look: 'Read the faults next to this one; when they are dealt with, try it again.',
  },
};

type Fault = FaultView['fault'];

/** With from and to it is the way back, under its own fence. */
function isReturn({ evidence }: Fault): boolean {
  return evidence['to'] !== undefined;
}

function why(fault: Fault): string {
  const said = fact(fault, 'why') ?? 'no reason was noted';
  return said.charAt(0).toLowerCase() + said.slice(1).replace(/\.$/, '');
}

function from({ fault }: FaultView): string {
  return fact(fault, 'from') ?? 'unknown';
}

function to({ fault }: FaultView): string {
  return fact(fault, 'to') ?? 'unknown';
}
