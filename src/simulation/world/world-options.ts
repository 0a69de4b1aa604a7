import { HARNESS_WIRE } from '../../link/harness/harness-dialect.js';
import type { Field, SourceMap } from '../../pair/result/fields.js';
import type { PairConfig } from '../../pair/state/pair-config.js';
import { THIRD } from '../boards/copy-name.js';
import { FIELD_OFFSETS, LEVELS } from '../boards/history-application.js';
import { SeededChoices } from '../seeded-choices.js';
import { RESYNCED_WIRE, UNMODIFIED_WIRE } from '../unmodified/unmodified-wire.js';

/** What a simulated pair is made of. All of it follows from the seed. */
export interface WorldOptions {
  readonly seed: number;
  readonly windows: Readonly<Record<'a' | 'b', number>>;
  readonly stateBytes: number;
  /** Board `a` takes its inputs in an order of its own; so does `b`, where nobody tells it the order. */
  readonly shuffled: boolean;
  /** False: boards that can neither give nor take their state join by a replay of the ledger (R25). */
  readonly transfersState: boolean;
  readonly silenceUs: number;
  readonly silencePolicy: 'safe' | 'hold';
  /** Opening a port restarts its board, the first time since the cable is in (DTR). */
  readonly opensWithReset: boolean;
  /** Boards have their own supply: a host without power does not take theirs. */
  readonly selfPowered: boolean;
  readonly relay: {
    readonly feedback: boolean;
    readonly latching: boolean;
    readonly atRest: 'a' | null;
    readonly operateUs: number;
    readonly settleUs: number;
  };
  /** Inputs that the client has under way at most. */
  readonly clientAtOnce: number;
  /** Answers carry a value that no two boards agree on, within a tolerance (R20). */
  readonly tolerates: boolean;
  readonly durability: 'process' | 'power';
  readonly config: PairConfig;
  /** The boards have firmware of their own, and few abilities; null: they have the harness, and all of them. */
  readonly unmodified: UnmodifiedOptions | null;
}

export interface UnmodifiedOptions {
  /** A board says so when it has started; without that it restarts without a word. */
  readonly hasBanner: boolean;
  /** The question by which an idle board is watched is answered with its registers. */
  readonly isWatched: boolean;
}

const OPTIONS_STREAM = 1;
const LINES_STREAM = 13;
const MORE_STREAM = 11;
const OPENING_STREAM = 14;
const UNMODIFIED_STREAM = 16;
const RESYNC_STREAM = 17;
/** Further apart than the warmth of any two copies, and nearer than a drift. */
const TOLERANCE = 5;
/** Nothing that goes up by one from input to input changes as fast; a wrong answer may. */
const FASTEST_PER_S = 2_000_000;

function field(name: string, offset: number, more: Partial<Field>): Field {
  const limits = { tolerance: 0, min: null, max: null, maxChangePerS: null };
  return { name, unit: '', type: 'u16', part: 0, offset, scale: 1, ...limits, ...more };
}

const WARMTH = field('warmth', FIELD_OFFSETS.warmth, { unit: 'degC', tolerance: TOLERANCE });
const LEVEL = field('level', FIELD_OFFSETS.level, { min: 1, max: LEVELS, maxChangePerS: FASTEST_PER_S });
const SOURCES: readonly SourceMap[] = [{ name: 'sensor', unit: 'mV', scale: 1, tolerance: TOLERANCE }];

/** Pairs of these seeds and higher ones have no relay: RESET stands for it. Others stay what they were. */
export const WITHOUT_RELAY_FROM_SEED = 3_000_000_000;

/** The boards of these seeds and higher ones have firmware of their own (docs/testing.md). Others stay what they were. */
export const UNMODIFIED_FROM_SEED = 4_000_000_000;

/** Which lines beside the relay's are wired, and whether the relay disturbs the links. */
function linesOf(
  seed: number,
): Pick<PairConfig, 'handover' | 'relayDisturbsUs' | 'resetLines' | 'latchedReset' | 'stopMeans'> {
  const random = new SeededChoices(seed, LINES_STREAM);
  if (seed >= UNMODIFIED_FROM_SEED ? random.oneIn(3) : seed >= WITHOUT_RELAY_FROM_SEED) {
    const stopMeans = random.pick(['firmware-only', 'reset-both', 'cut-off'] as const);
    return { handover: 'reset', relayDisturbsUs: 0, resetLines: ['a', 'b'], latchedReset: null, stopMeans };
  }
  const relayDisturbsUs = random.pick([0, 50_000]);
  if (!random.oneIn(3)) {
    return {
      handover: 'relay',
      relayDisturbsUs,
      resetLines: [],
      latchedReset: null,
      stopMeans: random.pick(['firmware-only', 'cut-off']),
    };
  }
  const resetLines = ['a', 'b'];
  const latchedReset = random.oneIn(2) ? 'a' : null;
  const stopMeans = random.pick(['firmware-only', 'reset-both', 'cut-off'] as const);
  return { handover: 'relay', relayDisturbsUs, resetLines, latchedReset, stopMeans };
}

export function worldOptionsOf(seed: number): WorldOptions {
  const options = harnessOptionsOf(seed);
  return seed >= UNMODIFIED_FROM_SEED ? unmodified(options) : options;
}

/** What boards of their own firmware lack, the rest of their pair is without. */
function unmodified(options: WorldOptions): WorldOptions {
  const random = new SeededChoices(options.seed, UNMODIFIED_STREAM);
  const window = random.pick([1, 1, 1, 2, 4]);
  const bare = { thirdCopy: null, selfTests: false, fields: [], sources: [] } as const;
  return {
    ...options,
    windows: { a: window, b: window },
    shuffled: false,
    transfersState: false,
    tolerates: false,
    config: { ...options.config, ...bare, wire: isResynced(options) ? RESYNCED_WIRE : UNMODIFIED_WIRE },
    unmodified: { hasBanner: random.oneIn(3) || isResynced(options), isWatched: random.oneIn(2) },
  };
}

/** R25: a relay has to keep a board that is given everything once more off the actuator. */
function isResynced({ seed, config }: WorldOptions): boolean {
  return config.handover === 'relay' && new SeededChoices(seed, RESYNC_STREAM).oneIn(3);
}

function harnessOptionsOf(seed: number): WorldOptions {
  const lines = linesOf(seed);
  const random = new SeededChoices(seed, OPTIONS_STREAM);
  const more = new SeededChoices(seed, MORE_STREAM);
  const thirdCopy = more.oneIn(3) ? THIRD : null;
  const tolerates = more.oneIn(4);
  const window = random.pick([1, 1, 2, 3, 4, 8]);
  return {
    seed,
    windows: { a: window, b: random.oneIn(4) ? random.between(1, 8) : window },
    stateBytes: random.pick([9, 12, 40, 100]),
    shuffled: random.oneIn(2),
    transfersState: !random.oneIn(6),
    silenceUs: random.pick([400_000, 1_000_000]),
    silencePolicy: random.pick(['safe', 'safe', 'hold']),
    opensWithReset: new SeededChoices(seed, OPENING_STREAM).oneIn(4),
    selfPowered: random.oneIn(2),
    relay: {
      feedback: !random.oneIn(4),
      latching: random.oneIn(3),
      atRest: random.oneIn(4) ? null : 'a',
      operateUs: random.pick([3_000, 6_000]),
      settleUs: 16_000,
    },
    clientAtOnce: random.pick([1, 3, 6, 20]),
    durability: random.pick(['process', 'process', 'power']),
    tolerates,
    unmodified: null,
    config: {
      wire: HARNESS_WIRE,
      boards: ['a', 'b'],
      deadlineUs: 60_000,
      probeEveryUs: 250_000,
      helloTimeoutUs: 90_000,
      maxPending: random.pick([4, 16]),
      maxLag: random.pick([8, 32]),
      maxWindow: 8,
      thirdCopy,
      thirdCopyDeadlineUs: 2_000_000,
      commitNeeds: more.pick(['primary', 'primary', 'both']),
      ifAlone: more.pick(['go-on', 'hold']),
      selfTests: more.oneIn(2),
      // No exchange is as fast: what is left is always caught up with first, so that the actuator never goes back.
      relayOperateUs: 1_000,
      drainUs: 300_000,
      onMismatch: random.pick(['alarm', 'alarm', 'switch', 'stop']),
      joinComparisons: 3,
      joinPatienceUs: 50_000,
      flapLimit: 1 + (seed % 3),
      flapWindowUs: 2_000_000,
      flapPermanent: 5,
      switchDrainUs: 100_000,
      ...lines,
      fields: [...(tolerates ? [WARMTH] : []), ...(more.oneIn(3) ? [LEVEL] : [])],
      sources: SOURCES,
      driftReadings: 3,
      reserveSeqs: random.pick([8, 64]),
    },
  };
}
