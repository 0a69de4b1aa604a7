import type { Clock } from '../../clock/clock.js';
import type { OutputLine } from '../lines/output-line.js';
import { notOfThePair, obeys, setAll } from './level-coils.js';
import type { RelayCoils } from './relay-coils.js';

/** A coil that could not be switched off gets hot: it is tried again so often. */
const retryOffUs = 20_000;

/**
 * A latching relay: a pulse on a board's own coil connects it, without power it stays. Never both coils at once: the
 * others are switched off first, and the pulse is not begun where that cannot be done.
 */
export class LatchingCoils implements RelayCoils {
  readonly sequenceUs: number;
  readonly earliestProofUs = 0;
  #cancelPulse: (() => void) | null = null;
  /** A relay that was never commanded obeys. */
  #hasFailed = false;

  constructor(
    private readonly coils: ReadonlyMap<string, readonly OutputLine[]>,
    private readonly pulseUs: number,
    private readonly clock: Clock,
  ) {
    this.sequenceUs = pulseUs;
  }

  connect(board: string): void {
    const own = this.coils.get(board);
    if (own === undefined) throw notOfThePair(board);
    this.#cancelPulse?.();
    this.#cancelPulse = null;
    this.#hasFailed = true;
    for (const [other, coils] of this.coils) if (other !== board) setAll(coils, false);
    const areOthersOff = [...this.coils].every(([other, coils]) => other === board || coils.every(obeys));
    // A command that was lost with the plugin, or a line that is held on from outside: both coils would fight.
    if (!areOthersOff) return;
    this.#hasFailed = false;
    try {
      setAll(own, true);
    } finally {
      // Some of several channels may be on.
      this.#switchOff(this.clock.nowUs() + this.pulseUs);
    }
  }

  takeWithoutMoving(): boolean {
    for (const coils of this.coils.values()) setAll(coils, false);
    return true;
  }

  get isObeyed(): boolean {
    return !this.#hasFailed && [...this.coils.values()].every((coils) => coils.every(obeys));
  }

  close(): void {
    if (this.#cancelPulse === null) return;
    this.#cancelPulse();
    this.#allOff();
  }

  #switchOff(atUs: number): void {
    this.#cancelPulse = this.clock.alarm(atUs, () => {
      this.#cancelPulse = null;
      if (!this.#allOff()) this.#switchOff(this.clock.nowUs() + retryOffUs);
    });
  }

  #allOff(): boolean {
    let areOff = true;
    for (const coils of this.coils.values()) {
      try {
        setAll(coils, false);
      } catch {
        areOff = false;
      }
    }
    return areOff;
  }
}
