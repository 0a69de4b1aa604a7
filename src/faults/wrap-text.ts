/**
 * Lines of at most `width` characters, broken between words; a word that is longer stands alone. `lengthOf`: how much room
 * a text takes, where that is not how many characters it has.
 */
export function wrap(
  text: string,
  width: number,
  lengthOf: (text: string) => number = ({ length }) => length,
): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && lengthOf(last) + 1 + lengthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
