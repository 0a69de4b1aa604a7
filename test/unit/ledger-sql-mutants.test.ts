import type { Database } from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutantsOf, type SqlMutant } from './ledger-sql/mutants-of-sql.js';
import { differenceIn, openWith, schemaNow } from './ledger-sql/planted-schema.js';
import { SCENARIOS } from './ledger-sql/scenarios.js';

/** What can be changed and nobody could notice, with the reason. */
const EQUIVALENT: Readonly<Record<string, string>> = {
  'lease:  CHECK (epoch >= 1) → nothing': 'the first lease is of epoch 1, and none goes backwards',
  'input_unfinished: left out': 'it is for speed',
  'input_unfinished: finished = 0 → 1': 'for speed',
  'input_unfinished: finished = 0 → 0': 'for speed',
};

describe('the schema of the ledger', () => {
  let database: Database;
  beforeAll(() => {
    const opened = openWith(schemaNow());
    if (opened === null) throw new Error('the schema is no SQL');
    database = opened;
  });
  afterAll(() => database.close());

  test.each(SCENARIOS.map((scenario) => [scenario.what, scenario] as const))('%s', (_what, scenario) => {
    expect(differenceIn(database, scenario)).toBeNull();
  });
});

test('R8: a constraint that is weaker, or wrong, in any one place is noticed', () => {
  const survivors: string[] = [];
  let tried = 0;
  for (const mutant of mutantsOf(schemaNow())) {
    const noticed = isNoticed(mutant);
    if (noticed === null) continue;
    tried++;
    if (!noticed) survivors.push(mutant.what);
  }
  expect(survivors).toEqual(Object.keys(EQUIVALENT));
  expect(tried).toBeGreaterThan(250);
});

/** Null: it is no SQL, or no ledger could begin with it. */
function isNoticed({ schema }: SqlMutant): boolean | null {
  const database = openWith(schema);
  if (database === null) return null;
  try {
    return SCENARIOS.some((scenario) => differenceIn(database, scenario) !== null);
  } finally {
    database.close();
  }
}
