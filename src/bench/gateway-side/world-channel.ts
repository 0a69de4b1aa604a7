import type { FromGateway } from '../world/gateway-channel.js';

/** The gateway's end of the channel to the world: `process` of a forked child has it. */
export interface WorldChannel {
  send?(message: FromGateway): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}
