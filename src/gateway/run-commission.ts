import { Writable } from 'node:stream';
import { WallClock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { type CommissionOptions, commission } from './commission/commission.js';
import type { CommissionReport } from './commission/commission-report.js';
import { flashBoard } from './flash-board.js';
import { linesOf } from './lines-of.js';
import { makeLog } from './make-log.js';
import { openThirdCopyOf } from './open-third-copy-of.js';
import { PortDesk } from './port-desk.js';
import { exitForRestart } from './run-gateway.js';

/** Commissioning on this machine's own ports, lines and clock. */
export async function runCommission(config: Config, options: CommissionOptions): Promise<CommissionReport> {
  const clock = new WallClock();
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const { log, close: closeLog } = makeLog(silence, clock);
  const ports = new PortDesk({ clock, log });
  try {
    return await commission(
      config,
      {
        ...{ clock, log, lines: linesOf(config, clock, log) },
        openSession: (board) => ports.open(board),
        portOf: (board) => ports.statusOf(board),
        flash: flashBoard,
        openThirdCopy: (thirdCopy) => openThirdCopyOf(thirdCopy, clock, config.boards[0].kind),
        end: exitForRestart,
      },
      options,
    );
  } finally {
    ports.close();
    closeLog();
  }
}
