import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { CopycatError } from '../errors/copycat-error.js';
import { MAX_INPUT_PAYLOAD_BYTES } from '../link/wire-message.js';
import { manyUpstreams } from '../upstream/many-upstreams.js';
import { createTcpUpstream } from '../upstream/tcp-upstream.js';
import { createTickUpstream } from '../upstream/tick-upstream.js';
import type { Upstream } from '../upstream/upstream.js';

/** Every place that inputs come from, as one. */
export function createUpstream(config: Config, clock: Clock): Upstream {
  // R6: one client alone is not refused but not read from. What is answered still counts until the board has acted.
  const maxUnanswered = Math.max(1, config.maxPending - config.maxWindow);
  return manyUpstreams(
    config.inputs.map((input) => {
      switch (input.type) {
        case 'tcp':
          return createTcpUpstream({
            host: input.host,
            port: input.port,
            maxPayloadBytes: MAX_INPUT_PAYLOAD_BYTES,
            maxUnanswered,
          });
        case 'ticks':
          return createTickUpstream({ everyUs: input.everyUs, clock });
        default:
          throw new CopycatError('UPSTREAM_UNAVAILABLE', `this version cannot read a ${input.type} yet`);
      }
    }),
  );
}
