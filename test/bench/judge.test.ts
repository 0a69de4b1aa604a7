import { describe, expect, test } from 'vitest';
import { HEATER_REPORT, heaterPayload } from '../../src/bench/heater-reference.js';
import { expectedRun } from '../../src/bench/judge/expected-run.js';
import { type JudgeOptions, judgeActuator } from '../../src/bench/judge/judge-actuator.js';
import { judgeAnswers } from '../../src/bench/judge/judge-answers.js';
import type { ActuatorChange } from '../../src/bench/plant/recorder.js';

/** The judge of the bench: what it lets pass, and what it does not. */

const levels = [
  { duty: 0, trip: true },
  { duty: 10, trip: false },
  { duty: 20, trip: false },
];
const nothingAllowed: JudgeOptions = { fromUs: 0, safeLevels: [] };
const at = (atUs: number, board: 'a' | 'b' | null, duty: number, trip = false): ActuatorChange => ({
  atUs,
  board,
  duty: board === null ? 0 : duty,
  trip,
});
const start = [at(0, 'a', 0, true), at(1_000, 'a', 10)];

describe('the actuator', () => {
  test('a level that the reference does not have, an older one, and one that is not the last are wrong', () => {
    const why = (...changes: ActuatorChange[]) =>
      judgeActuator([...start, ...changes], levels, nothingAllowed).wrong.map((found) => found.why);
    expect(why(at(2_000, 'a', 20))).toEqual([]);
    expect(why(at(2_000, 'a', 11), at(3_000, 'a', 20))).toEqual(['not in the reference']);
    expect(why(at(2_000, 'a', 20), at(3_000, 'a', 10), at(4_000, 'a', 20))).toEqual(['older than what it had']);
    expect(why()).toEqual(['not the last one']);
  });

  test('R7: a safe level is allowed to the board that failed, from then until the contact has left it, and to no other', () => {
    const safeLevels = [{ board: 'a', fromUs: 1_500, untilUs: Number.POSITIVE_INFINITY }] as const;
    const wrong = (...changes: ActuatorChange[]) =>
      judgeActuator([...start, ...changes], levels, { fromUs: 0, safeLevels }).wrong.length;
    const moved = [at(3_000, null, 0), at(5_000, 'b', 20)];
    expect(wrong(at(2_000, 'a', 0, true), ...moved)).toBe(0);
    expect(wrong(at(1_400, 'a', 0, true), ...moved)).toBe(1);
    expect(wrong(...moved, at(6_000, 'b', 0, true), at(7_000, 'b', 20))).toBe(1);
    expect(wrong(...moved, at(6_000, null, 0), at(8_000, 'a', 0, true), at(9_000, 'a', 20))).toBe(1);
    // A board that failed while the other was connected, and gets the actuator then.
    const other = [{ board: 'b', fromUs: 1_500, untilUs: 6_500 }] as const;
    const toFailed = [...start, at(3_000, null, 0), at(5_000, 'b', 0), at(5_100, null, 0), at(5_200, 'b', 0)];
    const wrongAt = (changes: readonly ActuatorChange[]) =>
      judgeActuator([...changes, at(9_000, 'b', 20)], levels, { fromUs: 0, safeLevels: other }).wrong.length;
    expect(wrongAt(toFailed)).toBe(0);
    expect(wrongAt([...toFailed, at(7_000, 'b', 0, true)])).toBe(1);
  });

  test('R26: a hand-over has one open time, bounces and all, and the levels before and after', () => {
    const { transfers, drives } = judgeActuator(
      [
        ...start,
        ...[at(2_000, null, 0), at(4_000, 'b', 10), at(4_150, null, 0), at(4_300, 'b', 10), at(4_450, null, 0)],
        ...[at(4_600, 'b', 10), at(9_000, 'b', 20)],
      ],
      levels,
      nothingAllowed,
    );
    expect(drives).toEqual(['a', 'b']);
    expect(transfers).toMatchObject([
      { from: 'a', to: 'b', openUs: 2_600, before: { duty: 10 }, after: { duty: 10, trip: false } },
    ]);
  });
});

describe('the answers', () => {
  const payload = heaterPayload(960, 640);

  test('after a fresh start of both boards the reference begins with a fresh state', () => {
    const { levels: after, replies } = expectedRun([payload, payload, null, payload]);
    expect(after[3]).toEqual({ duty: 0, trip: true });
    expect(replies[3]).toEqual(replies[0]);
    expect(replies[1]).not.toEqual(replies[0]);
  });

  test('R4: a result of two parts is both of them', () => {
    const { replies } = expectedRun([HEATER_REPORT]);
    expect(replies[0]?.length).toBe(8);
  });

  test('what nobody answered is lost, unless its client was told that it will not be done', () => {
    const { replies } = expectedRun([payload]);
    const [body = new Uint8Array(0)] = replies;
    const input = (id: number, isAnswered: boolean, isGivenUp = false) => ({
      ...{ id, payload, sentAtUs: 0, isGivenUp },
      answers: isAnswered ? [{ atUs: 1, body, repeat: false }] : [],
    });
    const verdict = judgeAnswers([input(1, true), input(2, false), input(3, false, true)], [1, 2], replies);
    expect(verdict).toMatchObject({ completed: 1, lost: [2], wrong: [], duplicated: [] });
  });

  test('R9, R23: a second answer has to bear the mark of a repeat, and to say the same', () => {
    const { replies } = expectedRun([payload]);
    const [body = new Uint8Array(0)] = replies;
    const twice = (repeat: boolean, second: Uint8Array) => [
      {
        ...{ id: 1, payload, sentAtUs: 0, isGivenUp: false },
        answers: [
          { atUs: 1, body, repeat: false },
          { atUs: 2, body: second, repeat },
        ],
      },
    ];
    expect(judgeAnswers(twice(true, body), [1], replies)).toMatchObject({ duplicated: [], wrong: [], repeats: 1 });
    expect(judgeAnswers(twice(false, body), [1], replies)).toMatchObject({ duplicated: [1] });
    expect(judgeAnswers(twice(true, new Uint8Array(6)), [1], replies)).toMatchObject({ wrong: [1] });
  });
});
