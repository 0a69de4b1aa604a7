import type { Config } from '../../config/config.js';
import type { Abilities } from '../../pair/result/board-wire.js';

/** What commissioning leaves out, because the protocol of these boards has no way to find it out; a sentence each. */
export function notTried(
  { identity, commit }: Abilities,
  { boards, relay }: Pick<Config, 'boards' | 'relay'>,
): readonly string[] {
  const left: string[] = [];
  if (relay.kind === 'none') left.push('The relay: there is none (relay: none).');
  if (relay.kind === 'emulated') left.push('A relay outside: the one that was moved exists only in the gateway.');
  if (!identity)
    left.push('Which board is which, and whether both run one program: their protocol has no such question.');
  if (!identity && boards.some(({ reset }) => reset !== null))
    left.push('The RESET lines: only a board that says who it is shows that it has begun anew.');
  if (!identity || !commit)
    left.push('How long inputs take: there is none that does nothing, as these boards act on whatever they are given.');
  return left;
}
