import { nameOutputs, nameReadings, nameValues } from '../../faults/named-values.js';
import type { FieldMap } from '../../faults/stored-fault.js';
import { wrap } from '../../faults/wrap-text.js';
import type { StoredInput } from '../../ledger/reader/read-stored-inputs.js';
import { isRejected, reasonText } from '../../values/rejection.js';
import { printable } from '../terminal/printable.js';
import { textWidth } from '../terminal/terminal.js';
import { textTable } from '../terminal/text-table.js';

export interface InputCommands {
  readonly copycat: string;
  /** What has to follow a command to the gateway: empty, or ` -c FILE`. */
  readonly option: string;
  /** Its gateway and its boards are gone. */
  readonly isBench: boolean;
}

/** Inputs as a table, newest first. */
export function inputTable(inputs: readonly StoredInput[], fields: FieldMap): string {
  const rows = inputs.map((input) => [
    String(input.seq),
    printable(input.ref),
    input.state,
    input.commit === null ? '–' : input.commit.board,
    nameValues(input.payload, fields.input),
    resultColumn(input, fields),
  ]);
  return textTable([['input', 'from', 'state', 'result of', 'values', 'result'], ...rows], [0]);
}

/** What is known of one input, and what a person can do with it. */
export function inputLines(input: StoredInput, fields: FieldMap, names: InputCommands): string[] {
  const rows: readonly (readonly [string, string])[] = [
    ['values', nameValues(input.payload, fields.input)],
    ...(input.payload.length === 0 ? [] : [['bytes', Buffer.from(input.payload).toString('hex')] as const]),
    ['pair time', `${input.pairTimeMs} ms`],
    ...readingsRow(input, fields),
    ['result', resultText(input, fields.result)],
    ...outputsRow(input, fields),
    ['answer', answerText(input)],
    ['acted on by', listed(input.doneBy, 'no board yet')],
    ...(input.attempts.length === 0
      ? []
      : [
          [
            'given to',
            listed(
              input.attempts.map(({ board, session }) => `${board} (session ${session})`),
              '',
            ),
          ] as const,
        ]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return [
    `Input ${input.seq} (${printable(input.ref)}): ${STATE_TEXTS[input.state]}`,
    ...rows.flatMap(([label, text]) =>
      wrap(text, textWidth() - 2 - width).map((line, row) => `  ${(row === 0 ? label : '').padEnd(width)}${line}`),
    ),
    '',
    'What to do now',
    ...toDo(input, names),
  ];
}

const STATE_TEXTS: Readonly<Record<StoredInput['state'], string>> = {
  pending: 'in work',
  quarantined: 'waits for your decision, because two boards failed on it',
  dropped: 'dropped by a person, without a result',
  rejected: 'rejected by the sketch: nothing was staged for its outputs',
  finished: 'finished',
};

/** What the board that committed read for itself, where it read anything (R21). */
function readingsRow({ commit }: StoredInput, { sources }: FieldMap): (readonly [string, string])[] {
  if (commit === null || commit.observed.length === 0) return [];
  return [['readings', `${nameReadings(commit.observed, sources ?? [])}; of board ${commit.board}`]];
}

function resultText({ commit }: StoredInput, fields: FieldMap['result']): string {
  if (commit === null) return 'none has been committed';
  return `${resultValues(commit.parts, fields)}; of board ${commit.board}, its execution ${commit.executionCount}`;
}

/** A sketch that replies nothing is known by what it puts out. */
function resultColumn({ commit, readBacks }: StoredInput, fields: FieldMap): string {
  if (commit === null) return '–';
  const [first] = readBacks;
  const saysNothing = !isRejected(commit.parts) && commit.parts.every(({ body }) => body.length === 0);
  if (saysNothing && first !== undefined) return nameOutputs(first.levels, fields.outputs ?? []);
  return resultValues(commit.parts, fields.result);
}

/**
 * What a sketch stages does not cross the wire; what its output registers show right after it has acted does, and an output that it
 * did not stage shows the level that it had (R29). No row of what nobody has heard.
 */
function outputsRow({ commit, readBacks }: StoredInput, { outputs = [] }: FieldMap): (readonly [string, string])[] {
  const [first, ...others] = readBacks.map(({ board, levels }) => ({ board, text: nameOutputs(levels, outputs) }));
  if (first === undefined) return [];
  const before = commit !== null && isRejected(commit.parts) ? 'as before: ' : '';
  const areSame = others.every(({ text }) => text === first.text);
  const boards = readBacks.map(({ board }) => board).join(' and ');
  if (areSame) return [['outputs', `${before}${first.text}; read back by ${boards}`]];
  const each = [first, ...others].map(({ board, text }) => `board ${board} ${text}`).join('; ');
  return [['outputs', `${before}they differ: ${each}`]];
}

/** What a rejection says has no fields. */
function resultValues(parts: NonNullable<StoredInput['commit']>['parts'], fields: FieldMap['result']): string {
  if (isRejected(parts)) return `rejected: ${reasonText(parts.map(({ body }) => body))}`;
  return parts.map(({ body }, part) => nameValues(body, fields, part)).join(' | ');
}

function answerText({ kind, emitted }: StoredInput): string {
  // Who gave it waits for none.
  if (kind !== 'input') return `none is sent: it is ${kind === 'offer' ? 'an offer of a board' : `a ${kind}`}`;
  return emitted ? 'has been sent' : 'has not been sent, as far as is known';
}

function listed(boards: readonly string[], none: string): string {
  return boards.length === 0 ? none : boards.join(', ');
}

function toDo({ seq, state }: StoredInput, { copycat, option, isBench }: InputCommands): readonly string[] {
  if (state !== 'quarantined') return ['  Nothing: no decision is waited for.'];
  if (isBench) return ['  Nothing: its gateway and its boards were those of a bench and are gone.'];
  return [
    '  1. Make the plant safe by hand: the pair is stopped until you have decided.',
    '  2. To give it to the boards once more, after what made them fail has been mended:',
    `       ${copycat} inputs retry ${seq}${option}`,
    '     Or to give it up, without a result; whoever sent it may send it again under the same id:',
    `       ${copycat} inputs drop ${seq}${option}`,
  ];
}
