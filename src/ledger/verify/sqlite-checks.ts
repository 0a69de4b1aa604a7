import type { Database } from 'better-sqlite3';
import { objectsOf, objectsOfVersion, type SchemaObject, versionOf } from '../schema/migrations.js';
import { FINDINGS_A_CHECK, type LedgerCheck, type Spot } from './finding.js';

/** What SQLite itself can tell of a file, and whether the constraints that decide are those of its version. */
export const SQLITE_CHECKS: readonly LedgerCheck[] = [
  {
    code: 'sqlite-damaged',
    rule: 'SQLite',
    expected: 'integrity_check: ok',
    file: 'each',
    spots: (database) =>
      (database.pragma(`integrity_check(${FINDINGS_A_CHECK})`) as { integrity_check: string }[])
        .filter(({ integrity_check }) => integrity_check !== 'ok')
        .map(({ integrity_check }) => ({ found: integrity_check.replace(/\s+/g, ' ') })),
  },
  {
    code: 'row-without-its-other',
    rule: 'SQLite',
    expected: 'foreign_key_check: nothing',
    file: 'each',
    spots: (database) =>
      (database.pragma('foreign_key_check') as { table: string; rowid: number; parent: string }[])
        .slice(0, FINDINGS_A_CHECK)
        .map(({ table, rowid, parent }) => ({ found: `row ${rowid} of ${table} has none in ${parent}` })),
  },
  {
    code: 'constraint-missing',
    rule: 'R8',
    expected: 'the tables and constraints of its version',
    file: 'each',
    spots: changedObjects,
  },
];

/** R8: the arbiter is a constraint of the file. One that is gone or altered decides nothing any more. */
function* changedObjects(database: Database): Iterable<Spot> {
  const there = new Map(objectsOf(database).map((object) => [object.name, object]));
  for (const wanted of objectsOfVersion(versionOf(database))) {
    const object = there.get(wanted.name);
    there.delete(wanted.name);
    if (object === undefined) yield { found: `${wanted.type} ${wanted.name} is missing` };
    else if (textOf(object) !== textOf(wanted)) yield { found: `${wanted.type} ${wanted.name} is another one` };
  }
  for (const { type, name } of there.values()) {
    // An index or a view of somebody's own changes nothing.
    if (type === 'trigger')
      yield { found: `a trigger ${name} that is none of Copycat's`, expected: 'no other triggers' };
  }
}

function textOf({ sql }: SchemaObject): string {
  return sql.replace(/\s+/g, ' ');
}
