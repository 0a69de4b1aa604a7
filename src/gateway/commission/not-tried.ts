import type { Config } from '../../config/config.js';
import type { Abilities } from '../../pair/state/board-wire.js';

/** What commissioning leaves out, because the protocol of these boards has no way to find it out; a sentence each. */
export function notTried({ identity, commit }: Abilities, { boards }: Pick<Config, 'boards'>): readonly string[] {
  const left: string[] = [];
  if (!identity)
    left.push('Which board is which, and whether both run one program: their protocol has no such question.');
  if (!identity && boards.some(({ reset }) => reset !== null))
    left.push('The RESET lines: only a board that says who it is shows that it has begun anew.');
  if (!identity || !commit)
    left.push('How long inputs take: there is none that does nothing, as these boards act on whatever they are given.');
  return left;
}
