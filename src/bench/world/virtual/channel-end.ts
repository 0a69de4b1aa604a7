import type { HostEnd } from '../host-end.js';
import type { WorldEvent } from './lockstep-channel.js';

/**
 * A port that is no device: what passes through it travels in the messages that move the gateway's time, so it arrives at
 * its own emulated moment and nothing has to be waited for. The link model before it paces the bytes as it does before a
 * pseudo-terminal.
 */
export class ChannelEnd implements HostEnd {
  onData: (bytes: Uint8Array) => void = () => undefined;
  /** What the gateway is to be told; set by the pace. Its answer: somebody is there. */
  tell: (event: WorldEvent) => boolean = () => false;
  droppedBytes = 0;
  sentBytes = 0;
  #isPlugged = true;

  constructor(
    readonly path: string,
    readonly port: 0 | 1,
  ) {}

  get isPlugged(): boolean {
    return this.#isPlugged;
  }

  plug(): void {
    this.#set(true);
  }

  unplug(): void {
    this.#set(false);
  }

  write(bytes: Uint8Array): void {
    const event = { port: this.port, bytes: Buffer.from(bytes).toString('base64') };
    if (this.#isPlugged && this.tell(event)) this.sentBytes += bytes.length;
    else this.droppedBytes += bytes.length;
  }

  #set(plugged: boolean): void {
    if (this.#isPlugged === plugged) return;
    this.#isPlugged = plugged;
    this.tell({ port: this.port, plugged });
  }
}
