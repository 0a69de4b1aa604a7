import type { BoardConfig } from '../../config/config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { GatewayParts } from '../../gateway/parts.js';
import type { Dialect } from '../../link/dialect.js';
import type { FrameSession } from '../../link/frame-session.js';

/** Takes a board's port away from the gateway, and gives it back: what a cable that is pulled out looks like to it. */
export class PortControl {
  readonly #open = new Map<string, FrameSession>();
  readonly #unplugged = new Set<string>();

  constructor(private readonly openPort: GatewayParts['openSession']) {}

  async openSession(board: BoardConfig, dialect: Dialect): Promise<FrameSession> {
    this.#refuseUnplugged(board.board);
    const session = await this.openPort(board, dialect);
    if (this.#unplugged.has(board.board)) session.close();
    this.#refuseUnplugged(board.board);
    this.#open.set(board.board, session);
    return session;
  }

  unplug(board: string): void {
    this.#unplugged.add(board);
    this.#open.get(board)?.close();
    this.#open.delete(board);
  }

  plug(board: string): void {
    this.#unplugged.delete(board);
  }

  #refuseUnplugged(board: string): void {
    if (!this.#unplugged.has(board)) return;
    throw new CopycatError('PORT_UNAVAILABLE', `the port of board ${board} was taken away by this bench`);
  }
}
