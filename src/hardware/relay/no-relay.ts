import { NEVER } from 'rxjs';
import type { RelayDriver } from './relay-driver.js';

/** There is no relay: the core commands none, and nothing is ever reported. `first`: the board of the lease. */
export function noRelay(first: string): RelayDriver {
  return {
    moveTo: () => undefined,
    reports: NEVER,
    commanded: first,
    proved: false,
    retries: 0,
    operations: 0,
    close: () => undefined,
  };
}
