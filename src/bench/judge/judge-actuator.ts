import type { BoardName } from '../bench-board.js';
import type { ActuatorChange } from '../plant/recorder.js';
import type { Exchanges } from '../record/board-acts.js';
import { type ExpectedRun, isSameLevel, type Level } from './expected-run.js';
import type { InputSteps } from './input-steps.js';
import { type OutputsMean, outputTimeline, type SetBy } from './output-timeline.js';
import { isAllowedSafe, type SafeLevel } from './safe-levels.js';
import { type Transfer, transfersIn } from './transfers.js';

/** Two registers that change for one result do so within some instructions: what lasts shorter is no level. */
const SHORTEST_LEVEL_US = 60;

export interface ActuatorFinding {
  readonly atUs: number;
  readonly board: BoardName;
  readonly duty: number;
  readonly trip: boolean;
  readonly others?: readonly number[];
  /** The input that the board had acted on last; `start`: none since it started. */
  readonly seq: SetBy;
  readonly why:
    | 'not what its input gives'
    | 'older than what it had'
    | 'of an input that nobody sent'
    | 'one was left out before it'
    | 'not the last one';
}

export interface ActuatorVerdict {
  readonly wrong: readonly ActuatorFinding[];
  /** Which boards drove it, in order. */
  readonly drives: readonly BoardName[];
  /** Each hand-over, in order. */
  readonly transfers: readonly Transfer[];
  /** How long nobody drove it, all in all, between the first and the last contact. */
  readonly gapUs: number;
}

export interface JudgeOptions {
  /** From here on the record counts; before, the pair was starting. */
  readonly fromUs: number;
  /** Where a safe level is allowed (R7); empty where even that must not reach the actuator. */
  readonly safeLevels: readonly SafeLevel[];
  /** What a safe level is; when not given, a duty of nothing. */
  readonly safe?: Level;
}

/** What happened: what the actuator got, and what the boards that drove it had been given and had done. */
export interface ActuatorRecord {
  readonly changes: readonly ActuatorChange[];
  readonly acts: Exchanges['acts'];
}

/** What should have happened. */
export interface ExpectedActuator extends Pick<ExpectedRun, 'levels' | 'changed'> {
  readonly steps: InputSteps;
}

/** A level that lasted, and for how long. */
type Shown = ActuatorChange & { readonly board: BoardName; readonly untilUs: number };

/**
 * Holds what the actuator got against the reference. Each level belongs to the board that was connected and to the input
 * which that board had acted on by then, as the frames on its link tell: it is right when it is the reference's for that
 * very input, whatever other levels have the same value. Between a COMMIT's arrival and the board's DONE either of the two
 * is right; with the DONE it has to be there. No input may come after a later one, and the last has to be the last.
 */
export function judgeActuator(
  record: ActuatorRecord,
  expected: ExpectedActuator,
  options: JudgeOptions,
): ActuatorVerdict {
  const settled = settledIn(record.changes);
  const first = settled.findLastIndex((change) => change.atUs <= options.fromUs);
  const lasting = settled.slice(Math.max(0, first));
  const drives: BoardName[] = [];
  let gapUs = 0;
  let openSinceUs: number | null = null;
  const judge = new LevelJudge(record, expected, (shown) =>
    isAllowedSafe(shown, settled, options.safeLevels, options.safe),
  );
  for (const [index, change] of lasting.entries()) {
    const { board } = change;
    if (board === null) {
      openSinceUs ??= change.atUs;
      continue;
    }
    if (openSinceUs !== null && drives.length > 0) gapUs += change.atUs - openSinceUs;
    openSinceUs = null;
    if (drives.at(-1) !== board) drives.push(board);
    judge.see({ ...change, board, untilUs: lasting[index + 1]?.atUs ?? Number.POSITIVE_INFINITY });
  }
  judge.end();
  return { wrong: judge.wrong, drives, gapUs, transfers: transfersIn(lasting) };
}

/** Goes through what the actuator got, level by level, and keeps how far it has come. */
class LevelJudge {
  readonly wrong: ActuatorFinding[] = [];
  readonly #timelines: Readonly<Record<BoardName, readonly OutputsMean[]>>;
  /** How much of each timeline is over. */
  readonly #passed: Record<BoardName, number> = { a: 0, b: 0 };
  /** Where a pair may stand without an input: at the very first, and after each fresh start. */
  readonly #starts: readonly number[];
  /** How often the pair has begun anew. */
  #restarts = 0;
  /** The latest step that the actuator has come to. */
  #at = 0;
  #last: { readonly shown: Shown; readonly seq: SetBy } | null = null;
  /** Whom the actuator hung on before, and the step its outputs meant. */
  #before: { readonly board: BoardName; readonly step: number } | null = null;

  constructor(
    { acts }: ActuatorRecord,
    private readonly expected: ExpectedActuator,
    private readonly mayBeSafe: (shown: Shown) => boolean,
  ) {
    this.#timelines = { a: outputTimeline(acts.a), b: outputTimeline(acts.b) };
    const { steps, levels } = expected;
    const restarts = levels.map((_, step) => step).filter((step) => steps.restarts.has(step));
    this.#starts = [0, ...restarts];
  }

  /** At its first moment, and whenever its board says meanwhile that its outputs mean something else. */
  see(shown: Shown): void {
    let means = this.#passTo(shown.board, shown.atUs);
    this.#restarts = Math.max(this.#restarts, means.restarts);
    let found = this.#look(shown, means, means.pending[0] ?? means.seq);
    for (;;) {
      const next = this.#timelines[shown.board][this.#passed[shown.board]];
      if (next === undefined || next.atUs >= shown.untilUs) return;
      this.#passed[shown.board]++;
      this.#restarts = Math.max(this.#restarts, next.restarts);
      // What it may do from now on makes nothing wrong of what it has done.
      const isSaid = next.passed !== null || next.seq !== means.seq;
      means = next;
      if (!isSaid) continue;
      const moment = { ...shown, atUs: next.atUs };
      this.#judgePassed(moment, next);
      found = this.#look(moment, next, next.seq, found);
    }
  }

  /** What the outputs of this board mean at that moment; time only goes on. */
  #passTo(board: BoardName, atUs: number): OutputsMean {
    const timeline = this.#timelines[board];
    while ((timeline[this.#passed[board]]?.atUs ?? Number.POSITIVE_INFINITY) <= atUs) this.#passed[board]++;
    return timeline[this.#passed[board] - 1] ?? { atUs, seq: 'start', pending: [], passed: null, restarts: 0 };
  }

  end(): void {
    const end = this.expected.levels.length - 1;
    if (this.#last !== null && this.#at < end) this.#find(this.#last.shown, this.#last.seq, 'not the last one');
  }

  /** Returns the input for which the level was found wrong, by then: it is told once for each. */
  #look(shown: Shown, means: OutputsMean, cause: SetBy, found: SetBy | null = null): SetBy | null {
    const { seq, pending } = means;
    const matching = [seq, ...pending].filter((one) => this.#gives(one, shown));
    const right = matching.map((one) => this.#stepOf(one) ?? 0).find((step) => step >= this.#at);
    // A safe level that is what its input gives is no other than that.
    if (right === undefined && this.mayBeSafe(shown)) {
      this.#before = null;
      return found;
    }
    this.#last = { shown, seq };
    const present = this.#stepOf(seq);
    if (present !== null) this.#before = { board: shown.board, step: present };
    // Wrong as it may be, it was driven for this input.
    this.#at = right ?? Math.max(this.#at, present ?? 0);
    if (right !== undefined) return found;
    const [older] = matching;
    const blamed = older ?? cause;
    if (blamed === found) return found;
    const isUnknown = this.#stepOf(blamed) === null;
    const why = older === undefined ? 'not what its input gives' : 'older than what it had';
    this.#find(shown, blamed, isUnknown ? 'of an input that nobody sent' : why);
    return blamed;
  }

  #gives(seq: SetBy, shown: Shown): boolean {
    const step = this.#stepOf(seq);
    return step !== null && isSame(this.#levelOf(shown.board, step), shown);
  }

  /** A board that drives acts on every input, in order. */
  #judgePassed(shown: Shown, { seq, passed }: OutputsMean): void {
    const before = this.#before;
    if (passed === null || before === null || before.board !== shown.board) return;
    const steps = new Set(passed.map((one) => this.#stepOf(one)));
    const last = this.#stepOf(seq) ?? 0;
    for (let step = before.step + 1; step < last; step++) {
      if (steps.has(step) || this.expected.steps.optional.has(step)) continue;
      this.#find(shown, seq, 'one was left out before it');
      return;
    }
  }

  #stepOf(seq: SetBy): number | null {
    if (seq !== 'start') {
      const steps = this.expected.steps.bySeq.get(seq) ?? [];
      const begunAt = this.#starts[this.#restarts] ?? 0;
      return steps.find((step) => step > begunAt) ?? steps.at(-1) ?? null;
    }
    return this.#starts.find((start) => start >= this.#at) ?? this.#starts.at(-1) ?? 0;
  }

  #levelOf(board: BoardName, step: number): Level | undefined {
    const { levels, changed } = this.expected;
    return changed !== null && changed.step === step && changed.board === board ? changed.level : levels[step];
  }

  #find({ atUs, board, duty, trip, others }: Shown, seq: SetBy, why: ActuatorFinding['why']): void {
    this.wrong.push({ atUs, board, duty, trip, ...(others === undefined ? {} : { others }), seq, why });
  }
}

/** Drops what did not last: the moment between two register writes of one result, also where a contact that bounces ends it. */
function settledIn(changes: readonly ActuatorChange[]): ActuatorChange[] {
  return changes.filter((change, index) => {
    const next = changes[index + 1];
    const isEnded = next !== undefined && (next.board === change.board || next.board === null);
    return !isEnded || next.atUs - change.atUs >= SHORTEST_LEVEL_US;
  });
}

function isSame(level: Level | undefined, change: ActuatorChange): boolean {
  return level !== undefined && isSameLevel(change, level);
}
