import { describe, expect, test } from 'vitest';
import { loadSubject } from '#built/bench/image/load-subject.js';
import type { ExecutedInput } from '#built/bench/record/executed-inputs.js';
import { ReplayBoard } from '#built/bench/replay/replay-board.js';
import { isNoAnswer, replayRun } from '#built/bench/replay/replay-run.js';
import { judgeSameInputs } from '#built/bench/replay/same-inputs.js';
import { HEATER_START, heaterPayload, heaterStep } from '../../src/model-board/heater-reference.js';

const subject = loadSubject({ firmware: 'heater.hex', configFile: null, kind: null, worldFile: null });
const { hex, mcu, pins, resultFields: fields } = subject;
const OPTIONS = { program: { hex, mcu }, seed: 3, pins, fields };
const PAYLOADS = Array.from({ length: 12 }, (_, index) => heaterPayload((50 + index) * 16, 40 * 16));

/** What a pair would have executed, from the heater's own reference model. */
function executed(): ExecutedInput[] {
  const board = new ReplayBoard({ hex, mcu, seed: 9 });
  board.open();
  return PAYLOADS.map((payload, index) => {
    const pairTimeMs = 1000 + 20 * index;
    const result = board.play({ payload, pairTimeMs, observed: null });
    if (isNoAnswer(result)) throw new Error(result.noAnswer);
    return { seq: index + 1, payload, pairTimeMs, observed: result.observed, results: [{ board: 'a', result }] };
  });
}

describe('DESIGN 9: what a pair has executed, replayed on one board', () => {
  test('comes to what the reference model of the heater says, input by input', () => {
    const replayed = replayRun(executed(), OPTIONS);
    let state = HEATER_START;
    for (const [index, payload] of PAYLOADS.entries()) {
      const step = heaterStep(state, { payload, adc: undefined });
      state = step.state;
      expect(Buffer.from(replayed.replies[index] ?? [])).toEqual(Buffer.concat(step.parts));
      expect(replayed.levels[index + 1]).toEqual(levelsOf(state));
    }
    expect(replayed.differences).toEqual([]);
  });

  test('an output, a digest or an order that is not what the pair has done is found, by input, board and field', () => {
    const wrongDuty = executed();
    const parts = wrongDuty[5]?.results[0]?.result.parts;
    const body = parts?.[0]?.body;
    if (body !== undefined) body[0] = (body[0] ?? 0) ^ 1;
    expect(replayRun(wrongDuty, OPTIONS).differences).toEqual([
      expect.stringMatching(/^input 6: board a and one board alone differ: duty \d+ \/ 255 and \d+ \/ 255$/),
    ]);
    const swapped = executed();
    [swapped[3], swapped[4]] = [swapped[4], swapped[3]] as [ExecutedInput, ExecutedInput];
    expect(replayRun(swapped, OPTIONS).differences[0]).toMatch(/^input 5: board a/);
    const missing = executed().filter(({ seq }) => seq !== 8);
    expect(replayRun(missing, OPTIONS).differences[0]).toMatch(/^input 9: board a/);
  });

  test('after a fresh start of both boards it begins anew', () => {
    const run = executed();
    const { levels, differences, replies } = replayRun([...run, null, ...run], OPTIONS);
    expect(differences).toEqual([]);
    expect(replies).toHaveLength(2 * PAYLOADS.length + 1);
    expect(levels[run.length + 1]).toEqual(levels[0]);
  });
});

test('R21: the heater is a function of what it is given', () => {
  const { world, inputFields, resultFields } = subject;
  const verdict = judgeSameInputs({
    program: { hex, mcu },
    pins,
    world,
    inputFields,
    resultFields,
    inputs: 40,
    seed: 1,
  });
  expect(verdict).toEqual({ compared: 40, difference: null, hasStopped: false });
});

/** Pin 9 first, then pin 8. */
function levelsOf({ duty, trip }: { readonly duty: number; readonly trip: number }) {
  return { duty, trip: false, others: [trip === 0 ? 0 : 255] };
}
