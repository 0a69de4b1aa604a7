/**
 * From schema 2 to schema 3. R19: when a board left the pair by a fault of its own, in pair time (milliseconds, oldest
 * first, commas between): what tells a transient fault from an intermittent and a permanent one, over restarts too.
 */
export const SCHEMA_3 = `
ALTER TABLE board ADD COLUMN exits TEXT NOT NULL DEFAULT '';
`;
