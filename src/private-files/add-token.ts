import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { CopycatError } from '../errors/copycat-error.js';
import { writePrivateFile } from './private-file.js';
import { Token } from './token.js';

const NAME = /^[A-Za-z0-9_.-]{1,40}$/;
const SECRET_BYTES = 24;

/**
 * Makes a token and adds its line to the file, which is made where it is not there. The secret is given once: the file has its hash.
 * @throws CopycatError USAGE where the name cannot be had, UPSTREAM_UNAVAILABLE where the file is of no use
 */
export function addToken(path: string, name: string, isReadOnly: boolean): string {
  if (!NAME.test(name)) {
    throw new CopycatError('USAGE', `${name} is no name of a token`, {
      value: name,
      expected: 'letters, digits, dots, dashes and underscores, 40 at most',
    });
  }
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const hash = createHash('sha256').update(secret).digest('base64url');
  const line = `${name} sha256:${hash}${isReadOnly ? ' read-only' : ''}\n`;
  if (!existsSync(path)) {
    writePrivateFile(path, line);
    return secret;
  }
  if (Token.read(path).named(name) !== null) {
    throw new CopycatError('USAGE', `${path} has a token ${name} already`, {
      value: name,
      expected: `another name, or copycat token remove ${name} first`,
    });
  }
  const before = readFileSync(path, 'utf8');
  const file = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
  try {
    writeSync(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${line}`);
  } finally {
    closeSync(file);
  }
  return secret;
}

/** Takes its line away: whoever has it is let in no more. @throws CopycatError as `addToken` */
export function removeToken(path: string, name: string): void {
  if (Token.read(path).named(name) === null) {
    throw new CopycatError('USAGE', `${path} has no token ${name}`, { value: name });
  }
  const lines = readFileSync(path, 'utf8').split('\n');
  const isOf = (line: string): boolean => line.trim().startsWith(`${name} sha256:`);
  if (!lines.some(isOf)) {
    throw new CopycatError('USAGE', `the token of ${path} has no name: remove the file itself`, { value: name });
  }
  writePrivateFile(path, lines.filter((line) => !isOf(line)).join('\n'));
}
