import type { Config } from '../../config/config.js';
import { channelsOf, hasRelay } from './channels.js';
import type { Netlist } from './netlist.js';
import { NetlistBuilder } from './netlist-builder.js';
import { addBoards } from './parts/add-boards.js';
import { addHost } from './parts/add-host.js';
import { addLines } from './parts/add-lines.js';
import { addRelays } from './parts/add-relays.js';

const KINDS = {
  changeover: 'changeover relay',
  'two-relays': 'two relays',
  latching: 'latching relay',
  mux: 'logic multiplexer',
  emulated: 'relay EMULATED: nothing to wire',
  none: 'no relay',
} as const;

/** Every part and wire of the installation that a configuration describes, in the order in which a person wires. */
export function netlistOf(config: Config): Netlist {
  const builder = new NetlistBuilder();
  addHost(builder, config);
  addBoards(builder, config);
  addRelays(builder, config);
  addLines(builder, config);
  const [first, second] = config.boards;
  const channels = channelsOf(config);
  return builder.build(
    `Wiring of ${config.name}`,
    `boards ${first.board} (${first.kind}) and ${second.board} (${second.kind}), ${KINDS[config.relay.kind]}` +
      (channels === 1 ? '' : `, ${channels} channels that move together`) +
      (hasRelay(config) ? `, at rest: ${config.relay.atRest ?? 'none'}` : '') +
      (config.switchesNothing ? ', outputs: none' : ''),
  );
}
