import type { Determination } from './determination.js';
import type { SourceDrift } from './drift-state.js';
import type { FaultDetail, PairEffect } from './effects.js';
import type { LedgerFile } from './events.js';
import type { CommitRow, InputKind, InputRow, Standing } from './ledger-rows.js';
import type { BoardId, Hello, Result, Seq } from './messages.js';
import type { PairConfig } from './pair-config.js';
import type { PreviousResult } from './plausibility.js';
import type { Update } from './update-state.js';

/**
 * `starting`: boards are being greeted; `serving`: one board has the actuator; `draining`: a planned switchover lets what
 * is under way come to its end (R26); `fencing`: the fence is on its way to the ledger; `catching-up`: fenced, the new
 * owner works off what the old one had acted on; `moving`: the relay is on its way; `stopped`: a person is needed.
 */
export type Phase = 'starting' | 'serving' | 'draining' | 'fencing' | 'catching-up' | 'moving' | 'stopped';

/**
 * One input at one board. `given`: INPUT sent; `early`: answered, but an earlier execution's result is missing (R3);
 * `deciding`: the ledger (or the comparison) has it; `granted`: COMMIT sent; `done`: the board has acted, the ledger is
 * being told.
 */
export type ExchangeState = 'given' | 'early' | 'deciding' | 'granted' | 'done';

export interface Exchange {
  readonly seq: Seq;
  state: ExchangeState;
  /** Board and wire time used up in earlier legs (R14: the ledger's time does not count). */
  spentUs: number;
  /** When the present leg (INPUT to RESULT, or COMMIT to DONE) began. */
  legStartUs: number;
  /** Repeats sent in the present leg, at one and two thirds of the deadline. */
  repeats: number;
  /** When the first INPUT left. */
  readonly givenAtUs: number;
  result: Result | null;
  /** The ledger has been asked for its commit (the third copy's is not asked for). */
  asked: boolean;
}

/** `closed`: no link, or out of the pair; `greeting`: HELLO_REQ sent; `opening`: OPEN sent; `open`: the board confirmed. */
export type SessionState = 'closed' | 'greeting' | 'greeted' | 'opening' | 'open';

/**
 * `resetting`: a board that has shut itself down is told to restart; `opening`: its session is opened afresh; `waiting`:
 * for a pause of the primary; `reading`: the primary's state, twice; `converting`: into the layout of another program;
 * `writing`: into the board; `replaying`: instead of
 * both, for boards that cannot transfer; `comparing`: it is fed as a backup, and its results must agree.
 */
export type JoinStep =
  | 'resetting'
  | 'opening'
  | 'waiting'
  | 'reading'
  | 'converting'
  | 'writing'
  | 'replaying'
  | 'comparing';

/** A board's whole state at one input boundary. */
export interface StateImage {
  readonly executionCount: number;
  /** Null: not known, because a converter made it (R26). */
  readonly digest: number | null;
  readonly outputs: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Joining {
  step: JoinStep;
  /** Progress of this step, for people: bytes, inputs or comparisons. */
  done: number;
  of: number;
  /** When the chunk (or RESET) that is waited for was asked for, and how often. */
  askedAtUs: number;
  asks: number;
  /** How often the board has said that what it was sent is not whole. */
  refusals: number;
  /** Since when it waits for a pause of the primary. */
  waitingSinceUs: number;
  /** The primary's inputs are held for the reading. */
  holding: boolean;
  /** Inputs have been held so often for the reading, in vain. */
  holds: number;
  /** Chunks of the reading under way. */
  chunks: Uint8Array[];
  /** The first whole reading; the second must be equal. */
  firstReading: StateImage | null;
  /** What the joiner is given. From then on everything the primary executes is kept for it. */
  snapshot: StateImage | null;
  replay: Replay | null;
}

/** What the ledger has committed, one input after the other, for a board that cannot take a state (R25). */
export interface Replay {
  /** Read from the ledger and not yet replayed, oldest first; null: on its way. */
  rows: InputRow[] | null;
  /** Executions replayed so far. */
  count: number;
  /** RESULT of the first row has come and matched; DONE is waited for. */
  granted: Result | null;
}

/** `unanswered`: the board has no self-test, or no time for it. */
export interface SelfTest {
  /** The slice that is waited for, when it was asked for and how often. */
  slice: number;
  askedAtUs: number;
  asks: number;
  found: 'running' | 'well' | 'bad' | 'unanswered';
  /** Of a bad one: what failed. */
  evidence: FaultDetail;
}

export interface BoardState {
  readonly id: BoardId;
  standing: Standing;
  linkUp: boolean;
  session: SessionState;
  /** The number of the open (or opening) session; frames of any other are dropped. */
  sessionNumber: number;
  /** Boot of the life that the gateway has taken part in, null when none. */
  boot: number | null;
  hello: Hello | null;
  /** Session the board was in when it last said HELLO. */
  helloSession: number;
  /** When HELLO_REQ or OPEN was first sent in this try, and how often since. */
  askedAtUs: number;
  asks: number;
  /** Whether OPEN asks the board to keep what it has (R27). */
  resume: boolean;
  /** Did not answer the greeting in time. */
  mute: boolean;
  /** Executions whose results were taken, in order, without a gap (R3). */
  executionCount: number;
  /** What it had executed before this session and is asked for again, in its order of execution (R3, R27). */
  takeBack: Seq[];
  highestGivenSeq: Seq;
  readonly exchanges: Map<Seq, Exchange>;
  /** Longest whole exchange seen lately: what a takeover expects of it (R10). */
  slowestExchangeUs: number;
  /** The fault under which it left the pair; its story ends when the board has joined again. */
  leftBy: number | null;
  /** Pair times at which it left the pair by a fault of its own, or failed to join, lately: its score (R19). */
  exits: number[];
  /** Not before this is it tried again; each attempt in vain waits longer. */
  joinFromUs: number;
  joinsInVain: number;
  /** On its way into the pair (R25); null: in it, or out of it and not coming. */
  joining: Joining | null;
  /** It tests itself, because one of two answers is wrong (R19). */
  selfTest: SelfTest | null;
  /** Locked out, and the constraint has refused it this seq: VIOLATION is due once the relay has moved (R8, R10). */
  violationDueFor: Seq | null;
}

export type EmissionState = 'none' | 'asked' | 'sent';

export interface Input {
  readonly seq: Seq;
  readonly ref: string;
  readonly kind: InputKind;
  readonly pairTimeMs: number;
  readonly payload: Uint8Array;
  /** True once the ledger has it: before, nobody may see it (R1). */
  recorded: boolean;
  commit: CommitRow | null;
  /** What the primary has answered, before the ledger has it: commits that need both wait here. */
  proposed: CommitRow | null;
  /** What each board in the pair has answered, in this session. */
  readonly answers: Map<BoardId, Result>;
  /** `commit` is what was decided in favour of another board than the one that had committed first (R19). */
  arbitrated: boolean;
  /** A person lets the primary act on its answer though nobody is there to agree. */
  letPass: boolean;
  /**
   * What the ledger has been asked to commit and has not answered yet: its answer counts, whatever has become of the board.
   * More than one only where the ledger was silent over a stop.
   */
  asked: CommitRow[];
  emission: EmissionState;
  /** Was committed before this gateway started: its answer may have been given already (R23). */
  readonly restored: boolean;
  /** The host may have lost what was recorded of it after it was recorded itself (R27). */
  readonly tailLost: boolean;
  readonly doneBy: Set<BoardId>;
  readonly attemptedBy: Set<BoardId>;
  /** In which lives of those boards, `board boot`: a board that dies on it twice is as bad as two (R22). */
  readonly attemptedIn: Set<string>;
  quarantined: boolean;
  /** Both boards are done with it: it is kept for the third copy alone. */
  finished: boolean;
}

export interface Takeover {
  readonly faultId: number;
  readonly from: BoardId;
  readonly to: BoardId;
  /** Null: planned (R26). */
  readonly reason: Determination | null;
  /** Only a person lets the old primary come back (R19). */
  readonly keepsOut: boolean;
  /** The relay did not follow a switchover, and this is the way back. */
  readonly isReturn: boolean;
  /** Boards that failed while a planned fence was in flight: dealt with when it is known whose lease it is. */
  readonly lost: LostBoard[];
  fencedAtUs: number | null;
  relayCommanded: boolean;
  relayMoved: boolean;
  /** What was unfinished at the fence: given one at a time (R22). */
  readonly list: Set<Seq>;
  answered: boolean;
  given: boolean;
}

export interface LostBoard extends PendingDetermination {
  readonly board: BoardId;
}

/** A person wants the other board to be primary (R26). */
export interface Switchover {
  readonly ref: string;
  askedAtUs: number;
}

/** R19: two answers to one input differ, and those who may know who is wrong are being asked. */
export interface Riddle {
  readonly seq: Seq;
  readonly pairTimeMs: number;
  readonly primary: BoardId;
  readonly backup: BoardId;
  /** What the primary answered, and what the backup did. */
  readonly reference: CommitRow;
  readonly answer: Result;
  sinceUs: number;
  /** Who is waited for now. */
  asks: 'nobody' | 'third-copy' | 'the boards';
}

/** A primary was declared failed while its backup was still being greeted: decided when that is known. */
export interface PendingDetermination {
  readonly reason: Determination;
  readonly seq: Seq | null;
  readonly evidence: FaultDetail;
}

export interface PairState {
  readonly config: PairConfig;
  phase: Phase;
  epoch: number;
  owner: BoardId;
  readonly boards: ReadonlyMap<BoardId, BoardState>;
  /** Every input that is not finished. */
  readonly inputs: Map<Seq, Input>;
  /** R9: over long ago, but their answers are not known to have left: given once the primary is open, and to nobody else. */
  owed: Input[];
  /** R3: seqs in the order in which the primary executed them, until every follower has acted on them. */
  releaseOrder: Seq[];
  nextSeq: Seq;
  reservedThroughSeq: Seq;
  reserving: boolean;
  /** Inputs that wait for a seq while a reservation is on its way (bounded by maxPending). */
  readonly unnumbered: { readonly ref: string; readonly kind: InputKind; readonly payload: Uint8Array }[];
  pairTimeBaseMs: number;
  pairTimeZeroUs: number;
  lastPairTimeMs: number;
  takeover: Takeover | null;
  switchover: Switchover | null;
  /** A board gets another program (R26). */
  update: Update | null;
  pending: PendingDetermination | null;
  riddle: Riddle | null;
  /** The last result with values that every board in the pair agreed on: what a rate of change is judged against. */
  lastAgreed: PreviousResult | null;
  /** The contact is known not to stand at the owner: nobody is protected, and nobody may join (R13, R25). */
  relayAway: boolean;
  /** The owner's link is lost and nobody can take over: it is waited for (R10). */
  waitingForOwner: boolean;
  nextFaultId: number;
  /** R17: the faults of the files that cannot be written; one that was lost with an earlier gateway has no end. */
  readonly notRecorded: Map<LedgerFile, number>;
  lastWorkUs: number;
  /** R27: the ledger's tail may be gone: what the boards know beyond it is taken back. */
  hostRestarted: boolean;
  freshLedger: boolean;
  /** Seqs that a person dropped since the pair last served: a board may have executed one after all. */
  readonly dropped: Set<Seq>;
  /** R21: the boards' own readings, source by source; it begins anew with the gateway. */
  readonly drift: SourceDrift[];
  /** A person has the pair go on after a stop: boards without a past are good enough. */
  resuming: boolean;
  readonly counts: { answered: number; refused: number; given: number };
}

/** A step in the making: the state it changes, the time it happens at, and the effects it asks for, in order. */
export interface Step {
  readonly pair: PairState;
  readonly atUs: number;
  readonly effects: PairEffect[];
}

export function newBoard(id: BoardId): BoardState {
  return {
    id,
    standing: 'in-sync',
    linkUp: false,
    session: 'closed',
    sessionNumber: 0,
    boot: null,
    hello: null,
    helloSession: 0,
    askedAtUs: 0,
    asks: 0,
    resume: true,
    mute: false,
    executionCount: 0,
    takeBack: [],
    highestGivenSeq: 0,
    exchanges: new Map(),
    slowestExchangeUs: 0,
    leftBy: null,
    exits: [],
    joinFromUs: 0,
    joinsInVain: 0,
    joining: null,
    selfTest: null,
    violationDueFor: null,
  };
}

export function boardOf(pair: PairState, id: BoardId): BoardState {
  const board = pair.boards.get(id);
  if (board === undefined) throw new Error(`no board ${id} in this pair`);
  return board;
}

export function ownerOf(pair: PairState): BoardState {
  return boardOf(pair, pair.owner);
}

/** The board that is not the owner; whether it is of any use, its standing says. */
export function otherOf(pair: PairState): BoardState {
  const [a, b] = pair.config.boards;
  return boardOf(pair, pair.owner === a ? b : a);
}

/** A further copy-cat that is compared: never eligible, and nothing of it is kept over a restart (R19). */
export function isWitness(pair: PairState, board: BoardState): boolean {
  return board.id === pair.config.witness;
}

/** Whoever may get copies of what the primary is done with: the board that could take over, and the third copy. */
export function followersOf(pair: PairState): BoardState[] {
  const { witness } = pair.config;
  return witness === null ? [otherOf(pair)] : [otherOf(pair), boardOf(pair, witness)];
}

/** R19: who may be the wrong one of two gets nothing more until that is settled. */
export function isSuspected(pair: PairState, board: BoardState): boolean {
  return pair.riddle !== null && board.id === otherOf(pair).id;
}

/** R6: what the primary has executed and this board has not acted on. */
export function behindOf(pair: PairState, board: BoardState): number {
  return pair.releaseOrder.filter((seq) => pair.inputs.get(seq)?.doneBy.has(board.id) === false).length;
}

/** R12: from the determination on, until it is settled, nothing from that board's session counts. */
export function isAccused(pair: PairState, board: BoardState): boolean {
  if (board.id !== pair.owner) return false;
  return pair.pending !== null || (pair.phase === 'fencing' && !isPlanned(pair.takeover));
}

export function isPlanned(takeover: Takeover | null): boolean {
  return takeover !== null && takeover.reason === null;
}

/** Its results are compared and committed: a board in the pair, or one that joins and has the state. */
export function takesPart(board: BoardState): boolean {
  return board.standing === 'in-sync' || board.standing === 'joining';
}

/** It gets, now or soon, everything the primary executes: that is kept for it. */
export function isFollowing(board: BoardState): boolean {
  return takesPart(board) || (board.joining !== null && board.joining.snapshot !== null);
}

/** It is greeted, opened and listened to. */
export function isWanted(board: BoardState): boolean {
  return board.standing === 'in-sync' || board.joining !== null;
}

/** R10: in sync, link open. */
export function isEligible(board: BoardState): boolean {
  return board.standing === 'in-sync' && board.session === 'open';
}

export function isProtected(pair: PairState): boolean {
  const isServing = pair.phase === 'serving' || pair.phase === 'draining';
  return (
    isServing &&
    pair.riddle === null &&
    !pair.relayAway &&
    ownerOf(pair).session === 'open' &&
    isEligible(otherOf(pair))
  );
}
