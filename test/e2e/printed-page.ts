/**
 * The lines of a page in their order, anything between them: numbers may differ, or be missing (`–`), `…` stands for anything. Where one
 * is missing, it and what came instead.
 */
export function missingIn(text: string, printed: readonly string[]): string | null {
  let rest = text;
  for (const line of printed) {
    if (line.trim() === '…' || line.trim() === '') continue;
    const found = patternOf(line).exec(rest);
    if (found === null) return `not printed: ${line}\nin: ${rest}`;
    rest = rest.slice(found.index + found[0].length);
  }
  return null;
}

function patternOf(line: string): RegExp {
  const parts = line
    .trim()
    .split(/(…|\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b|(?<!\w)\d+(?:\.\d+)? m?s\b|(?<!\w)\d+(?:\.\d+)?(?!\w)|–|\s+)/);
  return new RegExp(parts.map(partPattern).join(''));
}

function partPattern(part: string, index: number): string {
  // What stands between two matches is text.
  if (index % 2 === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (part === '…') return '.*';
  if (part.trim() === '') return '\\s+';
  // The input in work when the plug was pulled: there is one or there is none.
  if (part === '–') return '(–|\\d+)';
  // 463 ms on one machine are 1.1 s on another.
  if (part.endsWith('s')) return '\\d+(\\.\\d+)? m?s';
  return /^[0-9a-f]{8}$/.test(part) ? '[0-9a-f]{8}' : '\\d+(\\.\\d+)?';
}
