/** Cuts what one client says into requests, one at a time, so that whoever takes them may stop in between. */
export interface RequestCutter<Request> {
  push(chunk: Buffer): void;
  /** Nothing more comes: what is held may be the last request. */
  end(): void;
  /** True when `next` would give one. */
  readonly hasRequest: boolean;
  /** True: more may be pushed while requests wait, so that the end of a client is noticed behind what it has said. Absent: it is not read then. */
  readonly hasRoom?: boolean;
  /** The next one; null when there is none yet. */
  next(): Request | null;
}
