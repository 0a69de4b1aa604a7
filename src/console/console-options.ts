import type { ListenAddress } from '../private-files/listen-at.js';

/** How a console is started, by whoever starts it. */
export interface ConsoleOptions {
  /** Configurations of the pairs that it serves. */
  readonly files: readonly string[];
  readonly listen: ListenAddress;
  /** Under which a browser may come, beside localhost and this machine's own. */
  readonly hosts: readonly string[];
  /** Null: nobody is asked for a token, and only this machine may come. */
  readonly tokenFile: string | null;
  /** Files in PEM; null: not encrypted. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
}
