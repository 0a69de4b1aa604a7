import type { Input, PairState } from '../../pair/state/pair-state.js';
import { followersOf, primaryOf, takesPart } from '../../pair/state/roles.js';
import { decodeWork } from '../boards/history-application.js';
import { BOARD_NAMES } from '../world/world.js';
import type { Observations } from './observations.js';

/** An idle primary gets its next input within this; the gateway itself takes no time. */
const AT_ONCE_US = 5_000;

/** R5: what else than the backup may hold the primary up is an excuse; the backup is none. */
export function noteHindrance(observations: Observations, pair: PairState): void {
  const primary = primaryOf(pair);
  let isReading = false;
  for (const {
    membership: { joining },
  } of pair.boards.values()) {
    if (joining !== null && (joining.step === 'waiting' || joining.step === 'reading')) isReading = true;
  }
  const isFree =
    pair.phase === 'serving' &&
    pair.findings.pending === null &&
    primary.session.state === 'open' &&
    !isReading &&
    !isHeldAlone(pair);
  // What held it up until this very step held it up until now.
  if (!isFree || observations.isHindered) observations.unhinderedSinceUs = observations.world.schedule.nowUs;
  observations.isHindered = !isFree;
}

/** Where nothing goes on alone, a primary that is alone waits for somebody to join. */
function isHeldAlone(pair: PairState): boolean {
  const { commitNeeds, ifAlone } = pair.config;
  return commitNeeds === 'both' && ifAlone === 'hold' && !followersOf(pair).some(takesPart);
}

export function judgeGiven(observations: Observations, board: string, seq: number): void {
  const { nowUs } = observations.world.schedule;
  if (!observations.refOfSeq.has(seq))
    observations.breaks('givenOnlyWhenRecorded', `board ${board} was given seq ${seq}`);
  if (board === observations.owner) {
    const fromUs = Math.max(
      observations.recordedAtUs.get(seq) ?? nowUs,
      observations.idleSinceUs,
      observations.unhinderedSinceUs,
    );
    if (observations.outstanding.size === 0 && nowUs > fromUs + AT_ONCE_US) {
      observations.breaks(
        'primaryNeverWaits',
        `board ${board} was idle, and was given seq ${seq} ${nowUs - fromUs} us late`,
      );
    }
    observations.outstanding.add(seq);
    return;
  }
  const others = BOARD_NAMES.filter((name) => name !== observations.boardNamed(board));
  if (others.some((name) => observations.actedAtUs[name].has(seq))) return;
  // R2: where commits need both, the others are asked before.
  const { answers } = observations.wrongCopies;
  const needsBoth = observations.world.options.config.commitNeeds === 'both';
  if (needsBoth && others.some((name) => answers[name].has(seq))) return;
  // R27: that the primary calls it stale says that it is over; a person may have dropped it, and the ledger have lost that.
  if (observations.leaseMayBeLost) return;
  observations.breaks(
    'copyOnlyWhenDone',
    `board ${board} was given seq ${seq} before ${observations.owner} was done with it`,
  );
}

/**
 * A gateway that is killed with the attempt on its way to the ledger forgets it: the input was given without waiting for
 * that (docs/decisions.md). What the ledger has counts from here on.
 */
export function forgetUnwrittenDeaths(observations: Observations, inputs: Iterable<Input>): void {
  for (const { payload, attemptedIn } of inputs) {
    const { poison, number } = decodeWork(payload);
    const deaths = observations.deaths.get(number) ?? 0;
    if (poison && deaths > attemptedIn.size) observations.deaths.set(number, attemptedIn.size);
  }
}

/** A board died while it executed the poison of this number. */
export function judgeDeath(observations: Observations, poison: number): void {
  const deaths = (observations.deaths.get(poison) ?? 0) + 1;
  observations.deaths.set(poison, deaths);
  // With durability `process` a host that loses power forgets who has died of what (docs/ledger.md).
  if (deaths > 2 + 2 * (observations.retries + observations.powerCuts))
    observations.breaks('noThirdDeath', `${deaths} boards died on poison ${poison}`);
}
