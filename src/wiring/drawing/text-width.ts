/** Width of a letter, of its size, in the widest of the common sans-serif faces (DejaVu Sans; Arial needs a tenth less). */
const WIDTHS: readonly (readonly [letters: RegExp, normal: number, bold: number])[] = [
  [/[ilj.,:;'|!()[\]]/, 0.37, 0.42],
  [/[ trf/-]/, 0.41, 0.47],
  [/[mwMWΩ→−+%@]/, 0.96, 1.06],
  [/[A-Z0-9]/, 0.69, 0.78],
];
const OTHER = { normal: 0.63, bold: 0.71 };

/** Room that a text takes in a sans-serif face, in units, on the safe side. */
export function textWidth(text: string, size: number, isBold = false): number {
  let sum = 0;
  for (const letter of text) {
    const [, normal, bold] = WIDTHS.find(([letters]) => letters.test(letter)) ?? [null, OTHER.normal, OTHER.bold];
    sum += isBold ? bold : normal;
  }
  return Math.ceil(sum * size);
}

/** Lines that are at most `width` wide; a longer word stands alone. */
export function wrapWords(text: string, width: number, size: number, isBold = false): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size, isBold) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
