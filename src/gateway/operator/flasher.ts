import type { Config } from '../../config/config.js';
import type { BoardLink } from '../../link/board-link.js';
import type { PairEvent } from '../../pair/state/events.js';
import type { GatewayParts } from '../parts.js';

/** Has boards flashed, one at a time: their port is the flasher's until it has ended. */
export class Flasher {
  /** What is under way; resolves always. */
  #underWay: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly links: ReadonlyMap<string, BoardLink>,
    private readonly parts: Pick<GatewayParts, 'flash' | 'log'>,
    private readonly dispatch: (event: PairEvent) => void,
    /** A mistake of ours. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Ends with `boardFlashed`, whatever comes of it. */
  flash(board: string, image: string): void {
    this.#underWay = this.#underWay.then(() => this.#flash(board, image)).catch(this.onFailure);
  }

  /** A board that is half flashed is dead until it is flashed again: whoever ends waits for it. */
  ended(): Promise<void> {
    return this.#underWay;
  }

  async #flash(boardId: string, image: string): Promise<void> {
    const board = this.config.boards.find((one) => one.board === boardId);
    const link = this.links.get(boardId);
    if (board === undefined || link === undefined) throw new Error(`there is no board ${boardId} to flash`);
    const { flash, log } = this.parts;
    log.warn({ board: boardId, image }, 'flashing');
    link.release();
    let failure: string | null = null;
    try {
      await flash(board, image);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      log.error({ board: boardId, image, failure }, 'not flashed');
    }
    this.dispatch({ type: 'boardFlashed', board: boardId, failure });
    link.start();
  }
}
