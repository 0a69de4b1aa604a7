import type { Config } from '../../../config/config.js';
import { channelsOf, drivesLoad, outputOf } from '../channels.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { boardPart } from './add-boards.js';
import { addLoad } from './add-load.js';

/** What stands where others have a relay: a word that there is nothing to wire, or what joins the outputs of the boards. */
export function addWithoutRelay(builder: NetlistBuilder, config: Config): void {
  if (config.relay.kind === 'emulated') {
    builder.part({
      id: 'relay-1',
      kind: 'relay',
      title: 'Relay: EMULATED',
      note: 'only in the gateway: nothing to wire',
      column: 1,
      terminals: [],
    });
  }
  if (!drivesLoad(config)) return;
  for (let channel = 0; channel < channelsOf(config); channel++) addDiodes(builder, config, channel);
  addLoad(builder, config, (channel) => config.boards.map(({ board }) => `${diodePart(channel, board)}.k`));
}

/** R13: the pins of a board in RESET float; behind its diode nobody feels them, nor that it is low while the other is high. */
function addDiodes(builder: NetlistBuilder, config: Config, channel: number): void {
  const output = outputOf(config, channel).toLowerCase();
  for (const [index, { board }] of config.boards.entries()) {
    const id = diodePart(channel, board);
    builder.part({
      id,
      kind: 'stage',
      title: `Diode of ${board}${channelsOf(config) === 1 ? '' : `, channel ${channel + 1}`}`,
      note: 'Schottky, such as BAT85: ring at K',
      column: 1,
      terminals: [
        { id: 'a', label: 'A', side: 'left' },
        { id: 'k', label: 'K', side: 'left' },
      ],
    });
    builder.wire(`${boardPart(board)}.${output}`, `${id}.a`, index === 0 ? 'output-first' : 'output-second');
  }
}

function diodePart(channel: number, board: string): string {
  return `diode-${channel + 1}-${board}`;
}
