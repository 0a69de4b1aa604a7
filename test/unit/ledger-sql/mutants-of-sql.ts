/** One object of a schema, as `sqlite_schema` has it. */
export interface SchemaObject {
  readonly name: string;
  readonly sql: string;
}

/** A schema that is weaker, or wrong, in one place. */
export interface SqlMutant {
  /** Object, what stood there, and what stands there now. */
  readonly what: string;
  readonly schema: readonly SchemaObject[];
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
}

const COMPARISON =
  /\b(?:(?:NEW|OLD)\.)?\w+ (?:IS NOT|IS|<>|<=|>=|=|<|>) (?:(?:NEW|OLD)\.\w+|'[^']*'|\d+|NULL|\w+\b(?!\())/g;

/**
 * Every small change of triggers, views, indexes and checks: a whole object left out, a condition that always or never
 * holds, an AND for an OR, a limit off by one, a column that is not watched or not written, an element of a list that is
 * not there. Some are no SQL, and some change nothing: whoever asks sorts them out.
 */
export function mutantsOf(schema: readonly SchemaObject[]): SqlMutant[] {
  return schema.flatMap((object, index) => {
    const mutant = (what: string, sql: string | null): SqlMutant => ({
      what: `${object.name}: ${what}`,
      schema: sql === null ? schema.toSpliced(index, 1) : schema.toSpliced(index, 1, { ...object, sql }),
    });
    const isTable = /^CREATE TABLE/.test(object.sql);
    const whole = isTable ? [] : [mutant('left out', null)];
    const changes = isTable ? [...checks(object.sql), ...elements(object.sql)] : changesOf(object.sql);
    return [
      ...whole,
      ...changes.map(({ from, to, replacement }) => {
        const { sql } = object;
        const was = sql.slice(from, to).replaceAll(/\s+/g, ' ');
        return mutant(`${was} → ${replacement || 'nothing'}`, sql.slice(0, from) + replacement + sql.slice(to));
      }),
    ];
  });
}

function changesOf(sql: string): Change[] {
  return [
    ...conditions(sql),
    ...arms(sql),
    ...operators(sql),
    ...watchedColumns(sql),
    ...assignments(sql),
    ...elements(sql),
  ];
}

function conditions(sql: string): Change[] {
  const places: { from: number; to: number }[] = [];
  for (const { index, 0: text } of sql.matchAll(COMPARISON)) places.push({ from: index, to: index + text.length });
  for (const { index, 0: text } of sql.matchAll(/(?:NOT )?EXISTS \(/g)) {
    places.push({ from: index, to: closing(sql, index + text.length - 1) });
  }
  for (const { index } of sql.matchAll(/\(SELECT /g)) {
    const end = closing(sql, index);
    const compared = /^ (?:IS NOT|IS|<>|=|IN) (?:\([^)]*\)|'[^']*'|NEW\.\w+|\d+)/.exec(sql.slice(end));
    if (compared !== null) places.push({ from: index, to: end + compared[0].length });
  }
  for (const { index, 0: text } of sql.matchAll(/[\w.]+ > \(SELECT /g)) {
    places.push({ from: index, to: closing(sql, sql.indexOf('(', index + text.indexOf('('))) });
  }
  return places.flatMap((place) => ['1', '0'].map((replacement) => ({ ...place, replacement })));
}

/** `WHEN condition THEN RAISE(…)` of a CASE. */
function arms(sql: string): Change[] {
  return [...sql.matchAll(/RAISE\(ABORT, '\w+'\)/g)].flatMap(({ index, 0: text }) => {
    const from = sql.lastIndexOf('WHEN ', index);
    const isArm = from > sql.indexOf('CASE') && sql.includes('CASE');
    return isArm ? [{ from, to: index + text.length, replacement: '' }] : [];
  });
}

function operators(sql: string): Change[] {
  const swaps: readonly (readonly [RegExp, string])[] = [
    [/ AND /g, ' OR '],
    [/ OR (?!IGNORE)/g, ' AND '],
    [/(?<=\w) < (?=\w)/g, ' <= '],
    [/(?<=\w) > (?=[\w(])/g, ' >= '],
    [/ <= /g, ' < '],
    [/\bmax\(/g, 'min('],
    [/ \+ 1\b/g, ''],
    [/ \+ \(NEW\.execution_count <= execution_count\)/g, ''],
    [/ OR IGNORE/g, ''],
    [/CREATE UNIQUE/g, 'CREATE'],
  ];
  return swaps.flatMap(([pattern, replacement]) =>
    [...sql.matchAll(pattern)].map(({ index, 0: text }) => ({ from: index, to: index + text.length, replacement })),
  );
}

function watchedColumns(sql: string): Change[] {
  const list = /UPDATE OF ([\w, ]+?) ON/.exec(sql);
  if (list?.[1] === undefined) return [];
  return without(list[1], list.index + 'UPDATE OF '.length);
}

/** What an UPDATE inside a trigger writes. */
function assignments(sql: string): Change[] {
  return [...sql.matchAll(/ SET ([^;]*?)(?=\s+WHERE|;)/g)].flatMap(({ index, 1: list = '' }) =>
    without(list, index + ' SET '.length),
  );
}

/** What stands in `IN ('…', '…')`. */
function elements(sql: string): Change[] {
  return [...sql.matchAll(/ IN \(('[^)]*)\)/g)].flatMap(({ index, 1: list = '' }) =>
    without(list, index + ' IN ('.length),
  );
}

function checks(sql: string): Change[] {
  return [...sql.matchAll(/ CHECK \(/g)].map(({ index, 0: text }) => ({
    from: index,
    to: closing(sql, index + text.length - 1),
    replacement: '',
  }));
}

/** A list without each of its elements in turn; none where there is but one. */
function without(list: string, at: number): Change[] {
  const parts = splitAtCommas(list);
  if (parts.length < 2) return [];
  return parts.map((_, index) => ({
    from: at,
    to: at + list.length,
    replacement: parts.toSpliced(index, 1).join(','),
  }));
}

function splitAtCommas(list: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of list) {
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if (letter === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts;
}

/** Behind the parenthesis that closes the one at `open`. */
function closing(sql: string, open: number): number {
  let depth = 0;
  for (let at = open; at < sql.length; at++) {
    if (sql[at] === '(') depth++;
    if (sql[at] === ')' && --depth === 0) return at + 1;
  }
  return sql.length;
}
