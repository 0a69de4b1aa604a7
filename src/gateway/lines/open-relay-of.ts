import type { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { openEmulatedRelay } from '../../hardware/emulated/open-emulated-relay.js';
import type { Lines } from '../../hardware/lines/lines.js';
import { noRelay } from '../../hardware/relay/no-relay.js';
import { openRelay, type RelayDriver } from '../../hardware/relay/relay-driver.js';
import { ResetFence } from '../../hardware/relay/reset-fence.js';
import type { SafetyLines } from './safety-lines.js';

export interface RelayParts {
  readonly lines: Lines;
  readonly clock: Clock;
  /** R13: the board of the lease. */
  readonly first: string;
  /** In the middle of a takeover the contact waits for the core's word (R10). */
  readonly waitsForCommand?: boolean;
}

type Hold = Pick<SafetyLines, 'holdReset' | 'isHeld'>;

/**
 * What the configuration has in the place of a relay: one on lines, or in this process alone; RESET of the boards, through
 * `hold`; or nothing, as where nobody is there to hold them. Rejects with RELAY_UNAVAILABLE.
 */
export async function openRelayOf(
  { relay, boards, switchesNothing }: Config,
  parts: RelayParts,
  hold: Hold | null = null,
): Promise<RelayDriver> {
  const names = [boards[0].board, boards[1].board] as const;
  const { kind } = relay;
  switch (kind) {
    case 'none':
      if (switchesNothing || hold === null) return noRelay(parts.first);
      return new ResetFence({
        ...parts,
        boards: names,
        hold: (board) => hold.holdReset(board, true),
        look: (board) => hold.isHeld(board),
      });
    case 'emulated':
      return await openEmulatedRelay({ ...relay, ...parts, boards: names });
    default:
      return await openRelay({ ...relay, kind, ...parts, boards: names });
  }
}
