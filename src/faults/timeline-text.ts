import { kindOf } from './catalogue/catalogue.js';
import type { FaultView } from './fault-view.js';
import { count, milliseconds, roughly } from './plain-words.js';
import type { StoredFaultStep } from './stored-fault.js';
import { wrap } from './wrap-text.js';

type Detail = StoredFaultStep['detail'];

/** What each step means; a step that is not here is told by its bare name. */
const STEP_TEXTS: Readonly<Record<string, (detail: Detail, view: FaultView) => string>> = {
  evidence: (_detail, view) => kindOf(view.fault.code).title(view),
  'declared-failed': ({ board, planned }) =>
    planned === true
      ? `nothing is under way any more; board ${board} gives up the lease`
      : `board ${board} declared failed`,
  fenced: ({ lockedOut, pending }) =>
    lockedOut === null
      ? 'the lease is the other board’s in the ledger; nobody is locked out'
      : `board ${lockedOut} locked out in the ledger; ${count(pending, 'input')} to finish`,
  'relay-commanded': ({ to, unfinished }) =>
    `relay commanded to board ${to}${isSome(unfinished) ? `, which has ${count(unfinished, 'committed input')} still to act on` : ''}`,
  'relay-moved': ({ to, proved }) =>
    `relay at board ${to} (${proved === true ? 'proved by the feedback line' : 'settle time over, not proved'})`,
  'held-in-reset': ({ board, proved }) => {
    if (proved === null) return `board ${board} held in RESET, until it is tried again`;
    return `board ${board} held in RESET (${proved === true ? 'its line shows it' : 'its line cannot be read back'})`;
  },
  'link-disturbed': ({ board, link }) =>
    `link to board ${board} lost as the relay moved (${link}): waited for, as switching a load disturbs USB`,
  'link-back': ({ board, afterMs }) => `link to board ${board} back after ${milliseconds(Number(afterMs))}`,
  reset: ({ board, held }) =>
    held === true
      ? `board ${board} held in RESET until a person lets it in again`
      : `board ${board} restarted through its RESET line`,
  'violation-sent': ({ board }) => `board ${board} told to shut itself down`,
  'late-commit-refused': ({ board, input }) => `late commit of board ${board} for input ${input} refused by the ledger`,
  'first-input-given': ({ board, input }) => `first unfinished input (${input}) given to board ${board}`,
  'first-answer': ({ board, input }) => `first answer from board ${board} (input ${input})`,
  'took-over': ({ primary }, { outcome }) =>
    outcome === 'switched' ? `board ${primary} is the primary` : `board ${primary} took over; nothing is unfinished`,
  intermittent: ({ board, leftTimes, withinMinutes, restMs }) =>
    `board ${board} is intermittent (${count(leftTimes, 'fault')} within ${withinMinutes} min): it stays out for ${roughly(Number(restMs))}, or until a person lets it in`,
  'kept-out': ({ board }) => `board ${board} kept out of the pair until a person lets it in`,
  joined: ({ board, compared }) =>
    `board ${board} joined the pair again${isSome(compared) ? `: ${count(compared, 'result')} agreed` : ''}`,
  flashed: ({ board, image }) => `board ${board} flashed with ${image}`,
  accepted: ({ board, compared, differing, fields }) =>
    isSome(differing)
      ? `board ${board} accepted: ${differing} of ${count(compared, 'result')} differed (${fields})`
      : `board ${board} accepted: ${count(compared, 'result')} agreed`,
  abandoned: ({ board }) => `update given up by a person; board ${board} is kept out`,
  'set-aside': ({ board, primary }) => `board ${board} set aside; board ${primary} goes on`,
  stopped: ({ why }) => `the pair stopped: ${why}`,
  'host-in-trouble': ({ trouble }) => `the host itself was in trouble: ${trouble} (copycat doctor says what to do)`,
  closed: ({ by, note }) => `closed by ${by}${typeof note === 'string' ? `: ${note}` : ''}`,
  'recorded-again': ({ file }) => `the ${file} was recorded to disk again`,
  ended: ({ from, readings, waits }) => {
    if (typeof waits === 'string') return `board ${waits} has the old program, and waits for the new one`;
    if (typeof readings === 'string') return `the readings agree again: ${readings}`;
    return typeof from === 'string' ? `went on from ${from}` : 'over';
  },
};

function isSome(value: Detail[string] | undefined): boolean {
  return typeof value === 'number' && value > 0;
}

/** One step of a story: when, counted from the evidence on, and what it means. */
export interface TimelineRow {
  /** Null: later, by a clock that has begun anew with the host. */
  readonly afterMs: number | null;
  readonly text: string;
}

export function timelineOf(view: FaultView): readonly TimelineRow[] {
  return view.fault.timeline.map((step) => {
    const ms = (step.atUs - view.startUs) / 1000;
    // The clock begins anew with the host: such a step is later, however small its number.
    return { afterMs: ms < 0 ? null : ms, text: stepText(step, view) };
  });
}

/** `    11.6 ms  relay at board b (proved by the feedback line)` for every step, in the order they happened. */
export function timelineLines(timeline: readonly TimelineRow[], pageWidth = 100): string[] {
  if (timeline.length === 0) return ['  nothing was noted'];
  const rows = timeline.map(({ afterMs, text }) => [afterMs === null ? 'later' : milliseconds(afterMs), text] as const);
  const width = Math.max(...rows.map(([time]) => time.length));
  return rows.flatMap(([time, text]) =>
    wrap(text, pageWidth - width - 4).map((line, row) => `  ${(row === 0 ? time : '').padStart(width)}  ${line}`),
  );
}

/** What one step means, in words. */
export function stepText({ step, detail }: StoredFaultStep, view: FaultView): string {
  return STEP_TEXTS[step]?.(detail, view) ?? step;
}

/** The steps that have words of their own. */
export const KNOWN_STEPS: readonly string[] = Object.keys(STEP_TEXTS);
