import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { CopycatError } from '../errors/copycat-error.js';

/** Shorter ones can be tried out. */
const LEAST_CHARACTERS = 16;
/** Far more than a token; a wrong path may name anything. */
const MOST_BYTES = 4096;
const OTHERS = 0o077;

/** A secret of a line of its own: `anna sha256:… read-only`, as `copycat token add` writes it. The hash tells nobody the secret. */
const NAMED = /^([A-Za-z0-9_.-]{1,40}) sha256:([A-Za-z0-9_-]{43})( read-only)?$/;
/** What one is called that has no name. */
const NAMELESS = 'token';

/** Whose secret it is. */
export interface TokenHolder {
  readonly name: string;
  readonly isReadOnly: boolean;
}

interface Entry extends TokenHolder {
  readonly hash: Buffer;
}

/** The secrets that clients have to know, one or several. They are kept as hashes alone. */
export class Token {
  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
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
      return new Token(entriesIn(secret, path));
    } catch (error) {
      if (error instanceof CopycatError) throw error;
      throw unusable(path, error instanceof Error ? error.message : String(error), 'a file with a token in it');
    } finally {
      if (file !== null) closeSync(file);
    }
  }

  /** One that may do everything. */
  equals(said: string): boolean {
    return this.holderOf(said)?.isReadOnly === false;
  }

  /** In the same time whatever is said, so that nobody finds it out letter by letter; null: it is none of them. */
  holderOf(said: string): TokenHolder | null {
    const hash = hashOf(said);
    let found: Entry | null = null;
    for (const entry of this.#entries) if (timingSafeEqual(entry.hash, hash)) found = entry;
    return found === null ? null : { name: found.name, isReadOnly: found.isReadOnly };
  }

  /** A mark under `text` that only whoever has this file can make; it is worth nothing any more when its line has gone. Null: there is no such holder. */
  markOf(name: string, text: string): string | null {
    const entry = this.#entries.find((one) => one.name === name);
    return entry === undefined ? null : createHmac('sha256', entry.hash).update(`session ${text}`).digest('base64url');
  }

  /** Null: there is no such holder. */
  named(name: string): TokenHolder | null {
    const entry = this.#entries.find((one) => one.name === name);
    return entry === undefined ? null : { name, isReadOnly: entry.isReadOnly };
  }
}

/** What a file holds: lines with names, or one secret without. */
function entriesIn(text: string, path: string): readonly Entry[] {
  const lines = text.split('\n').map((line) => line.trim());
  if (!lines.some((line) => NAMED.test(line))) return [{ name: NAMELESS, isReadOnly: false, hash: hashOf(text) }];
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, hash, readOnly] = NAMED.exec(line) ?? [];
      if (name !== undefined && hash !== undefined) {
        return { name, isReadOnly: readOnly !== undefined, hash: Buffer.from(hash, 'base64url') };
      }
      if (line.length >= LEAST_CHARACTERS && !line.includes(' ')) {
        return { name: NAMELESS, isReadOnly: false, hash: hashOf(line) };
      }
      throw unusable(path, 'a line of it is no token', 'lines such as copycat token add writes');
    });
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
