import { dirname } from 'node:path';
import { servePersistently } from '../api/socket/persistent-control.js';
import { WallClock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import type { LogStatus, Status } from '../control/contract/status.js';
import { readHostTrouble } from '../hardware/host/host-supply.js';
import { flashTrouble } from './check-update.js';
import { type Gateway, startGateway } from './gateway.js';
import { linesOf } from './lines/lines-of.js';
import { makeLog } from './log/make-log.js';
import { flashBoard } from './operator/flash-board.js';
import type { Began } from './parts.js';
import { BoardPorts } from './ports/board-ports.js';
import { openThirdCopyOf } from './ports/third-copy-port.js';
import { startingStatus } from './starting-status.js';

export interface RunningGateway {
  readonly addresses: readonly string[];
  status(): Promise<Status>;
  /** Takes no more inputs, finishes what the ledger has, closes the ports; the relay stays where it is (R27). */
  stop(): Promise<void>;
}

/**
 * The gateway on this machine's own ports, lines and clock; its log, JSON lines, goes to `logTo`. Its control socket comes
 * first, so that it can be asked whatever the start waits for. Rejects with what is missing, before a board is touched; null
 * when `ended` was aborted before it had begun. Nothing stays open either way.
 */
export async function runGateway(
  config: Config,
  logTo: NodeJS.WritableStream,
  ended: AbortSignal,
  logStatus: (() => LogStatus) | null = null,
  began: Began | null = null,
): Promise<RunningGateway | null> {
  const clock = new WallClock();
  const startedAtUs = clock.nowUs();
  const { log, close: closeLog } = makeLog(logTo, clock);
  const ports = new BoardPorts({ clock, log });
  let gateway: Gateway | null = null;
  let waitsFor = 'its control socket';
  const status = (): Status =>
    gateway?.status() ?? startingStatus(config, waitsFor, Math.round((clock.nowUs() - startedAtUs) / 1000));
  let control: { close(): Promise<void> } | null = null;
  try {
    control = await servePersistently({
      ...{ path: config.controlPath, clock, status },
      besideLedger: dirname(config.controlPath) === dirname(config.ledger.path),
      command: (command, by) =>
        gateway?.command(command, by) ??
        Promise.resolve({ refused: `the gateway is starting: it waits for ${waitsFor}` }),
      boardLines: (request) =>
        gateway?.boardLines(request) ?? { began: new Date().toISOString(), lines: [], more: false },
      onTrouble: (trouble) => {
        if (trouble === null) log.info('the control socket is served again');
        else log.error({ trouble }, 'nobody can ask this gateway; its control socket is tried again for ever');
      },
    });
    gateway = await startGateway(config, {
      lines: linesOf(config, clock, log),
      ...{ clock, log, readHostTrouble, ended, ...(logStatus === null ? {} : { logStatus }) },
      ...(began === null ? {} : { began }),
      openSession: (board, dialect) => ports.open(board, dialect),
      portOf: (board) => ports.statusOf(board),
      ...{ flash: flashBoard, flashTrouble },
      openThirdCopy: (thirdCopy) => openThirdCopyOf(thirdCopy, clock, config.boards[0]),
      waitsFor: (what) => {
        waitsFor = what;
      },
      end: exitForRestart,
    });
  } catch (error) {
    await control?.close();
    ports.close();
    closeLog();
    if (ended.aborted) return null;
    throw error;
  }
  const { addresses, close } = gateway;
  const { close: closeControl } = control;
  return {
    addresses,
    status: () => Promise.resolve(status()),
    stop: async () => {
      await closeControl();
      await close();
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
