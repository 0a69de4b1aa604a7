import { verdictOn } from '../input/verdict-on.js';
import type { Resync } from '../result/board-wire.js';
import { differenceText } from '../result/compare.js';
import type { InputRow } from '../result/ledger-rows.js';
import type { Result, Seq } from '../result/messages.js';
import type { BoardState, Joining, ResyncProgress } from '../state/board-state.js';
import type { LedgerAnswer } from '../state/events.js';
import { noteDoubtInHistory } from '../state/facts/known-history.js';
import type { PairState, Step } from '../state/pair-state.js';
import { primaryOf } from '../state/roles.js';
import { awaitsLedger, yetToCome } from './history.js';
import { type Begin, findBegin, searched, sinceNewestBegin } from './resync-begin.js';
import { answerDueUs, give, giveOn, inHand, nextGivingUs, readOn } from './resync-giving.js';
import { asItStands, GOING_ON, type ResyncOutcome, refused } from './resync-outcome.js';
import { follow } from './write-state.js';

/** What it does not take it is given again so often, a third of a deadline later each time. */
const MOST_TRIES = 5;
const TRIES_IN_A_DEADLINE = 3;
/** Of no input: a line of the preamble. */
const PREAMBLE_SEQ: Seq = 0;

/**
 * R25: a board that can be given no state is given what the primary was given, from where its state is known to be empty, and has to answer
 * as was answered then. All of it is committed and done long ago: nothing here is asked of the ledger's constraint, R31 counts
 * from that begin, and the board's pins are not at the actuator.
 */
export function beginResync(step: Step, board: BoardState, joining: Joining, resync: Resync): ResyncOutcome {
  const progress: ResyncProgress = {
    ...{ stage: 'searching', asked: null, readAgainAtUs: null, preambleDone: 0, rows: [], given: 0 },
    ...{ count: primaryOf(step.pair).work.executionCount, answered: 0 },
    ...{ giveAtUs: step.atUs, lastPairTimeMs: null, tries: 0 },
  };
  joining.step = 'replaying';
  joining.resync = progress;
  joining.done = 0;
  joining.of = 0;
  return beginAt(step, board, joining, resync, progress, findBegin(step, board, progress, resync));
}

function beginAt(
  step: Step,
  board: BoardState,
  joining: Joining,
  resync: Resync,
  progress: ResyncProgress,
  begin: Begin,
): ResyncOutcome {
  if (typeof begin !== 'number') return begin;
  // The primary itself has been given nothing since.
  if (begin === primaryOf(step.pair).work.executionCount) return asItStands(null);
  progress.count = begin;
  progress.stage = 'preamble';
  joining.of = Math.max(0, primaryOf(step.pair).work.executionCount - begin);
  givePreamble(step, board, joining, resync, progress);
  return GOING_ON;
}

function givePreamble(step: Step, board: BoardState, joining: Joining, resync: Resync, progress: ResyncProgress): void {
  const payload = resync.preamble[progress.preambleDone];
  joining.askedAtUs = step.atUs;
  if (payload !== undefined)
    return give(step, board, { seq: PREAMBLE_SEQ, pairTimeMs: step.pair.time.lastMs, payload });
  progress.stage = 'inputs';
  readOn(step, board, progress, resync);
}

export function resyncRead(
  step: Step,
  board: BoardState,
  joining: Joining,
  resync: Resync,
  { after, inputs }: Extract<LedgerAnswer, { type: 'historyRead' }>,
): ResyncOutcome {
  const { resync: progress } = joining;
  if (progress === null || progress.asked?.after !== after) return GOING_ON;
  const { limit } = progress.asked;
  progress.asked = null;
  if (progress.stage === 'searching') {
    return beginAt(step, board, joining, resync, progress, searched(step, board, progress, resync, inputs, limit));
  }
  if (inputs === null || inputs.some(({ kind, commit }) => kind === 'recovered' || commit === null)) {
    const why = 'the ledger no longer has the inputs back to where the state is known to be empty';
    return progress.answered === 0 && progress.preambleDone === 0 ? asItStands(why) : refused(why);
  }
  // R2: what the primary is not done with comes as a copy later.
  const notDone = inputs.findIndex(
    ({ seq }) => step.pair.queue.inputs.get(seq)?.doneBy.has(step.pair.lease.owner) === false,
  );
  const rows = notDone < 0 ? inputs : inputs.slice(0, notDone);
  if (rows.length === 0 && joining.snapshot !== null) return atItsEnd(step, board, joining, progress);
  // From here on what the primary executes is kept; what it had finished until now, one more reading tells.
  if (rows.length < (resync.pace === 'full' ? limit : 1)) joining.snapshot ??= imageAt(0);
  progress.rows = sinceNewestBegin(rows, resync);
  progress.given = 0;
  giveOn(step, board, joining, resync, progress);
  return GOING_ON;
}

/** Nothing is left that the primary was done with. What it has executed since comes as copies; if there are fewer, something is missing. */
function atItsEnd(step: Step, board: BoardState, joining: Joining, progress: ResyncProgress): ResyncOutcome {
  const { pair, atUs } = step;
  if (progress.count + yetToCome(pair, progress.count) >= primaryOf(pair).work.executionCount) {
    follow(pair, board, joining, imageAt(progress.count));
    return { is: 'caught-up' };
  }
  if (awaitsLedger(pair)) {
    progress.readAgainAtUs = atUs + pair.config.deadlineUs / TRIES_IN_A_DEADLINE;
    return GOING_ON;
  }
  noteDoubtInHistory(step);
  return refused('the ledger does not have all that the primary has executed');
}

function imageAt(executionCount: number) {
  return { executionCount, digest: null, outputs: [], bytes: new Uint8Array(0) } as const;
}

export function resyncResult(
  step: Step,
  board: BoardState,
  joining: Joining,
  resync: Resync,
  result: Result,
): ResyncOutcome {
  const { resync: progress } = joining;
  if (progress === null) return GOING_ON;
  if (progress.stage === 'preamble') return preambleAnswered(step, board, joining, resync, progress, result);
  const [row] = progress.rows;
  if (row?.commit == null || progress.given === 0 || result.seq !== row.seq) return GOING_ON;
  const verdict = verdictOn(step.pair, row, row.commit, result);
  if (verdict.verdict === 'mismatch' && result.ending === 'not-taken') return notTaken(step, resync, progress, row);
  if (verdict.verdict === 'mismatch' && result.ending === undefined) {
    const differences = differenceText(verdict.differences, row.commit.board, board.id);
    return refused('a replayed result differs from the committed one', { input: row.seq, differences });
  }
  progress.rows.shift();
  progress.given--;
  progress.count = row.commit.executionCount;
  progress.tries = 0;
  joining.askedAtUs = step.atUs;
  joining.done = ++progress.answered;
  joining.of = Math.max(joining.of, progress.answered);
  giveOn(step, board, joining, resync, progress);
  return GOING_ON;
}

function preambleAnswered(
  step: Step,
  board: BoardState,
  joining: Joining,
  resync: Resync,
  progress: ResyncProgress,
  { seq, parts, ending }: Result,
): ResyncOutcome {
  if (seq !== PREAMBLE_SEQ) return GOING_ON;
  if (ending === 'not-taken' || parts.some(({ rejected }) => rejected)) {
    return refused('the board refuses a line of the preamble', { line: progress.preambleDone + 1 });
  }
  progress.preambleDone++;
  givePreamble(step, board, joining, resync, progress);
  return GOING_ON;
}

/** It has not executed it: given again that is no second giving, unless it has had what comes after it (R3). */
function notTaken(step: Step, resync: Resync, progress: ResyncProgress, row: InputRow): ResyncOutcome {
  if (inHand(progress, resync).length > 1 || ++progress.tries > MOST_TRIES) {
    return refused('the board does not take what it is given', { input: row.seq, tries: progress.tries });
  }
  progress.given = 0;
  progress.giveAtUs = step.atUs + step.pair.config.deadlineUs / TRIES_IN_A_DEADLINE;
  return GOING_ON;
}

/** When it next wants to hear the time; null: when something happens. */
export function resyncDueUs(pair: PairState, board: BoardState, joining: Joining, resync: Resync): number | null {
  const { resync: progress } = joining;
  // R17: the ledger takes its time.
  if (progress === null || progress.asked !== null) return null;
  if (progress.readAgainAtUs !== null) return progress.readAgainAtUs;
  const dueUs = nextGivingUs(pair, board, joining, resync, progress);
  return dueUs === Number.POSITIVE_INFINITY ? null : dueUs;
}

export function continueResync(step: Step, board: BoardState, joining: Joining, resync: Resync): ResyncOutcome {
  const { resync: progress } = joining;
  const dueUs = resyncDueUs(step.pair, board, joining, resync);
  if (progress === null || dueUs === null || step.atUs < dueUs) return GOING_ON;
  if (progress.readAgainAtUs !== null) readOn(step, board, progress, resync);
  else if (step.atUs >= answerDueUs(step.pair, board, joining, resync, progress)) return refused('no answer');
  else giveOn(step, board, joining, resync, progress);
  return GOING_ON;
}
