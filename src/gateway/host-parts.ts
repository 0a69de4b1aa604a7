import { Writable } from 'node:stream';
import { WallClock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { flashTrouble } from './check-update.js';
import { linesOf } from './lines/lines-of.js';
import { makeLog } from './log/make-log.js';
import { flashBoard } from './operator/flash-board.js';
import type { GatewayParts } from './parts.js';
import { BoardPorts } from './ports/board-ports.js';
import { openThirdCopyOf } from './ports/third-copy-port.js';
import { exitForRestart } from './run-gateway.js';

/** This machine's own ports, lines and clock, for whoever tries a pair out; nothing is logged. */
export async function withRealParts<Outcome>(
  config: Config,
  work: (parts: GatewayParts) => Promise<Outcome>,
): Promise<Outcome> {
  const clock = new WallClock();
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const { log, close: closeLog } = makeLog(silence, clock);
  const ports = new BoardPorts({ clock, log });
  const lines = linesOf(config, clock, log);
  try {
    return await work({
      ...{ clock, log, lines },
      openSession: (board, dialect) => ports.open(board, dialect),
      portOf: (board) => ports.statusOf(board),
      ...{ flash: flashBoard, flashTrouble },
      openThirdCopy: (thirdCopy) => openThirdCopyOf(thirdCopy, clock, config.boards[0]),
      end: exitForRestart,
    });
  } finally {
    // Whoever plays with several gateways leaves them open for the next one; a feedback line that is read keeps a process alive.
    lines.close();
    ports.close();
    closeLog();
  }
}
