import type { Config } from '../../../config/config.js';
import type { WireEnd } from '../netlist.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { lineEnd } from './line-end.js';

const DEAD_MAN = 'dead-man';

/** The circuit that takes coils their supply when its line stands still. */
export function addDeadMan(builder: NetlistBuilder, config: Config): void {
  const { deadMan } = config.relay;
  if (deadMan === null) return;
  builder.part({
    id: DEAD_MAN,
    kind: 'stage',
    title: 'Dead-man circuit',
    note: 'charge pump and relay KD',
    column: 2,
    terminals: [
      { id: 'out', label: '+5 V out', side: 'left' },
      { id: 'in', label: 'IN', side: 'right' },
      { id: 'supply', label: '+5 V', side: 'right' },
      { id: 'gnd', label: 'GND', side: 'right' },
    ],
  });
  builder.detail('dead-man');
  builder.fiveVolts(`${DEAD_MAN}.supply`);
  builder.ground(`${DEAD_MAN}.gnd`);
  builder.wire(
    lineEnd(builder, deadMan.pin),
    `${DEAD_MAN}.in`,
    'control',
    `${deadMan.pin}: toggles while the gateway lives`,
  );
}

/** True when the coil that hands over falls to rest with the gateway, not only what cuts off. */
export function deadManReleases({ relay, stop }: Config): boolean {
  return relay.onGatewayDeath === 'release' || (relay.holdOff !== 'series-relay' && stop.means !== 'cut-off');
}

/** 5 V for a coil: from the dead-man circuit where there is one, else from the rail. */
export function coilSupply(builder: NetlistBuilder, config: Config, to: string | WireEnd, always: boolean): void {
  if (config.relay.deadMan === null || always) builder.fiveVolts(to);
  else builder.wire(`${DEAD_MAN}.out`, to, '5 V', 'only while the gateway lives');
}
