import type { CommitRow } from '../result/ledger-rows.js';
import type { Result } from '../result/messages.js';
import { actsUnasked } from '../state/board-abilities.js';
import type { BoardState, Exchange, Work } from '../state/board-state.js';
import type { Input, PairState, Queue, Step } from '../state/pair-state.js';
import { followersOf, isAccused, isOnTrial, isThirdCopy, otherOf, primaryOf } from '../state/roles.js';
import { haveActed } from './acted.js';
import { verdictOn } from './verdict-on.js';

/** The ledger's column has a number for everybody; of a board that cannot tell its state's digest nobody reads it. */
const NO_DIGEST = 0;

/** What the others are compared with: what is committed, or what the primary would have committed. */
export function referenceOf(input: Input): CommitRow | null {
  return input.commit ?? input.proposed;
}

/** The first answer to an input is the primary's: the others are compared with it. */
export function propose(pair: PairState, input: Input, result: Result): void {
  const { hash, executionCount, digest, parts, observed } = result;
  input.proposed = { board: pair.lease.owner, epoch: pair.lease.epoch, hash, executionCount, digest, parts, observed };
}

/** Of what did not end in a result of its own nobody judges the end, neither by what the reference says of it nor by this answer. */
export function isJudged(input: Input, answer: Result): boolean {
  const reference = referenceOf(input);
  const compared = reference === null ? undefined : input.answers.get(reference.board);
  return answer.ending === undefined && compared?.ending === undefined;
}

/** What was answered and never committed is not held against whoever answers next. */
export function forgetAnswers(queue: Queue): void {
  for (const input of queue.inputs.values()) {
    input.proposed = null;
    input.answers.clear();
  }
}

/** This board has answered the same as the reference, tolerances considered. */
export function agrees(pair: PairState, input: Input, board: BoardState): boolean {
  const reference = referenceOf(input);
  const answer = input.answers.get(board.id);
  if (reference === null || answer === undefined) return false;
  if (!isJudged(input, answer)) return true;
  return verdictOn(pair, input, reference, answer).verdict === 'match';
}

/**
 * DESIGN 4: the one predicate of `commit: needs: both`. The first commit waits until another copy has answered the same.
 * The backup is asked while it is in the pair, the third copy where there is no backup; where there is nobody, the
 * configuration says whether the primary goes on alone.
 */
function mayCommit(pair: PairState, input: Input): boolean {
  if (pair.config.commitNeeds === 'primary' || input.operatorOverride || isAloneWithIt(pair, input)) return true;
  if (followersOf(pair).some((follower) => agrees(pair, input, follower) || hasActed(pair, input, follower)))
    return true;
  // R19: what the other copy has called wrong is not committed because it has left.
  return pair.comparison.dispute === null && !canAnyoneAgree(pair) && pair.config.ifAlone === 'go-on';
}

/** The configuration wants no copies of it, as it changes nothing. */
export function isReadAlone({ config: { wire } }: PairState, { kind, payload }: Input): boolean {
  return kind === 'input' && wire.isReadAlone?.(payload) === true;
}

/** What was not taken, or is in doubt, or is only read, nobody else is given: there is nobody to agree. */
function isAloneWithIt(pair: PairState, input: Input): boolean {
  if (isReadAlone(pair, input)) return true;
  const ending = input.answers.get(pair.lease.owner)?.ending;
  return ending === 'not-taken' || ending === 'in-doubt';
}

/** R7, R27: nobody acts on what is not committed: it had been, with this board's agreement, in what the ledger has lost. */
function hasActed({ config }: PairState, { doneBy, isEarlier }: Input, { id }: BoardState): boolean {
  // R31: or it had it in its hands, and nobody asks it again.
  return (isEarlier || !config.wire.abilities.repeats) && doneBy.has(id);
}

/** Somebody is there whose agreement a commit waits for. A board that joins counts only where nothing goes on alone (R5). */
function canAnyoneAgree(pair: PairState): boolean {
  const others = pair.phase === 'catching-up' || pair.phase === 'moving' ? [otherOf(pair)] : followersOf(pair);
  return others.some((other) => {
    if (other.membership.state === 'in-sync') return true;
    return other.membership.state === 'joining' && pair.config.ifAlone === 'hold' && !isOnTrial(pair, other);
  });
}

/** What the primary has executed in this life it is asked for again all the same: its answer is what is held. */
export function isKeptBack(pair: PairState, input: Input, primary: BoardState): boolean {
  if (input.commit !== null || primary.work.toRecover.includes(input.seq) || primary.work.exchanges.has(input.seq))
    return false;
  return isHeldAlone(pair);
}

/** Where nothing goes on alone, a primary that is alone is given nothing: what it answered nobody could confirm. */
export function isHeldAlone(pair: PairState): boolean {
  const { commitNeeds, ifAlone } = pair.config;
  return commitNeeds === 'both' && ifAlone === 'hold' && !canAnyoneAgree(pair);
}

/** Answers that nobody is there to confirm, so that a person must say what becomes of them. */
export function heldAnswers(pair: PairState): Input[] {
  if (!isHeldAlone(pair)) return [];
  const primary = primaryOf(pair);
  return [...pair.queue.inputs.values()].filter(
    (input) =>
      primary.work.exchanges.get(input.seq)?.state === 'awaiting-commit' &&
      input.commit === null &&
      !mayCommit(pair, input),
  );
}

/** Called after every event: asks for each commit that has become due, the primary's in the order of its execution (R3). */
export function continueCommits(step: Step): void {
  const { pair } = step;
  if (pair.phase === 'stopped' || awaitsHold(pair)) return;
  const primary = primaryOf(pair);
  // R12: nothing more is committed for a primary that is accused.
  if (!isAccused(pair, primary)) askForPrimary(step, primary);
  for (const follower of followersOf(pair)) askForFollower(step, follower);
}

/** R10, R13: without a relay nobody acts on anything that is left before the old primary is held in RESET. */
export function awaitsHold({ config: { handover }, takeover }: PairState): boolean {
  return handover === 'reset' && takeover !== null && takeover.reason !== null && !takeover.relayMoved;
}

function askForPrimary(step: Step, primary: BoardState): void {
  const { pair } = step;
  for (const [exchange, result] of undecided(primary.work)) {
    const input = pair.queue.inputs.get(exchange.seq);
    if (input === undefined) continue;
    if (input.commit === null) {
      if (input.proposed === null || !mayCommit(pair, input)) return;
      input.asked.push(input.proposed);
    } else if (!agrees(pair, input, primary)) {
      return;
    }
    askLedger(step, primary, input, exchange, result);
  }
}

function askForFollower(step: Step, follower: BoardState): void {
  const { pair } = step;
  for (const [exchange, result] of undecided(follower.work)) {
    const input = pair.queue.inputs.get(exchange.seq);
    // R3: nothing is granted behind what is in doubt: the board acts in its order of execution, and would wait for it.
    if (input === undefined || input.commit === null) return;
    // R26: a program on trial acts on what it comes to: nothing hangs on it, and its state is to be its own.
    if (!agrees(pair, input, follower) && !isOnTrial(pair, follower)) return;
    // Its commits bind nobody: there is no actuator behind it.
    if (isThirdCopy(pair, follower)) grant(step, follower, exchange, result);
    else askLedger(step, follower, input, exchange, result);
  }
}

function askLedger(step: Step, board: BoardState, input: Input, exchange: Exchange, result: Result): void {
  const { commit } = input;
  if (commit !== null && commit.hash !== result.hash) {
    // R8, R20: within tolerance, or let pass on trial (R26): the ledger must be told, or its constraint refuses the other
    // hash. What is committed stays committed.
    step.effects.push({
      type: 'recordVerdict',
      seq: input.seq,
      board: board.id,
      hash: result.hash,
      verdict: 'match',
    });
  }
  exchange.asked = true;
  requestCommit(step, board, step.pair.lease.epoch, result);
  // What it did stands, whatever the ledger says of it: the row is written after the fact.
  if (actsUnasked(step.pair)) haveActed(step, board, exchange);
}

const NONE: readonly (readonly [Exchange, Result])[] = [];

/** Answers that the ledger has not been asked about, in the order of their execution. */
function undecided(work: Work): readonly (readonly [Exchange, Result])[] {
  if (work.exchanges.size === 0) return NONE;
  const waiting: (readonly [Exchange, Result])[] = [];
  for (const exchange of work.exchanges.values()) {
    if (exchange.state === 'awaiting-commit' && !exchange.asked && exchange.result !== null) {
      waiting.push([exchange, exchange.result]);
    }
  }
  return waiting.length < 2 ? waiting : waiting.sort(([, one], [, other]) => one.executionCount - other.executionCount);
}

/** R7: only now the board may act. */
export function grant(step: Step, board: BoardState, exchange: Exchange, result: Result): void {
  exchange.state = 'committed';
  exchange.legStartUs = step.atUs;
  exchange.repeats = 0;
  step.effects.push({
    type: 'send',
    board: board.id,
    session: board.session.number,
    message: { kind: 'commit', seq: exchange.seq, hash: result.hash },
  });
}

/** Asks the ledger for the must-complete transaction; whether it is granted, a constraint decides (R8). */
export function requestCommit(step: Step, board: BoardState, epoch: number, result: Result): void {
  step.effects.push({
    type: 'requestCommit',
    board: board.id,
    session: board.session.number,
    epoch,
    seq: result.seq,
    hash: result.hash,
    executionCount: result.executionCount,
    digest: result.digest ?? NO_DIGEST,
    parts: result.parts,
    observed: result.observed,
  });
}
