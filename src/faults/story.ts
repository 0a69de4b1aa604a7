import { reasonText } from '../values/rejection.js';
import { kindOf } from './catalogue/catalogue.js';
import { isEvent } from './catalogue/events.js';
import { effectOnActuator, whatWasDone } from './consequences.js';
import { evidenceOf } from './evidence.js';
import { type FaultView, viewFault } from './fault-view.js';
import { nameValues } from './named-values.js';
import { cap, fact, milliseconds } from './plain-words.js';
import { type CommandNames, PLAIN_COMMANDS, type Remedy, remediesFor } from './remedy.js';
import { type Sides, sidesOf } from './sides.js';
import type { FieldMap, StoredFault } from './stored-fault.js';
import { type TimelineRow, timelineLines, timelineOf } from './timeline-text.js';
import { wrap } from './wrap-text.js';

/** A fault in a few words, for a list: `board a stopped answering`. */
export function titleOf(fault: StoredFault): string {
  return kindOf(fault.code).title(viewFault(fault, { input: [], result: [] }));
}

/** What a story is told on. */
export interface StoryPage {
  /** Characters in a line; commands, which have to be typed as they stand, may be longer. */
  readonly width: number;
  /** How a time, which is kept as ISO 8601 in UTC, is shown. */
  timeText(iso: string): string;
  /** What stands above the steps of a person; "What to do now" when not given. */
  readonly nextHeading?: string;
}

/** A story in its parts, for whoever sets them out in another way than in lines. */
export interface StoryParts {
  /** What a person asks first: when, which board, which input, and so on. */
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly happened: string;
  readonly done: string;
  readonly effect: string;
  readonly timeline: readonly TimelineRow[];
  readonly next: readonly Remedy[];
  /** R20: of two results that differ; null: it is about none. */
  readonly sides: Sides | null;
}

const PLAIN_PAGE: StoryPage = {
  width: 100,
  timeText: (iso) => iso.replace('T', ' ').replace('Z', ' UTC'),
};

/**
 * A fault as a story: which board and which input, the evidence, what was done and when, what the actuator felt, and what to
 * do now, as commands that can be typed as they stand.
 */
export function storyPartsOf(
  fault: StoredFault,
  fields: FieldMap,
  names: CommandNames = PLAIN_COMMANDS,
  page: StoryPage = PLAIN_PAGE,
): StoryParts {
  const view = viewFault(fault, fields);
  const kind = kindOf(fault.code);
  return {
    facts: [
      {
        label: 'when',
        text: `${page.timeText(fault.wallTime)}${fault.wallTimeTrusted ? '' : ' (the clock of the host was not set)'}`,
      },
      { label: 'board', text: boardText(view) },
      { label: 'input', text: inputText(view) },
      { label: 'evidence', text: evidenceOf(view) },
      { label: 'times', text: timesText(view) },
      { label: 'state', text: stateText(fault, page) },
    ],
    happened: cap(`${kind.happened(view)}${kind.cause === '' ? '' : ` Usual causes: ${lower(kind.cause)}`}`),
    done: cap(whatWasDone(view)),
    effect: cap(effectOnActuator(view)),
    timeline: timelineOf(view),
    next: remediesFor(view, names),
    sides: sidesOf(fault, fields.result),
  };
}

/** A story line by line. Headings are lines that end without a stop and begin at the margin. */
export function tellFault(
  fault: StoredFault,
  fields: FieldMap,
  names: CommandNames = PLAIN_COMMANDS,
  page: StoryPage = PLAIN_PAGE,
): string[] {
  const { facts, happened, done, effect, timeline, next } = storyPartsOf(fault, fields, names, page);
  const { width, nextHeading = 'What to do now' } = page;
  return [
    `${isEvent(fault) ? 'Event' : 'Fault'} ${fault.id}: ${titleOf(fault)}`,
    ...labelled(width, facts),
    '',
    'What happened',
    ...paragraph(width, happened),
    '',
    'What was done',
    ...paragraph(width, done),
    '',
    'Effect on the actuator',
    ...paragraph(width, effect),
    '',
    'Timeline, from the evidence on',
    ...timelineLines(timeline, width),
    '',
    nextHeading,
    ...next.flatMap(({ text, commands }, index) => [
      ...numbered(width, index + 1, text),
      ...commands.map((command) => `       ${command}`),
    ]),
  ];
}

function boardText({ fault, outcome, isThirdCopy }: FaultView): string {
  if (fault.code === 'sensor-drift') return 'which of the two is wrong is not known';
  if (isThirdCopy) return `${fault.board}, the third copy`;
  if (fault.board === null) return 'neither of the two: it concerns the pair or the gateway';
  if (outcome === 'took-over' || outcome === 'taking-over') return `${fault.board}, the primary until then`;
  return outcome === 'set-aside' ? `${fault.board}, the backup until then` : fault.board;
}

function inputText({ fault, fields }: FaultView): string {
  if (fault.input === null) {
    if (fault.seq !== null) return `${fault.seq} (no longer in the ledger)`;
    const { unfinished } = fault.evidence;
    return typeof unfinished === 'number' && unfinished > 0 ? `${unfinished} were in work` : 'none was in work';
  }
  const { ref, kind, payload, result, rejected = false } = fault.input;
  const what = kind === 'probe' ? 'a probe of an idle board' : `${ref}: ${nameValues(payload, fields.input)}`;
  const answer =
    result === null
      ? ''
      : rejected
        ? `; rejected by the sketch: ${reasonText(result)}`
        : `; answered with ${result.map((part, index) => nameValues(part, fields.result, index)).join(' | ')}`;
  return `${fault.seq ?? ''} (${what})${answer}`.trim();
}

/** The figures that a person asks for first; the timeline has the rest. */
function timesText(view: FaultView): string {
  const isPlanned = view.outcome === 'switched' || view.outcome === 'switching';
  const steps = [
    ...(isPlanned ? [['lease changed', view.msTo('fenced')] as const] : []),
    ...(isPlanned
      ? []
      : [['declared failed', view.msTo('declared-failed')] as const, ['locked out', view.msTo('fenced')] as const]),
    ['relay moved', view.msTo('relay-moved')],
    ['held in RESET', view.msTo('held-in-reset')],
    ['first answer', view.msTo('first-answer')],
    [isPlanned ? 'over' : 'took over', view.msTo('took-over')],
    ['set aside', view.msTo('set-aside')],
    ['kept out', view.msTo('kept-out')],
    ['joined again', view.msTo('joined')],
    ['stopped', view.msTo('stopped')],
    ...(view.fault.code === 'sensor-drift' ? [['agreed again', view.msTo('ended')] as const] : []),
  ] as const;
  const told = steps
    .flatMap(([name, ms]) => (ms === null ? [] : [{ name, ms }]))
    .sort((one, other) => one.ms - other.ms)
    .map(({ name, ms }) => `${name} after ${milliseconds(ms)}`);
  if (told.length === 0) return 'noted at once, nothing followed';
  const before = fact(view.fault, 'waitedForMs');
  return `${before === undefined ? '' : `waited ${before}, then: `}${told.join(', ')}`;
}

function stateText(fault: StoredFault, { timeText }: StoryPage): string {
  const again = fault.repeats > 0 ? `, came again ${fault.repeats} time${fault.repeats === 1 ? '' : 's'}` : '';
  if (isEvent(fault)) return `planned, so it is closed by itself${again}`;
  return `${fault.closedAt === null ? 'open' : `closed ${timeText(fault.closedAt)}`}${again}`;
}

function labelled(pageWidth: number, rows: StoryParts['facts']): string[] {
  const width = Math.max(...rows.map(({ label }) => label.length)) + 2;
  return rows.flatMap(({ label, text }) => {
    const [first = '', ...rest] = wrap(text, pageWidth - 2 - width);
    return [`  ${label.padEnd(width)}${first}`, ...rest.map((line) => `  ${' '.repeat(width)}${line}`)];
  });
}

function paragraph(width: number, text: string): string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`);
}

function numbered(width: number, number: number, text: string): string[] {
  return wrap(text, width - 5).map((line, index) => `  ${index === 0 ? `${number}.` : '  '} ${line}`);
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
