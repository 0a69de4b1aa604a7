import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Token } from '../../src/private-files/token.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-token-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(text: string, mode = 0o600): string {
  const path = join(folder, 'token');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const refusal = (why: string, expected: string) =>
  expect.objectContaining({
    ...{ code: 'UPSTREAM_UNAVAILABLE', value: join(folder, 'token'), expected },
    message: `the token file ${join(folder, 'token')} cannot be used: ${why}`,
  });

function thrownBy(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  return null;
}

describe('the token of a file', () => {
  it('is its text without the spaces and newlines around it, and equals nothing else', () => {
    const token = Token.read(file('  0123456789abcdef\n\n'));
    expect(token.equals('0123456789abcdef')).toBe(true);
    for (const other of ['0123456789abcdeF', '0123456789abcde', '0123456789abcdef\n', '', ' 0123456789abcdef'])
      expect(token.equals(other)).toBe(false);
  });

  it('has 16 characters at least, and is not looked for in a file of more than 4096 bytes', () => {
    const make = expect.stringContaining('/dev/urandom');
    const tooLittle = refusal('it holds no token of 16 to 4096 characters', make as unknown as string);
    expect(thrownBy(() => Token.read(file('x'.repeat(15))))).toEqual(tooLittle);
    expect(thrownBy(() => Token.read(file(`${' '.repeat(20)}x\n`)))).toEqual(tooLittle);
    expect(thrownBy(() => Token.read(file('')))).toEqual(tooLittle);
    expect(thrownBy(() => Token.read(file('x'.repeat(4097))))).toEqual(tooLittle);
    expect(Token.read(file('x'.repeat(16))).equals('x'.repeat(16))).toBe(true);
    expect(Token.read(file('x'.repeat(4096))).equals('x'.repeat(4096))).toBe(true);
  });

  it.each([
    [0o640, '0640'],
    [0o604, '0604'],
    [0o620, '0620'],
    [0o610, '0610'],
    [0o677, '0677'],
  ])('is of no use where others may read, write or run it: %o', (mode, said) => {
    expect(thrownBy(() => Token.read(file('0123456789abcdef', mode)))).toEqual(
      refusal(`others may read or write it (mode ${said})`, `chmod 600 ${join(folder, 'token')}`),
    );
  });

  it('may be readable alone', () => {
    expect(Token.read(file('0123456789abcdef', 0o400)).equals('0123456789abcdef')).toBe(true);
  });

  it('that is not there, or a folder, is said with why', () => {
    const path = join(folder, 'token');
    expect(thrownBy(() => Token.read(path))).toEqual(
      refusal(`ENOENT: no such file or directory, open '${path}'`, 'a file with a token in it'),
    );
    expect(thrownBy(() => Token.read('/proc/self'))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('leaves no file open, whether it can be used or not', () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let times = 0; times < 20; times++) {
      Token.read(file('0123456789abcdef'));
      expect(() => Token.read(file('short'))).toThrow();
    }
    expect(open()).toBeLessThan(before + 20);
  });

  // Only root can give a file to somebody else.
  it.skipIf(process.getuid?.() !== 0)('of another user is of no use: who owns it may change it', () => {
    const path = file('0123456789abcdef');
    chownSync(path, 12_345, 12_345);
    expect(thrownBy(() => Token.read(path))).toEqual(refusal('it belongs to user 12345', `chown 0 ${path}`));
  });
});
