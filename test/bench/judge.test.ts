import { describe, expect, test } from 'vitest';
import type { BoardName } from '../../src/bench/bench-board.js';
import { expectedRun, type Level } from '../../src/bench/judge/expected-run.js';
import { inputSteps } from '../../src/bench/judge/input-steps.js';
import { type ActuatorVerdict, type ExpectedActuator, judgeActuator } from '../../src/bench/judge/judge-actuator.js';
import { judgeAnswers } from '../../src/bench/judge/judge-answers.js';
import type { SafeLevel } from '../../src/bench/judge/safe-levels.js';
import type { ActuatorChange } from '../../src/bench/plant/recorder.js';
import type { BoardAct } from '../../src/bench/record/board-acts.js';
import { HEATER_REPORT, heaterPayload } from '../../src/model-board/heater-reference.js';

/** The judge of the bench: what it lets pass, and what it does not. */

const SAFE: Level = { duty: 0, trip: true };
const level = (duty: number): Level => ({ duty, trip: false });

/** A run by hand: boards act on seqs, and the actuator sees the one that is connected. Seq k is step k. */
class Run {
  readonly changes: ActuatorChange[] = [];
  readonly acts: Record<BoardName, BoardAct[]> = { a: [], b: [] };
  readonly #shows: Record<BoardName, Level> = { a: SAFE, b: SAFE };
  #connected: BoardName | null = null;
  #nowUs = 0;

  constructor(readonly levels: readonly Level[]) {
    this.connect('a');
  }

  /** The board gets the COMMIT, shows this, and says DONE. */
  act(board: BoardName, seq: number, shows: Level = this.levels[seq] ?? SAFE): this {
    return this.grant(board, seq).show(board, shows).say(board, seq);
  }

  grant(board: BoardName, seq: number): this {
    this.acts[board].push({ kind: 'granted', atUs: this.#later(1_000), seq, execution: seq });
    return this;
  }

  say(board: BoardName, seq: number): this {
    this.acts[board].push({ kind: 'acted', atUs: this.#later(1_000), seq, execution: seq });
    return this;
  }

  /** It takes the state of a board that had acted on `seq`. */
  give(board: BoardName, seq: number): this {
    this.acts[board].push({ kind: 'giving', atUs: this.#later(1_000), seq, execution: seq });
    this.show(board, this.levels[seq] ?? SAFE);
    this.acts[board].push({ kind: 'given', atUs: this.#later(1_000), seq, execution: seq });
    return this;
  }

  start(board: BoardName): this {
    this.show(board, SAFE);
    this.acts[board].push({ kind: 'started', atUs: this.#later(1_000) });
    return this;
  }

  show(board: BoardName, shows: Level): this {
    this.#shows[board] = shows;
    if (board === this.#connected) this.#look(200);
    return this;
  }

  connect(board: BoardName | null): this {
    this.#connected = board;
    this.#look(2_000);
    return this;
  }

  /** The contact opens so long after the board has shown this, which was not all of what it shows. */
  bounce(shows: Level, afterUs: number): this {
    this.changes.push({ atUs: this.#later(1_000), board: this.#connected, ...shows });
    this.changes.push({ atUs: this.#later(afterUs), board: null, ...level(0) });
    this.#look(300);
    return this;
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  judged(safeLevels: readonly SafeLevel[] = [], expected: Partial<ExpectedActuator> = {}): ActuatorVerdict {
    const bySeq = new Map(this.levels.map((_, step) => [step, [step]]));
    return judgeActuator(
      this,
      {
        ...{ levels: this.levels, changed: null },
        steps: { bySeq, restarts: new Set(), optional: new Set() },
        ...expected,
      },
      { fromUs: 0, safeLevels },
    );
  }

  /** What was found, in short: seq and why. */
  wrong(...judgedWith: Parameters<Run['judged']>): unknown[] {
    return this.judged(...judgedWith).wrong.map(({ seq, why }) => [seq, why]);
  }

  #look(afterUs: number): void {
    const shown = this.#connected === null ? { duty: 0, trip: false } : this.#shows[this.#connected];
    const last = this.changes.at(-1);
    const atUs = this.#later(afterUs);
    if (last?.board === this.#connected && last.duty === shown.duty && last.trip === shown.trip) return;
    this.changes.push({ atUs, board: this.#connected, ...shown });
  }

  #later(us: number): number {
    this.#nowUs += us;
    return this.#nowUs;
  }
}

const run = (...duties: number[]): Run => new Run([SAFE, ...duties.map(level)]);

describe('the actuator: each level is judged by the input that its board had acted on', () => {
  test('what the reference gives for that input is right; another level, an older one and a missing end are wrong', () => {
    expect(run(10, 20).act('a', 1).act('a', 2).wrong()).toEqual([]);
    expect(run(10, 20).act('a', 1).act('a', 2, level(11)).wrong()).toEqual([[2, 'not what its input gives']]);
    expect(run(10, 20).act('a', 1).wrong()).toEqual([[1, 'not the last one']]);
    expect(run(10, 20).act('a', 1).act('a', 2).show('a', level(10)).wrong()).toEqual([[2, 'not what its input gives']]);
  });

  test('between two writes of one result there is no level, also where a contact that bounces ends it; what lasts is one', () => {
    const bounced = (afterUs: number) =>
      run(10, 20).act('a', 1).grant('a', 2).bounce(level(7), afterUs).show('a', level(20)).say('a', 2);
    expect(bounced(40).wrong()).toEqual([]);
    expect(bounced(100).wrong()).toEqual([[2, 'not what its input gives']]);
  });

  test('a wrong level that equals a later right one is wrong, and the right ones after it are right', () => {
    // Levels rise by one with each input; the primary jumps ahead by two and is replaced.
    const wrong = run(10, 11, 12, 13, 14)
      .act('a', 1)
      .act('b', 1)
      .act('a', 2, level(14))
      .act('b', 2)
      .connect(null)
      .connect('b')
      .act('b', 3)
      .act('b', 4)
      .act('b', 5)
      .judged().wrong;
    expect(wrong).toMatchObject([{ board: 'a', seq: 2, duty: 14, why: 'not what its input gives' }]);
  });

  test('a level that stays while its board says that it has acted is wrong, although a later input gives it again', () => {
    expect(run(10, 20, 10).act('a', 1).act('a', 2, level(10)).act('a', 3).wrong()).toEqual([
      [2, 'not what its input gives'],
    ]);
  });

  test('levels that repeat are each of their own input', () => {
    expect(run(10, 10, 20, 10, 10).act('a', 1).act('a', 2).act('a', 3).act('a', 4).act('a', 5).wrong()).toEqual([]);
    // The last two were never acted on: that the level is the last one's is chance.
    expect(run(10, 20, 20, 20).act('a', 1).act('a', 2).wrong()).toEqual([[2, 'not the last one']]);
  });

  test('R10: a stale level of the other board is wrong, and that it has the value of a later one changes nothing', () => {
    const stale = run(10, 20, 10).act('a', 1).act('b', 1).act('a', 2).connect(null).connect('b');
    expect(stale.act('b', 2).act('b', 3).wrong()).toEqual([[1, 'older than what it had']]);
  });

  test('R10: a takeover carries out again what had no DONE: the level before and after it is right', () => {
    const redo = (wasWritten: boolean) => {
      const begun = run(10, 20, 30).act('a', 1).act('b', 1).grant('a', 2);
      if (wasWritten) begun.show('a', level(20));
      return begun.act('b', 2).connect(null).connect('b').act('b', 3).wrong();
    };
    expect(redo(true)).toEqual([]);
    expect(redo(false)).toEqual([]);
  });

  test('a COMMIT that has not come makes no level right', () => {
    expect(run(10, 20).act('a', 1).show('a', level(20)).grant('a', 2).say('a', 2).wrong()).toEqual([
      [1, 'not what its input gives'],
    ]);
  });

  test('several inputs that were granted together are acted on in their order', () => {
    const together = run(10, 20, 30).grant('a', 1).grant('a', 2).grant('a', 3);
    for (const seq of [1, 2, 3]) together.show('a', level(seq * 10));
    expect(together.say('a', 1).say('a', 2).say('a', 3).wrong()).toEqual([]);
    const backwards = run(10, 20, 30).grant('a', 1).grant('a', 2).grant('a', 3);
    for (const seq of [2, 1, 3]) backwards.show('a', level(seq * 10));
    expect(backwards.say('a', 1).say('a', 2).say('a', 3).wrong()).toEqual([[1, 'older than what it had']]);
  });

  test('an input that the board at the contact leaves out is missed, unless it was given under another seq again', () => {
    const leftOut = () => run(10, 10, 10).act('a', 1).act('a', 3);
    expect(leftOut().wrong()).toEqual([[3, 'one was left out before it']]);
    const bySeq = new Map([1, 2, 3].map((seq) => [seq, [seq]]));
    expect(leftOut().wrong([], { steps: { bySeq, restarts: new Set(), optional: new Set([2]) } })).toEqual([]);
  });

  test('an input that no client sent has no level', () => {
    expect(run(10).act('a', 1).act('a', 7, level(10)).wrong()).toEqual([[7, 'of an input that nobody sent']]);
  });

  test('R25: a board that joins stands where the board stood whose state it was given', () => {
    const joined = () => run(10, 20, 30).act('a', 1).act('a', 2).start('b').give('b', 2);
    expect(joined().connect(null).connect('b').act('b', 3).wrong()).toEqual([]);
    const late = run(10, 20, 30).act('a', 1).start('b').give('b', 1).act('a', 2).connect(null).connect('b');
    expect(late.act('b', 2).act('b', 3).wrong()).toEqual([[1, 'older than what it had']]);
  });

  test('after a fresh start of both boards the safe level is right once more, and before it is not', () => {
    const levels = [SAFE, level(10), SAFE, level(10)];
    const bySeq = new Map([
      [1, [1]],
      [3, [3]],
    ]);
    const steps = { bySeq, restarts: new Set([2]), optional: new Set([2]) };
    const again = new Run(levels).act('a', 1).start('a').act('a', 3);
    // From its reset until it tells of its new start, it shows the safe level all the same.
    const safe = [{ board: 'a', fromUs: 3_000, untilUs: again.nowUs - 2_500 }] as const;
    expect(again.wrong(safe, { steps })).toEqual([]);
    expect(run(10, 20).act('a', 1).start('a').wrong().length).toBeGreaterThan(0);
  });

  test('R27: an input under way when both boards lost their memory is carried out again under the same seq', () => {
    const levels = [SAFE, level(10), level(20), SAFE, level(7), level(8)];
    const bySeq = new Map([
      [1, [1]],
      [2, [2, 4]],
      [3, [5]],
    ]);
    const steps = { bySeq, restarts: new Set([3]), optional: new Set([2, 3]) };
    const begun = () => new Run(levels).act('a', 1).act('a', 2, level(20));
    const restart = (before: Run, second: Level) => {
      const fromUs = before.nowUs;
      before.start('a');
      const untilUs = before.nowUs;
      // Counted from 1 again: execution counts of the new life.
      before.acts.a.push({ kind: 'granted', atUs: untilUs + 100, seq: 2, execution: 1 });
      before.show('a', second);
      before.acts.a.push({ kind: 'acted', atUs: before.nowUs + 100, seq: 2, execution: 1 });
      return before.act('a', 3, level(8)).wrong([{ board: 'a', fromUs, untilUs }], { steps });
    };
    expect(restart(begun(), level(7))).toEqual([]);
    // What it had shown in the state that is lost.
    expect(restart(begun(), level(20))).toEqual([[2, 'not what its input gives']]);
  });

  test('R7: a level that is what its input gives is right, and the last one, also where a safe level were allowed', () => {
    const run = new Run([SAFE, level(200), level(0)]).act('a', 1).act('a', 2);
    expect(run.wrong([{ board: 'a', fromUs: 0, untilUs: Number.POSITIVE_INFINITY }])).toEqual([]);
  });

  test('R7: a safe level is allowed to the board that failed, from then until the contact has left it, and to no other', () => {
    const FOR_EVER = Number.POSITIVE_INFINITY;
    const failed = () => {
      const begun = run(10, 20).act('a', 1).act('b', 1);
      return { begun, fromUs: begun.nowUs };
    };
    const { begun, fromUs } = failed();
    begun.show('a', SAFE).act('b', 2).connect(null).connect('b');
    expect(begun.wrong([{ board: 'a', fromUs, untilUs: FOR_EVER }])).toEqual([]);
    expect(begun.wrong([{ board: 'a', fromUs: fromUs + 300, untilUs: FOR_EVER }])).toHaveLength(1);
    expect(begun.wrong([{ board: 'b', fromUs, untilUs: FOR_EVER }])).toHaveLength(1);
    // The contact has left it and comes back: it is not failed any more.
    const back = begun.connect(null).connect('a').act('a', 2);
    expect(back.wrong([{ board: 'a', fromUs, untilUs: FOR_EVER }])).toEqual([[1, 'not what its input gives']]);
    // A board that failed while the other was connected, and gets the actuator then.
    const other = failed().begun.show('b', SAFE).connect(null).connect('b');
    const { nowUs } = other;
    other.act('b', 2);
    expect(other.wrong([{ board: 'b', fromUs, untilUs: nowUs }])).toEqual([]);
    expect(other.wrong([{ board: 'b', fromUs, untilUs: nowUs - 1_000 }])).toHaveLength(1);
  });

  test('R28: where another program drives from some input on, its board stands at what it made of the last one before', () => {
    const changed = { board: 'b', step: 1, level: level(8) } as const;
    const update = (shows: Level) =>
      run(10, 20).act('a', 1).act('b', 1, shows).connect(null).connect('b').act('b', 2).wrong([], { changed });
    expect(update(level(8))).toEqual([]);
    expect(update(level(10))).toEqual([[1, 'not what its input gives']]);
  });

  test('what lasts no longer than two registers take to change is no level', () => {
    const changes = [
      { atUs: 0, board: 'a', ...SAFE },
      { atUs: 2_000, board: 'a', duty: 10, trip: true },
      { atUs: 2_020, board: 'a', ...level(10) },
    ] as const;
    const acts: Run['acts'] = {
      a: [
        { kind: 'granted', atUs: 1_900, seq: 1, execution: 1 },
        { kind: 'acted', atUs: 2_400, seq: 1, execution: 1 },
      ],
      b: [],
    };
    const { levels } = run(10);
    const steps = { bySeq: new Map([[1, [1]]]), restarts: new Set<number>(), optional: new Set<number>() };
    const verdict = judgeActuator({ changes, acts }, { levels, changed: null, steps }, { fromUs: 0, safeLevels: [] });
    expect(verdict.wrong).toEqual([]);
  });

  test('R26: a hand-over has one open time, bounces and all, and the levels before and after', () => {
    const at = (atUs: number, board: BoardName | null): ActuatorChange => ({
      ...{ atUs, board, trip: false },
      duty: board === null ? 0 : 10,
    });
    const { acts, levels } = run(10).act('a', 1).act('b', 1);
    const changes = [
      ...[{ ...SAFE, atUs: 2_000, board: 'a' as const }, at(3_200, 'a'), at(12_000, null), at(14_000, 'b')],
      ...[at(14_150, null), at(14_300, 'b'), at(14_450, null), at(14_600, 'b')],
    ];
    const steps = { bySeq: new Map([[1, [1]]]), restarts: new Set<number>(), optional: new Set<number>() };
    const { transfers, drives, wrong } = judgeActuator(
      { changes, acts },
      { levels, changed: null, steps },
      { fromUs: 0, safeLevels: [] },
    );
    expect(wrong).toEqual([]);
    expect(drives).toEqual(['a', 'b']);
    expect(transfers).toMatchObject([
      { from: 'a', to: 'b', openUs: 2_600, before: { duty: 10 }, after: { duty: 10, trip: false } },
    ]);
  });
});

describe('which input a seq on the wire stands for', () => {
  const payload = heaterPayload(960, 640);
  const sentAs = (id: number, sentAtUs: number, answeredAtUs: number, isSame = true) => ({
    ...{ id, sentAtUs, isGivenUp: false },
    payload: isSame ? payload : heaterPayload(960, id),
    answers: [{ atUs: answeredAtUs, body: payload, repeat: false }],
  });
  const stepsOf = (...[given, sent, order]: Parameters<typeof inputSteps>) => [
    ...inputSteps(given, sent, order).bySeq.entries(),
  ];

  test('equal payloads are told apart by when they were sent and answered; the seqs of probes lie between', () => {
    const sent = [sentAs(1, 0, 90), sentAs(2, 100, 190), sentAs(3, 200, 290)];
    const given = [50, 150, 250].map((atUs, index) => ({ seq: 10 + 2 * index, payload, atUs }));
    expect(stepsOf(given, sent, [1, 2, 3])).toEqual([
      [10, [1]],
      [12, [2]],
      [14, [3]],
    ]);
  });

  test('with several in flight seqs are given out in the order of ids, and executed in that of the run', () => {
    const sent = [sentAs(1, 0, 90), sentAs(2, 0, 90), sentAs(3, 0, 90, false)];
    const given = [3, 1, 2].map((seq) => ({ seq, payload: sent[seq - 1]?.payload ?? payload, atUs: 50 }));
    expect(stepsOf(given, sent, [3, 1, 2])).toEqual([
      [1, [2]],
      [2, [3]],
      [3, [1]],
    ]);
  });

  test('an input that was forgotten and numbered anew is executed twice, or once, as the run says', () => {
    const sent = [sentAs(1, 0, 90), sentAs(2, 100, 390), sentAs(3, 400, 490)];
    const given = [50, 150, 350, 450].map((atUs, index) => ({ seq: index + 1, payload, atUs }));
    const twice = inputSteps(given, sent, [1, 2, null, 2, 3]);
    expect([...twice.bySeq.values()]).toEqual([[1], [2, 4], [4], [5]]);
    expect([...twice.restarts]).toEqual([3]);
    expect([...twice.optional].sort()).toEqual([2, 3]);
    expect(stepsOf(given, sent, [1, 2, 3]).map(([, steps]) => steps)).toEqual([[1], [2], [2], [3]]);
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
