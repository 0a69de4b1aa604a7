/**
 * A gateway on the bench, in a process of its own (gateway-main.ts) so that it can be killed: the same composition that `copycat run` uses,
 * on emulated time and with the bench's relay line.
 */
import { pino } from 'pino';
import { type ControlServer, serveControl } from '../../api/socket/serve-control.js';
import type { BoardConfig, ThirdCopyConfig } from '../../config/config.js';
import { loadConfig } from '../../config/load/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { type Gateway, startGateway } from '../../gateway/gateway.js';
import { makeLog } from '../../gateway/log/make-log.js';
import { exitForRestart } from '../../gateway/run-gateway.js';
import { createIoProvider } from '../../hardware/lines/io-provider.js';
import { createLines } from '../../hardware/lines/lines.js';
import type { Dialect } from '../../link/dialect.js';
import type { BoardName } from '../bench-board.js';
import { type FromGatewayProcess, readToGatewayProcess, type StartGateway } from '../stage/gateway-messages.js';
import { onBenchLines } from './bench-lines.js';
import { BenchThirdCopy } from './bench-third-copy.js';
import { connectRealTime } from './real-time-host.js';
import { connectVirtual } from './virtual/virtual-host.js';

const flashing = new Map<BoardName, (failure: string | null) => void>();
let gateway: Gateway | null = null;
let control: ControlServer | null = null;
let thirdCopy: BenchThirdCopy | null = null;
const storageDelay = { us: 0 };
/** It is started or closed. */
let isInPhase = false;
let closeHost: () => void = () => undefined;
/** Turns by the wall clock mean nothing to a time of its own. */
const turnsAtOnce = { take: () => Promise.resolve() };

function running(): Gateway {
  if (gateway === null) throw new CopycatError('INTERNAL', 'no gateway runs here');
  return gateway;
}

async function close(): Promise<void> {
  isInPhase = true;
  await control?.close();
  await gateway?.close();
  closeHost();
}

/** Ready for another pair, as if nothing had run here. */
function forget(): void {
  control = null;
  gateway = null;
  thirdCopy = null;
  isInPhase = false;
  flashing.clear();
  storageDelay.us = 0;
}

function tell(message: FromGatewayProcess): void {
  process.send?.(message);
}

/** Ends this process when that is told. */
function endWith(message: FromGatewayProcess, exitCode: number): void {
  if (process.send === undefined) process.exit(exitCode);
  process.send(message, () => process.exit(exitCode));
}

/** The world beside this process has the boards. */
function flash(board: BoardName, image: string): Promise<void> {
  return new Promise((resolve, reject) => {
    flashing.set(board, (failure) => {
      if (failure === null) resolve();
      else reject(new CopycatError('FLASH_FAILED', failure));
    });
    tell({ flash: board, image });
  });
}

async function start({ start: configFile, ports, servesStatus, pace, began }: StartGateway): Promise<void> {
  isInPhase = true;
  const rest = {
    isThirdCopyAtRest: () => thirdCopy === null || thirdCopy.isAtRest,
    isInPhase: () => isInPhase,
  };
  const connect = pace === 'virtual' ? connectVirtual : connectRealTime;
  const host = await connect(process, rest);
  const { clock, io, threads, openSession: openPort } = host;
  // Not to a file of its own: a scenario may take those away from this process.
  const { log, close: closeLog } = makeLog(pino.destination({ fd: 2, sync: true }), clock);
  closeHost = () => {
    closeLog();
    host.close();
  };
  const config = onBenchLines(loadConfig(configFile));
  const lines = createLines([
    createIoProvider({ name: 'the bench', has: () => true, openIo: () => Promise.resolve(io) }),
  ]);
  const third = new BenchThirdCopy(clock);
  thirdCopy = third;
  const openSession = (board: BoardConfig, dialect: Dialect) => {
    const path = ports[board.board];
    const port = board.board === config.boards[0].board ? 0 : 1;
    return openPort(
      path === undefined ? board : { ...board, port: { type: 'path', path }, match: null },
      port,
      dialect,
    );
  };
  const openThirdCopy = (wanted: ThirdCopyConfig) => third.open(wanted, config.boards[0]);
  gateway = await startGateway(config, {
    ...{ clock, lines, openSession, openThirdCopy, log, storageDelay, end: exitForRestart },
    workInFlight: threads,
    ...(began === undefined ? {} : { began }),
    flash: (board, image) => flash(board.board === config.boards[0].board ? 'a' : 'b', image),
  });
  if (servesStatus) {
    control = await serveControl({
      path: config.controlPath,
      ...(pace === 'virtual' ? { turns: turnsAtOnce } : {}),
      status: () => running().status(),
      command: (command, by) => running().command(command, by),
      boardLines: (request) => running().boardLines(request),
    });
  }
  isInPhase = false;
  tell({ started: gateway.addresses });
}

process.on('message', (raw) => {
  const message = readToGatewayProcess(raw);
  if (message === null) return;
  if ('start' in message) {
    start(message).catch((error: unknown) => {
      endWith({ failed: error instanceof Error ? error.message : String(error) }, 1);
    });
  } else if ('delayThirdCopyUs' in message) {
    if (thirdCopy !== null) thirdCopy.delayUs = message.delayThirdCopyUs;
  } else if ('delayStorageUs' in message) {
    storageDelay.us = message.delayStorageUs;
  } else if ('askStatus' in message) {
    if (gateway !== null) tell({ status: gateway.status() });
  } else if ('flashed' in message) {
    flashing.get(message.flashed)?.(message.failure);
  } else {
    const { stays } = message;
    close()
      .then(() => {
        forget();
        if (stays) tell({ closed: true });
        else process.exit();
      })
      .catch((error: unknown) => endWith({ failed: String(error) }, 0));
  }
});
