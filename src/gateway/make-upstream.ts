import { randomUUID } from 'node:crypto';
import type { Config, InputConfig } from '../config/config.js';
import { openReadings } from '../hardware/readings.js';
import { MAX_INPUT_PAYLOAD_BYTES } from '../link/wire-message.js';
import { manyUpstreams } from '../upstream/many-upstreams.js';
import { createReadingUpstream } from '../upstream/reading-upstream.js';
import { createTcpUpstream } from '../upstream/tcp-upstream.js';
import { createTickUpstream } from '../upstream/tick-upstream.js';
import type { Upstream } from '../upstream/upstream.js';
import type { GatewayParts } from './parts.js';

/** Every place that inputs come from, as one. */
export function createUpstream(config: Config, parts: GatewayParts): Upstream {
  const { clock } = parts;
  // R6: one client alone is not refused but not read from. What is answered still counts until the board has acted.
  const maxUnanswered = Math.max(1, config.maxPending - config.maxWindow);
  return manyUpstreams(
    config.inputs.map((input, channel) => {
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
          return readingUpstream(input, channel, parts);
      }
    }),
  );
}

function readingUpstream(
  input: Extract<InputConfig, { pin: string }>,
  channel: number,
  { lines, clock, log }: GatewayParts,
): Upstream {
  return createReadingUpstream({
    name: `${input.type} ${input.pin}`,
    channel,
    // A press is a press; of a temperature only the newest counts.
    keeps: input.type === 'button' ? 'every' : 'latest',
    open: () => openReadings(lines, input, clock),
    onTrouble: (name, trouble) => {
      if (trouble === null) log.info({ input: name }, 'an input is read again');
      else log.warn({ input: name, trouble }, 'an input gives no values');
    },
    clock,
    runId: randomUUID(),
  });
}
