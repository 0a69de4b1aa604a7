import { cap, fact } from '../plain-words.js';
import type { FaultKind } from './fault-kind.js';

/** A firmware update, which is no fault, and one that came to nothing (R26). */
export const UPDATE_KINDS: Readonly<Record<string, FaultKind>> = {
  updating: {
    title: ({ who }) => `firmware update of ${who}`,
    happened: ({ who, fault }) =>
      `Somebody wanted ${who} to run ${fact(fault, 'image') ?? 'another image'}. This is no fault: it is kept here so that the record is whole. While it was flashed and tried, nobody could have taken over.`,
    cause: '',
    look: 'Nothing has to be looked at, unless the update is not finished: status says so.',
    event: 'always',
  },
  'update-failed': {
    title: ({ who, fault }) => `the update of ${who} failed: ${fact(fault, 'why') ?? 'no reason was noted'}`,
    happened: ({ who, fault }) =>
      `${cap(who)} was to run ${fact(fault, 'image') ?? 'another image'}, and stays out of the pair: ${fact(fault, 'why') ?? 'no reason was noted'}. Until it has joined again, nobody can take over.`,
    cause: 'The flasher could not reach the board, or the image is not one for this pair.',
    look: 'Read the reason above; check port, cable and image.',
  },
};
