import type { Clock } from '../../clock/clock.js';
import type { Lines } from './lines.js';

export interface DeadManOptions {
  readonly lines: Lines;
  readonly pin: string;
  /** Time between two edges. */
  readonly everyUs: number;
  /** It no longer moves, and why; null: it does again. */
  readonly onStandstill: (why: string | null) => void;
  readonly clock: Clock;
}

export interface DeadMan {
  /** `standstill` is asked before each edge: null while all makes progress, otherwise what stands still. */
  begin(standstill: () => string | null): void;
  /** Why the line stands; null while it moves. */
  readonly standsBecause: string | null;
  /** The line stands from now on: the relay's supply goes. */
  close(): void;
}

/**
 * The dead-man drive: a line that changes its level as long as somebody says that there is progress. A circuit outside
 * (docs/wiring.md) feeds the relays from the edges, so that a gateway that hangs lets go of them with whatever level its
 * lines happen to have. Takes the line at once, which stands until `begin`. Rejects with RELAY_UNAVAILABLE.
 */
export async function openDeadMan(options: DeadManOptions): Promise<DeadMan> {
  const { clock, everyUs } = options;
  const output = await options.lines.openOutput(options.pin, { activeLow: false });
  output.set(false);
  let because: string | null = null;
  let cancel: () => void = () => undefined;
  const tell = (why: string | null): void => {
    if (why === because) return;
    because = why;
    options.onStandstill(why);
  };
  const beat = (standstill: () => string | null): void => {
    // From now, not from when it was due: edges that were missed are not made up for in a burst.
    cancel = clock.alarm(clock.nowUs() + everyUs, () => beat(standstill));
    const why = standstill();
    if (why !== null) return tell(why);
    try {
      output.set(output.isOn !== true);
      tell(output.trouble);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
  };
  return {
    begin: (standstill) => {
      cancel();
      cancel = clock.alarm(clock.nowUs() + everyUs, () => beat(standstill));
    },
    get standsBecause() {
      return because;
    },
    close: () => cancel(),
  };
}
