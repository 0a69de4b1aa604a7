import { emit } from './emission.js';
import { noteFault, openFault } from './faults-of.js';
import { finishAll } from './finish.js';
import { open } from './greeting.js';
import { createInput } from './intake.js';
import type { Hello, Seq } from './messages.js';
import { type BoardState, otherOf, ownerOf, type PairState, type Step } from './pair-state.js';
import { setAside } from './standing.js';
import { continueTakeover, declareFailed } from './takeover.js';

/**
 * What a board's HELLO says about its life: `same`: the one the ledger knows, state and all; `new`: it has no state the
 * ledger knows of; `failed`: it has shut itself down; `mute`: no HELLO; `unknown`: not heard yet.
 */
type Life = 'same' | 'new' | 'failed' | 'mute' | 'unknown';

function lifeOf(board: BoardState): Life {
  if (board.standing !== 'in-sync') return 'failed';
  if (board.hello === null) return board.mute ? 'mute' : 'unknown';
  if (board.hello.failed) return 'failed';
  return board.helloSession !== 0 && board.boot === board.hello.boot ? 'same' : 'new';
}

/** R27: decides, once every board in sync has said who it is (or stayed mute), how the pair goes on. */
export function startWhenKnown(step: Step): void {
  const { pair } = step;
  const owner = ownerOf(pair);
  const other = otherOf(pair);
  const lives = { owner: lifeOf(owner), other: lifeOf(other) };
  if (lives.owner === 'unknown' || lives.other === 'unknown') return;
  if (lives.owner === 'mute' && lives.other !== 'same') return;
  pair.phase = 'serving';
  if (lives.owner === 'same') return goOn(step, owner, other, lives.other);
  if (lives.other === 'same') {
    if (pair.hostRestarted) takeBackWhatTheLedgerLost(step, other, owner);
    open(step, other, true);
    return accuse(step, owner, lives.owner);
  }
  if (lives.owner === 'new') return startAfresh(step, owner, other, lives.other);
  giveUpBoth(step, owner, lives.owner, other, lives.other);
}

/** The primary failed, and the backup has no state that it could go on with: nobody is eligible (R10). */
function giveUpBoth(step: Step, owner: BoardState, ownerLife: Life, other: BoardState, otherLife: Life): void {
  accuse(step, other, otherLife);
  accuse(step, owner, ownerLife);
}

/** The running primary is taken back without a reset; a backup that is still the same with it. */
function goOn(step: Step, owner: BoardState, other: BoardState, life: Life): void {
  const lost = step.pair.hostRestarted && takeBackWhatTheLedgerLost(step, owner, other);
  open(step, owner, true);
  if (other.standing === 'in-sync') {
    if (lost) setAside(step, other, 'joining-failed', null, { why: 'the ledger lost its tail with the host' });
    else if (life === 'same') open(step, other, true);
    else accuse(step, other, life);
  }
  if (step.pair.takeover !== null) continueTakeover(step);
}

/**
 * R27: the host lost power and the ledger its tail. No seq is used twice; what the primary executed and still waits to
 * act on is read back and recorded, so that it can go on.
 */
function takeBackWhatTheLedgerLost(step: Step, owner: BoardState, other: BoardState): boolean {
  const { pair } = step;
  const kept = [...(owner.hello?.kept ?? []), ...(other.hello?.kept ?? [])];
  pair.nextSeq = Math.max(pair.nextSeq, ...kept.map((seq) => seq + 1));
  if (pair.nextSeq - 1 > pair.reservedThroughSeq) {
    step.effects.push({ type: 'reserveSeqs', throughSeq: pair.nextSeq - 1 });
  }
  const unknown = waitingAndUnknown(pair, owner.hello);
  for (const seq of unknown) createInput(step, `recovered:${seq}`, 'recovered', new Uint8Array(0), seq);
  // They are older than what may have arrived meanwhile, and inputs are kept in seq order.
  const inOrder = [...pair.inputs].sort(([one], [another]) => one - another);
  pair.inputs.clear();
  for (const [seq, input] of inOrder) pair.inputs.set(seq, input);
  const differs =
    owner.hello?.executionCount !== other.hello?.executionCount || owner.hello?.digest !== other.hello?.digest;
  return differs || unknown.length > 0 || waitingAndUnknown(pair, other.hello).length > 0;
}

/** What a board executed and waits to act on, and the ledger does not know. */
function waitingAndUnknown(pair: PairState, hello: Hello | null): Seq[] {
  if (hello === null) return [];
  return hello.kept.filter((seq, index) => (hello.actedBits & (1 << index)) === 0 && !pair.inputs.has(seq));
}

/** Both boards come without a past: they are in sync when they are equal in everything HELLO shows. */
function startAfresh(step: Step, owner: BoardState, other: BoardState, otherLife: Life): void {
  const { pair } = step;
  if (!pair.freshLedger) {
    if (otherLife !== 'new' && !pair.hostRestarted) return giveUpBoth(step, owner, 'new', other, otherLife);
    const faultId = openFault(step, 'pair-restarted', null, null, { unfinished: pair.inputs.size });
    noteFault(step, faultId, 'ended', { from: 'the state of a fresh start' });
    settleWhatWasCommitted(step);
  }
  open(step, owner, false);
  if (other.standing !== 'in-sync') return;
  if (otherLife !== 'new') return accuse(step, other, otherLife);
  const difference = differenceOf(owner, other);
  if (difference === null) open(step, other, false);
  else setAside(step, other, 'joining-failed', null, { why: difference });
}

/** The state that gave these results is gone with the boards: what was committed is answered and never redone. */
function settleWhatWasCommitted(step: Step): void {
  const { pair } = step;
  for (const input of [...pair.inputs.values()]) {
    if (input.commit === null) continue;
    emit(step, input);
    for (const id of pair.config.boards) {
      input.doneBy.add(id);
      step.effects.push({ type: 'recordDone', board: id, seq: input.seq });
    }
  }
  finishAll(step);
}

function differenceOf(a: BoardState, b: BoardState): string | null {
  if (a.hello === null || b.hello === null) return 'no HELLO';
  if (a.hello.imageHash !== b.hello.imageHash) return 'the boards run different firmware';
  if (a.hello.stateLayout !== b.hello.stateLayout) return 'the boards keep their state in different layouts';
  if (a.hello.executionCount !== b.hello.executionCount) return 'one board has executed more than the other';
  if (a.hello.digest !== b.hello.digest) return 'the boards are in different states';
  return null;
}

function accuse(step: Step, board: BoardState, life: Life): void {
  const reason = life === 'new' ? 'restarted' : life === 'failed' ? 'failed' : 'silent';
  declareFailed(step, board, reason, null, {
    found: 'at the start of the gateway',
    resetCause: board.hello?.resetCause ?? null,
  });
}

/** Every start but the first is told: what it found, and who is primary. */
export function reportStart(step: Step): void {
  if (step.pair.freshLedger) return;
  const code = step.pair.hostRestarted ? 'host-restarted' : 'gateway-restarted';
  openFault(step, code, null, null, { unfinished: step.pair.inputs.size, primary: step.pair.owner });
}
