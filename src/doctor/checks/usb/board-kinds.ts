import { notKnownOf, openKinds } from '../../../config/checks/not-known.js';
import type { Config } from '../../../config/config.js';
import { type DoctorFinding, note } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';

/** What nothing is known of is no trouble of this machine, and a person may know it: it is said, and what is done meanwhile. */
export function checkBoardKinds(_machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  return openKinds(config).map(({ facts, boards }) =>
    note(
      `kind of ${boards.join(' and ')}`,
      `${facts.kind}, ${facts.name}; not known: ${notKnownOf(facts, config.protocol)
        .map(({ what }) => what)
        .join('; ')}`,
      'copycat check says what is done meanwhile; a file of your own says what you know (docs/boards.md)',
    ),
  );
}
