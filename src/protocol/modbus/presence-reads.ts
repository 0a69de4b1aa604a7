import type { RegisterRange, RegisterSpace } from './function-codes.js';
import { overlapsAny, placeRange, type RegistersOfNumber } from './register-set.js';

const SPACES: readonly RegisterSpace[] = ['holding', 'input', 'coils', 'discrete'];
const LAST_REGISTER = 0xffff;

/** What is known of a slave's registers, as far as it decides how the slave is asked whether it is there. */
export interface AskedRegisters {
  /** Null: nobody has said what. */
  readonly probe: RegisterRange | null;
  readonly watch: readonly RegisterRange[];
  readonly restartSign: RegistersOfNumber | null;
  readonly clearOnRead: readonly RegisterRange[];
}

/**
 * Reads by which a slave is asked whether it is there, each another way to ask, the best first; none of them clears anything. They begin
 * where `probe` says, else at the first of `watch`, else at the restart sign, else at holding register 0. None are left where all of
 * that is cleared by a read.
 */
export function presenceReads({ probe, watch, restartSign, clearOnRead }: AskedRegisters): readonly RegisterRange[] {
  const sign = restartSign === null ? null : placeRange(restartSign);
  const { space, first } = probe ?? watch[0] ?? sign ?? { space: 'holding', first: 0 };
  const longer = { space, first, last: Math.min(LAST_REGISTER, first + 1) };
  const others = SPACES.filter((other) => other !== space).map((other) => ({ space: other, first, last: first }));
  return [{ space, first, last: first }, longer, ...others].filter((read) => !overlapsAny(read, clearOnRead));
}
