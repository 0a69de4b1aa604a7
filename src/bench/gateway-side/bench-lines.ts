import type { BoardConfig, Config } from '../../config/config.js';
import { defaultLines } from '../world/world-options.js';

/** Emulated boards have no RESET wired, and nothing hangs on further lines. */
const noReset = (board: BoardConfig): BoardConfig => ({ ...board, reset: null });

/** The same configuration on the bench's own lines, whatever lines of a real host (or `emulated`) it names. */
export function onBenchLines(config: Config): Config {
  const { coil, feedback } = defaultLines;
  const onBench: Config = {
    ...config,
    boards: [noReset(config.boards[0]), noReset(config.boards[1])],
    alarm: null,
    stop: { means: 'firmware-only' },
  };
  // Nothing is switched, on the bench as elsewhere.
  if (config.relay.kind === 'none') return onBench;
  return {
    ...onBench,
    relay: {
      ...config.relay,
      // One coil whose level is the position, whatever is wired to the host.
      kind: config.relay.kind === 'latching' ? 'latching' : 'changeover',
      pins: [coil],
      pinsOf: {},
      // The one that exists only in a gateway has a feedback; here it is the bench's.
      feedbacks: config.relay.feedbacks.length === 0 && config.relay.kind !== 'emulated' ? [] : [feedback],
      activeLow: false,
      feedbackActiveLow: false,
      feedbackPull: 'none',
      deadMan: null,
    },
  };
}
