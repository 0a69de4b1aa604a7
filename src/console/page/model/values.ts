import type { BoardStatus, PageStatus } from '../net/shapes.js';

export interface NamedValue {
  readonly name: string;
  readonly value: number | boolean | null;
  readonly unit: string;
}

/** Longer than any input that comes in a rhythm, and than most that do not. */
const OLD_AFTER_MS = 5000;

/** What the boards put out, what they read, what they computed: in the order in which people look. */
const GROUPS = ['outputs', 'readings', 'values'] as const;
export type ValueGroup = (typeof GROUPS)[number];

/** A field as both boards have it. */
export interface ValueRow {
  readonly key: string;
  readonly group: ValueGroup;
  readonly name: string;
  readonly unit: string;
  readonly of: ReadonlyMap<string, NamedValue['value']>;
  /** The boards computed this of one input, and not the same. What each reads for itself may well differ a little. */
  readonly differs: boolean;
}

/** The named values of all boards, field by field, in the order in which the first board has them. */
export function valueRowsOf({ boards }: PageStatus): readonly ValueRow[] {
  return GROUPS.flatMap((group) => {
    const rows = new Map<string, { name: string; unit: string; of: Map<string, NamedValue['value']> }>();
    for (const board of boards) {
      for (const { name, value, unit } of board.live?.[group] ?? []) {
        const row = rows.get(name) ?? { name, unit, of: new Map() };
        row.of.set(board.board, value);
        rows.set(name, row);
      }
    }
    return [...rows.values()].map((row) => ({
      key: `${group} ${row.name}`,
      group,
      ...row,
      differs: group === 'values' && isOneInput(boards) && new Set(row.of.values()).size > 1,
    }));
  });
}

/** A board that is out of the pair keeps its last values: they are no longer how things are. */
export function isOld({ live }: BoardStatus): boolean {
  return live == null || live.ageMs > OLD_AFTER_MS;
}

/** Two results can be compared only where they are of one input. */
function isOneInput(boards: readonly BoardStatus[]): boolean {
  const seqs = boards.flatMap(({ live }) => live?.seq ?? []);
  return new Set(seqs).size === 1;
}
