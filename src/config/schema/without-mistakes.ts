import type { z } from 'zod';
import { BOARD_KINDS } from '../board-kinds.js';
import { type ConfigFile, configSchema } from './config-schema.js';
import { deeperIssues } from './explain-issue.js';

/** A file whose mistakes were taken out, so that what else may be wrong with it is said in the same breath. */
export interface RestOfFile {
  readonly file: ConfigFile;
  /** What is said of this key may come of what was taken out, or of what stands in for it. */
  readonly isInDoubt: (key: string) => boolean;
}

type Path = readonly PropertyKey[];

/** Taking one out may bring up the next: a key that was wrong is then missing, and then stood in for. */
const MOST_ROUNDS = 8;

/** What stands in for what the file has to say and says wrongly; nothing that is said of it reaches anybody. */
const STAND_INS: readonly { readonly of: RegExp; readonly value: unknown }[] = [
  { of: /^deadline$/, value: '60s' },
  { of: /^protocol\.profile$/, value: 'lines-ok' },
  { of: /^input$/, value: 'every 60s' },
  { of: /^relay$/, value: { pin: 'GPIO17', 'at-rest': 'none' } },
  { of: /^relay\.at-rest$/, value: 'none' },
  { of: /^boards\.[^.]+\.kind$/, value: BOARD_KINDS[0] },
];

/** What else is in doubt with a key: the relay is judged as a whole, and deadlines by the boards. */
const DEPENDS: readonly { readonly on: RegExp; readonly key: RegExp }[] = [
  { on: /^relay(\.(kind|pins?|at-rest|feedback).*)?$/, key: /^(relay|alarm|stop)/ },
  { on: /^boards\.[^.]+(\.(kind|line|baud|port|match))?$/, key: /^(deadline|input|relay|boards|third-copy)/ },
  { on: /^protocol(\.profile)?$/, key: /^(protocol|deadline|boards\.[^.]+\.(address|line|firmware))/ },
  { on: /^input/, key: /^(input|firmata)/ },
];

/** Null: too little is left of the file, such as boards that are no pair. */
export function withoutMistakes(value: unknown): RestOfFile | null {
  const rest: unknown = structuredClone(value);
  const changed: string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const parsed = configSchema.safeParse(rest);
    if (parsed.success) return { file: parsed.data, isInDoubt: (key) => dependsOn(key, changed) };
    // The last first: what is taken out of a list moves what stands behind it.
    for (const path of parsed.error.issues.flatMap(pathsOf).reverse()) {
      if (path.length === 0 || (path[0] === 'boards' && path.length < 3)) return null;
      if (!takeOut(rest, path)) return null;
      changed.push(path.join('.'));
    }
  }
  return null;
}

function pathsOf(issue: z.core.$ZodIssue): readonly Path[] {
  const deeper = deeperIssues(issue);
  if (deeper.length > 0) return deeper.flatMap(pathsOf);
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
}

/** False: it cannot be done without. */
function takeOut(rest: unknown, path: Path): boolean {
  const above = path.slice(0, -1).reduce<unknown>((at, key) => (isObject(at) ? Reflect.get(at, key) : undefined), rest);
  const key = path.at(-1);
  if (!isObject(above) || key === undefined) return true; // gone with what was above it
  if (Array.isArray(above)) above.splice(Number(key), 1);
  else if (Object.hasOwn(above, key)) Reflect.deleteProperty(above, key);
  else {
    const standIn = STAND_INS.find(({ of }) => of.test(path.join('.')));
    if (standIn !== undefined) Reflect.set(above, key, standIn.value);
    else return path.length > 1 && takeOut(rest, path.slice(0, -1));
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What is said of `key` may come of one of the keys that are `changed`. */
export function dependsOn(key: string, changed: readonly string[]): boolean {
  return changed.some(
    (one) =>
      key === one ||
      key.startsWith(`${one}.`) ||
      one.startsWith(`${key}.`) ||
      DEPENDS.some((depends) => depends.on.test(one) && depends.key.test(key)),
  );
}
