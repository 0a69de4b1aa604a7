import type { BenchBoard, BoardName } from '../bench-board.js';
import type { Link } from '../link-models/link.js';
import type { Pty } from './pty.js';

/** A board with its cable, as it hangs on the host. */
export class BenchPort<Board extends BenchBoard = BenchBoard> {
  constructor(
    readonly name: BoardName,
    readonly board: Board,
    readonly link: Link,
    readonly pty: Pty,
  ) {
    pty.onData = (bytes) => link.fromHost(bytes);
  }

  /** What the gateway opens. */
  get portPath(): string {
    return this.pty.path;
  }

  /** Pulls the cable: the port hangs up and goes away. A board that lives on USB power dies with it. */
  unplug(options: { readonly losesPower?: boolean } = {}): void {
    this.pty.unplug();
    this.link.clear();
    if (options.losesPower === true) this.board.powerCycle(Number.POSITIVE_INFINITY);
  }

  /** Puts the cable back: a new port under the same path; a board that lost its supply starts. */
  plug(options: { readonly losesPower?: boolean } = {}): void {
    this.pty.plug();
    if (options.losesPower === true) this.board.powerCycle();
  }
}
