import type { Clock } from '../../clock/clock.js';
import type { BoardLink } from '../../link/board-link.js';
import { strayFrames } from '../../link/link-counters.js';
import type { PairState } from '../../pair/state/pair-state.js';

/** Twice what a board with a bootloader takes to answer. */
const FIRST_WAIT_US = 6_000_000;
const MAX_WAIT_US = 60_000_000;
const POLL_US = 1_000_000;

interface Silence {
  readonly heard: number;
  /** Since when it owes a word; null: it was not asked. A board that is out of the pair is asked now and then only. */
  sinceUs: number | null;
  waitUs: number;
}

/**
 * A port may stay open when there is nothing behind it any more: an unplug of which the system says nothing, a converter
 * that hangs. A board that is asked who it is, and of which not one frame comes, sound or broken, gets its port closed and
 * opened anew: it is looked for again by its place, under whatever name it has by then. Never given up, ever more seldom.
 */
export class UnresponsiveLinks {
  readonly #silences = new Map<string, Silence>();
  #cancel: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly state: PairState,
    private readonly links: readonly BoardLink[],
  ) {
    this.#arm();
  }

  close(): void {
    this.#cancel();
  }

  #arm(): void {
    this.#cancel = this.clock.alarm(this.clock.nowUs() + POLL_US, () => {
      for (const link of this.links) this.#poll(link);
      this.#arm();
    });
  }

  #poll(link: BoardLink): void {
    const nowUs = this.clock.nowUs();
    const heard = heardBy(link);
    const silence = this.#silences.get(link.board);
    if (silence === undefined || silence.heard !== heard) {
      this.#silences.set(link.board, { heard, sinceUs: null, waitUs: FIRST_WAIT_US });
      return;
    }
    const board = this.state.boards.get(link.board);
    // Of a stopped pair nobody is asked, and a port that is down is being opened already.
    if (this.state.phase === 'stopped' || board?.link.isUp !== true) {
      silence.sinceUs = null;
      return;
    }
    // Whoever has a session has a deadline for each answer instead.
    if (board.session.state === 'hello-requested') silence.sinceUs ??= nowUs;
    if (silence.sinceUs === null || nowUs - silence.sinceUs < silence.waitUs) return;
    silence.sinceUs = null;
    silence.waitUs = Math.min(2 * silence.waitUs, MAX_WAIT_US);
    link.reopen();
  }
}

/** Broken frames count too: a board that talks nonsense is there. */
function heardBy({ counters }: BoardLink): number {
  return counters.framesIn + strayFrames(counters);
}
