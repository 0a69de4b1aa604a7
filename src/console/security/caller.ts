/** Who asks, as far as it is known. */
export interface Caller {
  /** The name of a token, or of a user of this machine; null: nothing is known. */
  readonly name: string | null;
  readonly mayRead: boolean;
  /** May ask the gateway to do something. */
  readonly mayAct: boolean;
  /** Why not, and what to do about it. */
  readonly why: string;
}
