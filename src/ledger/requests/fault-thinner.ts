/** A fault that comes again and again is written so often … */
const WRITTEN_AT_MOST = 5;
/** … within this time; what comes beyond is counted on the last one written. */
const WITHIN_US = 10_000_000;
/** Kinds of fault (code and board) remembered. */
const KINDS_LIMIT = 128;
/** Faults that were not written and may still be noted. */
const UNWRITTEN_LIMIT = 1024;
/** Of the last so many of them what would have been written is kept, … */
const HELD_LIMIT = 8;
/** … and as many steps of each: more than there are before a board is fenced. */
const HELD_STEPS_LIMIT = 16;

/** What was not written of a fault, and the one that it was counted on. */
export interface HeldFault<Request> {
  readonly repeatOf: number;
  readonly requests: Request[];
}

/** Keeps a board that fails a thousand times a second from filling the fault log. Time comes with the faults. */
export class FaultThinner<Request> {
  readonly #written = new Map<string, { atUs: number[]; lastId: number }>();
  readonly #unwritten = new Set<number>();
  readonly #held = new Map<number, HeldFault<Request>>();

  /** Null: write it. Otherwise the fault that it repeats. */
  repeatOf(faultId: number, code: string, board: string | null, atUs: number): number | null {
    const kind = `${code} ${board ?? ''}`;
    const recent = this.#written.get(kind) ?? { atUs: [], lastId: faultId };
    recent.atUs = recent.atUs.filter((writtenAtUs) => atUs - writtenAtUs < WITHIN_US);
    this.#written.delete(kind);
    this.#written.set(kind, recent);
    dropOldest(this.#written, KINDS_LIMIT);
    if (recent.atUs.length >= WRITTEN_AT_MOST) {
      this.#unwritten.add(faultId);
      dropOldest(this.#unwritten, UNWRITTEN_LIMIT);
      this.#held.set(faultId, { repeatOf: recent.lastId, requests: [] });
      dropOldest(this.#held, HELD_LIMIT);
      return recent.lastId;
    }
    recent.atUs.push(atUs);
    recent.lastId = faultId;
    return null;
  }

  /** False: the fault was counted, not written, and its steps are not either. */
  isWritten(faultId: number): boolean {
    return !this.#unwritten.has(faultId);
  }

  /** Said of a fault that is not written. */
  hold(faultId: number, request: Request): void {
    const held = this.#held.get(faultId);
    if (held !== undefined && held.requests.length < HELD_STEPS_LIMIT) held.requests.push(request);
  }

  /** R10, R15: it began a takeover, whose story is told however many there are. Null: it is written, or long gone. */
  release(faultId: number): HeldFault<Request> | null {
    const held = this.#held.get(faultId) ?? null;
    this.#held.delete(faultId);
    if (held !== null) this.#unwritten.delete(faultId);
    return held;
  }
}

/** Maps and sets keep the order of insertion. */
function dropOldest<Key>(
  collection: { size: number; keys(): Iterator<Key>; delete(key: Key): boolean },
  limit: number,
): void {
  while (collection.size > limit) {
    const oldest = collection.keys().next();
    if (oldest.done) return;
    collection.delete(oldest.value);
  }
}
