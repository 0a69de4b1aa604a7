import { closeSync, readSync } from 'node:fs';
import type { Clock } from '../../../clock/clock.js';
import { CopycatError } from '../../../errors/copycat-error.js';
import { loadPtyCalls, type PtyCalls } from '../../../pseudo-terminal/pty-calls.js';
import type { Door, Transport } from '../transport.js';
import { DeviceLink } from './device-link.js';
import { type DeviceAccess, isErrno, PtyPair } from './pty-pair.js';
import { PtyStream } from './pty-stream.js';

export interface PtyTransportOptions {
  /** Where the device is to be found; its folder must exist. */
  readonly path: string;
  /** Asked for each device; throws where it cannot be said. */
  readonly access: () => DeviceAccess;
  /** A client counts from its opening on, and not from its first byte: for framings that say something by themselves. */
  readonly noticesOpening: boolean;
  /**
   * What a client has said before its hang-up is done, as at a port: `echo SET 40 >/run/copycat/port`. False: what was not begun by then is
   * left out, where each request has an answer that its client would wait for.
   */
  readonly keepsLastWords: boolean;
  /** Takes the path for this gateway, and gives what ends that; throws, in words, where another one has it. */
  readonly claim: () => () => void;
  /** What becomes of the link while it is open. */
  readonly onLink: (news: LinkNews) => void;
  readonly clock: Clock;
  /** For tests, in which a client comes at a moment that none could be made to hit. */
  readonly loadCalls?: () => Promise<PtyCalls>;
}

export type LinkNews =
  /** Somebody had taken it away. */
  | { readonly put: 'back' }
  /** It cannot be put back, for a reason in words: nobody finds the device. Told once; null: it is there again. */
  | { readonly trouble: string | null };

/** Somebody may take the link away: it is looked at so often. */
const LINK_EVERY_US = 1_000_000;
/** Somebody who has opened the device waits no longer to be noticed. */
const LOOK_EVERY_US = 20_000;
/** A client may have followed the link just before it led elsewhere: its device stays for so many looks more, and of the latest so many. */
const LATE_LOOKS = 5;
const MOST_LATE = 8;
/** After the system had no pseudo-terminal for us. */
const RETRY_US = 1_000_000;

/**
 * Clients that expect a serial port. There is a new pair of devices after each client: what one has left (TIOCEXCL, unread bytes, the echo
 * switched on) must not meet the next. A client is whoever comes between the first opening and the hang-up: two at once are one, as at
 * a port.
 */
export class PtyTransport implements Transport {
  readonly #link: DeviceLink;
  /** Each with its client, and the one that waits for the next. Bounded: a client holds one, and the system has an end of them. */
  readonly #open = new Map<PtyPair, PtyStream>();
  readonly #come = new WeakSet<PtyPair>();
  /** Hung up, and not closed yet: each with what ends its wait. */
  readonly #late = new Map<PtyPair, () => void>();
  /** The one behind the link. */
  #offered: PtyPair | null = null;
  #door: Door | null = null;
  #cancelRetry: (() => void) | null = null;
  #cancelLinkLook: (() => void) | null = null;
  #release: (() => void) | null = null;
  #linkTrouble: string | null = null;
  /** How often a client's echo had to be switched off: what it was given would have come back as if it had said it. */
  echoesTakenOff = 0;

  constructor(private readonly options: PtyTransportOptions) {
    this.#link = new DeviceLink(options.path);
  }

  async open(door: Door): Promise<string> {
    const where = `pty:${this.options.path}`;
    try {
      const calls = await (this.options.loadCalls ?? loadPtyCalls)();
      this.#release = this.options.claim();
      this.#door = door;
      this.#offer(calls);
    } catch (error) {
      this.#letGo();
      if (error instanceof CopycatError && error.code === 'UPSTREAM_UNAVAILABLE') throw error;
      const cause = error instanceof Error ? error : new Error(String(error));
      throw new CopycatError('UPSTREAM_UNAVAILABLE', `cannot make a pseudo-terminal at ${where}: ${cause.message}`, {
        value: where,
        expected: 'a path that is free, in a folder that exists and that this user may write to',
        cause,
      });
    }
    this.#lookAtLinkLater();
    return where;
  }

  async close(): Promise<void> {
    this.#door = null;
    this.#cancelRetry?.();
    this.#cancelLinkLook?.();
    this.#link.remove();
    this.#letGo();
    for (const pair of [...this.#late.keys()]) this.#closeLate(pair);
    const gone = [...this.#open.values()].map((stream) => new Promise((resolve) => stream.once('close', resolve)));
    // Whoever has come is ended by who was told of them.
    for (const [pair, stream] of this.#open) if (!this.#come.has(pair)) stream.destroy();
    await Promise.all(gone);
  }

  #letGo(): void {
    this.#release?.();
    this.#release = null;
  }

  #lookAtLinkLater(): void {
    const { clock } = this.options;
    this.#cancelLinkLook = clock.alarm(clock.nowUs() + LINK_EVERY_US, () => {
      this.#lookAtLink();
      this.#lookAtLinkLater();
    });
  }

  #lookAtLink(): void {
    const offered = this.#offered;
    if (offered === null) return;
    try {
      const isGone = !this.#link.isInPlace;
      if (isGone) this.#link.place(offered.device);
      if (isGone && this.#linkTrouble === null) this.options.onLink({ put: 'back' });
      this.#tellLink(null);
    } catch (error) {
      this.#tellLink(error instanceof Error ? error.message : String(error));
    }
  }

  #tellLink(trouble: string | null): void {
    if (trouble === this.#linkTrouble) return;
    this.#linkTrouble = trouble;
    this.options.onLink({ trouble });
  }

  /** A fresh pair behind the link. */
  #offer(calls: PtyCalls): void {
    const pair = PtyPair.make(calls, this.options.access());
    try {
      this.#link.place(pair.device);
    } catch (error) {
      pair.close();
      throw error;
    }
    this.#offered = pair;
    this.#listen(calls, pair);
  }

  /** @param isThere somebody is, or has been and has said something */
  #listen(calls: PtyCalls, pair: PtyPair, isThere = false): void {
    const { clock, keepsLastWords, noticesOpening } = this.options;
    const came = (): void => {
      if (this.#come.has(pair) || this.#open.get(pair) !== stream) return;
      this.#come.add(pair);
      this.#door?.came(stream);
    };
    const events = {
      heard: came,
      echoTakenOff: () => {
        this.echoesTakenOff++;
      },
      ended: (isHangUp: boolean) => {
        stopWatching();
        this.#ended(calls, pair, stream, isHangUp);
      },
    };
    const stream: PtyStream = new PtyStream({ pair, calls, clock, keepsLastWords, events });
    this.#open.set(pair, stream);
    const stopWatching = noticesOpening && !isThere ? this.#watchOpening(calls, pair, came) : () => undefined;
    if (isThere) came();
  }

  /** Returns what ends it. */
  #watchOpening(calls: PtyCalls, pair: PtyPair, opened: () => void): () => void {
    const { clock } = this.options;
    let watchFd: number | null = calls.watchOpening(pair.device);
    let cancel: () => void;
    const lookLater = (): void => {
      cancel = clock.alarm(clock.nowUs() + LOOK_EVERY_US, look);
    };
    const end = (): void => {
      cancel();
      if (watchFd !== null) closeSync(watchFd);
      watchFd = null;
    };
    const look = (): void => {
      if (watchFd === null) return;
      if (!hasNews(watchFd)) return lookLater();
      end();
      opened();
    };
    lookLater();
    return end;
  }

  #ended(calls: PtyCalls, pair: PtyPair, stream: PtyStream, isHangUp: boolean): void {
    if (this.#open.get(pair) !== stream) return;
    this.#open.delete(pair);
    this.#come.delete(pair);
    if (this.#door !== null && this.#offered === pair) this.#offerAgain(calls);
    if (isHangUp && this.#door !== null) this.#lookForLate(calls, pair, LATE_LOOKS);
    else pair.close();
  }

  /** The link leads elsewhere by now: only who has opened this one meanwhile is still to be served here. */
  #lookForLate(calls: PtyCalls, pair: PtyPair, looksLeft: number): void {
    this.#late.delete(pair);
    const { isHungUp, hasUnread } = calls.look(pair.masterFd);
    if (!isHungUp || hasUnread) return this.#listen(calls, pair, true);
    if (looksLeft === 0) return pair.close();
    const { clock } = this.options;
    const again = () => this.#lookForLate(calls, pair, looksLeft - 1);
    this.#late.set(pair, clock.alarm(clock.nowUs() + LOOK_EVERY_US, again));
    const [oldest] = this.#late.keys();
    if (this.#late.size > MOST_LATE && oldest !== undefined) this.#closeLate(oldest);
  }

  #closeLate(pair: PtyPair): void {
    this.#late.get(pair)?.();
    this.#late.delete(pair);
    pair.close();
  }

  #offerAgain(calls: PtyCalls): void {
    const { clock } = this.options;
    this.#offered = null;
    try {
      this.#offer(calls);
      this.#tellLink(null);
    } catch (error) {
      // The system has none just now, or the link cannot be placed: whoever comes finds a device that is gone, and tries again.
      this.#tellLink(error instanceof Error ? error.message : String(error));
      this.#door?.notTaken();
      this.#cancelRetry = clock.alarm(clock.nowUs() + RETRY_US, () => this.#offerAgain(calls));
    }
  }
}

function hasNews(watchFd: number): boolean {
  try {
    return readSync(watchFd, Buffer.alloc(4096)) > 0;
  } catch (error) {
    if (isErrno(error, 'EAGAIN')) return false;
    throw error;
  }
}
