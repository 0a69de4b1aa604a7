import { type Document, isAlias, isMap, isNode, isPair, isScalar, type LineCounter } from 'yaml';
import type { ConfigSource } from '../schema/explain-issue.js';

/** Where what stands in a document stands, for messages. */
export function sourceOf(document: Document, value: unknown, lines: LineCounter): ConfigSource {
  return { valueAt: (path) => valueAt(value, path), lineAt: (path) => lineOf(document, path, lines) };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
}

/** Walks down as far as the path exists and gives the line of the last key it found. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number | null {
  let at: unknown = document.contents;
  let offset: number | undefined = isNode(at) ? at.range?.[0] : undefined;
  for (const key of path) {
    at = isAlias(at) ? at.resolve(document) : at;
    if (isMap(at)) {
      const pair = pairIn(document, at, key);
      if (pair === undefined) break;
      offset = isScalar(pair.key) ? pair.key.range?.[0] : offset;
      at = pair.value;
    } else if (isNode(at) && 'items' in at && Array.isArray(at.items) && typeof key === 'number') {
      at = at.items[key];
      offset = isNode(at) ? (at.range?.[0] ?? offset) : offset;
    } else {
      break;
    }
  }
  return offset === undefined ? null : lines.linePos(offset).line;
}

type YamlPair = { readonly key: unknown; readonly value: unknown };

/** The key itself, else where it is merged from. */
function pairIn(document: Document, map: unknown, key: PropertyKey): YamlPair | undefined {
  if (!isMap(map)) return undefined;
  const called = (name: PropertyKey) =>
    map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === name);
  const own = called(key);
  if (own !== undefined) return own;
  const merged = map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.source === '<<')?.value;
  return pairIn(document, isAlias(merged) ? merged.resolve(document) : merged, key);
}
