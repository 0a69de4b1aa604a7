import type { Config } from '../../../config/config.js';
import { type LineAfterDeath, lineAfterDeath } from '../../../hardware/host/line-after-death.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { linesOf } from '../../machine/gpio-lines.js';
import type { Machine } from '../../machine/machine.js';
import { instanceName, pairDropIn } from '../../machine/service-user.js';

const ABOUT = 'relay without a gateway';

/** Whether the kernel leaves the relay as on-gateway-death says when the gateway is gone. */
export function checkGatewayDeath(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null || linesOf(config).length === 0) return [];
  const { relay, gpioChip } = config;
  const [line] = [...relay.pins, ...Object.values(relay.pinsOf).flat()];
  if (line === undefined) return [];
  if (relay.kind === 'latching') return [right(ABOUT, 'a latching relay stays where it is')];
  if (relay.deadMan !== null) return [right(ABOUT, 'the dead-man drive takes its supply away')];
  const wanted = relay.onGatewayDeath ?? 'hold';
  const said = `on-gateway-death: ${wanted}${relay.onGatewayDeath === null ? ' (not said: where it can be had)' : ''}`;
  const will = lineAfterDeath({ line, chip: gpioChip, root: (path) => machine.readFile(path) });
  if (will.answer === 'unknown') {
    return [
      note(
        ABOUT,
        `${said}; what becomes of the line is not known: ${will.evidence}`,
        'try it: end the gateway with kill -9',
      ),
    ];
  }
  if ((will.answer === 'held') === (wanted === 'hold'))
    return [right(ABOUT, `${said}, and so it is: ${will.evidence}`)];
  return [
    wanted === 'release' ? isHeld(machine, config, said, will) : isReleased(relay.onGatewayDeath === null, said, will),
  ];
}

function isHeld(machine: Machine, config: Config, said: string, { evidence, change }: LineAfterDeath): DoctorFinding {
  const unit = machine.readFile(pairDropIn(instanceName(config.name))) ?? '';
  const found = `${said}, but the kernel keeps the last level of a line whose gateway is gone (${evidence})`;
  const fix = change ?? 'use a dead-man drive (relay: dead-man)';
  if (unit.includes('\nExecStopPost='))
    return note(ABOUT, `${found}; the service releases it, unless the machine hangs as a whole`, fix);
  return mend(ABOUT, found, `${fix}; or let the service release it: copycat service install`);
}

function isReleased(isDefault: boolean, said: string, { evidence, change }: LineAfterDeath): DoctorFinding {
  const found = `${said}, but the relay falls to rest when the gateway is gone (${evidence})`;
  const fix = change ?? 'use a latching relay, or say on-gateway-death: release';
  return isDefault ? note(ABOUT, found, fix) : mend(ABOUT, found, fix);
}
