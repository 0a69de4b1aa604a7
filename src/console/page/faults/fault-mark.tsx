import type { Fault } from '../net/shapes.js';
import { WORDS } from '../words.js';

type FaultState = 'open' | 'closed' | 'event';

export function stateOf({ event, closedAt }: Fault): FaultState {
  if (event) return 'event';
  return closedAt === null ? 'open' : 'closed';
}

/** Triangle: open. Tick: closed. Dot: planned. */
const MARKS: Readonly<Record<FaultState, preact.JSX.Element>> = {
  open: <path class="filled" d="M8 1.5 15 14.5H1z" />,
  closed: <path class="drawn" d="M2.5 8.5 6.5 12.5 13.5 4" />,
  event: <circle class="filled" cx="8" cy="8" r="3.5" />,
};

export function FaultMark({ fault }: { fault: Fault }) {
  const state = stateOf(fault);
  return (
    <svg class={`fault-mark ${state}`} viewBox="0 0 16 16" role="img" aria-label={WORDS.faults.state[state]}>
      {MARKS[state]}
    </svg>
  );
}
