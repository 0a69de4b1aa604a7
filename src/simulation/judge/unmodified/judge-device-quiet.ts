import { BOARD_NAMES } from '../../world.js';
import type { DeviceObservations } from './device-observations.js';

/** Judges a world in which nothing more happens and everything has been repaired. */
export function judgeDeviceQuiet(observations: DeviceObservations): void {
  const { world, owner } = observations;
  for (const [ref] of observations.accepted) {
    const record = observations.records.get(Number(ref.slice(1)));
    if (record === undefined || record.answers.length > 0 || record.refused !== null) continue;
    observations.breaks('acceptedIsAnswered', `${ref} was accepted, and has neither an answer nor a refusal`);
  }
  observations.accepted.clear();
  if (world.contact.at !== owner)
    observations.breaks('nothingIsStuck', `the relay is at ${world.contact.at}, the lease at ${owner}`);
  const [a, b] = BOARD_NAMES.map((name) => world.boards[name]);
  if (a === undefined || b === undefined) return;
  if (a.chain !== b.chain) observations.breaks('protectedMeansEqual', `a has done ${a.writes} writes, b ${b.writes}`);
  if (a.level !== b.level) observations.breaks('protectedMeansEqual', `a shows ${a.level}, b shows ${b.level}`);
}
