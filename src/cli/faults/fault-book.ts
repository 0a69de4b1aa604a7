import { CopycatError } from '../../errors/copycat-error.js';
import type { FieldMap, StoredFault } from '../../faults/stored-fault.js';
import type { FaultFilter } from '../../ledger/reader/read-faults.js';
import { type Closing, type LedgerReader, openLedgerReader } from '../../ledger/reader/reader.js';
import type { FoundLedgers } from '../arguments/find-ledger.js';

/** A fault under the number that a person types; its `id` is that number. */
export interface BookedFault {
  readonly fault: StoredFault;
  /** Its number in its own ledger. */
  readonly idInLedger: number;
  readonly ledger: string;
  /** The scenario that made it; null when it is of a pair. */
  readonly scenario: string | null;
}

interface Page {
  readonly path: string;
  readonly scenario: string | null;
  readonly reader: LedgerReader;
  /** Numbers in this ledger, oldest first; the first of them is shown as `first`. Null: shown as they are. */
  readonly ids: readonly number[] | null;
  readonly first: number;
}

/** The faults of a pair by their numbers, or those of all ledgers of a bench by one running number. */
export class FaultBook {
  readonly #pages: readonly Page[];

  private constructor(
    private readonly all: readonly Page[],
    readonly found: FoundLedgers,
  ) {
    this.#pages = all.filter(({ scenario }) => found.scenario === null || scenario === found.scenario);
  }

  /** Opens the ledgers for reading; `close` is the caller's. Throws LEDGER_UNAVAILABLE when one cannot be read. */
  static open(found: FoundLedgers): FaultBook {
    const pages: Page[] = [];
    let first = 1;
    for (const { path, scenario } of found.ledgers) {
      const reader = openLedgerReader(path);
      const ids = found.isBench
        ? reader
            .listFaults()
            .map(({ id }) => id)
            .reverse()
        : null;
      pages.push({ path, scenario, reader, ids, first });
      first += ids?.length ?? 0;
    }
    return new FaultBook(pages, found);
  }

  /**
   * Those of a pair newest first, those of a bench in the order in which its scenarios ran; no more than `limit`. Throws USAGE for a
   * board that there is not.
   */
  list(filter: Omit<FaultFilter, 'limit'>, limit = Number.POSITIVE_INFINITY): BookedFault[] {
    const found = this.#pages.flatMap((page) => {
      const isPair = page.ids === null;
      const faults = page.reader.listFaults(isPair ? { ...filter, limit } : filter).map((fault) => booked(page, fault));
      return isPair ? faults : faults.reverse();
    });
    if (found.length === 0 && filter.board !== undefined) this.#refuseUnknown(filter.board);
    return found.slice(0, limit);
  }

  /** Oldest first, read one by one. */
  *export(): IterableIterator<BookedFault> {
    for (const page of this.#pages) for (const fault of page.reader.exportFaults()) yield booked(page, fault);
  }

  /** Throws USAGE when no fault has this number. */
  show(number: number): BookedFault {
    const { page, id } = this.#find(number);
    return booked(page, page.reader.showFault(id));
  }

  /** Marks it as dealt with; one that is closed stays as it was. */
  markClosed(number: number, closing: Closing): BookedFault {
    const { page, id } = this.#find(number);
    return booked(page, page.reader.closeFault(id, closing));
  }

  /** The names of the values in this fault's input and result. */
  fieldsOf({ ledger }: BookedFault): FieldMap {
    return this.#pages.find(({ path }) => path === ledger)?.reader.fields() ?? { input: [], result: [] };
  }

  /** Every ledger in figures. */
  stats(): readonly ({ readonly scenario: string | null; readonly ledger: string } & ReturnType<
    LedgerReader['stats']
  >)[] {
    return this.#pages.map(({ scenario, path, reader }) => ({ scenario, ledger: path, ...reader.stats() }));
  }

  close(): void {
    for (const { reader } of this.all) reader.close();
  }

  #refuseUnknown(board: string): void {
    const known = new Set(
      this.#pages.flatMap(({ reader }) => {
        const { boards, byCode } = reader.stats();
        return [...boards, ...byCode].flatMap((one) => one.board ?? []);
      }),
    );
    if (known.has(board)) return;
    throw new CopycatError('USAGE', `there is no board ${board} in this ledger`, {
      value: board,
      expected: [...known].join(', '),
    });
  }

  #find(number: number): { readonly page: Page; readonly id: number } {
    for (const page of this.#pages) {
      const id = page.ids === null ? number : page.ids[number - page.first];
      if (id !== undefined) return { page, id };
    }
    const numbers = this.#pages.flatMap(({ ids, first }) => (ids ?? []).map((_, index) => first + index));
    const where = this.found.scenario === null ? 'the last bench' : `${this.found.scenario} of the last bench`;
    const there = numbers.length === 0 ? 'it left no faults' : `its faults are ${numbers[0]} to ${numbers.at(-1)}`;
    throw new CopycatError('USAGE', `there is no fault ${number} in ${where}: ${there}`, { value: number });
  }
}

function booked({ ids, first, path, scenario }: Page, fault: StoredFault): BookedFault {
  const id = ids === null ? fault.id : first + ids.indexOf(fault.id);
  return { fault: { ...fault, id }, idInLedger: fault.id, ledger: path, scenario };
}
