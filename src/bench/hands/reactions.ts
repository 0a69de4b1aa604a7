import type { HandDone } from '../../control/contract/hand.js';
import type { Status } from '../../control/contract/status.js';
import type { Contact } from '../plant/relay-model.js';
import type { BenchWorld } from '../world/world.js';
import type { HandledBoards } from './read-hand.js';
import type { Heard, ToldFaults } from './told-faults.js';

/** All in emulated time. How often the pair is looked at. */
const LOOK_EVERY_US = 50_000;
/** What a pair notices it notices by then: idle boards are probed, links are counted. */
const NOTICED_WITHIN_US = 2_000_000;
/** A pair that was to come back and still is what it was by then has had nothing to come back from. */
const SURELY_NOTICED_US = 1_000_000;
/** A board starts, joins, and is compared; every wait of a join several times over. */
const BACK_WITHIN_US = 20_000_000;
/** What is told of a takeover is told when it is over; then the relay's contact has come to rest as well. */
const REST_US = 50_000;

export type Reaction = Omit<HandDone, 'did'>;

export interface Before {
  readonly driving: Contact;
  readonly atUs: number;
}

/**
 * What a pair does about a hand. Which board drives, and since when, is told by the relay's contact and not by the gateway; which faults
 * were noticed by the gateway's log; how the pair stands by its status, for which it is asked as `copycat status` asks (R32).
 */
export class Reactions {
  /** The board that was connected last, and since when. */
  #driving: Contact;
  #drivingSinceUs: number;
  #watch = 0;

  constructor(
    private readonly world: BenchWorld,
    private readonly boards: HandledBoards,
    private readonly told: ToldFaults,
    private readonly readStatus: () => Promise<Status | null>,
  ) {
    const { relay } = world;
    this.#driving = relay.contact;
    this.#drivingSinceUs = world.nowUs();
    const pass = relay.onContact;
    relay.onContact = (atUs, contact) => {
      pass(atUs, contact);
      // It bounces: what counts is the last touch of a board that it had not come from.
      if (contact === null) return;
      this.#driving = contact;
      this.#drivingSinceUs = atUs;
    };
  }

  /** How things stand before a hand is laid. */
  now(): Before {
    return { driving: this.#driving, atUs: this.world.nowUs() };
  }

  /**
   * Begins when the hand has been laid, and comes to its end when the next one begins. `heals`: the pair is to come back to what it was.
   */
  async follow(heals: boolean, before: Before): Promise<Reaction> {
    this.#watch++;
    const watch = this.#watch;
    const heard = this.told.begin();
    const untilUs = before.atUs + (heals ? BACK_WITHIN_US : NOTICED_WITHIN_US);
    let wasUnprotected = false;
    let status: Status | null = null;
    for (;;) {
      await this.world.pass(LOOK_EVERY_US);
      const isCutShort = watch !== this.#watch;
      if (!isCutShort) {
        status = await this.readStatus();
        wasUnprotected ||= status?.protected === false;
      }
      const watchedUs = this.world.nowUs() - before.atUs;
      const isNoticed = heard.lines > 0;
      const isSurelyWell = wasUnprotected || isNoticed || watchedUs >= SURELY_NOTICED_US;
      const isBack = status?.protected === true && isSurelyWell;
      // Only a person gets a stopped pair going.
      const isOver = heals ? isBack || status?.phase === 'stopped' : isNoticed;
      if (!isCutShort && !isOver && before.atUs + watchedUs < untilUs) continue;
      if (!isCutShort) {
        await this.world.pass(REST_US);
        status = (await this.readStatus()) ?? status;
      }
      return this.#told(before, heard, heals, status, isCutShort || watch !== this.#watch);
    }
  }

  #told(before: Before, heard: Heard, heals: boolean, status: Status | null, isCutShort: boolean): Reaction {
    // Without a relay nothing outside shows it: whom the gateway calls its primary.
    const hasRelay = status?.relay.kind !== 'none';
    const { contact } = this.world.relay;
    const hasMoved = hasRelay && this.#driving !== before.driving;
    const connected = this.boards.find(({ at }) => at === contact)?.name ?? null;
    return {
      drives: hasRelay ? connected : (status?.primary ?? null),
      tookOverAfterMs: hasMoved ? milliseconds(this.#drivingSinceUs - before.atUs) : null,
      noticed: heard.faults,
      protected: status?.protected ?? null,
      why: status?.why ?? '',
      heals,
      watchedMs: milliseconds(this.world.nowUs() - before.atUs),
      isCutShort,
    };
  }
}

function milliseconds(us: number): number {
  return Math.round(us / 100) / 10;
}
