import type { CopyName } from '../boards/copy-name.js';
import type { BoardName } from '../world/world.js';

/** One board was wrong, nothing else had gone wrong, and somebody was there who could tell: what must come of it. */
export interface Dispute {
  readonly wrong: BoardName;
  readonly right: BoardName;
  readonly dueUs: number;
  /** Only the boards' self-tests can tell. */
  readonly byTest: boolean;
  hasLeft: boolean;
}

/** What is known, from outside, of copies that computed something wrong since all was well. */
export class WrongCopies {
  /** Copies that a fault made compute wrongly. */
  readonly struck = new Set<CopyName>();
  /** Faults of any kind. */
  faultsInjected = 0;
  /** A person has had the pair go on, and answers for what it goes on with. */
  personDecided = false;
  /** A wrong result was committed where it may be: what it sets is seen, and states come from it. */
  hasPassed = false;
  /** Wrong levels that were committed where they may be. */
  readonly passedLevels = new Set<number>();
  dispute: Dispute | null = null;
  /** States differ, and nothing compares them. */
  differHidden = false;
  /** A primary was judged wrong and fenced. */
  isJudged = false;
  /** By copy: seq → what it answered last. */
  readonly answers: Readonly<Record<CopyName, Map<number, number>>> = { a: new Map(), b: new Map(), third: new Map() };
  /** By seq: nobody had agreed when the ledger was asked for its first commit, and why it may be so. */
  readonly asked = new Map<number, Asked>();

  forgive(): void {
    this.struck.clear();
    this.faultsInjected = 0;
    this.personDecided = false;
    this.hasPassed = false;
    this.isJudged = false;
  }
}

/** How a first commit was asked for: `agreed` by another copy; `alone`: nobody else was in the pair; or by nobody's leave. */
export type Asked = 'agreed' | 'alone' | 'nobody';
