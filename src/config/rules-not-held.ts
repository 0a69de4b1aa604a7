import type { Abilities } from '../pair/result/board-wire.js';

/** What is promised of a pair and does not hold for this one, because its boards cannot do what it takes. */
export interface RuleNotHeld {
  /** As docs/rules.md numbers them: `R7`. */
  readonly rules: readonly string[];
  /** A sentence without its end: what does not hold. */
  readonly what: string;
  /** What is done in its place, or what a person may do. */
  readonly instead: string;
}

/**
 * For each ability, what does not hold without it. The one source of these sentences: `copycat check`, `copycat status` and
 * docs/protocols.md say them as they stand here.
 */
const WITHOUT_ABILITY: Readonly<Record<keyof Abilities, readonly RuleNotHeld[]>> = {
  commit: [
    {
      rules: ['R7'],
      what: 'a board acts at once on what it is given: it has acted before the ledger has its answer and before the two are compared',
      instead:
        'a wrong output is at the actuator until the difference is noticed, one input later; commit: { needs: both } holds back the answer, and not the act',
    },
    {
      rules: ['R11'],
      what: 'a board cannot be told to take its outputs to their safe levels, nor what to do when nobody asks it any more',
      instead:
        'the relay or RESET alone keeps an old primary from acting; use the watchdog of its own firmware for what is to happen in silence',
    },
  ],
  digest: [
    {
      rules: ['R18'],
      what: 'a board tells no digest of its state: a latent difference shows when an answer differs, and not before',
      instead:
        'have what matters asked for often: by the program upstream, or (registers of a slave) by the gateway itself: protocol.watch',
    },
    {
      rules: ['R29'],
      what: 'a board does not check its memory and its outputs before it computes: a flipped bit shows as a difference, which does not say who is wrong',
      instead: 'name what tells it (protocol.written of a slave), or let a person decide: on-mismatch: alarm',
    },
  ],
  state: [
    {
      rules: ['R25'],
      what: 'a board that joins is not given the state of the primary: what cannot be copied (integrators, ramps, timers) is not known to be equal',
      instead:
        'say what is copied to it (protocol.join of a slave) or given to it once more (protocol.resync of a board that answers lines), and how long it then runs beside the primary before it counts: protocol.settle',
    },
  ],
  identity: [
    {
      rules: ['R15'],
      what: 'a board does not say which one it is, what it runs and whether it has restarted',
      instead:
        'a restart shows by a banner or a sign that the protocol names (protocol.banner, protocol.restart-sign), or by comparison alone; name the boards by their places, as swapped plugs are not noticed',
    },
  ],
  keeps: [
    {
      rules: ['R27'],
      what: 'a board keeps no results: what it was given when the gateway died is in doubt',
      instead: 'that is said upstream and in the fault log, and is never done again by itself',
    },
  ],
  repeats: [
    {
      rules: ['R14'],
      what: 'a board cannot tell a repeat: what changes anything is not given to it a second time when its answer is lost (R31)',
      instead:
        'a lost byte of such an answer costs a takeover, and the fault then says that the old primary may have done it too; where nobody can take over, the input is in doubt and the board goes on; see to cables and ground',
    },
  ],
  bounded: [
    {
      rules: ['R14'],
      what: 'a board may take as long as it likes for an answer: no deadline tells one that hangs from one that works',
      instead:
        'it counts as alive while it says anything, and is asked when it is silent: protocol.keep-alive, protocol.probe',
    },
  ],
};

/** Gravest first; empty for boards that run the firmware harness. */
export function rulesNotHeld(abilities: Abilities): readonly RuleNotHeld[] {
  const missing = (Object.keys(WITHOUT_ABILITY) as (keyof Abilities)[]).filter((ability) => !abilities[ability]);
  return missing.flatMap((ability) => WITHOUT_ABILITY[ability]);
}
