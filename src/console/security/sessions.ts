import { timingSafeEqual } from 'node:crypto';
import type { TokenHolder } from '../../private-files/token.js';
import type { TokenBook } from './token-book.js';

const COOKIE = 'copycat-session';
/** A working day. */
const LIVES_S = 12 * 3600;

/**
 * What a browser is given for a token, so that no page has to keep one. It is signed with the token's own hash and kept nowhere: it outlives
 * a restart of the console, and ends with its token.
 */
export class Sessions {
  constructor(
    private readonly tokens: TokenBook,
    private readonly isSecure: boolean,
    private readonly nowMs: () => number,
  ) {}

  /** The Set-Cookie of a new one; null: its token has just gone. */
  begin({ name }: TokenHolder): string | null {
    const untilS = Math.floor(this.nowMs() / 1000) + LIVES_S;
    const mark = this.tokens.markOf(name, `${name} ${untilS}`);
    return mark === null ? null : this.#cookie(`${name}~${untilS}~${mark}`, LIVES_S);
  }

  /** The Set-Cookie that ends it in a browser. */
  end(): string {
    return this.#cookie('', 0);
  }

  /** Whose it is; null: nobody's, or no more. */
  holderIn(cookies: string | null): TokenHolder | null {
    const value = valueIn(cookies);
    const [, name, until, mark] = /^([A-Za-z0-9_.-]{1,40})~(\d{1,12})~([A-Za-z0-9_-]{43})$/.exec(value) ?? [];
    if (name === undefined || until === undefined || mark === undefined) return null;
    if (Number(until) * 1000 < this.nowMs()) return null;
    const wanted = this.tokens.markOf(name, `${name} ${until}`);
    if (wanted === null || !timingSafeEqual(Buffer.from(wanted), Buffer.from(mark))) return null;
    return this.tokens.named(name);
  }

  #cookie(value: string, livesS: number): string {
    const secure = this.isSecure ? '; Secure' : '';
    return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${livesS}${secure}`;
  }
}

function valueIn(cookies: string | null): string {
  const parts = (cookies ?? '').split(/;\s*/);
  return parts.find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
}
