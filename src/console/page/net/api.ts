import { WORDS } from '../words.js';

const TIMEOUT_MS = 15_000;

/** `reason` is a sentence for people. `isGone`: nobody answered, so that nothing is known. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string; readonly isGone: boolean };

export function getJson<T>(path: string): Promise<Answer<T>> {
  return ask<T>(path, {});
}

export function postJson<T>(path: string, body: object): Promise<Answer<T>> {
  return ask<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Paths are relative to the page, so that it also works below a folder of a reverse proxy. */
export function urlOf(path: string): string {
  return new URL(path, document.baseURI).href;
}

async function ask<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(urlOf(path), { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    return { ok: false, reason: `${WORDS.net.noAnswer} (${String(error)})`, isGone: true };
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return { ok: true, value: body as T };
  return { ok: false, reason: reasonIn(body) ?? `${WORDS.net.refused} (${response.status})`, isGone: false };
}

/** The server says why in one of these. */
function reasonIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  for (const key of ['refused', 'error', 'message'] as const) {
    const text = (body as Record<string, unknown>)[key];
    if (typeof text === 'string') return text;
  }
  return null;
}
