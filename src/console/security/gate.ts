import type { IncomingMessage } from 'node:http';
import { ownName } from '../../private-files/account.js';
import type { TokenHolder } from '../../private-files/token.js';
import { type Reply, refusal } from '../reply.js';
import { Attempts } from './attempts.js';
import type { Caller } from './caller.js';
import { refuseHost, refuseOrigin } from './host-names.js';
import { isOwn, localUser } from './local-user.js';
import { Sessions } from './sessions.js';
import { TokenBook } from './token-book.js';

export interface GateOptions {
  readonly isUnixSocket: boolean;
  /** Under which a browser may come here, beside localhost and this machine's own. */
  readonly hosts: readonly string[];
  /** Null: nobody is asked for a token. */
  readonly tokenFile: string | null;
  /** Whether all that comes is encrypted. */
  readonly isSecure: boolean;
  readonly nowMs: () => number;
}

/** Who may come in, and what he may do. */
export class Gate {
  readonly #attempts: Attempts;
  readonly #tokens: { readonly book: TokenBook; readonly sessions: Sessions } | null;

  /** @throws CopycatError UPSTREAM_UNAVAILABLE: the token file is of no use */
  constructor(private readonly options: GateOptions) {
    const { tokenFile, isSecure, nowMs, isUnixSocket } = options;
    this.#attempts = new Attempts(nowMs);
    const book = tokenFile === null || isUnixSocket ? null : new TokenBook(tokenFile);
    this.#tokens = book === null ? null : { book, sessions: new Sessions(book, isSecure, nowMs) };
  }

  get asksForToken(): boolean {
    return this.#tokens !== null;
  }

  /** Null: nothing speaks against the request, whoever it is from. */
  refuseStranger(request: IncomingMessage): Reply | null {
    const { isUnixSocket, hosts } = this.options;
    return (isUnixSocket ? null : refuseHost(request, hosts)) ?? (isRead(request) ? null : refuseOrigin(request));
  }

  callerOf(request: IncomingMessage): Caller | { readonly refused: Reply } {
    // Whoever may open the socket's file: this user and root.
    if (this.options.isUnixSocket) return { name: ownName(), mayRead: true, mayAct: true, why: '' };
    if (this.#tokens === null) return callerWithoutToken(request);
    const [, secret] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const found =
      secret === undefined
        ? this.#tokens.sessions.holderIn(request.headers.cookie ?? null)
        : this.holderOf(secret, request.socket.remoteAddress ?? '');
    if (found !== null && 'refused' in found) return found;
    return callerWith(found);
  }

  /** Whose token it is; else why nobody is let in by it. */
  holderOf(secret: string, address: string): TokenHolder | { readonly refused: Reply } {
    const waitS = this.#attempts.waitS(address);
    if (waitS > 0) {
      const wait = { 'retry-after': String(waitS) };
      return { refused: refusal(429, 'too many wrong tokens have come from there', `none for ${waitS} s`, wait) };
    }
    const found = this.#tokens?.book.holderOf(secret) ?? null;
    if (typeof found === 'string') return { refused: refusal(503, found) };
    if (found !== null) return found;
    this.#attempts.failed(address);
    return { refused: refusal(401, 'this is not a token that the console knows', 'one of copycat token add') };
  }

  /** The cookie of somebody who has shown a token. */
  beginSession(holder: TokenHolder): string | null {
    return this.#tokens?.sessions.begin(holder) ?? null;
  }

  endSession(): string | null {
    return this.#tokens?.sessions.end() ?? null;
  }
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** On this machine alone: everybody may look, and whoever could use the gateway's own socket may act. */
function callerWithoutToken(request: IncomingMessage): Caller {
  const user = isRead(request) ? null : localUser(request.socket);
  return {
    name: user?.name ?? null,
    mayRead: true,
    mayAct: user !== null && isOwn(user),
    why: `without a token only the user that runs this console, and root, may have something done; this is ${user?.name ?? 'somebody else'}`,
  };
}

function callerWith(holder: TokenHolder | null): Caller {
  if (holder === null) return { name: null, mayRead: false, mayAct: false, why: 'this console asks for a token' };
  const { name, isReadOnly } = holder;
  return {
    ...{ name: `token ${name}`, mayRead: true, mayAct: !isReadOnly },
    why: isReadOnly ? `the token ${name} is for looking only` : '',
  };
}
