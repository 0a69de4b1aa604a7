import type { BoardConfig } from '../../config/config.js';
import { openSerialPort } from '../../gateway/ports/open-serial-port.js';
import type { Dialect } from '../../link/dialect.js';
import { BenchClock } from './bench-clock.js';
import type { BenchHost, GatewayRest } from './bench-host.js';
import { BenchIo } from './bench-io.js';
import { IoAccount } from './io-account.js';
import { ThreadWork } from './thread-work.js';
import type { WorldChannel } from './world-channel.js';

/** At the wall clock's pace: pseudo-terminals, opened as any port is. Rejects with INTERNAL outside a bench. */
export async function connectRealTime(channel: WorldChannel, rest: GatewayRest): Promise<BenchHost> {
  // Created before the first message of the world can come, so that none is missed.
  const io = new BenchIo(channel);
  const clock = await BenchClock.connect(channel);
  const account = new IoAccount();
  const threads = new ThreadWork();
  // What waits for the time to go on, such as a batch that rests in memory, is not what the time waits for.
  clock.watch(account, () => threads.count === 0 && rest.isThirdCopyAtRest());
  const openSession = async (board: BoardConfig, port: 0 | 1, dialect: Dialect) => {
    const session = await openSerialPort(board, dialect);
    account.opened(port, session);
    return session;
  };
  return { clock, io, openSession, threads, close: () => undefined };
}
