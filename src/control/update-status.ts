/** A board that gets another program, as far as it has come (R26). */
export interface UpdateStatus {
  readonly board: string;
  /** The file that is flashed. */
  readonly image: string;
  readonly stage: 'flashing' | 'joining' | 'trial' | 'switching' | 'failed';
  /** Why it failed; null: it has not. */
  readonly why: string | null;
  /** Inputs that both programs have been compared on, of as many as have to be. */
  readonly compared: number;
  readonly comparisons: number;
  readonly differing: number;
  /** In what they differ, the most frequent first. */
  readonly fields: readonly DifferingField[];
  /** Differences beyond as many fields as are told apart. */
  readonly others: number;
}

export interface DifferingField {
  readonly field: string;
  /** Inputs in which it differed. */
  readonly times: number;
  readonly firstSeq: number;
  /** At the first of them, with unit, of the old and of the new program; null: only the state differed. */
  readonly old: string | null;
  readonly fresh: string | null;
  /** The greatest distance, with unit; null: no numbers. */
  readonly largest: string | null;
}

/** It has been compared long enough for somebody to accept it. */
export function isTried({ stage, compared, comparisons }: UpdateStatus): boolean {
  return stage === 'trial' && compared >= comparisons;
}

export function updateText({ board, stage, why, compared, comparisons, differing }: UpdateStatus): string {
  switch (stage) {
    case 'flashing':
      return `board ${board} is being flashed`;
    case 'joining':
      return `board ${board} is flashed and joins`;
    case 'trial': {
      const inputs = compared < comparisons ? `${compared} of ${comparisons} inputs` : `${compared} inputs`;
      return `board ${board} is compared with the old program: ${inputs}, ${differing} differ`;
    }
    case 'switching':
      return `board ${board} becomes the primary`;
    case 'failed':
      return `the update of board ${board} failed: ${why ?? 'no reason was noted'}`;
  }
}
