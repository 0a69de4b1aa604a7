import { WallClock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { serveControl } from '../control/serve-control.js';
import type { Status } from '../control/status.js';
import { readHostTrouble } from '../hardware/host-supply.js';
import { flashBoard } from './flash-board.js';
import { startGateway } from './gateway.js';
import { linesOf } from './lines-of.js';
import { makeLog } from './make-log.js';
import { openThirdCopyOf } from './open-third-copy-of.js';
import { PortDesk } from './port-desk.js';

export interface RunningGateway {
  readonly addresses: readonly string[];
  status(): Promise<Status>;
  /** Takes no more inputs, finishes what the ledger has, closes the ports; the relay stays where it is (R27). */
  stop(): Promise<void>;
}

/**
 * The gateway on this machine's own ports, lines and clock; its log, JSON lines, goes to `logTo`. Rejects with what is
 * missing, before a board is touched.
 */
export async function runGateway(config: Config, logTo: NodeJS.WritableStream): Promise<RunningGateway> {
  const clock = new WallClock();
  const { log, close: closeLog } = makeLog(logTo, clock);
  const ports = new PortDesk({ clock, log });
  const gateway = await startGateway(config, {
    lines: linesOf(config, clock, log),
    ...{ clock, log, readHostTrouble },
    openSession: (board) => ports.open(board),
    portOf: (board) => ports.statusOf(board),
    flash: flashBoard,
    openThirdCopy: (thirdCopy) => openThirdCopyOf(thirdCopy, clock, config.boards[0].kind),
    end: exitForRestart,
  });
  const control = await serveControl({
    path: config.controlPath,
    status: () => gateway.status(),
    command: (command) => gateway.command(command),
  }).catch(async (error: unknown) => {
    await gateway.close();
    throw error;
  });
  return {
    addresses: gateway.addresses,
    status: () => Promise.resolve(gateway.status()),
    stop: async () => {
      await control.close();
      await gateway.close();
      ports.close();
      closeLog();
    },
  };
}

/** EX_SOFTWARE of sysexits.h: a service manager starts the gateway again. */
const EXIT_OWN_MISTAKE = 70;

/** At once: closing in good order would trust what is no longer to be trusted. */
export function exitForRestart(): void {
  process.exit(EXIT_OWN_MISTAKE);
}
