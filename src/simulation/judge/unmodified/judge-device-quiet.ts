import { isHarmless } from '../../unmodified/device-work.js';
import { BOARD_NAMES } from '../../world/world.js';
import type { DeviceObservations } from './device-observations.js';
import type { DeviceRecord } from './device-record.js';

/** Judges a world in which nothing more happens and everything has been repaired. */
export function judgeDeviceQuiet(observations: DeviceObservations): void {
  const { world, owner } = observations;
  for (const [ref] of observations.accepted) {
    const record = observations.records.get(Number(ref.slice(1)));
    if (record === undefined || record.answers.length > 0 || record.refused !== null || record.isDropped) continue;
    observations.breaks('acceptedIsAnswered', `${ref} was accepted, and has neither an answer nor a refusal`);
  }
  observations.accepted.clear();
  for (const record of observations.records.values()) {
    if (record.isDoubtTold || !(record.isInDoubt || wasDoneUnheard(record))) continue;
    const { kind, number } = record.work;
    observations.breaks('doubtIsTold', `${kind} ${number} may have been carried out, and no fault says so`);
  }
  if (world.contact.at !== owner)
    observations.breaks('nothingIsStuck', `the relay is at ${world.contact.at}, the lease at ${owner}`);
  const [a, b] = BOARD_NAMES.map((name) => world.boards[name]);
  if (a === undefined || b === undefined) return;
  if (a.chain !== b.chain) observations.breaks('protectedMeansEqual', `a has done ${a.writes} writes, b ${b.writes}`);
  if (a.level !== b.level) observations.breaks('protectedMeansEqual', `a shows ${a.level}, b shows ${b.level}`);
}

/** A board that led had it in its hands and was not heard of, and another one that led was given it. */
function wasDoneUnheard({ work, givings, told }: DeviceRecord): boolean {
  if (isHarmless(work)) return false;
  // What was given before a host lost its power nobody knows of any more; what the ledger kept of it is in doubt by `restored`.
  const [first] = givings.filter(({ cuts }) => cuts === givings.at(-1)?.cuts);
  if (first === undefined || !first.isLeading) return false;
  const isHeard = told.some(({ board, life }) => board === first.board && life === first.life);
  return !isHeard && givings.some(({ board, isLeading }) => isLeading && board !== first.board);
}
