import { kindOf } from './catalogue/catalogue.js';
import { viewFault } from './fault-view.js';
import { milliseconds } from './plain-words.js';
import type { StoredFault, StoredFaultStep } from './stored-fault.js';
import { stepText } from './timeline-text.js';

const OUTCOME_MARK = ' → ';

/** What happened to a board, in as few words as there can be; any other fault is told by its title. */
const IN_BRIEF: Readonly<Record<string, string>> = {
  unplugged: 'unplugged',
  silent: 'does not answer',
  restarted: 'restarted',
};

/** Steps that a person wants to hear of when they come; the others are how it was done. */
const TOLD_STEPS: ReadonlySet<string> = new Set([
  ...['took-over', 'set-aside', 'kept-out', 'intermittent', 'joined', 'flashed', 'accepted', 'abandoned', 'stopped'],
  ...['host-in-trouble', 'recorded-again', 'ended'],
]);

/** The step that `outcomeText` tells of. */
const OUTCOME_STEPS: ReadonlySet<string> = new Set(['took-over', 'set-aside', 'kept-out', 'stopped']);

export function isToldStep({ step }: Pick<StoredFaultStep, 'step'>): boolean {
  return TOLD_STEPS.has(step);
}

/** True: what comes of it is not known yet, and will be soon. */
export function isUnderWay(fault: StoredFault): boolean {
  const { outcome } = viewFault(fault, NO_FIELDS);
  return outcome === 'taking-over' || outcome === 'switching';
}

/** `a unplugged → b drives after 43 ms`: a fault and what came of it so far, on one line. */
export function faultInBrief(fault: StoredFault): string {
  const outcome = outcomeText(fault);
  const more = fault.timeline.filter((step) => isToldStep(step) && !OUTCOME_STEPS.has(step.step));
  return [
    `${whatText(fault)}${outcome === null ? '' : `${OUTCOME_MARK}${outcome}`}`,
    ...more.map((step) => stepInBrief(step, fault)),
  ].join('; ');
}

/** `a unplugged`, of what `faultInBrief` says. */
export function causeInBrief(brief: string): string {
  return brief.split(OUTCOME_MARK)[0] ?? brief;
}

/** `b drives after 3.2 s`, `board a joined the pair again: 3 results agreed`: what came of a fault that was told before. */
export function stepInBrief(step: StoredFaultStep, fault: StoredFault): string {
  if (step.step === 'took-over') return outcomeText(fault) ?? stepText(step, viewFault(fault, NO_FIELDS));
  return stepText(step, viewFault(fault, NO_FIELDS));
}

const NO_FIELDS = { input: [], result: [] };

function whatText(fault: StoredFault): string {
  const view = viewFault(fault, NO_FIELDS);
  if (fault.code === 'switched-over') return 'planned switchover'; // both boards are in what comes of it
  const brief = IN_BRIEF[fault.code];
  if (brief === undefined || fault.board === null) return kindOf(fault.code).title(view);
  return `${view.isThirdCopy ? view.who : fault.board} ${brief}`;
}

function outcomeText(fault: StoredFault): string | null {
  const view = viewFault(fault, NO_FIELDS);
  const drives = view.drives ?? 'the other board';
  switch (view.outcome) {
    case 'took-over':
    case 'switched':
      return `${drives} drives after ${briefly(view.msTo('relay-moved') ?? view.msTo('held-in-reset') ?? view.msTo('took-over') ?? 0)}`;
    case 'taking-over':
    case 'switching':
      return `${drives} is taking over`;
    case 'set-aside':
    case 'kept-out':
      return view.isThirdCopy ? 'left out' : `${drives} goes on`;
    case 'stopped':
      return `the pair stopped: ${String(view.step('stopped')?.detail['why'] ?? 'a person has to decide')}`;
    case 'noted':
      return null;
  }
}

/** `43 ms`: of a takeover nobody reads tenths. */
function briefly(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 10 ? milliseconds(ms) : `${Math.round(ms)} ms`;
}
