import type { BoardStatus, LiveValues, NextStep, OpenFaults, Status } from '../../control/contract/status.js';
import { joiningText } from '../../control/joining-text.js';
import { wrap } from '../../faults/wrap-text.js';
import { colours, textWidth } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';
import { timeText } from '../terminal/time-text.js';
import { durationText, statusDetails } from './status-details.js';
import { wearRows } from './wear-rows.js';

const MOST_SHOWN = 8;

/** How the command line is called here, and what it has to be told to find this gateway again. */
export interface CopycatCommand {
  readonly name: string;
  /** Empty, or ` -c FILE`. */
  readonly option: string;
}

/**
 * What copycat status shows: the one state in the first words, and nothing else in colour; why; what to do about it; a row
 * a board; what is open. `isVerbose`: what was counted as well.
 */
export function statusText(status: Status, copycat: CopycatCommand, isVerbose = false): string {
  const verdict = status.protected ? colours.green('PROTECTED') : colours.red('NOT PROTECTED');
  const warnings = warningsOf(status);
  const count = warnings.length === 0 ? '' : `, ${warnings.length} warning${warnings.length === 1 ? '' : 's'}`;
  const { relay, inputs } = status;
  const facts: [string, string][] = [
    ['relay', relayText(relay)],
    ...(relay.wear === undefined ? [] : wearRows(relay.wear, isVerbose)),
    [
      'inputs',
      `${inputs.answered} answered${rejectedText(inputs.rejected)}, ${inputs.pending} in work, ${inputs.refused} refused`,
    ],
    ...waitingForAPerson(inputs.quarantined),
    ['open faults', openFaultsText(status.faults, copycat)],
    ...kindRows(status.boards, copycat),
  ];
  const boards = status.boards.map((board) => [
    board.board,
    roleText(board),
    board.image === null ? '–' : (board.image >>> 0).toString(16).padStart(8, '0'),
    isBehind(board) ? String(board.behind) : '–',
    board.link,
  ]);
  return [
    ...paragraph(`${status.name}: ${verdict}${count} · ${status.why}`, ''),
    ...nextLines(status.next, copycat),
    ...warnings.flatMap((warning) => paragraph(`warning: ${warning}`)),
    ...(boards.length === 0 ? [] : ['', textTable([['board', 'role', 'image', 'behind', 'link'], ...boards], [3])]),
    ...inputLines(status),
    ...status.boards.flatMap(liveLines),
    ...status.boards.flatMap(portLines),
    '',
    textTable(facts),
    ...notHeldLines(status),
    ...(isVerbose ? statusDetails(status) : []),
  ].join('\n');
}

function relayText({ kind, fence, commanded, proved }: Status['relay']): string {
  if (kind === 'none') {
    return fence === 'nothing'
      ? 'none: no actuator is switched (outputs: none)'
      : 'none: a board that is out of the pair is held in RESET';
  }
  const told = proved ? 'proved by its feedback' : 'not proved';
  return kind === 'emulated' ? `EMULATED, at ${commanded}, ${told}: nothing is switched` : `at ${commanded}, ${told}`;
}

/** A second verdict in capitals over the first would say two things at once: what is not covered is said in words. */
function warningsOf({ ledger, warnings, log }: Status): readonly string[] {
  const lost = log?.droppedLines ?? 0;
  return [
    ...(ledger.why === null ? [] : [`NOT RECORDED TO DISK: ${ledger.why}`]),
    ...warnings.map((warning) =>
      warning.replace(/^NOT PROTECTED AGAINST GATEWAY POWER LOSS/, (words) => words.toLowerCase()),
    ),
    ...(lost === 0 ? [] : [`${lost} lines of the log were dropped: whoever reads it was stopped, gone or full`]),
  ];
}

function paragraph(text: string, margin = '  '): readonly string[] {
  return wrap(text, textWidth() - 6).map((line, row) => `${row === 0 ? margin : '      '}${line}`);
}

/** What to do, and the commands for it, to be typed as they stand. */
function nextLines(next: NextStep | null, { name, option }: CopycatCommand): readonly string[] {
  if (next === null) return [];
  const commands = next.commands.map((command) => `      ${name} ${command}${option}`);
  return [...paragraph(`do: ${next.text}${commands.length > 0 ? ':' : ''}`), ...commands];
}

/** What it computed last, where the configuration names it: `board a: duty 36 %, trip no; reads temperature 59.9 degC (input 4711, 12 ms ago)`. */
function liveLines({ board, live }: BoardStatus): readonly string[] {
  if (live == null) return [];
  const { values, readings = [], outputs = [], rejected = false, seq, ageMs } = live;
  const told = [
    ...(rejected ? ['rejected'] : values.length === 0 ? [] : [valuesText(values)]),
    ...(readings.length === 0 ? [] : [`reads ${valuesText(readings)}`]),
    ...(outputs.length === 0 ? [] : [`puts out ${valuesText(outputs)}`]),
  ];
  if (told.length === 0) return [];
  return paragraph(`board ${board}: ${told.join('; ')} (input ${seq}, ${durationText(ageMs)} ago)`);
}

/** The newest input, where the configuration names what it has. */
function inputLines({ lastInput }: Status): readonly string[] {
  if (lastInput == null || lastInput.values.length === 0) return [];
  const { seq, ageMs, values } = lastInput;
  return paragraph(`last input: ${valuesText(values)} (input ${seq}, ${durationText(ageMs)} ago)`);
}

function valuesText(values: LiveValues['values']): string {
  return values
    .map(({ name, value, unit }) => {
      const told = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
      return `${name} ${told}${unit === '' ? '' : ` ${unit}`}`;
    })
    .join(', ');
}

/** A board whose port is not as it should be: what is the matter, and what to do about it. */
function portLines({ board, port }: BoardStatus): readonly string[] {
  if (port == null || port.trouble === null) return [];
  const { name, text, remedy } = port.trouble;
  return [
    ...paragraph(`board ${board}: ${name.replaceAll('-', ' ')}: ${text}`),
    ...(remedy === '' ? [] : paragraph(`do: ${remedy}`)),
  ];
}

/** Whoever looks at a pair is told what it does not do for him. */
function notHeldLines({ notHeld = [] }: Status): readonly string[] {
  if (notHeld.length === 0) return [];
  const told = notHeld.flatMap(({ rules, what }) => paragraph(`${rules.join(', ')}: ${what}`));
  return ['', ...paragraph('not held for these boards, whose firmware is their own:'), ...told];
}

function rejectedText(rejected = 0): string {
  return rejected === 0 ? '' : ` (${rejected} of them rejected by the sketch)`;
}

/** R22 */
function waitingForAPerson(quarantined: readonly number[]): [string, string][] {
  if (quarantined.length === 0) return [];
  const shown = quarantined.slice(0, MOST_SHOWN).join(', ');
  const more = quarantined.length > MOST_SHOWN ? ` and ${quarantined.length - MOST_SHOWN} more` : '';
  return [['quarantined', `${shown}${more}: two boards failed on each`]];
}

function openFaultsText(faults: OpenFaults | undefined, { name }: CopycatCommand): string {
  if (faults === undefined) return `not known: the ledger cannot be read here (${name} faults list says why)`;
  const { open, newest } = faults;
  if (newest === null) return String(open);
  return `${open} (newest ${newest.id}, ${timeText(newest.wallTime)}: ${newest.title})`;
}

/** Of boards that nobody has said all of: how much, and where it is listed. */
function kindRows(boards: readonly BoardStatus[], { name, option }: CopycatCommand): [string, string][] {
  const open = boards.flatMap(({ board, kind }) =>
    kind === undefined || kind.notKnown.length === 0 ? [] : [{ board, kind }],
  );
  return [...new Set(open.map(({ kind }) => kind.name))].map((called) => {
    const those = open.filter(({ kind }) => kind.name === called);
    const count = those[0]?.kind.notKnown.length ?? 0;
    const things = count === 1 ? 'one thing is' : `${count} things are`;
    return [
      `kind of ${those.map(({ board }) => board).join(' and ')}`,
      `${called}: ${things} not known of it (${name} check${option} lists them)`,
    ];
  });
}

function roleText({ role, joining }: BoardStatus): string {
  return joining === null ? role : `joining: ${joiningText(joining)}`;
}

/** A board that is out is given no inputs: there is nothing for it to be behind with. */
function isBehind({ role }: BoardStatus): boolean {
  return role !== 'locked out' && role !== 'set aside' && role !== 'kept out';
}
