import type { Status } from './contract/status.js';

/** Older than this nobody takes what a gateway said for how the pair stands. */
export const STALE_AFTER_MS = 5000;

/** A status as it was told, or, of a core that does not do its work, as what it is: nobody knows whether the pair is protected. */
export function withStaleness(status: Status): Status {
  const { coreAgeMs = 0 } = status;
  return coreAgeMs <= STALE_AFTER_MS
    ? status
    : { ...status, protected: false, why: `STALE: the gateway answers, and ${coreText(coreAgeMs)}` };
}

/** `its core has not done its work for 12 s` */
export function coreText(ageMs: number): string {
  return `its core has not done its work for ${Math.round(ageMs / 1000)} s`;
}
