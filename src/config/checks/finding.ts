/** `error`: the gateway refuses to start; `warning`: a promise does not hold; `note`: worth knowing. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  readonly key: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
