import type { Config } from '../../../config/config.js';
import { voltsOf } from '../board-pins.js';
import { channelsOf } from '../channels.js';
import { GROUND_RAIL } from '../netlist.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { addCoil } from './add-coil.js';
import { coilSupply } from './add-dead-man.js';
import { addResistor } from './add-resistor.js';

const LOAD = 'load';
export const LOAD_SUPPLY = 'supply-load';

/** The actuator with its supply; `sources`: the terminals that drive a channel, the last of them next to the actuator. */
export function addLoad(
  builder: NetlistBuilder,
  config: Config,
  sources: (channel: number) => readonly string[],
): void {
  const channels = channelsOf(config);
  const inputs = Array.from({ length: channels }, (_, channel) => ({
    id: `in${channel + 1}`,
    label: channels === 1 ? 'IN' : `IN ${channel + 1}`,
    side: 'left' as const,
  }));
  builder.part({
    id: LOAD,
    kind: 'load',
    title: `Driver of the ${config.wiring.actuator}`,
    note: `MOSFET module, SSR or the like: ${levelText(config)}`,
    column: 1,
    terminals: [...inputs, { id: 'plus', label: '+', side: 'right' }, { id: 'gnd', label: 'GND', side: 'right' }],
  });
  for (let channel = 0; channel < channels; channel++) {
    const chain = [...sources(channel), `${LOAD}.in${channel + 1}`];
    for (const [index, from] of chain.slice(0, -1).entries()) builder.wire(from, chain[index + 1] ?? '', 'actuator');
    const { one, two } = addResistor(builder, `pull-down-${channel + 1}`, 'pull-down 10 kΩ', 1);
    builder.wire(one, `${LOAD}.in${channel + 1}`, 'actuator', 'off while no board drives');
    builder.ground(two);
  }
  builder.detail('pull-down');
  builder.part({
    id: LOAD_SUPPLY,
    kind: 'supply',
    title: `Supply of the ${config.wiring.actuator}`,
    note: 'its own: switching must not pull down the Pi',
    column: 2,
    terminals: [
      { id: 'plus', label: '+', side: 'left' },
      { id: 'minus', label: '−', side: 'left' },
    ],
  });
  addCuts(builder, config);
  if (config.wiring.commonGround) builder.wire(`${LOAD}.gnd`, `${GROUND_RAIL}.any`, 'ground', 'level of the boards');
  builder.wire(`${LOAD_SUPPLY}.minus`, `${LOAD}.gnd`, 'ground', 'as thick as the current wants it');
}

/** What stands between the supply and the actuator: the series relay, the cut-off relay, both or nothing. */
function addCuts(builder: NetlistBuilder, config: Config): void {
  const chain = [`${LOAD_SUPPLY}.plus`];
  if (config.relay.holdOff === 'series-relay' && config.stop.means !== 'cut-off') {
    addCutRelay(builder, 'series', 'Series relay KS', 'open without power of the gateway');
    builder.terminal('series', { id: 'plus', label: 'coil +', side: 'right' });
    builder.terminal('series', { id: 'minus', label: 'coil −', side: 'right' });
    coilSupply(builder, config, 'series.plus', false);
    builder.ground('series.minus');
    builder.detail('suppression');
    chain.push('series.no', 'series.com');
  }
  if (config.stop.means === 'cut-off') {
    addCutRelay(builder, 'cut-off', 'Cut-off relay KX', 'closed while the pair may drive');
    addCoil(builder, config, { relay: 'cut-off', coil: '', line: config.stop.pin, title: 'KX' });
    chain.push('cut-off.no', 'cut-off.com');
  }
  chain.push(`${LOAD}.plus`);
  for (let index = 0; index < chain.length; index += 2) {
    builder.wire(chain[index] ?? '', chain[index + 1] ?? '', 'supply', 'as thick as the current wants it');
  }
}

function addCutRelay(builder: NetlistBuilder, id: string, title: string, note: string): void {
  builder.part({
    id,
    kind: 'relay',
    title,
    note: `${note}; contact for the actuator's current`,
    column: 1,
    terminals: [
      { id: 'no', label: 'NO', side: 'right' },
      { id: 'com', label: 'COM', side: 'right' },
    ],
  });
}

/** What comes from the boards' outputs. A process is drawn as if it were an Uno. */
function levelText({ boards }: Config): string {
  if (boards.some(({ facts }) => facts.supply === undefined))
    return "takes the level of the boards' pins, which is not known";
  return `takes a ${Math.min(...boards.map(({ facts }) => voltsOf(facts) ?? 5))} V level`;
}
