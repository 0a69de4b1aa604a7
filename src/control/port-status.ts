/** A board's port, for people. */
export interface PortStatus {
  /** What is open: `/dev/ttyACM0`; null: nothing is. */
  readonly device: string | null;
  /** `usb-1.2`; null when it is on no USB, or not known. */
  readonly place: string | null;
  readonly trouble: PortTrouble | null;
  /** What was found and done about its latency when it was opened. */
  readonly latency: readonly string[];
}

/** A named condition of a port (docs/ports.md). */
export interface PortTrouble {
  /** `not-there`, `taken`, `permission-denied`, … */
  readonly name: string;
  readonly text: string;
  readonly remedy: string;
}
