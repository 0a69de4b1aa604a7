import type { InputKind, LedgerRows, MemberState } from '../../pair/result/ledger-rows.js';
import type { RefusalReason } from '../../pair/state/effects.js';
import type { CommitOutcome } from '../../pair/state/events.js';
import { levelIn } from '../boards/history-application.js';
import type { Coverage } from '../coverage.js';
import { WRONG_KINDS } from '../faults/fault-kinds.js';
import { BOARD_NAMES, type BoardName, type SimulatedWorld } from '../world/world.js';
import type { Broken, InvariantName } from './invariants.js';
import { WrongCopies } from './wrong-copies.js';

/** One input as the ledger's file has it, read off what was written. */
export interface WrittenInput {
  readonly seq: number;
  readonly ref: string;
  readonly kind: InputKind;
  committedBy: string | null;
  hash: number | null;
  /** Position among all first commits. */
  order: number;
  quarantined: boolean;
  /** A person gave it up. */
  dropped: boolean;
}

/** One life of one board, seen at its pins and its inputs. */
export interface BoardLife {
  readonly life: number;
  /** Seq by execution count. */
  readonly order: Map<number, number>;
  readonly executed: Set<number>;
  readonly acted: Set<number>;
}

export interface Fence {
  readonly atUs: number;
  readonly from: string;
  readonly to: string;
  readonly epoch: number;
  readonly locksOut: boolean;
}

/** A planned change of primary, as the actuator sees it. */
export interface Switching {
  readonly to: string;
  readonly level: number | null;
  gapFromUs: number | null;
}

export interface Answer {
  readonly bodies: readonly Uint8Array[];
  readonly repeat: boolean;
  /** Power cuts of the host before it. */
  readonly powerCuts: number;
}

/** A board that is intermittent stays out until then; `written`: it outlives the gateway. */
export interface Rest {
  readonly untilUs: number;
  written: boolean;
}

type PerBoard<T> = Readonly<Record<BoardName, T>>;

/** What was seen of a world from outside: at the boards, at the actuator, at the client, in the ledger's file. */
export class Observations {
  owner = '';
  epoch = 0;
  readonly memberStates = new Map<string, MemberState>();
  readonly inputs = new Map<number, WrittenInput>();
  readonly refOfSeq = new Map<number, string>();
  readonly lives = new Map<string, BoardLife>();
  /** By board: seq → hash. */
  readonly granted: PerBoard<Map<number, number>> = { a: new Map(), b: new Map() };
  readonly verdicts = new Set<number>();
  /** Decided in favour of another board than the one that had committed: who asks again is given that (docs/decisions.md). */
  readonly arbitrated = new Set<number>();
  /** What a board had executed since it was opened afresh, when it was to be called in sync: a slow ledger has that late. */
  readonly executedWhenJoined = new Map<string, number>();
  readonly fences: Fence[] = [];
  /** Boards that are intermittent (R19). */
  readonly rests = new Map<string, Rest>();
  readonly accepted = new Map<string, number>();
  readonly answers = new Map<string, Answer[]>();
  readonly refused = new Map<string, RefusalReason>();
  /** By level: the latest commit that set it. After a fresh start of both boards levels come again. */
  readonly orderOfLevel = new Map<number, number>();
  /** By seq: the level that its committed result sets; null: none. */
  readonly levels = new Map<number, number | null>();
  /** What a board has acted on last, in which life: what its output stands for, whatever its value. */
  readonly shown = new Map<string, { readonly life: number; readonly order: number }>();
  /** The life in which a board was when all was well. */
  readonly soundLives = new Map<string, number>();
  readonly blamed = new Map<string, Set<string>>();
  /** By board: seq → when it last acted on it. */
  readonly actedAtUs: PerBoard<Map<number, number>> = { a: new Map(), b: new Map() };
  /** Given to the primary and not recorded as done by it. */
  readonly outstanding = new Set<number>();
  /** Since when the primary has had nothing to do, and since when nothing but the backup could hold it up. */
  idleSinceUs = 0;
  unhinderedSinceUs = 0;
  isHindered = true;
  readonly recordedAtUs = new Map<number, number>();
  /** Boards that died on a poison, by its number, and how often a person had it tried again. */
  readonly deaths = new Map<number, number>();
  retries = 0;
  /**
   * R22: what a board may have died of; what the primary was given since it was opened, with the life of who got it; and what
   * each was given as a copy, by board, session and seq.
   */
  readonly suspects = { attempted: new Set<number>(), inWork: new Map<number, string>(), copied: new Set<string>() };
  /** The relay was stuck or slow since all was well. */
  relayFailed = false;
  /** The host lost power since all was well. */
  tailLost = false;
  /** So too, and it had not lost its power: what is so may not be what the ledger says, or said. */
  leaseMayBeLost = false;
  lostTails = 0;
  /** Boards of which frames were lost or late since all was well. */
  readonly framesDisturbed = new Set<string>();
  switching: Switching | null = null;
  /** Since when the actuator has hung on a locked-out board that drives it, for no reason that is allowed. */
  wronglyDrivenSinceUs: number | null = null;
  /** Since when the pair has been stopped and the actuator driven all the same. */
  drivenStoppedSinceUs: number | null = null;
  commits = 0;
  powerCuts = 0;
  /** The latest committed level that the actuator saw; -1: anything may come. */
  latestOrder = -1;
  /** The same before what the actuator saw last. */
  orderBefore = -1;
  /** A fault wrote to an output of this life of a board. */
  readonly corruptedOutputs = new Set<string>();

  /** The gateway began without knowing which very board belongs where. */
  areUnitsLost = false;

  /** By board: the port at which its session was opened, whose name it has in the pair and in the ledger. */
  readonly openedAs = new Map<string, BoardName>();

  readonly wrongCopies = new WrongCopies();
  /** A sensor had drifted since all was well. */
  drifted = false;

  /** The promise that was broken first: what is broken after it follows from it. */
  broken: Broken | null = null;

  constructor(
    readonly world: SimulatedWorld,
    /** Counts what the pair has done. */
    readonly coverage: Coverage,
  ) {}

  /** A board that nobody knew may have been taken at the wrong port (simulation.md): what it is given is the other name's. */
  nameOf(board: string): string {
    return this.openedAs.get(board) ?? board;
  }

  /** The board that this name of the pair stands for. */
  boardNamed(name: string): string {
    return BOARD_NAMES.find((board) => this.nameOf(board) === name) ?? name;
  }

  breaks(name: InvariantName, text: string): void {
    this.broken ??= { name, text, atUs: this.world.schedule.nowUs };
  }

  /** The level that a committed result sets is one the actuator may see. */
  learnLevel(bodies: readonly Uint8Array[], { seq, order }: WrittenInput): void {
    const level = levelIn(bodies);
    this.levels.set(seq, level);
    if (level !== null) this.orderOfLevel.set(level, order);
  }

  /** The file as a start of the gateway finds it. */
  reread(rows: Pick<LedgerRows, 'owner' | 'epoch' | 'boards'>): void {
    this.owner = rows.owner;
    this.epoch = rows.epoch;
    for (const { board, standing: memberState } of rows.boards) this.memberStates.set(board, memberState);
  }

  lifeOf(board: { readonly id: string; readonly life: number }): BoardLife {
    const known = this.lives.get(board.id);
    if (known !== undefined && known.life === board.life) return known;
    const life = { life: board.life, order: new Map(), executed: new Set<number>(), acted: new Set<number>() };
    this.lives.set(board.id, life);
    return life;
  }

  /** Whether it has in the life that it lives now. */
  hasDone(board: BoardName, what: 'executed' | 'acted', seq: number): boolean {
    const life = this.lives.get(board);
    return life !== undefined && life.life === this.world.boards[board].life && life[what].has(seq);
  }

  blame(board: string, kind: string): void {
    const kinds = this.blamed.get(board) ?? new Set();
    this.blamed.set(board, kinds.add(kind));
  }

  /** Something befell it, or it has restarted, since it was last known to be well. */
  hasCause(board: string): boolean {
    // A parked board says so less often than it is asked: of that, fewer frames may be lost than of an exchange (R14).
    const isParked = this.world.boards[board as BoardName].core?.isParked === true;
    if (isParked && this.framesDisturbed.has(board)) return true;
    const present = this.world.boards[board as BoardName].life;
    return (this.blamed.get(board)?.size ?? 0) > 0 || present !== this.soundLives.get(board);
  }

  /**
   * The states of the boards may be beyond repair: they differ and nobody knows who is right (R19), or what a board
   * without state transfer would have to be given again is lost (R25).
   */
  get mayNeedAFreshStart(): boolean {
    if (!this.world.options.transfersState) return true;
    return [...this.blamed.values()].some((kinds) => WRONG_KINDS.some((kind) => kinds.has(kind)));
  }

  /** All is well: what befell a board before is over. */
  forgive(): void {
    this.blamed.clear();
    this.relayFailed = false;
    this.tailLost = false;
    this.leaseMayBeLost = false;
    this.suspects.inWork.clear();
    this.suspects.copied.clear();
    this.framesDisturbed.clear();
    this.corruptedOutputs.clear();
    this.drifted = false;
    this.wrongCopies.forgive();
    this.world.wrongStates.forget();
    for (const name of BOARD_NAMES) this.soundLives.set(name, this.world.boards[name].life);
  }

  /** Opened afresh: what it executed before no longer counts. */
  openedAfresh(board: string): void {
    this.lives.delete(board);
    this.shown.delete(board);
  }
}

export type Outcome = CommitOutcome;
