import type { Clock } from '../../clock/clock.js';
import type { BoardName } from '../bench-board.js';

/** What the contact connects; null while it is open. */
export type Contact = BoardName | null;

/** How the relay is built and wired. Times in microseconds of emulated time. */
export interface RelayOptions {
  /** `changeover` follows its coil; `latching` stays where it was last driven, with or without power. */
  readonly kind?: 'changeover' | 'latching';
  /** What the de-energised contact connects; a latching relay begins there. */
  readonly atRest?: BoardName | 'none';
  /** What the energised contact connects. */
  readonly energised?: BoardName;
  /** From the coil's command to the first touch of the new contact. */
  readonly operateUs?: number;
  readonly releaseUs?: number;
  /** How long the armature is in flight, touching neither contact: the last part of operating or releasing. */
  readonly flightUs?: number;
  /** The new contact opens this often again after its first touch … */
  readonly bounces?: number;
  /** … spread over this time. */
  readonly bounceUs?: number;
}

/** A relay as the actuator sees it: line level, coil, contact; break before make; bounce. */
export class RelayModel {
  /** The contact has moved. */
  onContact: (atUs: number, contact: Contact) => void = () => undefined;
  /** The auxiliary contact has moved: 1 while the main one is on its energised side. */
  onFeedback: (atUs: number, value: 0 | 1) => void = () => undefined;
  readonly counters = { commands: 0, moves: 0 };
  readonly #clock: Clock;
  readonly #options: Required<RelayOptions>;
  #line: 0 | 1 = 0;
  #isPowered = true;
  /** The side the armature is on or under way to. */
  #isEnergisedSide = false;
  #contact: Contact;
  #feedback: 0 | 1 = 0;
  #pending: (() => void)[] = [];
  #stuck = false;
  #slowness = 1;

  constructor(clock: Clock, options: RelayOptions = {}) {
    this.#clock = clock;
    const atRest = options.atRest ?? 'a';
    this.#options = {
      kind: 'changeover',
      energised: atRest === 'a' ? 'b' : 'a',
      operateUs: 8000,
      releaseUs: 5000,
      flightUs: 2000,
      bounces: 3,
      bounceUs: 900,
      ...options,
      atRest,
    };
    this.#contact = this.#side(false);
  }

  get contact(): Contact {
    return this.#contact;
  }

  get line(): 0 | 1 {
    return this.#line;
  }

  get isPowered(): boolean {
    return this.#isPowered;
  }

  get feedback(): 0 | 1 {
    return this.#feedback;
  }

  /** The gateway drives the line: 1 energises. */
  setLine(value: 0 | 1): void {
    this.#line = value;
    this.counters.commands += 1;
    if (this.#isPowered) this.#follow(value === 1);
  }

  /** The supply of coil and line driver fails: a changeover relay drops, a latching one stays. */
  powerLost(): void {
    this.#isPowered = false;
    this.#line = 0;
    if (this.#options.kind === 'changeover') this.#follow(false);
  }

  /** The supply is back. The line is low until somebody drives it; a latching relay waits for that. */
  powerReturned(): void {
    this.#isPowered = true;
  }

  /** The armature no longer moves, whatever the coil does. */
  stick(): void {
    this.#stuck = true;
    this.#cancel();
    // What is in flight falls back to the side the feedback last told.
    this.#isEnergisedSide = this.#feedback === 1;
    this.#touch(this.#side(this.#isEnergisedSide));
  }

  /** Undoes `stick`; the armature then follows the coil. */
  free(): void {
    this.#stuck = false;
    if (this.#isPowered || this.#options.kind === 'changeover') this.#follow(this.#line === 1);
  }

  /** Makes every movement take `factor` times as long. */
  setSlowness(factor: number): void {
    this.#slowness = factor;
  }

  #side(energised: boolean): Contact {
    if (energised) return this.#options.energised;
    return this.#options.atRest === 'none' ? null : this.#options.atRest;
  }

  #follow(energised: boolean): void {
    if (this.#stuck || energised === this.#isEnergisedSide) return;
    this.#isEnergisedSide = energised;
    this.#cancel();
    this.counters.moves += 1;
    const { operateUs, releaseUs, flightUs, bounces, bounceUs } = this.#options;
    const nowUs = this.#clock.nowUs();
    const target = this.#side(energised);
    // Commanded back before the armature left: the contact never opened.
    if (this.#contact === target && target !== null) return;
    const makeUs = nowUs + (energised ? operateUs : releaseUs) * this.#slowness;
    this.#at(makeUs - flightUs * this.#slowness, () => {
      this.#touch(null);
      if (!energised) this.#tell(0);
    });
    for (let bounce = 0; bounce <= bounces; bounce += 1) {
      const stepUs = bounceUs / Math.max(1, bounces);
      this.#at(makeUs + bounce * stepUs, () => this.#touch(target));
      if (bounce < bounces) this.#at(makeUs + (bounce + 0.5) * stepUs, () => this.#touch(null));
    }
    this.#at(makeUs + bounceUs, () => this.#tell(energised ? 1 : 0));
  }

  #at(atUs: number, then: () => void): void {
    this.#pending.push(this.#clock.alarm(atUs, then));
  }

  #cancel(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending = [];
  }

  #touch(contact: Contact): void {
    if (contact === this.#contact) return;
    this.#contact = contact;
    this.onContact(this.#clock.nowUs(), contact);
  }

  #tell(value: 0 | 1): void {
    if (value === this.#feedback) return;
    this.#feedback = value;
    this.onFeedback(this.#clock.nowUs(), value);
  }
}
