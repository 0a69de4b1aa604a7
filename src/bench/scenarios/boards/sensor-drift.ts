import type { StoredFault } from '../../../faults/stored-fault.js';
import type { BoardName } from '../../bench-board.js';
import type { RunPlan, Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { WireTap } from '../../stage/watching/wire-tap.js';

/** The configuration of the bench tolerates 2 degC. */
const WRONG_BY_C = 10;
/** Slow enough that the boards are told apart by their sensors and not by the time of their readings. */
const PACE_US = 20_000;

const taps = new WeakMap<object, WireTap>();

/** Two inputs of three leave it to the boards to measure; the third says what is measured, and nobody reads. */
function payload(id: number): Uint8Array | null {
  return id % 3 === 0 ? null : new Uint8Array(0);
}

/** Inputs have seqs in the order in which they were sent, which is the order of execution. */
function primaryReadings(stage: Stage): (number | undefined)[] {
  const tap = taps.get(stage);
  return [...(tap?.given.a ?? [])].sort((one, other) => one - other).map((seq) => tap?.readings.a.get(seq)?.[0]);
}

function goWrong(board: BoardName): RunPlan['plan'] {
  return (stage) => {
    taps.set(stage, new WireTap(stage.world));
    stage.inject(0.3, () => {
      stage.thermometerErrors[board] = WRONG_BY_C;
    });
  };
}

/** One fault, by the name of the sensor, with both values and their unit. */
function toldOnce(run: ReceivedRun, wrong: BoardName) {
  const found = run.faults.filter(({ code }) => code === 'sensor-drift');
  const evidence = found[0]?.evidence ?? {};
  const [a = Number.NaN, b = Number.NaN] = degreesIn(evidence['readings']);
  const by = wrong === 'a' ? a - b : b - a;
  return [
    check('told once', found.length === 1 && found[0]?.repeats === 0, { faults: found.length }),
    check(
      'told by name, with both values in degrees',
      evidence['source'] === 'temperature' && Math.abs(by - WRONG_BY_C) < 2,
      evidence,
    ),
  ];
}

/** `61.1 degC (board a) against 75.5 degC (board b)` */
function degreesIn(readings: StoredFault['evidence'][string] | undefined): number[] {
  const told = /^(-?[\d.]+) degC \(board a\) against (-?[\d.]+) degC \(board b\)$/.exec(String(readings));
  return told === null ? [] : [Number(told[1]), Number(told[2])];
}

/** Whether the story of the fault has come to its end. */
function checkEnded(run: ReceivedRun, isOver: boolean) {
  const steps = run.faults.find(({ code }) => code === 'sensor-drift')?.timeline.map(({ step }) => step) ?? [];
  const ends = steps.filter((step) => step === 'ended').length;
  return check(isOver ? 'over when the sensors agree again' : 'not over', ends === (isOver ? 1 : 0), { steps });
}

/** The levels that the actuator saw are judged by what the primary read: nothing changed but what it measured. */
function nothingMoved(run: ReceivedRun) {
  return [...commonChecks(run), checkDrives(run, 'a'), checkFaults(run, 'sensor-drift')];
}

export const sensorDrift: Scenario = {
  name: 'sensor-drift',
  promise:
    'the thermometer of one board goes wrong: one fault by name and values, and nothing else; no takeover, no difference at the actuator, and it is over when they agree again',
  runs: [
    {
      variant: 'of the backup, for a while',
      payload,
      client: { paceUs: PACE_US },
      readings: primaryReadings,
      plan: (stage) => {
        goWrong('b')?.(stage);
        stage.inject(0.7, () => {
          stage.thermometerErrors.b = 0;
        });
      },
      checks: (run) => [...nothingMoved(run), ...toldOnce(run, 'b'), checkEnded(run, true)],
    },
    {
      variant: 'of the primary',
      payload,
      client: { paceUs: PACE_US },
      readings: primaryReadings,
      plan: (stage) => goWrong('a')?.(stage),
      checks: (run) => [...nothingMoved(run), ...toldOnce(run, 'a'), checkEnded(run, false)],
    },
  ],
};
