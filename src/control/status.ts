/** What `copycat status` shows: a snapshot of a running gateway. */
export interface Status {
  readonly name: string;
  readonly phase: string;
  readonly protected: boolean;
  /** One sentence: why it is not protected, or `both boards agree`. */
  readonly why: string;
  readonly primary: string;
  readonly epoch: number;
  readonly boards: readonly BoardStatus[];
  readonly relay: { readonly commanded: string; readonly proved: boolean };
  /** Said when the wiring cannot hold a locked-out board off without the gateway's power (R13). */
  readonly warnings: readonly string[];
  readonly ledger: { readonly path: string; readonly recordedToDisk: boolean; readonly waiting: number };
  readonly inputs: { readonly pending: number; readonly answered: number; readonly refused: number };
  readonly counters: Readonly<Record<string, number>>;
  readonly upMs: number;
}

export interface BoardStatus {
  readonly board: string;
  readonly role: 'primary' | 'backup' | 'locked out' | 'set aside';
  readonly link: string;
  readonly session: number;
  /** Inputs it has not acted on yet. */
  readonly behind: number;
  readonly counters: Readonly<Record<string, number>>;
}
