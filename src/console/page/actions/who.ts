import { effect, signal } from '@preact/signals';

const KEPT_AS = 'copycat-who';

/** Who asks, for the log. Kept by this browser, so that it is typed once. */
export const who = signal(kept());

export function keepWho(): void {
  effect(() => {
    const name = who.value;
    try {
      localStorage.setItem(KEPT_AS, name);
    } catch {
      // A browser that keeps nothing asks again.
    }
  });
}

function kept(): string {
  try {
    return localStorage.getItem(KEPT_AS) ?? '';
  } catch {
    return '';
  }
}
