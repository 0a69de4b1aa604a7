/**
 * From schema 4 to schema 5. What a report is made of, and nothing is decided by: starts and what was started, orderly ends, how the pair
 * stood and since when, what people asked for. `seen_at`: when a gateway last said that it runs, for the one that is killed.
 */
export const SCHEMA_5 = `
CREATE TABLE chronicle (
  id INTEGER PRIMARY KEY,
  what TEXT NOT NULL CHECK (what IN ('started', 'ended', 'stands', 'images', 'asked')),
  boot_id TEXT NOT NULL,
  at_us INTEGER NOT NULL,
  wall_time TEXT NOT NULL,
  wall_time_trusted INTEGER NOT NULL,
  detail TEXT NOT NULL,
  UNIQUE (boot_id, at_us, what, detail)
) STRICT;
ALTER TABLE pair ADD COLUMN seen_at TEXT NOT NULL DEFAULT '';
`;
