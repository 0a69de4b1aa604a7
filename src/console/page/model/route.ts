import { signal } from '@preact/signals';

/** What is looked at: `#/oven/faults/12`. Null: whatever comes first. */
export interface Route {
  readonly pair: string | null;
  readonly fault: number | null;
}

export const route = signal<Route>(read());

export function startRouting(): void {
  window.addEventListener('hashchange', () => {
    route.value = read();
  });
}

export function linkTo(pair: string, fault: number | null = null): string {
  return `#/${encodeURIComponent(pair)}${fault === null ? '' : `/faults/${fault}`}`;
}

function read(): Route {
  const [, pair, , fault] = /^#\/([^/]+)(\/faults\/(\d+))?$/.exec(window.location.hash) ?? [];
  return { pair: pair === undefined ? null : decoded(pair), fault: fault === undefined ? null : Number(fault) };
}

/** A hash that somebody has typed may be no text. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
