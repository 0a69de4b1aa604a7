import type { PortStatus, PortTrouble } from '../../control/contract/port-status.js';
import type { SerialSession } from '../../serial/session/serial-session.js';

/** What the gateway knows of one board's port. */
export class PortRecord {
  /** Null: nothing is open. */
  session: SerialSession | null = null;
  device: string | null = null;
  /** The device that is being opened or open for it, by its own name; null: none. */
  claimed: string | null = null;
  place: string | null = null;
  trouble: PortTrouble | null = null;
  latency: readonly string[] = [];
  /** Since when it has been asked something without any answer, on the gateway's clock; null: it was asked nothing. */
  askedSinceUs: number | null = null;
  /** Openings that have reset it. */
  restarts = 0;
  cancelWatch: (() => void) | null = null;

  status(): PortStatus {
    const { device, place, trouble, latency } = this;
    return { device: this.session === null ? null : device, place, trouble, latency };
  }
}
