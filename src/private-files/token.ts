import { createHash, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { CopycatError } from '../errors/copycat-error.js';

/** Shorter ones can be tried out. */
const LEAST_CHARACTERS = 16;
/** Far more than a token; a wrong path may name anything. */
const MOST_BYTES = 4096;
const OTHERS = 0o077;

/** The secret that clients have to know. It is kept as a hash alone. */
export class Token {
  readonly #hash: Buffer;

  constructor(secret: string) {
    this.#hash = hashOf(secret);
  }

  /**
   * Reads it from a file that only this user (or root) may read and write; spaces and newlines around it do not count.
   * @throws CopycatError UPSTREAM_UNAVAILABLE when the file cannot be read, is open to others, or holds too little.
   */
  static read(path: string): Token {
    let file: number | null = null;
    try {
      file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const { mode, uid, size } = fstatSync(file);
      const own = process.getuid?.() ?? uid;
      if (uid !== own && uid !== 0) throw unusable(path, `it belongs to user ${uid}`, `chown ${own} ${path}`);
      if ((mode & OTHERS) !== 0) {
        const said = (mode & 0o777).toString(8).padStart(4, '0');
        throw unusable(path, `others may read or write it (mode ${said})`, `chmod 600 ${path}`);
      }
      const secret = size > MOST_BYTES ? '' : readFileSync(file, 'utf8').trim();
      if (secret.length < LEAST_CHARACTERS) {
        const make = `head -c 24 /dev/urandom | base64 > ${path}`;
        throw unusable(path, `it holds no token of ${LEAST_CHARACTERS} to ${MOST_BYTES} characters`, make);
      }
      return new Token(secret);
    } catch (error) {
      if (error instanceof CopycatError) throw error;
      throw unusable(path, error instanceof Error ? error.message : String(error), 'a file with a token in it');
    } finally {
      if (file !== null) closeSync(file);
    }
  }

  /** In the same time whatever is said, so that nobody finds it out letter by letter. */
  equals(said: string): boolean {
    return timingSafeEqual(this.#hash, hashOf(said));
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unusable(path: string, why: string, expected: string): CopycatError {
  return new CopycatError('UPSTREAM_UNAVAILABLE', `the token file ${path} cannot be used: ${why}`, {
    value: path,
    expected,
  });
}
