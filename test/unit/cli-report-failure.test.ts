import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reportFailure } from '../../src/cli/terminal/report-failure.js';
import { CopycatError } from '../../src/errors/copycat-error.js';

afterEach(() => vi.restoreAllMocks());

function said(error: CopycatError): string {
  let text = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  reportFailure(error);
  return text;
}

describe('an error, as a person reads it', () => {
  it('that is whole sentences already gets no half of one behind it', () => {
    const message = 'The ledger /x/y.sqlite was written by a newer Copycat (schema 9). Install that version.';
    const error = new CopycatError('LEDGER_UNAVAILABLE', message, { value: 9, expected: 'schema 3 or older' });
    expect(said(error)).toBe(`copycat: ${message}\n`);
  });

  it('does not repeat as a path what the message has as it was typed', () => {
    const details = { value: '/home/pi/copycat.yaml', expected: 'another name (-o FILE), or --force to write over it' };
    expect(said(new CopycatError('USAGE', 'copycat.yaml is there already', details))).toBe(
      'copycat: copycat.yaml is there already; expected another name (-o FILE), or --force to write over it\n',
    );
  });

  it('has after "expected" what was expected: no order, no finding, no place to look at', () => {
    const root = join(import.meta.dirname, '../../src');
    const texts = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('serial') && !name.includes('board-ports'))
      .flatMap((name) => [...readFileSync(join(root, name), 'utf8').matchAll(/expected:[^'`\n]*['`]([^'`]+)['`]/g)])
      .map(([, text = '']) => text);
    expect(texts.length).toBeGreaterThan(100);
    expect(
      texts.filter((text) =>
        /^(see|perhaps|end|stop|the ledger has|it has|there (is|are)|no number|mend|use)\b/.test(text),
      ),
    ).toEqual([]);
  });
});
