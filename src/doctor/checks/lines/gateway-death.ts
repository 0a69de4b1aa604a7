import { holdsOffWithoutPower } from '../../../config/checks/check-config.js';
import type { Config } from '../../../config/config.js';
import { instanceName } from '../../../config/instance-name.js';
import { relayAfterDeath } from '../../../hardware/host/relay-after-death.js';
import { type DoctorFinding, mend, note, right } from '../../doctor-finding.js';
import { linesOf } from '../../machine/gpio-lines.js';
import type { Machine } from '../../machine/machine.js';
import { pairDropIn } from '../../machine/service-user.js';

const ABOUT = 'relay without a gateway';

/** Whether the relay does what on-gateway-death says when the gateway is gone. */
export function checkGatewayDeath(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  if (config === null) return [];
  const { relay, gpioChip } = config;
  if (relay.kind === 'emulated') return [note('relay', 'EMULATED: it exists only in the gateway; nothing is switched')];
  if (relay.kind === 'none') return [withoutRelay(config)];
  if (linesOf(config).length === 0) return [];
  if (relay.pins.length === 0 && Object.keys(relay.pinsOf).length === 0) return [];
  const root = (path: string): string | null => machine.readFile(path);
  const will = relayAfterDeath({ relay, chip: gpioChip, isHeldOff: holdsOffWithoutPower(config), root });
  const { wanted, evidence, change, verdict } = will;
  const said = `on-gateway-death: ${wanted}${will.isDefault ? ' (not said: where it can be had)' : ''}`;
  const falls = `${said}, but the relay falls to rest when the gateway is gone (${evidence})`;
  const keeps = `${said}, but the kernel keeps the last level of a line whose gateway is gone (${evidence})`;
  const holding = change ?? 'use a latching relay, or say on-gateway-death: release';
  switch (verdict) {
    case 'kept':
      return [right(ABOUT, `${said}, and so it is: ${evidence}`)];
    case 'harmless':
      return [right(ABOUT, `${falls}; a board that is locked out is held off all the same`)];
    case 'unknown': {
      const found = `${said}; what becomes of the line is not known: ${evidence}`;
      return [note(ABOUT, found, 'try it: end the gateway with kill -9')];
    }
    case 'by-service': {
      const fix = change ?? 'use a dead-man drive (relay: dead-man)';
      const unit = machine.readFile(pairDropIn(instanceName(config.name))) ?? '';
      if (unit.includes('\nExecStopPost='))
        return [note(ABOUT, `${keeps}; the service releases it, unless the machine hangs as a whole`, fix)];
      return [mend(ABOUT, keeps, `${fix}; or let the service release it: copycat service install`)];
    }
    case 'covered':
      return [note(ABOUT, falls, holding)];
    case 'broken':
      if (wanted === 'hold') return [mend(ABOUT, falls, holding)];
      return [
        mend(
          ABOUT,
          `${said}, but the relay stays where it is when the gateway is gone (${evidence})`,
          'use a dead-man drive (relay: dead-man), or say on-gateway-death: hold',
        ),
      ];
  }
}

/** R13: RESET outside lives no longer than its line. */
function withoutRelay({ switchesNothing }: Config): DoctorFinding {
  if (switchesNothing) return right('relay', 'none, and none is needed: no actuator is switched (outputs: none)');
  return note(
    'relay',
    'none: a board that is out of the pair is held in RESET, for as long as the gateway has power and its lines',
    'keep the transistors of RESET switched on by something that outlives the gateway, or use a latching relay',
  );
}
