import { checkConfig } from '../config/checks/check-config.js';
import { checkNotify } from '../config/checks/check-notify.js';
import { type Finding, inWeight } from '../config/checks/finding.js';
import { checkAbilities } from '../config/checks/unmodified/check-abilities.js';
import type { Config } from '../config/config.js';
import { dialectOf } from './board-dialect.js';
import { checkGatewayDeath } from './lines/check-gateway-death.js';

/** All that is to be said of a configuration that can be read, on this machine: gravest first. */
export function findingsOf(config: Config): readonly Finding[] {
  const found = [
    ...checkConfig(config),
    ...checkAbilities(config, dialectOf(config).wire.abilities),
    ...checkNotify(config),
    ...checkGatewayDeath(config),
  ];
  return inWeight(found);
}
