import { viewFault } from '../../faults/fault-view.js';
import type { FieldMap, StoredFault } from '../../faults/stored-fault.js';
import { titleOf } from '../../faults/story.js';
import { stepText } from '../../faults/timeline-text.js';
import type { NamedOutput } from '../../values/named-field.js';
import type { ActuatorPins } from '../plant/actuator.js';
import type { ActuatorChange } from '../plant/recorder.js';
import type { ReceivedRun, RunCheck } from '../stage/run-record.js';
import type { Stage } from '../stage/stage.js';
import { PointLine } from './point-line.js';
import type { RunTrace, TracedFault, TracedInput, Track } from './run-trace.js';
import { type TraceRecorder, valueIn } from './trace-recorder.js';

/** So much of what was before the first input is drawn. */
const LEAD_US = 100_000;
/** And so much after the last thing that happened. */
const TAIL_US = 50_000;
/** More inputs than this are counted, not drawn. */
const MOST_INPUTS = 20_000;
const ANALOG_FIRST = 14;

export interface TracedRun {
  readonly run: ReceivedRun;
  readonly recorder: TraceRecorder;
  readonly pins: ActuatorPins;
  readonly names: FieldMap;
  readonly variant: string;
  readonly failed: readonly RunCheck[];
}

/** A run that is over, as it is drawn. */
export function traceRun({ run, recorder, pins, names, variant, failed }: TracedRun): RunTrace {
  const { stage } = run;
  const zeroUs = stage.firstInputAtUs;
  const at = (atUs: number): number => Math.round(atUs - zeroUs);
  const inputs = inputsOf(stage, at);
  const { changes } = stage.world.recorder;
  const outputs = outputTracks(recorder, changes, pins, names.outputs ?? [], zeroUs);
  const tracks = [
    ...inputTracks(stage, names, zeroUs),
    ...recorder.readings(zeroUs, LEAD_US),
    ...outputs,
    ...recorder.results(zeroUs, LEAD_US),
  ].filter(({ lines }) => lines.some(({ points }) => points.length > 0));
  const faults = run.faults.map((fault) => tracedFault(fault, names, at));
  const wrong = run.actuator.wrong.slice(0, MOST_INPUTS).map(({ atUs, board, seq, why }) => ({
    atUs: at(atUs),
    text: `board ${board}, input ${seq}: ${why}`,
  }));
  return {
    ...{ variant, inputs, tracks, faults, wrong },
    endUs: endOf(inputs, tracks, faults) + TAIL_US,
    drives: drivesOf(changes, zeroUs, at),
    injectedUs: stage.injectedAtUs === null ? null : at(stage.injectedAtUs),
    failures: failed.map(({ what, seen }) => `${what}; seen ${seen}`),
    dropped: recorder.dropped + Math.max(0, stage.client.sent.length - MOST_INPUTS),
  };
}

function inputsOf({ client }: Stage, at: (us: number) => number): readonly TracedInput[] {
  return client.sent.slice(0, MOST_INPUTS).map(({ id, sentAtUs, answers, isGivenUp }) => {
    const [first] = answers;
    const twice = answers.filter(({ repeat }) => !repeat).length > 1;
    return {
      ...{ id, sentUs: at(sentAtUs), answeredUs: first === undefined ? null : at(first.atUs) },
      note: twice ? 'twice' : isGivenUp ? 'given up' : null,
    };
  });
}

/** What the client's inputs said. */
function inputTracks({ client }: Stage, { input: fields }: FieldMap, zeroUs: number): readonly Track[] {
  return fields.map((field) => {
    const line = new PointLine('client', false);
    for (const { sentAtUs, payload } of client.sent) {
      const value = valueIn(payload, field);
      if (value !== null) line.add(sentAtUs, value);
    }
    const { name, unit } = field;
    return { kind: 'input', name, unit, lines: [line.from(zeroUs, LEAD_US)] };
  });
}

/** What the actuator got of each pin, and what both boards showed. */
function outputTracks(
  recorder: TraceRecorder,
  changes: readonly ActuatorChange[],
  { duty, trip, others = [] }: ActuatorPins,
  outputs: readonly NamedOutput[],
  zeroUs: number,
): readonly Track[] {
  const levels: readonly { readonly pin: number; readonly of: (change: ActuatorChange) => number }[] = [
    { pin: duty, of: (change) => change.duty },
    // The actuator's record has it as a yes or no; a board's pin as a level.
    ...(trip === null ? [] : [{ pin: trip, of: (change: ActuatorChange) => (change.trip ? 255 : 0) }]),
    ...others.map((pin, index) => ({ pin, of: ({ others: all = [] }: ActuatorChange) => all[index] ?? 0 })),
  ];
  const boards = recorder.outputs(zeroUs, LEAD_US);
  return levels.map(({ pin, of }, index) => {
    const line = new PointLine('actuator', true);
    for (const change of changes) line.add(change.atUs, of(change));
    const named = outputs.find((output) => pinNumber(output.pin) === pin);
    const name = named === undefined ? `pin ${pin}` : `${named.name} (${named.pin})`;
    return {
      ...{ kind: 'output' as const, name, unit: '/ 255' },
      lines: [line.from(zeroUs, LEAD_US), ...(boards[index] ?? [])],
    };
  });
}

/** `D9` and `9` → 9, `A0` → 14; null: it names none. */
function pinNumber(name: string): number | null {
  const [, letter = '', digits] = /^([DA]?)(\d+)$/.exec(name) ?? [];
  if (digits === undefined) return null;
  return letter === 'A' ? ANALOG_FIRST + Number(digits) : Number(digits);
}

function drivesOf(changes: readonly ActuatorChange[], zeroUs: number, at: (us: number) => number): RunTrace['drives'] {
  const beginUs = zeroUs - LEAD_US;
  const drives: { atUs: number; board: ActuatorChange['board'] }[] = [];
  for (const { atUs, board } of changes) {
    const last = drives.at(-1);
    if (last !== undefined && last.board === board) continue;
    // Of what was before the page begins, the last holds.
    if (last !== undefined && atUs <= beginUs) drives.pop();
    drives.push({ atUs: at(Math.max(atUs, beginUs)), board });
  }
  return drives;
}

function tracedFault(fault: StoredFault, fields: FieldMap, at: (us: number) => number): TracedFault {
  const view = viewFault(fault, fields);
  return {
    id: fault.id,
    title: titleOf(fault),
    steps: fault.timeline.map((step) => ({ atUs: at(step.atUs), text: stepText(step, view) })),
  };
}

/** When the last thing happened. */
function endOf(inputs: readonly TracedInput[], tracks: readonly Track[], faults: readonly TracedFault[]): number {
  const times = [
    ...inputs.slice(-1).map(({ sentUs, answeredUs }) => answeredUs ?? sentUs),
    ...tracks.flatMap(({ lines }) => lines.flatMap(({ points }) => points.at(-1)?.[0] ?? 0)),
    ...faults.flatMap(({ steps }) => steps.map(({ atUs }) => atUs)),
  ];
  return times.reduce((latest, one) => Math.max(latest, one), 0);
}
