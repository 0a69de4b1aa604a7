import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PortConditionName } from '../../src/serial/ports/port-error.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/troubleshooting.md');
const page = readFileSync(PAGE, 'utf8');

/** What the program can print, with `…` for what it fills in. */
const said = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
  .flatMap((text) => {
    const joined = text.replaceAll(/['"`]\s*\+\s*['"`]/g, '');
    // Both: a template within a template is a text of its own.
    return [joined, joined.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…')];
  })
  .join('\n')
  .replaceAll('’', "'");

const quoted = [...page.matchAll(/^> (.+)$/gm)].map(([, message = '']) => message);

/** A message as its fixed parts: `cannot open …: …` has one. */
function fixedParts(message: string): string[] {
  return message
    .replaceAll('’', "'")
    .split('…')
    .map((part) => part.replace(/^[\s:;,.()·]+|[\s:;,.()·]+$/g, ''))
    .filter((part) => part !== '');
}

describe('docs/troubleshooting.md', () => {
  it.each(quoted)('the program prints: %s', (message) => {
    const parts = fixedParts(message);
    expect(parts.join('').length).toBeGreaterThan(8);
    expect(parts.filter((part) => !said.includes(part))).toEqual([]);
  });

  it('quotes something', () => {
    expect(quoted.length).toBeGreaterThan(40);
  });

  it('has every condition of a port, in the words of status', () => {
    const names: Record<Exclude<PortConditionName, 'other'>, true> = {
      'not-there': true,
      'several-match': true,
      'wrong-board': true,
      taken: true,
      'permission-denied': true,
      'baud-unsupported': true,
      'line-unsupported': true,
      'not-a-port': true,
      'does-not-open': true,
      hung: true,
    };
    const missing = Object.keys(names).filter((name) => !page.includes(`\n*${name.replaceAll('-', ' ')}`));
    expect(missing).toEqual([]);
  });

  it('answers all 19 complaints', () => {
    const [, table = ''] = page.split('| complaint | what Copycat does | where |\n');
    expect(table.trim().split('\n')).toHaveLength(1 + 19);
  });
});
