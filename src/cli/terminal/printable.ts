/** What moves a cursor, changes a terminal, or makes text look like another: control characters, lone surrogates, marks of direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/** Our own colours, tabs, and the ends of our own lines. */
const OURS = new RegExp(`([\\n\\t]|${String.fromCharCode(27)}\\[\\d{1,3}(?:;\\d{1,3})*m)`);

/** A text of somebody else (an id, a board's own words, a port's name) as it may be shown: on one line, and nothing acts. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/** Whole output: what is left in it that is not ours is shown and does nothing. */
export function safeOutput(text: string): string {
  return text
    .split(OURS)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}

/** JSON in which no character acts on a terminal; `JSON.stringify` leaves some of them as they are. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : `\\u${hex(character.charCodeAt(0), 4)}`,
  );
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
