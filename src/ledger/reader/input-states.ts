/** What an input may be, for a person who asks for those alone. */
export const INPUT_STATES = ['pending', 'quarantined', 'dropped', 'rejected', 'finished'] as const;

/**
 * `pending`: in work; `quarantined`: two boards have died on it (R22); `dropped`: a person gave it up; `rejected`: done, and the
 * sketch would not have it (cc_reject); `finished`: done.
 */
export type InputState = (typeof INPUT_STATES)[number];
