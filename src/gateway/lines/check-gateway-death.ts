import { holdsOffWithoutPower } from '../../config/checks/check-config.js';
import type { Finding } from '../../config/checks/finding.js';
import type { Config } from '../../config/config.js';
import { type LineAfterDeath, lineAfterDeath } from '../../hardware/host/line-after-death.js';
import { relayAfterDeath } from '../../hardware/host/relay-after-death.js';

/** What the relay, or RESET in its place, will do when the gateway dies, against what is wanted of it. `root`: where the kernel tells of itself. */
export function checkGatewayDeath(config: Config, root = '/'): readonly Finding[] {
  if (config.boards.some(({ port }) => port.type === 'emulated')) return [];
  const { relay, gpioChip } = config;
  // One that exists only in the gateway ends with it.
  if (relay.kind === 'emulated') return [];
  if (relay.kind === 'none') return config.switchesNothing ? [] : checkResets(config, root);
  const isHeldOff = holdsOffWithoutPower(config);
  const will = relayAfterDeath({ relay, chip: gpioChip, isHeldOff, root });
  const { wanted, evidence, verdict } = will;
  const found = (severity: Finding['severity'], message: string): Finding[] => [
    {
      ...{ severity, key: 'relay.on-gateway-death', message },
      remedy: wanted === 'hold' ? holdWays(will) : releaseWays(will),
    },
  ];
  const what = will.answer === 'held' ? 'stays where it is' : `falls to ${relay.atRest ?? 'rest'}`;
  const broken = `${wanted} cannot be kept: when the gateway dies the relay ${what} (${evidence})`;
  switch (verdict) {
    case 'kept':
    case 'harmless':
      return [];
    case 'unknown':
      if (will.isDefault) return [];
      return found('warning', `whether the relay will ${wanted} when the gateway dies is not known: ${evidence}`);
    case 'by-service':
      return found(
        'warning',
        `release is kept by the service alone (copycat service install): when the gateway dies the relay ${what} (${evidence})`,
      );
    case 'covered':
      return found('warning', broken);
    case 'broken':
      return found('error', broken);
  }
}

/** R13, R27: RESET in the place of a relay is no more than its line is. */
function checkResets({ boards, gpioChip }: Config, root: string): readonly Finding[] {
  return boards.flatMap(({ board, reset }) => {
    if (reset === null) return [];
    const { answer, evidence, change } = lineAfterDeath({ line: reset, chip: gpioChip, root });
    if (answer !== 'released') return [];
    return [
      {
        severity: 'warning',
        key: `boards.${board}.reset`,
        message: `when the gateway dies ${reset} is let go, and board ${board}, where it was held in RESET, runs again until a gateway is back: it begins anew, at its safe levels (${evidence})`,
        remedy: [...(change === null ? [] : [change]), 'or a relay that stays (kind: latching)'].join('; '),
      },
    ];
  });
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
