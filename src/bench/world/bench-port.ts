import type { BenchBoard, BoardName } from '../bench-board.js';
import type { Link } from '../link-models/link.js';
import type { HostEnd } from './host-end.js';

/** A board with its cable, as it hangs on the host. */
export class BenchPort<Board extends BenchBoard = BenchBoard> {
  constructor(
    readonly name: BoardName,
    readonly board: Board,
    readonly link: Link,
    readonly hostEnd: HostEnd,
  ) {
    hostEnd.onData = (bytes) => link.fromHost(bytes);
  }

  /** What the gateway opens. */
  get portPath(): string {
    return this.hostEnd.path;
  }

  /** Pulls the cable: the port hangs up and goes away. A board that lives on USB power dies with it. */
  unplug(options: { readonly losesPower?: boolean } = {}): void {
    this.hostEnd.unplug();
    this.link.clear();
    if (options.losesPower === true) this.board.powerCycle(Number.POSITIVE_INFINITY);
  }

  /** Puts the cable back: a new port under the same path; a board that lost its supply starts. */
  plug(options: { readonly losesPower?: boolean } = {}): void {
    this.hostEnd.plug();
    if (options.losesPower === true) this.board.powerCycle();
  }
}
