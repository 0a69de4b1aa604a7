/**
 * A gateway on the bench, in a process of its own so that it can be killed: the same composition that `copycat run` uses,
 * on emulated time and with the bench's relay line.
 */
import { pino } from 'pino';
import { type ControlServer, serveControl } from '../../api/socket/serve-control.js';
import type { BoardConfig, ThirdCopyConfig } from '../../config/config.js';
import { loadConfig } from '../../config/load-config.js';
import { CopycatError } from '../../errors/copycat-error.js';
import { type Gateway, startGateway } from '../../gateway/gateway.js';
import { openSerialPort } from '../../gateway/open-serial-port.js';
import { exitForRestart } from '../../gateway/run-gateway.js';
import { createIoProvider } from '../../hardware/io-provider.js';
import { createLines } from '../../hardware/lines.js';
import type { BoardName } from '../bench-board.js';
import { type FromGatewayProcess, readToGatewayProcess, type StartGateway } from '../stage/gateway-messages.js';
import { BenchClock } from './bench-clock.js';
import { BenchIo } from './bench-io.js';
import { onBenchLines } from './bench-lines.js';
import { BenchThirdCopy } from './bench-third-copy.js';
import { IoAccount } from './io-account.js';

const flashing = new Map<BoardName, (failure: string | null) => void>();
let gateway: Gateway | null = null;
let control: ControlServer | null = null;
let thirdCopy: BenchThirdCopy | null = null;
const storageDelay = { us: 0, untilUs: 0 };

function running(): Gateway {
  if (gateway === null) throw new CopycatError('INTERNAL', 'no gateway runs here');
  return gateway;
}

async function close(): Promise<void> {
  await control?.close();
  await gateway?.close();
}

function tell(message: FromGatewayProcess): void {
  process.send?.(message);
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

async function start({ start: configFile, ports, servesStatus }: StartGateway): Promise<void> {
  // Created before the first message of the world can come, so that none is missed.
  const io = new BenchIo(process);
  const clock = await BenchClock.connect(process);
  const log = pino({ level: 'info', base: null }, pino.destination({ fd: 2, sync: true }));
  const config = onBenchLines(loadConfig(configFile));
  const lines = createLines([
    createIoProvider({ name: 'the bench', has: () => true, openIo: () => Promise.resolve(io) }),
  ]);
  const account = new IoAccount();
  const third = new BenchThirdCopy(clock);
  thirdCopy = third;
  clock.watch(account, () => (gateway === null || gateway.awaitedAnswers === 0) && third.isAtRest);
  const openSession = async (board: BoardConfig) => {
    const path = ports[board.board];
    const session = await openSerialPort(
      path === undefined ? board : { ...board, port: { type: 'path', path }, match: null },
    );
    account.opened(board.board === config.boards[0].board ? 0 : 1, session);
    return session;
  };
  const openThirdCopy = (wanted: ThirdCopyConfig) => third.open(wanted, config.boards[0].kind);
  gateway = await startGateway(config, {
    ...{ clock, lines, openSession, openThirdCopy, log, storageDelay, end: exitForRestart },
    flash: (board, image) => flash(board.board === config.boards[0].board ? 'a' : 'b', image),
  });
  if (servesStatus) {
    control = await serveControl({
      path: config.controlPath,
      status: () => running().status(),
      command: (command) => running().command(command),
    });
  }
  tell({ started: gateway.addresses });
}

process.on('message', (raw) => {
  const message = readToGatewayProcess(raw);
  if (message === null) return;
  if ('start' in message) {
    // With work in hand it ends when it is told to over the channel: a service manager signals every process at once.
    process.on('SIGTERM', () => undefined);
    start(message).catch((error: unknown) => {
      tell({ failed: error instanceof Error ? error.message : String(error) });
      process.exitCode = 1;
      process.disconnect();
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
    close()
      .catch((error: unknown) => tell({ failed: String(error) }))
      .finally(() => process.disconnect());
  }
});
// A Ctrl-C in a terminal reaches every process there: the one that started us says when to end, and how.
process.on('SIGINT', () => undefined);
// The bench is gone: nothing to serve any more.
process.on('disconnect', () => process.exit());
