import type { Config } from '../../../config/config.js';
import { channelsOf, outputOf } from '../channels.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { boardPart } from './add-boards.js';
import { addDivider } from './add-feedbacks.js';
import { FIRMATA } from './add-host.js';
import { addLoad } from './add-load.js';
import { addResistor } from './add-resistor.js';
import { isFirmataLine, lineEnd } from './line-end.js';

/**
 * 74HCT157, one for each select line: at 5 V it takes 2.0 V for high (HCT), so that a 3.3 V line can select. Its fourth
 * channel tells where it stands: 4A is at ground and 4B at 5 V, so that 4Y is high with the second choice.
 */
export function addMultiplexer(builder: NetlistBuilder, config: Config): void {
  const { relay, boards } = config;
  const rest = boards.find(({ board }) => board === relay.atRest) ?? boards[0];
  const other = rest === boards[0] ? boards[1] : boards[0];
  // The choice that a low line makes is A; a line that is active low is high at rest.
  const [onA, onB] = relay.activeLow ? [other, rest] : [rest, other];
  const channels = channelsOf(config);
  for (let channel = 0; channel < channels; channel++) {
    const id = mux(channel);
    const feedback = relay.feedbacks[channel];
    builder.part({
      id,
      kind: 'chip',
      title: `Multiplexer U${channel + 1}`,
      note: '74HCT157; 100 nF from 16 to 8; G (15) and unused inputs to GND',
      column: 1,
      terminals: [
        { id: 'a', label: `2 1A: ${onA.board}`, side: 'left' },
        { id: 'b', label: `3 1B: ${onB.board}`, side: 'left' },
        { id: 'y', label: '4 1Y', side: 'left' },
        { id: 'select', label: 'S 1', side: 'right' },
        { id: 'vcc', label: 'VCC 16', side: 'right' },
        { id: 'gnd', label: 'GND 8', side: 'right' },
        { id: 'enable', label: 'G 15', side: 'right' },
        ...(feedback === undefined
          ? []
          : [
              { id: 'a4', label: '4A 14', side: 'right' as const },
              { id: 'b4', label: '4B 13', side: 'right' as const },
              { id: 'y4', label: '4Y 12', side: 'right' as const },
            ]),
      ],
    });
    builder.fiveVolts(`${id}.vcc`);
    builder.ground(`${id}.gnd`);
    builder.ground(`${id}.enable`, 'enabled');
    const output = outputOf(config, channel).toLowerCase();
    for (const [input, { board }] of [['a', onA] as const, ['b', onB] as const]) {
      const meaning = board === boards[0].board ? 'output-first' : 'output-second';
      builder.wire(`${boardPart(board)}.${output}`, `${id}.${input}`, meaning);
    }
    const line = relay.pins[channel] ?? 'emulated';
    builder.wire(lineEnd(builder, line), `${id}.select`, 'control', `${line}: high selects ${onB.board}`);
    const pull = addResistor(builder, `pull-select-${channel + 1}`, `pull-${relay.activeLow ? 'up' : 'down'} 10 kΩ`, 2);
    builder.wire(pull.one, `${id}.select`, 'control', `selects ${rest.board} while the line is free`);
    if (relay.activeLow) builder.threeVolts(pull.two);
    else builder.ground(pull.two);
    if (feedback !== undefined) addFeedback(builder, id, feedback, channel);
  }
  addLoad(builder, config, (channel) => [`${mux(channel)}.y`]);
}

function addFeedback(builder: NetlistBuilder, id: string, line: string, channel: number): void {
  builder.ground(`${id}.a4`);
  builder.fiveVolts(`${id}.b4`);
  const end = lineEnd(builder, line);
  if (isFirmataLine(line) && builder.has(FIRMATA, 'usb'))
    builder.wire(`${id}.y4`, end, 'feedback', `${line}: a 5 V level`);
  else addDivider(builder, `divider-${channel + 1}`, `${id}.y4`, end, line);
}

function mux(channel: number): string {
  return `mux-${channel + 1}`;
}
