import { signal } from '@preact/signals';

const TICK_MS = 500;

/** This browser's clock, for ages. A tab that slept looks at it before anything else. */
export const nowMs = signal(Date.now());

const wakers = new Set<() => void>();

/** Called when this tab may have slept. */
export function onWake(wake: () => void): () => void {
  wakers.add(wake);
  return () => wakers.delete(wake);
}

export function startClock(): void {
  const tick = () => {
    nowMs.value = Date.now();
  };
  setInterval(tick, TICK_MS);
  const awake = () => {
    tick();
    for (const wake of wakers) wake();
  };
  document.addEventListener('visibilitychange', awake);
  window.addEventListener('pageshow', awake);
  window.addEventListener('online', awake);
}
