import type { Clock } from '../../clock/clock.js';
import { createGpioProvider } from '../gpio/gpio-provider.js';
import { createLines } from '../lines/lines.js';
import { openRelay, type RelayDriver, type RelayOptions } from '../relay/relay-driver.js';
import { EMULATED_COIL, EMULATED_FEEDBACK, EmulatedRelayHost } from './emulated-relay-host.js';

export interface EmulatedRelayOptions
  extends Pick<RelayOptions, 'boards' | 'first' | 'waitsForCommand' | 'operateUs' | 'settleUs'> {
  readonly clock: Clock;
}

/**
 * A relay that exists only in this process: it takes its time, settles and is read back as a changeover relay, and nothing
 * outside is switched. It ends with its gateway; the next one has it at the board of the lease.
 */
export async function openEmulatedRelay(options: EmulatedRelayOptions): Promise<RelayDriver> {
  const { clock, operateUs } = options;
  const host = new EmulatedRelayHost(clock, operateUs);
  const lines = createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(host) })]);
  const driver = await openRelay({
    ...options,
    lines,
    kind: 'changeover',
    atRest: options.boards[0],
    pins: [EMULATED_COIL],
    pinsOf: {},
    activeLow: false,
    feedbacks: [EMULATED_FEEDBACK],
    feedbackActiveLow: false,
    feedbackPull: 'none',
    gapUs: 0,
    pulseUs: 0,
  });
  return new OwningDriver(driver, () => lines.close());
}

/** Its lines are nobody else's: they end with it. */
class OwningDriver implements RelayDriver {
  readonly reports: RelayDriver['reports'];

  constructor(
    private readonly driver: RelayDriver,
    private readonly closeLines: () => void,
  ) {
    this.reports = driver.reports;
  }

  moveTo(board: string): void {
    this.driver.moveTo(board);
  }

  get commanded(): string {
    return this.driver.commanded;
  }

  get proved(): boolean {
    return this.driver.proved;
  }

  get retries(): number {
    return this.driver.retries;
  }

  get operations(): number {
    return this.driver.operations;
  }

  close(): void {
    this.driver.close();
    this.closeLines();
  }
}
