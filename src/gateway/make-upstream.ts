import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { manyUpstreams } from '../upstream/many-upstreams.js';
import { TcpUpstream } from '../upstream/tcp-upstream.js';
import { TickUpstream } from '../upstream/tick-upstream.js';
import type { Upstream } from '../upstream/upstream.js';

/** Every place that inputs come from, as one. */
export function createUpstream(config: Config, clock: Clock): Upstream {
  return manyUpstreams(
    config.inputs.map((input) =>
      input.type === 'tcp'
        ? new TcpUpstream({ host: input.host, port: input.port })
        : new TickUpstream({ everyUs: input.everyUs, clock }),
    ),
  );
}
