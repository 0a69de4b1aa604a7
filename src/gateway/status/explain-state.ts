import type { BoardStatus, NextStep } from '../../control/contract/status.js';
import { isTried, updateText } from '../../control/contract/update-status.js';
import { joiningText } from '../../control/joining-text.js';
import { roughly } from '../../faults/plain-words.js';
import { heldAnswers } from '../../pair/input/agreement.js';
import { leftLately, restLeftMs } from '../../pair/membership/fault-score.js';
import type { BoardState, SessionState } from '../../pair/state/board-state.js';
import { disputedIn } from '../../pair/state/disputed-result.js';
import type { Dispute, PairState } from '../../pair/state/pair-state.js';
import { pairTimeMsAt } from '../../pair/state/pair-time.js';
import { isPlanned, isProtected, isThirdCopy, otherOf, primaryOf } from '../../pair/state/roles.js';
import type { Update } from '../../pair/state/update-state.js';
import { describeUpdate } from './describe-update.js';

export interface Explained {
  /** One sentence: why the pair is not protected, or `both boards agree`. */
  readonly why: string;
  /** What a person can do about it; null when nothing has to be done. */
  readonly next: NextStep | null;
}

/** Where the pair stands, for people. */
export function explainState(state: PairState, nowUs: number): Explained {
  const moving = changeUnderWay(state);
  if (isProtected(state)) return { why: moving ?? 'both boards agree', next: null };
  if (state.phase === 'stopped') return stopped(state);
  if (state.phase === 'starting') return starting(state);
  if (moving !== null) return { why: moving, next: null };
  const primary = primaryOf(state);
  if (state.relay.isAway) return relayElsewhere(primary.id);
  const held = heldAnswers(state);
  if (held.length > 0) return heldFor(primary.id, held.length);
  if (state.comparison.dispute !== null) return { why: differing(state), next: null };
  if (primary.session.state === 'open') return ofBackup(state, otherOf(state), nowUs);
  if (primary.link.grace !== null) return { why: linkGraceText(primary.id), next: null };
  if (state.findings.waitingForPrimary) {
    return {
      why: `board ${primary.id} drives and is not connected; nobody can take over, so it is waited for, and inputs with it`,
      next: plug(primary.id),
    };
  }
  return { why: `board ${primary.id} drives and does not answer yet`, next: null };
}

/** R13: the first thing to know, whatever else there is: the actuator may not be at the board that drives. */
function relayElsewhere(primary: string): Explained {
  return {
    why: `the relay does not show board ${primary}, which drives: the actuator may be elsewhere, and nobody joins until it does`,
    next: {
      text: 'look at the relay, its supply and its feedback line; once it follows, the pair goes on by itself',
      commands: ['faults list'],
    },
  };
}

/** Commits need both, and nothing is to go on alone (DESIGN 4). */
function heldFor(primary: string, count: number): Explained {
  return {
    why: `board ${primary} is alone and waits to act on ${count === 1 ? 'a result' : `${count} results`} that no other copy has confirmed`,
    next: {
      text: 'see what the result says; if it is right, let the board act on it: then the other board can join',
      commands: ['inputs list', 'resume'],
    },
  };
}

/** R19: who is asked which of the two is wrong. */
const ASKED: Readonly<Record<Dispute['stage'], string>> = {
  limits: 'the boards test themselves, to find out',
  registers: 'what was written to them, and whether one has restarted, is read to find out',
  'third-copy': 'the third copy is asked',
  'self-tests': 'the boards test themselves, to find out',
};

function differing({ comparison: { dispute } }: PairState): string {
  return `the boards differ on input ${dispute?.seq}: ${ASKED[dispute?.stage ?? 'self-tests']} which of them is wrong`;
}

/** A takeover or a switchover that has begun. */
function changeUnderWay(state: PairState): string | null {
  const { phase, takeover } = state;
  if (phase === 'serving' || phase === 'starting' || phase === 'stopped') return null;
  if (phase === 'draining' || takeover === null) {
    return `a switchover to board ${otherOf(state).id} is under way: waiting until both boards are done with what they were given`;
  }
  if (isPlanned(takeover)) return `a switchover from board ${takeover.from} to board ${takeover.to} is under way`;
  return `board ${takeover.to} is taking over`;
}

/** Boards are being asked who they are. */
function starting(state: PairState): Explained {
  const unplugged = [...state.boards.values()].find(
    ({ membership: { state: memberState }, link: { isUp: linkUp } }) => memberState === 'in-sync' && !linkUp,
  );
  return {
    why: 'the boards have not both said who they are yet',
    next: unplugged === undefined ? null : plug(unplugged.id),
  };
}

function stopped(state: PairState): Explained {
  const why = 'the pair is stopped: a person has to decide how it goes on';
  const quarantined = quarantinedIn(state);
  const [first] = quarantined;
  if (first === undefined) {
    const [disputed] = disputedIn(state.queue);
    if (disputed?.disputedResult != null) return disputedOn(disputed.seq, disputed.disputedResult.board);
    const text = 'see why, make the plant safe, mend what is broken; then let the pair go on';
    return { why, next: { text, commands: ['faults list', 'resume'] } };
  }
  const which = quarantined.length === 1 ? `input ${first}` : `${quarantined.length} inputs, first ${first}`;
  return {
    why: `${why}; two boards failed on ${which}`,
    next: {
      text: 'look at it and make the plant safe; then have it tried again, or dropped',
      commands: [`inputs show ${first}`, `inputs retry ${first}`, `inputs drop ${first}`],
    },
  };
}

/** R22: two ways on, and what each costs. */
function disputedOn(seq: number, board: string): Explained {
  return {
    why: `the pair is stopped: for input ${seq} board ${board}, which is to drive, has another result than the one that was given out`,
    next: {
      text: `make the plant safe and see which result is right. If that of board ${board}, accept it: it acts on its own results from there on, and what was answered before stands uncorrected. If the other, restart board ${board}, then resume: it loses its state`,
      commands: ['faults list', `inputs accept ${seq}`, 'resume'],
    },
  };
}

/** R30: `what`: the promise that was broken, and what was found instead. */
export function stoppedByMistake(what: string): Explained {
  return {
    why: `the pair is stopped: Copycat found a mistake of its own, and the same again within a minute of a fresh start: ${what}`,
    next: {
      text: 'make the plant safe and report what the fault says; then let the pair go on with what the ledger has. If it stops for the same again: end the gateway, put the ledger and what lies beside it aside, and start it with a new one',
      commands: ['faults list', 'resume'],
    },
  };
}

/** The primary serves: whatever there is to say is about the other board. */
function ofBackup(state: PairState, board: BoardState, nowUs: number): Explained {
  const {
    id,
    membership: { state: memberState, joining },
    link: { isUp: linkUp },
  } = board;
  if (state.update?.board === id) return ofUpdate(state.update);
  if (joining !== null) return { why: `${id} is joining: ${joiningText(joining)}`, next: null };
  if (memberState === 'kept-out') {
    if (hasOtherImage(state, board)) return otherImage(id);
    return {
      why: `${id} is kept out: it failed too often, or differed from the primary${heldText(state, board)}`,
      next: {
        text: `see why; only a person knows when ${id} is sound, and lets it in`,
        commands: ['faults list', `rejoin ${id}`],
      },
    };
  }
  if (board.link.grace !== null) return { why: linkGraceText(id), next: null };
  if (board.reset.isHeld === true && board.reset.untilUs === null && state.config.handover !== 'reset')
    return heldInReset(id);
  if (memberState === 'in-sync') return { why: `${id} does not answer yet`, next: linkUp ? null : plug(id) };
  const restMs = restLeftMs(state, board, nowUs);
  if (restMs !== null) return resting(state, board, restMs, nowUs);
  // Set aside is a board also at a first start, until it has joined.
  const out = `${id} is ${memberState === 'locked-out' ? 'locked out after a fault' : 'set aside'}${heldText(state, board)}`;
  if (linkUp) return { why: `${out}; it joins by itself`, next: null };
  return { why: `${out} and not connected`, next: plug(id) };
}

/** R19: it comes back, later. */
function resting(state: PairState, board: BoardState, restMs: number, nowUs: number): Explained {
  const { leftTimes, withinMinutes } = leftLately(board.membership.exits, pairTimeMsAt(state.time, nowUs));
  return {
    why: `${board.id} is intermittent: ${leftTimes} faults within ${withinMinutes} min; it stays out for another ${roughly(restMs)}`,
    next: {
      text: `see what it fails of, and mend it; it joins by itself after that time, or now`,
      commands: ['faults list', `rejoin ${board.id}`],
    },
  };
}

/** R26 */
function ofUpdate(update: Update): Explained {
  const described = describeUpdate(update);
  const why = updateText(described);
  if (update.stage === 'failed') {
    const text = 'see why; then flash it again, with the new image or the old one';
    return { why, next: { text, commands: ['faults list', 'flash both --image IMAGE'] } };
  }
  if (!isTried(described)) return { why, next: null };
  const text = 'look at what differs, and accept it, or give the update up';
  return { why, next: { text, commands: [`flash both --image ${update.image}`, 'flash --abandon'] } };
}

function hasOtherImage(state: PairState, { session: { hello } }: BoardState): boolean {
  const primary = primaryOf(state).session.hello;
  return hello !== null && primary !== null && hello.imageHash !== primary.imageHash;
}

function otherImage(board: string): Explained {
  return {
    why: `${board} is kept out: it runs another image than the primary`,
    next: {
      text: 'flash the image that both are to run: the new one, or the old one again',
      commands: ['faults list', 'flash both --image IMAGE'],
    },
  };
}

/** Switching a load disturbs USB (src/pair/session/switching-transient.ts). */
function linkGraceText(board: string): string {
  return `the link to ${board} was lost as the relay moved; it is waited for, as that may be no more than a disturbance`;
}

/** R13: without a relay whoever is out is held, but for its tries to come back. */
function heldText({ config }: PairState, { reset }: BoardState): string {
  return config.handover === 'reset' && reset.isHeld === true ? ' and held in RESET' : '';
}

/** R13 */
function heldInReset(board: string): Explained {
  return {
    why: `${board} is locked out and held in RESET, because the relay connects it when the gateway loses its power`,
    next: {
      text: 'see why it failed, and mend it; then let it join again',
      commands: ['faults list', `rejoin ${board}`],
    },
  };
}

export function plug(board: string): NextStep {
  return { text: `plug board ${board} in, or check its cable and supply: then it comes back by itself`, commands: [] };
}

/** Inputs that wait for a person, oldest first (R22). */
export function quarantinedIn(state: PairState): readonly number[] {
  return [...state.queue.inputs.values()].filter(({ quarantined }) => quarantined).map(({ seq }) => seq);
}

/** Programs read these words in the status: they keep them, whatever a session's states are called inside. */
const LINK_WORDS: Readonly<Record<SessionState, string>> = {
  closed: 'closed',
  'hello-requested': 'greeting',
  'hello-received': 'greeted',
  opening: 'opening',
  open: 'open',
};

export function linkWordOf({ link, session }: BoardState): string {
  return link.isUp ? LINK_WORDS[session.state] : 'no link';
}

export function roleOf(board: BoardState, state: PairState): BoardStatus['role'] {
  if (board.id === state.lease.owner && board.membership.state === 'in-sync') return 'primary';
  if (
    board.membership.state === 'joining' ||
    (board.membership.joining !== null && board.membership.state !== 'in-sync')
  )
    return 'joining';
  switch (board.membership.state) {
    case 'locked-out':
      return 'locked out';
    case 'set-aside':
      return 'set aside';
    case 'kept-out':
      return 'kept out';
    default:
      return isThirdCopy(state, board) ? 'third copy' : 'backup';
  }
}
