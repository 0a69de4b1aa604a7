import { type LineAfterDeath, lineAfterDeath, type Root } from './line-after-death.js';

/** What of a relay decides where it stays without its gateway. */
export interface RelayWiring {
  readonly kind: string;
  readonly pins: readonly string[];
  readonly pinsOf: Readonly<Record<string, readonly string[]>>;
  readonly deadMan: object | null;
  /** Null: not said. */
  readonly onGatewayDeath: 'hold' | 'release' | null;
}

/** What the relay does when its gateway dies, against what is wanted of it (R13, R27). */
export interface RelayAfterDeath extends LineAfterDeath {
  readonly wanted: 'hold' | 'release';
  /** Nobody said so: it is wanted where it can be had. */
  readonly isDefault: boolean;
  /**
   * `kept`: it does what is wanted. `harmless`: it does not, and nobody asked. `by-service`: it holds, and the service lets it
   * go. `covered`: it does not, by default, or where a locked-out board is held off by other means. `broken`: what was asked
   * for cannot be had.
   */
  readonly verdict: 'kept' | 'harmless' | 'unknown' | 'by-service' | 'covered' | 'broken';
}

export interface RelayAfterDeathOptions {
  readonly relay: RelayWiring;
  /** Label of the chip that has its lines; null: as the model of the host says. */
  readonly chip: string | null;
  /** A board that is locked out is held off by other means: a relay that falls to rest does no harm. */
  readonly isHeldOff: boolean;
  readonly root: Root;
}

export function relayAfterDeath({ relay, chip, isHeldOff, root }: RelayAfterDeathOptions): RelayAfterDeath {
  const wanted = relay.onGatewayDeath ?? (relay.deadMan === null ? 'hold' : 'release');
  const isDefault = relay.onGatewayDeath === null;
  const will = ofRelay(relay, chip, root);
  const verdict = (): RelayAfterDeath['verdict'] => {
    if (will.answer === (wanted === 'hold' ? 'held' : 'released')) return 'kept';
    if (will.answer === 'unknown') return 'unknown';
    if (wanted === 'release') return will.change === null ? 'broken' : 'by-service';
    if (isDefault && isHeldOff) return 'harmless';
    return isDefault || isHeldOff ? 'covered' : 'broken';
  };
  return { ...will, wanted, isDefault, verdict: verdict() };
}

/** Of the relay, not only of its line. */
function ofRelay({ kind, pins, pinsOf, deadMan }: RelayWiring, chip: string | null, root: Root): LineAfterDeath {
  if (kind === 'latching' && pins.length === 0) {
    return { answer: 'held', evidence: 'a latching relay needs no line to stay', change: null };
  }
  if (deadMan !== null) {
    return { answer: 'released', evidence: 'the dead-man drive takes the supply of the relay away', change: null };
  }
  const lines = [...pins, ...Object.values(pinsOf).flat()];
  const answers = lines.map((line) => lineAfterDeath({ line, chip, root }));
  const [first] = answers;
  if (first === undefined) return { answer: 'unknown', evidence: 'no line is named', change: null };
  return answers.every(({ answer }) => answer === first.answer)
    ? first
    : { answer: 'unknown', evidence: 'its lines do not all behave alike', change: null };
}
