import { randomUUID } from 'node:crypto';
import type { Config, InputConfig } from '../../config/config.js';
import { openReadings } from '../../hardware/lines/readings.js';
import { addressText } from '../../private-files/listen-at.js';
import { IntakeTurns } from '../../upstream/intake-turns.js';
import { manyUpstreams } from '../../upstream/many-upstreams.js';
import { PersistentUpstream } from '../../upstream/persistent-upstream.js';
import { createReadingUpstream } from '../../upstream/reading-upstream.js';
import { createTickUpstream } from '../../upstream/tick-upstream.js';
import type { LinkNews } from '../../upstream/transport/pseudo-terminal/pty-transport.js';
import type { Upstream } from '../../upstream/upstream.js';
import type { GatewayParts } from '../parts.js';
import { listeningUpstream } from './listening-upstream.js';
import { inputPortName } from './open-input-port.js';

export interface Inputs {
  /** Every place that inputs come from, as one. Its `start` never rejects. */
  readonly upstream: Upstream;
  /** What keeps some of them from taking anything in, in sentences. */
  readonly trouble: readonly string[];
}

/** Every configured input; one that cannot begin is tried again for ever while the others are served. */
export function createInputs(
  config: Config,
  parts: GatewayParts,
  maxPayloadBytes: number,
  banner: () => Uint8Array | null,
): Inputs {
  const { clock, log } = parts;
  const onTrouble = (input: string, trouble: string | null): void => {
    if (trouble === null) log.info({ input }, 'an input is taken in after all');
    else log.warn({ input, trouble }, 'nothing comes in from an input; it is tried again for ever');
  };
  /** By the name of the input whose link it is. */
  const linkTroubles = new Map<string, string>();
  const onLink = (input: string, news: LinkNews): void => {
    if ('put' in news) return log.warn({ input }, 'somebody had removed the link of an input; it was put back');
    onTrouble(input, news.trouble);
    if (news.trouble === null) linkTroubles.delete(input);
    else linkTroubles.set(input, news.trouble);
  };
  const turns = new IntakeTurns({ ...placesOf(config), clock });
  const upstreams = config.inputs.map((input, channel) => {
    const upstream = createUpstream(input, channel, config, { turns, parts, maxPayloadBytes, banner, onLink });
    return new PersistentUpstream(upstream, { name: nameOf(input), clock, onTrouble });
  });
  return {
    upstream: manyUpstreams(upstreams),
    get trouble() {
      const troubles = [...upstreams.map(({ trouble }) => trouble), ...linkTroubles.values()];
      return troubles.flatMap((trouble) =>
        trouble === null ? [] : [`nothing comes in: ${trouble}; it is tried again for ever`],
      );
    },
  };
}

interface UpstreamParts {
  readonly turns: IntakeTurns;
  readonly parts: GatewayParts;
  /** Of an input, by the boards' protocol. */
  readonly maxPayloadBytes: number;
  readonly banner: () => Uint8Array | null;
  readonly onLink: (input: string, news: LinkNews) => void;
}

function createUpstream(
  input: InputConfig,
  channel: number,
  config: Config,
  { turns, parts, maxPayloadBytes, banner, onLink }: UpstreamParts,
): Upstream {
  if ('access' in input) {
    const ofLink = (news: LinkNews): void => onLink(nameOf(input), news);
    return listeningUpstream(input, config, { clock: parts.clock, turns, maxPayloadBytes, banner, onLink: ofLink });
  }
  return input.type === 'ticks'
    ? createTickUpstream({ everyUs: input.everyUs, clock: parts.clock })
    : readingUpstream(input, channel, parts);
}

function nameOf(input: InputConfig): string {
  switch (input.type) {
    case 'tcp':
    case 'unix':
      return addressText(input);
    case 'pty':
      return `pty:${input.path}`;
    case 'serial':
      return `serial:${inputPortName(input.port)}`;
    case 'ticks':
      return 'ticks';
    default:
      return `${input.type} ${input.pin}`;
  }
}

/**
 * R6: clients are not refused but not read. What is answered still counts until the board has acted, and each reading and
 * the ticks have a place of their own. R32: among several clients nobody waits behind more than keeps the boards busy.
 */
function placesOf({ inputs, maxPending, maxWindow }: Config): { places: number; crowdedPlaces: number } {
  const others = inputs.filter((input) => !('access' in input)).length;
  const places = Math.max(1, maxPending - maxWindow - others);
  return { places, crowdedPlaces: Math.min(places, 2 * maxWindow) };
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
