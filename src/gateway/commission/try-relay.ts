import { filter, firstValueFrom, map, race } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import type { Lines } from '../../hardware/lines/lines.js';
import type { RelayDriver } from '../../hardware/relay/relay-driver.js';
import { alarmAfter } from '../../link/alarm-after.js';
import { openRelayOf } from '../lines/open-relay-of.js';

export interface RelayMove {
  readonly to: string;
  /** From the command until the feedback line showed it; without one, the settle time. */
  readonly afterUs: number;
  /** `not proved`: there is no feedback line. */
  readonly outcome: 'proved' | 'not proved' | 'stuck';
}

/** Beyond every retry. */
const GIVE_UP_US = 5_000_000;

/** Sends the contact to and fro, and leaves it at `first`. */
export async function tryRelay(
  config: Config,
  lines: Lines,
  clock: Clock,
  first: string,
  times: number,
): Promise<readonly RelayMove[]> {
  // There is nothing to try.
  if (config.relay.kind === 'none') return [];
  const [{ board: one }, { board: another }] = config.boards;
  const relay = await openRelayOf(config, { lines, first, clock });
  const other = one === first ? another : one;
  const moves: RelayMove[] = [];
  try {
    await settled(relay, clock, first);
    for (let n = 0; n < times; n++) {
      for (const to of [other, first]) moves.push(await move(relay, clock, to));
    }
    return moves;
  } finally {
    relay.close();
  }
}

async function move(relay: RelayDriver, clock: Clock, to: string): Promise<RelayMove> {
  const startUs = clock.nowUs();
  relay.moveTo(to);
  const outcome = await settled(relay, clock, to);
  return { to, afterUs: clock.nowUs() - startUs, outcome };
}

async function settled(relay: RelayDriver, clock: Clock, to: string): Promise<RelayMove['outcome']> {
  return await firstValueFrom(
    race(
      relay.reports.pipe(
        filter((report) => report.to === to),
        map((report) => (report.type === 'relayStuck' ? 'stuck' : report.proved ? 'proved' : 'not proved')),
      ),
      alarmAfter(clock, GIVE_UP_US).pipe(map((): RelayMove['outcome'] => 'stuck')),
    ),
    { defaultValue: 'stuck' },
  );
}
