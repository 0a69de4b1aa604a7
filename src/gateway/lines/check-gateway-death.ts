import { holdsOffWithoutPower } from '../../config/checks/check-config.js';
import type { Finding } from '../../config/checks/finding.js';
import type { Config } from '../../config/config.js';
import { type LineAfterDeath, lineAfterDeath } from '../../hardware/host/line-after-death.js';

const KEY = 'relay.on-gateway-death';

/** What the relay will do when the gateway dies, against what is wanted of it. `root`: where the kernel tells of itself. */
export function checkGatewayDeath(config: Config, root = '/'): readonly Finding[] {
  if (config.boards.some(({ port }) => port.type === 'emulated')) return [];
  const { relay } = config;
  const wanted = relay.onGatewayDeath ?? (relay.deadMan === null ? 'hold' : 'release');
  const isDefault = relay.onGatewayDeath === null;
  const will = whatHappens(config, root);
  if (will.answer === (wanted === 'hold' ? 'held' : 'released')) return [];
  const doIt = wanted === 'hold' ? holdWays(will) : releaseWays(will);
  if (will.answer === 'unknown') {
    if (isDefault) return [];
    const message = `whether the relay will ${wanted} when the gateway dies is not known: ${will.evidence}`;
    return [{ severity: 'warning', key: KEY, message, remedy: doIt }];
  }
  const what = will.answer === 'held' ? 'stays where it is' : `falls to ${relay.atRest ?? 'rest'}`;
  if (wanted === 'release' && will.change !== null) {
    const message = `release is kept by the service alone (copycat service install): when the gateway dies the relay ${what} (${will.evidence})`;
    return [{ severity: 'warning', key: KEY, message, remedy: doIt }];
  }
  const message = `${wanted} cannot be kept: when the gateway dies the relay ${what} (${will.evidence})`;
  // A board that is locked out is held off by other means: then a relay that falls to rest does no harm.
  const isCovered = wanted === 'hold' && holdsOffWithoutPower(config);
  if (isDefault && isCovered) return [];
  return [{ severity: isDefault || isCovered ? 'warning' : 'error', key: KEY, message, remedy: doIt }];
}

/** Of the relay, not only of its line. */
function whatHappens({ relay, gpioChip }: Config, root: string): LineAfterDeath {
  if (relay.kind === 'latching' && relay.pins.length === 0) {
    return { answer: 'held', evidence: 'a latching relay needs no line to stay', change: null };
  }
  if (relay.deadMan !== null) {
    return { answer: 'released', evidence: 'the dead-man drive takes the supply of the relay away', change: null };
  }
  const lines = [...relay.pins, ...Object.values(relay.pinsOf).flat()];
  const answers = lines.map((line) => lineAfterDeath({ line, chip: gpioChip, root }));
  const [first] = answers;
  if (first === undefined) return { answer: 'unknown', evidence: 'no line is named', change: null };
  return answers.find(({ answer }) => answer !== first.answer) === undefined
    ? first
    : { answer: 'unknown', evidence: 'its lines do not all behave alike', change: null };
}

function holdWays({ change }: LineAfterDeath): string {
  return [
    ...(change === null ? [] : [change]),
    'a latching relay (kind: latching)',
    'or on-gateway-death: release, when falling to rest is what you want',
  ].join('; ');
}

function releaseWays({ change }: LineAfterDeath): string {
  return [
    ...(change === null ? [] : [`${change}, and a resistor that holds the relay's input off`]),
    'a dead-man drive (dead-man:)',
    'or on-gateway-death: hold, when staying is what you want',
  ].join('; ');
}
