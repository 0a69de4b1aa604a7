import type { Input, PairState } from '../../pair/state/pair-state.js';
import { followersOf, ownerOf, takesPart } from '../../pair/state/roles.js';
import { decodeWork } from '../boards/history-application.js';
import { BOARD_NAMES } from '../world.js';
import type { Facts } from './facts.js';

/** An idle primary gets its next input within this; the gateway itself takes no time. */
const AT_ONCE_US = 5_000;

/** R5: what else than the backup may hold the primary up is an excuse; the backup is none. */
export function noteHindrance(facts: Facts, pair: PairState): void {
  const owner = ownerOf(pair);
  let isReading = false;
  for (const {
    membership: { joining },
  } of pair.boards.values()) {
    if (joining !== null && (joining.step === 'waiting' || joining.step === 'reading')) isReading = true;
  }
  const isFree =
    pair.phase === 'serving' &&
    pair.findings.pending === null &&
    owner.session.state === 'open' &&
    !isReading &&
    !isHeldAlone(pair);
  // What held it up until this very step held it up until now.
  if (!isFree || facts.isHindered) facts.unhinderedSinceUs = facts.world.schedule.nowUs;
  facts.isHindered = !isFree;
}

/** Where nothing goes on alone, a primary that is alone waits for somebody to join. */
function isHeldAlone(pair: PairState): boolean {
  const { commitNeeds, ifAlone } = pair.config;
  return commitNeeds === 'both' && ifAlone === 'hold' && !followersOf(pair).some(takesPart);
}

export function judgeGiven(facts: Facts, board: string, seq: number): void {
  const { nowUs } = facts.world.schedule;
  if (!facts.refOfSeq.has(seq)) facts.breaks('givenOnlyWhenRecorded', `board ${board} was given seq ${seq}`);
  if (board === facts.owner) {
    const fromUs = Math.max(facts.recordedAtUs.get(seq) ?? nowUs, facts.idleSinceUs, facts.unhinderedSinceUs);
    if (facts.outstanding.size === 0 && nowUs > fromUs + AT_ONCE_US) {
      facts.breaks('primaryNeverWaits', `board ${board} was idle, and was given seq ${seq} ${nowUs - fromUs} us late`);
    }
    facts.outstanding.add(seq);
    return;
  }
  const others = BOARD_NAMES.filter((name) => name !== facts.boardNamed(board));
  if (others.some((name) => facts.actedAtUs[name].has(seq))) return;
  // R2: where commits need both, the others are asked before.
  const { answers } = facts.wrongs;
  const needsBoth = facts.world.options.config.commitNeeds === 'both';
  if (needsBoth && others.some((name) => answers[name].has(seq))) return;
  // R27: that the primary calls it stale says that it is over; a person may have dropped it, and the ledger have lost that.
  if (facts.leaseMayBeLost) return;
  facts.breaks('copyOnlyWhenDone', `board ${board} was given seq ${seq} before ${facts.owner} was done with it`);
}

/**
 * A gateway that is killed with the attempt on its way to the ledger forgets it: the input was given without waiting for
 * that (docs/decisions.md). What the ledger has counts from here on.
 */
export function forgetUnwrittenDeaths(facts: Facts, inputs: Iterable<Input>): void {
  for (const { payload, attemptedIn } of inputs) {
    const { poison, number } = decodeWork(payload);
    const deaths = facts.deaths.get(number) ?? 0;
    if (poison && deaths > attemptedIn.size) facts.deaths.set(number, attemptedIn.size);
  }
}

/** A board died while it executed the poison of this number. */
export function judgeDeath(facts: Facts, poison: number): void {
  const deaths = (facts.deaths.get(poison) ?? 0) + 1;
  facts.deaths.set(poison, deaths);
  // With durability `process` a host that loses power forgets who has died of what (docs/ledger.md).
  if (deaths > 2 + 2 * (facts.retries + facts.powerCuts))
    facts.breaks('noThirdDeath', `${deaths} boards died on poison ${poison}`);
}
