/** A fault that comes again and again is written so often … */
const WRITTEN_AT_MOST = 5;
/** … within this time; what comes beyond is counted on the last one written. */
const WITHIN_US = 10_000_000;
/** Kinds of fault (code and board) remembered. */
const KINDS_LIMIT = 128;
/** Faults that were not written and may still be noted. */
const UNWRITTEN_LIMIT = 1024;

/** Keeps a board that fails a thousand times a second from filling the fault log. Time comes with the faults. */
export class FaultThinner {
  readonly #written = new Map<string, { atUs: number[]; lastId: number }>();
  readonly #unwritten = new Set<number>();

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
