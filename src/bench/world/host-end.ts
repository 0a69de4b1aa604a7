/**
 * The host's end of a board's cable: a pseudo-terminal that `serialport` opens, or, at the pace of the virtual bench, a
 * port in the messages between world and gateway.
 */
export interface HostEnd {
  /** What the gateway opens, or would. */
  readonly path: string;
  readonly isPlugged: boolean;
  /** Bytes the gateway wrote. */
  onData: (bytes: Uint8Array) => void;
  /** Bytes for the gateway that found no room, or no port. */
  readonly droppedBytes: number;
  /** Bytes that the gateway will find there, since the beginning. */
  readonly sentBytes: number;
  /** Makes the port appear; nothing happens if it is there. */
  plug(): void;
  /** Makes it disappear: the gateway sees a hang-up. Nothing happens if it is gone. */
  unplug(): void;
  /** MachineWriter bytes to the gateway, never waiting. */
  write(bytes: Uint8Array): void;
}
