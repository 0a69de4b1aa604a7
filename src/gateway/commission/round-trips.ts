import type { Clock } from '../../clock/clock.js';
import type { BoardTalk } from './board-talk.js';

/** How long inputs took, from INPUT to DONE, without the ledger. */
export interface RoundTrips {
  readonly count: number;
  /** No answer within a second. */
  readonly lost: number;
  readonly typicalUs: number;
  /** All but one in a hundred. */
  readonly mostUs: number;
  readonly worstUs: number;
  /** How many took up to 1 ms, 2 ms, …; the last also what took longer. */
  readonly histogram: readonly number[];
}

const WITHIN_US = 1_000_000;
const BUCKET_US = 1000;
const BUCKETS = 40;

/**
 * Gives a board inputs that do nothing (the probes of R16): they go the whole way of an input but for the sketch itself,
 * and move no pin.
 */
export async function measureRoundTrips(talk: BoardTalk, clock: Clock, count: number): Promise<RoundTrips> {
  const tookUs: number[] = [];
  let lost = 0;
  for (let seq = 1; seq <= count; seq++) {
    const us = await oneRoundTrip(talk, clock, seq);
    if (us === null) lost++;
    else tookUs.push(us);
  }
  return summaryOf(tookUs, lost);
}

async function oneRoundTrip(talk: BoardTalk, clock: Clock, seq: number): Promise<number | null> {
  const payload = new Uint8Array();
  const startUs = clock.nowUs();
  const hash = await talk.inSession(
    { kind: 'input', seq, probe: true, recall: false, position: 0, pairTimeMs: seq, observed: null, payload },
    WITHIN_US,
    (message) => (message.kind === 'result' && message.seq === seq ? message.hash : null),
  );
  if (hash === null) return null;
  const done = await talk.inSession({ kind: 'commit', seq, hash }, WITHIN_US, (message) =>
    message.kind === 'done' && message.seq === seq ? message : null,
  );
  return done === null ? null : clock.nowUs() - startUs;
}

function summaryOf(tookUs: readonly number[], lost: number): RoundTrips {
  const sorted = [...tookUs].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const histogram = Array.from({ length: BUCKETS }, () => 0);
  for (const us of sorted) {
    const bucket = Math.min(BUCKETS - 1, Math.floor(us / BUCKET_US));
    histogram[bucket] = (histogram[bucket] ?? 0) + 1;
  }
  return { count: sorted.length, lost, typicalUs: at(0.5), mostUs: at(0.99), worstUs: sorted.at(-1) ?? 0, histogram };
}

const STEP_MS = 5;
/** The worst that was seen in a minute is not the worst that will be seen in a year. */
const ROOM = 3;

/** R14: at least three times the worst, and never below what the link may need. */
export function proposedDeadlineMs(all: readonly RoundTrips[], floorUs: number): number {
  const worstUs = Math.max(floorUs, ...all.map(({ worstUs }) => ROOM * worstUs));
  return Math.ceil(worstUs / 1000 / STEP_MS) * STEP_MS;
}
