import type { Clock } from '../../clock/clock.js';
import type { Lines } from '../lines/lines.js';
import type { OutputLine } from '../lines/output-line.js';
import { LatchingCoils } from './latching-coils.js';
import { LevelCoils } from './level-coils.js';
import type { RelayCoils } from './relay-coils.js';
import { energisedBoard, isDrivenForEach, type RelayWiring, restBoard } from './relay-wiring.js';
import { TwoRelayCoils } from './two-relay-coils.js';

/**
 * The coils of a relay of any kind; writes nothing. `onReturn` is called when a provider of their lines was away and is
 * back: the lines do not repeat themselves, because the order matters. Rejects with RELAY_UNAVAILABLE.
 */
export async function openCoils(
  lines: Lines,
  wiring: RelayWiring,
  clock: Clock,
  onReturn: () => void,
): Promise<RelayCoils> {
  const { activeLow, pins, pinsOf } = wiring;
  const openAll = async (names: readonly string[]): Promise<readonly OutputLine[]> => {
    const opened: OutputLine[] = [];
    for (const name of names) opened.push(await lines.openOutput(name, { activeLow, onReturn }));
    return opened;
  };
  if (!isDrivenForEach(wiring)) {
    return new LevelCoils(await openAll(pins), { atRest: restBoard(wiring), energised: energisedBoard(wiring) });
  }
  const each = new Map<string, readonly OutputLine[]>();
  for (const board of wiring.boards) each.set(board, await openAll(pinsOf[board] ?? []));
  if (wiring.kind === 'latching') return new LatchingCoils(each, wiring.pulseUs, clock);
  return new TwoRelayCoils(each, wiring, clock);
}
