import { THIRD } from '../boards/copy-name.js';
import { BOARD_NAMES } from '../world/world.js';
import type { Observations } from './observations.js';

/** Judges a world in which nothing more happens and everything has been repaired. */
export function judgeQuiet(observations: Observations): void {
  const { world } = observations;
  for (const [ref, seq] of observations.accepted) {
    const input = observations.inputs.get(seq);
    if (
      observations.answers.has(ref) ||
      observations.refused.has(ref) ||
      input?.quarantined === true ||
      input?.dropped === true
    )
      continue;
    observations.breaks('acceptedIsAnswered', `${ref} (seq ${seq}) was accepted and has no answer`);
  }
  observations.accepted.clear();
  if (world.contact.at !== observations.owner) {
    observations.breaks('nothingIsStuck', `the relay is at ${world.contact.at}, the lease at ${observations.owner}`);
  }
  const [one, other] = BOARD_NAMES.map((name) => world.boards[name]);
  if (one === undefined || other === undefined) return;
  const [a, b] = [one.core, other.core];
  if (a === null || b === null) return;
  // R20: where a value has a tolerance, nobody finds a state that differs.
  const areCompared = !observations.wrongCopies.differHidden;
  const differ = areCompared && a.memory.digest !== b.memory.digest;
  if (differ || a.memory.executionCount !== b.memory.executionCount) {
    observations.breaks(
      'protectedMeansEqual',
      `a has executed ${a.memory.executionCount}, b ${b.memory.executionCount}`,
    );
  }
  const third = world.third?.board.core;
  const isInSync = world.gateway?.pair.boards.get(THIRD)?.membership.state === 'in-sync';
  if (third != null && isInSync && areCompared && third.memory.digest !== a.memory.digest) {
    observations.breaks('protectedMeansEqual', `a has executed ${a.memory.executionCount}, the third copy differs`);
  }
  if (one.level !== other.level)
    observations.breaks('protectedMeansEqual', `a shows ${one.level}, b shows ${other.level}`);
}
