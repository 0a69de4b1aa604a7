import type { Database } from 'better-sqlite3';
import { FINDINGS_A_CHECK, type LedgerCheck, type Spot } from './finding.js';

/** A rule that takes both files to prove. `journal` may be further than `ledger`, or a moment behind: nothing here depends on it. */
export interface BetweenCheck extends Omit<LedgerCheck, 'file' | 'spots'> {
  readonly spots: (ledger: Database, journal: Database) => Iterable<Spot>;
}

interface Lease {
  readonly epoch: number;
  readonly owner: string;
}

interface Takeover {
  readonly fault_id: number;
  readonly from_board: string;
  readonly to_board: string;
  readonly epoch: number;
}

interface Board {
  readonly board: string;
  readonly standing: string;
  readonly revision: number;
}

interface FaultInput {
  readonly id: number;
  readonly seq: number;
  readonly input_ref: string;
  readonly input_payload: Uint8Array;
}

interface Input {
  readonly ref: string;
  readonly payload: Uint8Array;
}

/** The fault log keeps a copy of each input that a fault speaks of, longer than the input is kept. */
export function faultsWithAnotherInput(faults: Database, inputs: Database): Spot[] {
  const known = inputs.prepare(`SELECT ref, payload FROM input WHERE seq = ? AND kind <> 'recovered'`);
  const copies = faults.prepare(
    `SELECT id, seq, input_ref, input_payload FROM fault
     WHERE seq IS NOT NULL AND input_ref IS NOT NULL AND input_kind <> 'recovered' AND input_payload IS NOT NULL`,
  );
  const spots: Spot[] = [];
  for (const { id, seq, input_ref, input_payload } of copies.iterate() as IterableIterator<FaultInput>) {
    const input = known.get(seq) as Input | undefined;
    if (input === undefined || spots.length === FINDINGS_A_CHECK) continue;
    if (input.ref === input_ref && Buffer.compare(input.payload, input_payload) === 0) continue;
    spots.push({ seq, fault: id, found: `it is "${input.ref}", and was "${input_ref}" when the fault was written` });
  }
  return spots;
}

/** The same for one file and for two. */
export const SEQ_IS_ANOTHER = {
  code: 'seq-used-twice',
  rule: 'R1',
  expected: 'one input for a number, for ever',
} as const;

export const BETWEEN_CHECKS: readonly BetweenCheck[] = [
  { ...SEQ_IS_ANOTHER, spots: faultsWithAnotherInput },
  {
    code: 'two-owners',
    rule: 'R8, R17',
    expected: 'one owner in an epoch',
    *spots(ledger, journal) {
      const [here, there] = [leaseOf(ledger), leaseOf(journal)];
      if (here === undefined || there === undefined || here.epoch !== there.epoch || here.owner === there.owner) return;
      yield { epoch: here.epoch, found: `${here.owner} in the ledger, ${there.owner} in the journal` };
    },
  },
  {
    code: 'two-takeovers',
    rule: 'R10, R17',
    expected: 'the same takeover for a fault',
    *spots(ledger, journal) {
      const known = new Map(takeoversOf(journal).map((takeover) => [takeover.fault_id, takeover]));
      for (const here of takeoversOf(ledger)) {
        const there = known.get(here.fault_id);
        if (there === undefined || textOf(here) === textOf(there)) continue;
        yield {
          fault: here.fault_id,
          epoch: here.epoch,
          found: `${textOf(here)}, and ${textOf(there)} in the journal`,
        };
      }
    },
  },
  {
    code: 'two-standings',
    rule: 'R17',
    expected: 'the same standing after the same change',
    *spots(ledger, journal) {
      const known = new Map(boardsOf(journal).map((board) => [board.board, board]));
      for (const here of boardsOf(ledger)) {
        const there = known.get(here.board);
        if (there?.revision !== here.revision || there.standing === here.standing) continue;
        yield { board: here.board, found: `${here.standing} in the ledger, ${there.standing} in the journal` };
      }
    },
  },
  {
    code: 'inputs-in-both',
    rule: 'R9, R17',
    expected: 'inputs in the journal alone',
    *spots(ledger) {
      const rows = Number(ledger.prepare(`SELECT count(*) FROM input`).pluck().get());
      if (rows > 0) yield { found: `${rows} in the ledger's file` };
    },
  },
];

function leaseOf(database: Database): Lease | undefined {
  return database.prepare(`SELECT epoch, owner FROM lease`).get() as Lease | undefined;
}

function takeoversOf(database: Database): Takeover[] {
  return database.prepare(`SELECT fault_id, from_board, to_board, epoch FROM takeover`).all() as Takeover[];
}

function boardsOf(database: Database): Board[] {
  return database.prepare(`SELECT board, standing, revision FROM board`).all() as Board[];
}

function textOf({ from_board: from, to_board: to, epoch }: Takeover): string {
  return `from ${from} to ${to} in epoch ${epoch}`;
}
