/**
 * From schema 3 to schema 4. What each board's output registers showed right after it had acted on an input, in the order of its
 * outputs: `a=255,0 b=255,0`. It decides nothing: a person reads it.
 */
export const SCHEMA_4 = `
ALTER TABLE input ADD COLUMN read_back TEXT NOT NULL DEFAULT '';
`;
