import type { Config } from '../config.js';
import type { Finding } from './finding.js';

/** There and back. */
const MOVES_A_TEST = 2;
const DAY_US = 86_400_000_000;
/** A relay that its own tests have worn out by then was not meant to be. */
const LEAST_YEARS = 5;

/** A proof test moves the contact, and a contact is good for so many moves. */
export function checkProofTests({ relay }: Config): readonly Finding[] {
  // A multiplexer has no contact.
  if (relay.proveEveryUs === 0 || relay.kind === 'mux') return [];
  const movesADay = (MOVES_A_TEST * DAY_US) / relay.proveEveryUs;
  const days = relay.ratedOperations / movesADay;
  if (days >= LEAST_YEARS * 365) return [];
  return [
    {
      severity: 'warning',
      key: 'relay.prove-every',
      message:
        `${inThousands(movesADay)} moves a day: the ${inThousands(relay.ratedOperations)} that the relay is rated for ` +
        `(rated-operations) are used up in ${spanText(days)}, by tests alone`,
      remedy: `24h proves it once a day; ${leastHours(relay.ratedOperations)}h or longer leaves the relay ${LEAST_YEARS} years`,
    },
  ];
}

function leastHours(ratedOperations: number): number {
  return Math.ceil((LEAST_YEARS * 365 * 24 * MOVES_A_TEST) / ratedOperations);
}

function inThousands(count: number): string {
  return Math.round(count).toLocaleString('en');
}

/** In the largest unit of which there are at least two. */
function spanText(days: number): string {
  if (days >= 730) return `${Math.floor(days / 365)} years`;
  if (days >= 2) return `${Math.floor(days)} days`;
  return days >= 2 / 24 ? `${Math.floor(days * 24)} hours` : `${Math.floor(days * 1440)} minutes`;
}
