import { THIRD } from '../boards/copy-name.js';
import { BOARD_NAMES } from '../world.js';
import type { Facts } from './facts.js';

/** Judges a world in which nothing more happens and everything has been repaired. */
export function judgeQuiet(facts: Facts): void {
  const { world } = facts;
  for (const [ref, seq] of facts.accepted) {
    const input = facts.inputs.get(seq);
    if (facts.answers.has(ref) || facts.refused.has(ref) || input?.quarantined === true || input?.dropped === true)
      continue;
    facts.breaks('acceptedIsAnswered', `${ref} (seq ${seq}) was accepted and has no answer`);
  }
  facts.accepted.clear();
  if (world.contact.at !== facts.owner) {
    facts.breaks('nothingIsStuck', `the relay is at ${world.contact.at}, the lease at ${facts.owner}`);
  }
  const [one, other] = BOARD_NAMES.map((name) => world.boards[name]);
  if (one === undefined || other === undefined) return;
  const [a, b] = [one.core, other.core];
  if (a === null || b === null) return;
  // R20: where a value has a tolerance, nobody finds a state that differs.
  const areCompared = !facts.wrongs.differHidden;
  const differ = areCompared && a.memory.digest !== b.memory.digest;
  if (differ || a.memory.executionCount !== b.memory.executionCount) {
    facts.breaks('protectedMeansEqual', `a has executed ${a.memory.executionCount}, b ${b.memory.executionCount}`);
  }
  const third = world.third?.board.core;
  const isInSync = world.gateway?.pair.boards.get(THIRD)?.membership.standing === 'in-sync';
  if (third != null && isInSync && areCompared && third.memory.digest !== a.memory.digest) {
    facts.breaks('protectedMeansEqual', `a has executed ${a.memory.executionCount}, the third copy differs`);
  }
  if (one.level !== other.level) facts.breaks('protectedMeansEqual', `a shows ${one.level}, b shows ${other.level}`);
}
