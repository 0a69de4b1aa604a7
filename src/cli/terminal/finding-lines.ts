import type { Finding } from '../../config/checks/finding.js';
import { wrap } from '../../faults/wrap-text.js';
import { colours, textWidth } from './terminal.js';

/** Each finding as a paragraph: how grave, what, and what to do. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  const paint = { error: colours.red, warning: colours.yellow, note: colours.dim };
  return findings.flatMap(({ severity, key, message, remedy }) => [
    '',
    `  ${paint[severity](severity)} ${colours.bold(key)}`,
    ...wrap(message, textWidth() - 4).map((line) => `    ${line}`),
    ...wrap(`do: ${remedy}`, textWidth() - 8).map((line, index) => `    ${index === 0 ? '' : '    '}${line}`),
  ]);
}
