import type { BoardConfig } from '../../../config/config.js';
import type { Dialect } from '../../../link/dialect.js';
import { framesOf } from '../../../serial/session/serial-session.js';
import type { WorldEvent } from '../../world/virtual/lockstep-channel.js';
import type { BenchHost, GatewayRest } from '../bench-host.js';
import { BenchIo } from '../bench-io.js';
import { ThreadWork } from '../thread-work.js';
import type { WorldChannel } from '../world-channel.js';
import { AcceptedSockets } from './accepted-sockets.js';
import { ChannelPort } from './channel-port.js';
import { LockstepClock } from './lockstep-clock.js';

/** At the pace of the virtual bench: time, ports and lines come with the messages of the world. Rejects with INTERNAL outside a bench. */
export async function connectVirtual(channel: WorldChannel, rest: GatewayRest): Promise<BenchHost> {
  let written: { readonly port: 0 | 1; readonly bytes: string }[] = [];
  const portOf = (port: 0 | 1) =>
    new ChannelPort(`the port of board ${port + 1}`, (bytes) => {
      written.push({ port, bytes: Buffer.from(bytes).toString('base64') });
    });
  const ports = [portOf(0), portOf(1)] as const;
  // Its inputs come with the ticks, in their order.
  const io = new BenchIo({ send: (message) => channel.send?.(message), on: () => undefined });
  const onEvent = (event: WorldEvent): void => {
    if ('input' in event) io.setInput(event.input, event.value);
    else if ('plugged' in event) ports[event.port].plugged(event.plugged);
    else ports[event.port].receive(Buffer.from(event.bytes, 'base64'));
  };
  const takeWritten = () => {
    const taken = written;
    written = [];
    return taken;
  };
  const threads = new ThreadWork();
  const sockets = new AcceptedSockets();
  const clock = await LockstepClock.connect(channel, {
    ...{ sockets, threads, onEvent, takeWritten, isInPhase: rest.isInPhase },
    // What the ledger owes is counted exactly, by `threads`.
    isAtRest: rest.isThirdCopyAtRest,
  });
  const openSession = async (_board: BoardConfig, port: 0 | 1, dialect: Dialect) =>
    framesOf(ports[port].open(), dialect.maxFrameBytes, dialect.cut);
  const close = (): void => {
    sockets.close();
    clock.close();
  };
  return { clock, io, threads, openSession, close };
}
