/**
 * C or C++ with spaces for all that is no code: comments, and what stands in strings and characters. Every character keeps its place,
 * and so every line its number.
 */
export function blankOut(text: string): string {
  const parts = text.matchAll(
    /\/\/(?:\\\r?\n|[^\n])*|\/\*[\s\S]*?(?:\*\/|$)|R"([^()\\\s]{0,16})\([\s\S]*?\)\1"|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/g,
  );
  let code = '';
  let from = 0;
  for (const { 0: part, index } of parts) {
    // 1'000'000 is a number.
    const isDigitMark = part.startsWith("'") && /[0-9a-fA-F]$/.test(text.slice(0, index)) && isNumber(text, index);
    if (isDigitMark) continue;
    code += text.slice(from, index) + (part.startsWith('/') ? spaces(part) : emptied(part));
    from = index + part.length;
  }
  return code + text.slice(from);
}

function isNumber(text: string, index: number): boolean {
  return /(?<![\w'])\d[\da-fA-FxX']*$/.test(text.slice(Math.max(0, index - 40), index));
}

function spaces(part: string): string {
  return part.replace(/[^\n]/g, ' ');
}

/** Its quotation marks stay: a call with a text still has an argument. */
function emptied(part: string): string {
  const isClosed = part.length > 1 && part.at(-1) === part[0];
  if (!isClosed) return spaces(part);
  return `${part[0]}${spaces(part.slice(1, -1))}${part.at(-1)}`;
}
