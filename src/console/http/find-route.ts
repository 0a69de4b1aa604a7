import type { Route } from './route.js';

/** The one that is meant, or what is wrong with the address: `allow` has what could be asked of it, and is empty where nothing is there. */
export type FoundRoute =
  | { readonly route: Route; readonly named: Readonly<Record<string, string>> }
  | { readonly allow: readonly string[] };

export function findRoute(routes: readonly Route[], method: string, path: string): FoundRoute {
  const words = path.split('/');
  const allow: string[] = [];
  for (const route of routes) {
    const named = namedIn(route.path.split('/'), words);
    if (named === null) continue;
    if (route.method === method) return { route, named };
    allow.push(route.method);
  }
  return { allow };
}

function namedIn(pattern: readonly string[], words: readonly string[]): Record<string, string> | null {
  if (pattern.length !== words.length) return null;
  const named: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const word = words[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== word) return null;
    } else if (word === '') return null;
    else named[part.slice(1)] = word;
  }
  return named;
}
