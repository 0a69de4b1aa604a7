import type { FeedbackDetailName } from '../../netlist/netlist.js';
import type { Detail } from './detail.js';
import type { Schematic } from './schematic.js';

const TITLE = 'Second pole: where is the contact?';
const ONE_ARMATURE = 'Both poles are moved by one armature. Pole 2 has nothing but';

/** How a second pole is read (R13), by what it switches to its line. */
export const FEEDBACK_DETAILS: Readonly<Record<FeedbackDetailName, Detail>> = {
  'feedback-pole': {
    title: TITLE,
    text: `${ONE_ARMATURE} 3.3 V from the Pi and the line that reads it: never 5 V at a pin of the Pi.`,
    draw: (sheet) => resistorBelow(secondPole(sheet, '3.3 V of the Pi')).ground(85, 148),
  },
  'feedback-pole-board': {
    title: TITLE,
    text: `${ONE_ARMATURE} 5 V of the Firmata board and its pin that reads it: never a pin of the Pi.`,
    draw: (sheet) => resistorBelow(secondPole(sheet, '5 V of its board')).ground(85, 148),
  },
  'feedback-pole-low': {
    title: TITLE,
    text: `${ONE_ARMATURE} ground and the line that reads it, which a resistor holds high: low is closed.`,
    draw: (sheet) =>
      resistorBelow(secondPole(sheet, 'GND')).end('3.3 V of the Pi (5 V of a Firmata board)', 85, 151, 'right'),
  },
  'feedback-pole-divided': {
    title: TITLE,
    text: `${ONE_ARMATURE} 5 V and the divider: never 5 V at a pin of the Pi.`,
    draw: (sheet) => secondPole(sheet, '5 V', 'divider'),
  },
  divider: {
    title: 'Divider: 5 V become 3.3 V',
    text: '10 kΩ and 20 kΩ (two of 10 kΩ in a row) leave two thirds. With nothing at its input it pulls the line down.',
    draw: (sheet) =>
      sheet
        .end('5 V in', 100, 50, 'left')
        .wire([103, 50], [130, 50])
        .resistor(130, 50, '10 kΩ')
        .wire([170, 50], [280, 50])
        .dot(210, 50)
        .end('3.3 V out', 283, 50, 'right')
        .wire([210, 50], [210, 70])
        .uprightResistor(210, 70, '20 kΩ')
        .wire([210, 110], [210, 125])
        .ground(210, 125),
  },
};

function secondPole(sheet: Schematic, closed: string, line = 'line'): Schematic {
  return sheet
    .end('COM', 60, 30, 'left')
    .wire([63, 30], [117, 30])
    .changeover(120, 30)
    .wire([167, 16], [230, 16])
    .wire([167, 44], [230, 44])
    .text('NC: board at rest', 236, 20)
    .text('NO: other board', 236, 48)
    .dashes([140, 28], [140, 86])
    .end(line, 60, 92, 'left')
    .wire([63, 92], [117, 92])
    .changeover(120, 92)
    .text('NC: free', 174, 82, { colour: '#555' })
    .wire([167, 106], [230, 106])
    .text(`NO: ${closed}`, 236, 110);
}

function resistorBelow(sheet: Schematic): Schematic {
  return sheet.dot(85, 92).wire([85, 92], [85, 100]).uprightResistor(85, 100, '10 kΩ').wire([85, 140], [85, 148]);
}
