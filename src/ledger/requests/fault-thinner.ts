/** A fault that comes again and again, and is told by the same words, is written so often … */
const WRITTEN_AT_MOST = 5;
/** … and those of one code and board together, by whatever words, so often … */
const WRITTEN_OF_A_KIND = 20;
/** … within this time; what comes beyond is counted on the last one written. */
const WITHIN_US = 10_000_000;
/** Kinds of fault (code and board) remembered, and as many ways of telling them. */
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

interface Recent {
  atUs: number[];
  lastId: number;
}

/** Keeps a board that fails a thousand times a second from filling the fault log. Time comes with the faults. */
export class FaultThinner<Request> {
  readonly #ofAKind = new Map<string, Recent>();
  readonly #toldAlike = new Map<string, Recent>();
  /** With the fault that each was counted on. */
  readonly #unwritten = new Map<number, number>();
  readonly #held = new Map<number, HeldFault<Request>>();

  /**
   * Null: write it. Otherwise the fault that it repeats: one that says the same (`told`: its title), so that nothing of it is untrue
   * of this one. Only of a board that fails in more ways than anybody could read it is the last one of its code.
   */
  repeatOf(faultId: number, code: string, board: string | null, atUs: number, told = ''): number | null {
    const kind = `${code} ${board ?? ''}`;
    const ofAKind = lately(this.#ofAKind, kind, faultId, atUs);
    const toldAlike = lately(this.#toldAlike, `${kind} ${told}`, faultId, atUs);
    const full =
      toldAlike.atUs.length >= WRITTEN_AT_MOST ? toldAlike : ofAKind.atUs.length >= WRITTEN_OF_A_KIND ? ofAKind : null;
    if (full !== null) {
      const repeatOf = full.lastId;
      this.#unwritten.set(faultId, repeatOf);
      dropOldest(this.#unwritten, UNWRITTEN_LIMIT);
      this.#held.set(faultId, { repeatOf, requests: [] });
      dropOldest(this.#held, HELD_LIMIT);
      return repeatOf;
    }
    for (const recent of [ofAKind, toldAlike]) {
      recent.atUs.push(atUs);
      recent.lastId = faultId;
    }
    return null;
  }

  /** The number under which this fault is kept: its own, or that of the fault it was counted on. */
  keptAs(faultId: number): number {
    return this.#unwritten.get(faultId) ?? faultId;
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

/** What was written within the last seconds; the kind that came least lately is forgotten first. */
function lately(known: Map<string, Recent>, kind: string, faultId: number, atUs: number): Recent {
  const recent = known.get(kind) ?? { atUs: [], lastId: faultId };
  recent.atUs = recent.atUs.filter((writtenAtUs) => atUs - writtenAtUs < WITHIN_US);
  known.delete(kind);
  known.set(kind, recent);
  dropOldest(known, KINDS_LIMIT);
  return recent;
}

/** A map keeps the order of insertion. */
function dropOldest(map: Map<unknown, unknown>, limit: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= limit) return;
    map.delete(oldest);
  }
}
