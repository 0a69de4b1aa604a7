import { statSync } from 'node:fs';
import { CopycatError } from '../../errors/copycat-error.js';
import { Token, type TokenHolder } from '../../private-files/token.js';

/** The token file as it is now: a token that was added or removed counts from then on. */
export class TokenBook {
  #stamp = '';
  #token: Token | string = '';

  /** @throws CopycatError UPSTREAM_UNAVAILABLE: it is of no use, which whoever starts a console should hear at once */
  constructor(private readonly path: string) {
    Token.read(path);
  }

  /** Null: it is none; a text: the file is of no use, and why. */
  holderOf(secret: string): TokenHolder | null | string {
    const token = this.#now();
    return typeof token === 'string' ? token : token.holderOf(secret);
  }

  named(name: string): TokenHolder | null {
    const token = this.#now();
    return typeof token === 'string' ? null : token.named(name);
  }

  markOf(name: string, text: string): string | null {
    const token = this.#now();
    return typeof token === 'string' ? null : token.markOf(name, text);
  }

  #now(): Token | string {
    const facts = statSync(this.path, { throwIfNoEntry: false, bigint: true });
    const stamp = facts === undefined ? 'none' : `${facts.ino}:${facts.ctimeNs}:${facts.size}`;
    if (stamp === this.#stamp) return this.#token;
    try {
      this.#token = Token.read(this.path);
    } catch (error) {
      if (!(error instanceof CopycatError)) throw error;
      this.#token = error.message;
    }
    this.#stamp = stamp;
    return this.#token;
  }
}
