import type { InputRow, MemberState } from '../result/ledger-rows.js';
import type { BoardId, Hello, Result, Seq } from '../result/messages.js';
import type { FaultDetail } from './effects.js';

/**
 * One input at one board. `sent`: INPUT sent; `out-of-order`: answered, but an earlier execution's result is missing (R3);
 * `awaiting-commit`: the ledger (or the comparison) has it; `committed`: COMMIT sent; `acted`: the board has acted, the ledger is
 * being told.
 */
export type ExchangeState = 'sent' | 'out-of-order' | 'awaiting-commit' | 'committed' | 'acted';

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

/** `closed`: no link, or out of the pair; `hello-requested`: HELLO_REQ sent; `hello-received`: HELLO has come; `opening`: OPEN sent; `open`: the board confirmed. */
export type SessionState = 'closed' | 'hello-requested' | 'hello-received' | 'opening' | 'open';

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
  /** Null: not known, because a converter made it (R26), or because the board cannot tell. */
  readonly digest: number | null;
  readonly outputs: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Joining {
  step: JoinStep;
  /** It has been given no state and began from none that is known: its inner state is unknown until its answers have agreed. */
  readonly isStateAssumed: boolean;
  /** Since when it is compared; 0: it is not yet. */
  comparedSinceUs: number;
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
  quiescing: boolean;
  /** Inputs have been held so often for the reading, in vain. */
  quiesceCount: number;
  /** Chunks of the reading under way. */
  chunks: Uint8Array[];
  /** The first whole reading; the second must be equal. */
  firstReading: StateImage | null;
  /** What the joiner is given. From then on everything the primary executes is kept for it. */
  snapshot: StateImage | null;
  replay: Replay | null;
  /** Of a board that is given the ledger's inputs once more, and not what they came to. */
  resync: ResyncProgress | null;
  /** It has been restarted through its RESET in this attempt. */
  wasReset: boolean;
  /** What a person is told of this attempt besides its step. */
  note: string | null;
}

/** The ledger's inputs once more, from where the state is known to be empty (R25). */
export interface ResyncProgress {
  /** `searching`: for where to begin, from the end backwards. */
  stage: 'searching' | 'preamble' | 'inputs';
  /** Of the piece that is on its way from the ledger: what it comes after, and how many. */
  asked: { readonly after: number; readonly limit: number } | null;
  /** The ledger is not asked again before; null: it need not be. */
  readAgainAtUs: number | null;
  /** Lines of the preamble that are answered. */
  preambleDone: number;
  /** Read from the ledger and not answered yet, oldest first. */
  rows: InputRow[];
  /** So many of them are with the board, or need not be given to it. */
  given: number;
  /** The execution count up to which it has all of it. */
  count: number;
  /** Inputs given and answered so far. */
  answered: number;
  /** The next one is not given before. */
  giveAtUs: number;
  lastPairTimeMs: number | null;
  /** It did not take the first of them so often. */
  tries: number;
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

export interface LinkGrace {
  readonly sinceUs: number;
  untilUs: number;
  readonly reason: string;
  /** Under which the relay moved. */
  readonly faultId: number;
}

export interface Link {
  isUp: boolean;
  /** Opening its port may have restarted it: that it has lost its state is no fault of its own. */
  resetByOpening: boolean;
  /** Its link was lost as the relay moved, and is waited for; null: it is there, or lost for good. */
  grace: LinkGrace | null;
}

/** Which very board is at this port (identity.ts). */
export interface Identity {
  /** The one that is expected; 0: not known. */
  unit: number;
  /** What the board said of itself that has been taken here since the cable is in; null: nobody; 0: it cannot tell. */
  heardUnit: number | null;
  /** Its cable has been out, or may have been while no gateway ran, and who is there now has not been heard. */
  mayHaveMoved: boolean;
  /** Whom the present one has replaced while nobody was heard at the other port, where that one may be; 0: nobody. */
  missedUnit: number;
  /** A board that has been refused here, and told, as it is another; null: none. */
  refusedUnit: number | null;
  /** Its cable has not been out since. */
  isRefusedHere: boolean;
}

/** One life of the board, as the gateway takes part in it. */
export interface Session {
  state: SessionState;
  /** The number of the open (or opening) session; frames of any other are dropped. */
  number: number;
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
  /** Did not answer HELLO_REQ in time. */
  unresponsive: boolean;
  /** R31: it is asked whether it is there while its link is as it was: what says otherwise than that it lives counts as in its session. */
  isQuestioned: boolean;
}

/** What the board is given and has executed, in its present session. */
export interface Work {
  /** Executions whose results were taken, in order, without a gap (R3). */
  executionCount: number;
  /** What it had executed before this session and is asked for again, in its order of execution (R3, R27). */
  toRecover: Seq[];
  highestGivenSeq: Seq;
  /** What it was given last; 0: nothing. */
  lastGivenSeq: Seq;
  readonly exchanges: Map<Seq, Exchange>;
  /** R22: what it was at work on when the pair stopped, or it was judged wrong: it may die of that, or have died, and nobody hears so. */
  leftAtWork: readonly Exchange[];
  /** It was given so many copies one after the other that it did not take, and waits until then for the next try; null: it does not. */
  notTaken: number;
  waitsUntilUs: number | null;
  /** R31: so often in a row it has answered nothing but whether it is there. */
  questions: number;
  /** When it last said anything in its session: of boards that answer in no bounded time (R14). */
  heardAtUs: number;
  /** Longest whole exchange seen lately: what a takeover expects of it (R10). */
  slowestExchangeUs: number;
}

/** Whether it is in the pair, why it is out, and how it comes in again (R25). */
export interface Membership {
  state: MemberState;
  /** The fault under which it left the pair; its story ends when the board has joined again. */
  leftBy: number | null;
  /** Pair times at which it left the pair by a fault of its own, or failed to join, lately: its score (R19). */
  exits: number[];
  /** Not before this is it tried again; each attempt in vain waits longer. */
  joinFromUs: number;
  joinsInVain: number;
  /** On its way into the pair (R25); null: in it, or out of it and not coming. */
  joining: Joining | null;
  /** Locked out, and the constraint has refused it this seq: VIOLATION is due once the relay has moved (R8, R10). */
  violationDueFor: Seq | null;
}

/** Its RESET line, where that is wired (R13). */
export interface ResetLine {
  /** It is being restarted through the line until then. */
  untilUs: number | null;
  /** What the line was last asked to be; null: not known yet. */
  isHeld: boolean | null;
}

/** A board in groups, so that who changes one of them has no business with the others. */
export interface BoardState {
  readonly id: BoardId;
  readonly link: Link;
  readonly identity: Identity;
  readonly session: Session;
  readonly work: Work;
  readonly membership: Membership;
  readonly reset: ResetLine;
  /** It tests itself, because one of two answers is wrong (R19). */
  selfTest: SelfTest | null;
}

export function newBoard(id: BoardId): BoardState {
  return {
    id,
    link: { isUp: false, resetByOpening: false, grace: null },
    identity: {
      unit: 0,
      heardUnit: null,
      mayHaveMoved: true,
      missedUnit: 0,
      refusedUnit: null,
      isRefusedHere: false,
    },
    session: {
      state: 'closed',
      number: 0,
      boot: null,
      hello: null,
      helloSession: 0,
      askedAtUs: 0,
      asks: 0,
      resume: true,
      unresponsive: false,
      isQuestioned: false,
    },
    work: {
      executionCount: 0,
      toRecover: [],
      highestGivenSeq: 0,
      lastGivenSeq: 0,
      exchanges: new Map(),
      leftAtWork: [],
      notTaken: 0,
      waitsUntilUs: null,
      questions: 0,
      heardAtUs: 0,
      slowestExchangeUs: 0,
    },
    membership: {
      state: 'in-sync',
      leftBy: null,
      exits: [],
      joinFromUs: 0,
      joinsInVain: 0,
      joining: null,
      violationDueFor: null,
    },
    reset: { untilUs: null, isHeld: null },
    selfTest: null,
  };
}

/** R22: the life that a board leads, by name. A spare may have started as often as the board that it replaces. */
export function lifeNameOf({ id, identity: { unit }, session: { boot } }: BoardState): string {
  return `${id} ${unit} ${boot}`;
}

export function livesOf(boards: Iterable<BoardState>): Map<BoardId, string> {
  return new Map([...boards].map((board) => [board.id, lifeNameOf(board)]));
}
