/**
 * Numbers that do not jump: each keeps as many decimals, and as much room, as it has ever needed. A value that passes from 38.9
 * to 39 is shown as 39.0.
 */
export class Steady {
  readonly #seen = new Map<string, { decimals: number; characters: number }>();

  /** The text of a value, and how many characters to keep free for it. */
  of(key: string, value: number | boolean | null, yes: string, no: string): { text: string; characters: number } {
    const seen = this.#seen.get(key) ?? { decimals: 0, characters: 1 };
    this.#seen.set(key, seen);
    if (typeof value === 'number' && Number.isFinite(value)) seen.decimals = Math.max(seen.decimals, decimalsOf(value));
    const text =
      value === null ? '–' : typeof value === 'boolean' ? (value ? yes : no) : grouped(value.toFixed(seen.decimals));
    if (typeof value === 'boolean') seen.characters = Math.max(yes.length, no.length);
    seen.characters = Math.max(seen.characters, text.length);
    return { text, characters: seen.characters };
  }
}

/** At most three: more of a float says nothing to whoever looks. */
function decimalsOf(value: number): number {
  const [, digits = ''] = String(Number(value.toFixed(3))).split('.');
  return digits.length;
}

/** `100000` → `100 000`, with a space that does not break. */
export function grouped(digits: string): string {
  const [whole = '', rest] = digits.split('.');
  const spaced = whole.length < 6 ? whole : whole.replaceAll(/\B(?=(\d{3})+$)/g, '\u00a0');
  return rest === undefined ? spaced : `${spaced}.${rest}`;
}
