import type { DetailName } from '../../netlist/netlist.js';
import type { Detail } from './detail.js';
import { FEEDBACK_DETAILS } from './feedback-details.js';
import { Schematic } from './schematic.js';

/** The circuits that the blocks of a drawing stand for, 380 by 170 each. Values: docs/wiring.md says where they come from. */
export const DETAILS: Readonly<Record<DetailName, Detail>> = {
  'relay-driver': {
    title: 'Driver of a relay',
    text: 'The diode takes the voltage of the coil when it is switched off: its ring is at K+. The 10 kΩ keep the relay at rest while the Pi boots.',
    draw: (sheet) =>
      sheet
        .end('IN', 50, 105, 'left')
        .wire([53, 105], [75, 105])
        .resistor(75, 105, '1 kΩ')
        .wire([115, 105], [170, 105])
        .dot(140, 105)
        .wire([140, 105], [140, 112])
        .uprightResistor(140, 112, '')
        .text('10 kΩ', 129, 136, { anchor: 'end' })
        .wire([140, 152], [140, 158])
        .ground(140, 158)
        .npn(170, 105, 'BC337 or 2N2222')
        .wire([194, 129], [194, 158])
        .ground(194, 158)
        .wire([194, 81], [194, 72], [300, 72])
        .dot(230, 72)
        .wire([230, 72], [230, 62])
        .diode(230, 50, 'up', '')
        .text('1N4148', 216, 54, { anchor: 'end' })
        .wire([230, 38], [230, 26])
        .dot(230, 26)
        .wire([194, 26], [300, 26])
        .end('+5 V', 194, 26, 'left')
        .end('K+', 300, 26, 'right')
        .end('K−', 300, 72, 'right')
        .dashes([322, 34], [322, 40])
        .coil(322, 49, 'K')
        .dashes([322, 61], [322, 64]),
  },
  'bare-coil': {
    title: 'A coil at a pin: never',
    text: 'A coil wants 30 to 70 mA and throws back more than 50 V; a pin gives 16 mA at most. Use a driver (relay-module: transistor).',
    draw: (sheet) =>
      sheet
        .end('GPIO', 90, 50, 'left')
        .wire([93, 50], [200, 50], [200, 72])
        .coil(200, 84, 'K')
        .wire([200, 96], [200, 130])
        .ground(200, 130)
        .cross(110, 20, 180, 130),
  },
  'opto-module': {
    title: 'Module with opto-coupler',
    text: 'Take the JD-VCC jumper off. VCC at 3.3 V: a high line takes all current from the LED. At 5 V it would keep 1.7 V, and the relay may never let go.',
    draw: (sheet) =>
      sheet
        .box(90, 8, 200, 150)
        .end('VCC 3.3 V', 90, 40, 'left')
        .wire([93, 40], [105, 40])
        .resistor(105, 40, '1 kΩ')
        .wire([145, 40], [170, 40], [170, 60])
        .diode(170, 72, 'down', 'opto')
        .wire([170, 84], [170, 92])
        .diode(170, 104, 'down', 'LED')
        .wire([170, 116], [170, 135], [93, 135])
        .end('IN (GPIO)', 90, 135, 'left')
        .end('JD-VCC 5 V', 290, 40, 'right')
        .wire([287, 40], [255, 40], [255, 68])
        .coil(255, 80, 'K')
        .wire([255, 92], [255, 110], [287, 110])
        .text('(transistor)', 284, 125, { anchor: 'end', size: 10 })
        .end('GND', 290, 110, 'right'),
  },
  ...FEEDBACK_DETAILS,
  'pull-down': {
    title: 'Resistor at the actuator',
    text: 'A contact in flight, a board in RESET and a board without program drive nothing: 10 kΩ hold the input at its safe level (here low).',
    draw: (sheet) =>
      sheet
        .text('output of one board', 150, 40, { anchor: 'end' })
        .text('output of the other', 150, 88, { anchor: 'end' })
        .wire([155, 36], [176, 46])
        .wire([155, 84], [176, 74])
        .text('contact', 180, 64)
        .wire([226, 60], [320, 60])
        .dot(270, 60)
        .wire([270, 60], [270, 80])
        .uprightResistor(270, 80, '10 kΩ')
        .wire([270, 120], [270, 130])
        .ground(270, 130)
        .end('IN', 323, 60, 'right'),
  },
  'reset-transistor': {
    title: 'RESET through a transistor',
    text: 'RESET is pulled up to 5 V inside the board: a transistor keeps that away from the Pi. High at IN holds the board in RESET.',
    draw: (sheet) =>
      sheet
        .end('IN', 60, 90, 'left')
        .wire([63, 90], [80, 90])
        .resistor(80, 90, '4.7 kΩ')
        .wire([120, 90], [180, 90])
        .dot(150, 90)
        .wire([150, 90], [150, 97])
        .uprightResistor(150, 97, '')
        .text('10 kΩ', 139, 121, { anchor: 'end' })
        .wire([150, 137], [150, 143])
        .ground(150, 143)
        .npn(180, 90, 'BC547 or 2N3904')
        .wire([204, 114], [204, 143])
        .ground(204, 143)
        .wire([204, 66], [204, 40], [260, 40])
        .end('OUT (RESET)', 263, 40, 'right'),
  },
  'reset-latch': {
    title: 'RESET that outlives the gateway',
    text: 'SET for over a second closes KL, which then holds itself: pulses of 0.1 s pass it by. Only the button lets go. KL wants a diode as K does.',
    draw: (sheet) =>
      sheet
        .end('SET', 40, 120, 'left')
        .wire([43, 120], [52, 120])
        .resistor(52, 120, '100 kΩ')
        .wire([92, 120], [130, 120])
        .dot(112, 120)
        .wire([112, 120], [112, 132])
        .capacitor(112, 138, '')
        .text('22 µF', 96, 143, { anchor: 'end' })
        .wire([112, 144], [112, 150])
        .ground(112, 150)
        .npn(130, 120, '')
        .text('BC517', 162, 132)
        .wire([154, 144], [154, 152])
        .ground(154, 152)
        .wire([154, 96], [154, 82])
        .coil(154, 70, 'KL')
        .wire([154, 58], [154, 46], [116, 46])
        .contact(72, 46, true)
        .text('button', 94, 34, { anchor: 'middle' })
        .wire([69, 46], [52, 46])
        .end('+5 V', 48, 46, 'left')
        .dot(154, 90)
        .wire([154, 90], [215, 90])
        .contact(218, 90, false)
        .text('KL: holds itself', 268, 80, { size: 11 })
        .wire([265, 90], [275, 90])
        .ground(275, 90)
        .wire([190, 46], [215, 46])
        .contact(218, 46, false)
        .text('KL: to RESET', 240, 26, { anchor: 'middle', size: 11 })
        .end('OUT', 190, 46, 'above')
        .wire([265, 46], [275, 46])
        .ground(275, 46),
  },
  'alarm-driver': {
    title: 'Driver of a lamp or horn',
    text: 'As for a relay. Anything that has a coil (most horns) wants the diode too. IN high is alarm.',
    draw: (sheet) =>
      sheet
        .end('IN', 70, 105, 'left')
        .wire([73, 105], [85, 105])
        .resistor(85, 105, '1 kΩ')
        .wire([125, 105], [180, 105])
        .dot(150, 105)
        .wire([150, 105], [150, 112])
        .uprightResistor(150, 112, '')
        .text('10 kΩ', 139, 136, { anchor: 'end' })
        .wire([150, 152], [150, 156])
        .ground(150, 156)
        .npn(180, 105, 'BC337 or 2N2222')
        .wire([204, 129], [204, 156])
        .ground(204, 156)
        .wire([204, 81], [204, 70])
        .lamp(204, 57)
        .text('+ at 5 V, − at OUT', 224, 61)
        .wire([204, 44], [204, 30])
        .supply(204, 30, '+5 V'),
  },
  'alarm-inverter': {
    title: 'Lamp that is lit by a low line',
    text: 'A high line takes the base of T2 to ground. Low, free or without gateway: the lamp is lit. It wants a supply that outlives the Pi.',
    draw: (sheet) =>
      sheet
        .end('IN', 40, 110, 'left')
        .wire([43, 110], [50, 110])
        .resistor(50, 110, '10 kΩ')
        .wire([90, 110], [110, 110])
        .npn(110, 110, 'T1')
        .wire([134, 134], [134, 150])
        .ground(134, 150)
        .wire([134, 86], [134, 70], [200, 70])
        .dot(134, 70)
        .wire([134, 70], [134, 66])
        .uprightResistor(134, 26, '1 kΩ')
        .supply(134, 24, '+5 V')
        .wire([134, 24], [134, 26])
        .npn(200, 70, 'T2')
        .wire([224, 94], [224, 150])
        .ground(224, 150)
        .wire([224, 46], [270, 46])
        .end('OUT: lamp −', 273, 46, 'right')
        .text('T1, T2: BC337', 250, 120),
  },
  'dead-man': {
    title: 'Dead-man circuit',
    text: 'Edges pump C2 up; without them it runs empty, and KD opens 2 to 4 s later. KD wants a diode as K does.',
    draw: (sheet) =>
      sheet
        .end('IN', 30, 80, 'left')
        .wire([33, 80], [40, 80])
        .resistor(40, 80, '330 Ω')
        .wire([80, 80], [94, 80])
        .levelCapacitor(100, 80, '10 µF')
        .wire([106, 80], [133, 80])
        .dot(122, 80)
        .wire([122, 80], [122, 100])
        .diode(122, 112, 'up')
        .wire([122, 124], [122, 150])
        .ground(122, 150)
        .diode(145, 80, 'right')
        .wire([157, 80], [186, 80])
        .dot(172, 80)
        .wire([172, 80], [172, 110])
        .capacitor(172, 116, '')
        .text('C2', 188, 114)
        .text('10 µF', 188, 127)
        .wire([172, 122], [172, 150])
        .ground(172, 150)
        .resistor(186, 80, '100 kΩ')
        .wire([226, 80], [250, 80])
        .npn(250, 80, 'BC517')
        .wire([274, 104], [274, 150])
        .ground(274, 150)
        .wire([274, 56], [274, 62])
        .coil(274, 50, 'KD')
        .wire([274, 38], [274, 16], [182, 16])
        .end('+5 V', 182, 16, 'left')
        .dot(274, 16)
        .wire([274, 16], [290, 16])
        .contact(293, 16, false)
        .dashes([296, 50], [304, 50], [304, 12])
        .end('', 337, 16, 'below')
        .text('+5 V out', 312, 38, { isBold: true })
        .text('diodes: BAT85', 60, 130, { size: 11, anchor: 'middle' }),
  },
  suppression: {
    title: 'At a load with a coil',
    text: 'DC: a diode across the load, its ring at plus. AC: 100 Ω and 100 nF (class X2) across the contact. Without them the arc throws boards off USB.',
    draw: (sheet) =>
      sheet
        .text('DC', 70, 26, { isBold: true })
        .supply(100, 36, '+')
        .wire([100, 36], [100, 66])
        .coil(100, 78, 'load')
        .wire([100, 90], [100, 130])
        .dot(100, 50)
        .wire([100, 50], [148, 50], [148, 64])
        .diode(148, 76, 'up')
        .wire([148, 88], [148, 104], [100, 104])
        .dot(100, 104)
        .text('contact', 100, 146, { anchor: 'middle' })
        .text('AC', 226, 26, { isBold: true })
        .wire([215, 60], [240, 60])
        .contact(243, 60, false)
        .wire([290, 60], [330, 60])
        .text('load', 334, 64)
        .dot(228, 60)
        .wire([228, 60], [228, 110], [234, 110])
        .resistor(234, 110, '100 Ω')
        .wire([274, 110], [288, 110])
        .levelCapacitor(294, 110, '')
        .text('100 nF X2', 294, 138, { anchor: 'middle' })
        .wire([300, 110], [314, 110], [314, 60])
        .dot(314, 60),
  },
};

/** The circuit as SVG, its upper left corner at 0, 0. */
export function drawDetail(name: DetailName): string {
  return DETAILS[name].draw(new Schematic()).toString();
}
