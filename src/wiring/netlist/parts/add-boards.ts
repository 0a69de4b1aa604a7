import type { BoardConfig, Config } from '../../../config/config.js';
import { voltsOf } from '../board-pins.js';
import { outputsOf } from '../channels.js';
import type { Meaning, Terminal } from '../netlist.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { HOST } from './add-host.js';

/** The part of a board of the pair. */
export function boardPart(board: string): string {
  return `board-${board}`;
}

/** Both boards, their supplies and sensors, and their cables. */
export function addBoards(builder: NetlistBuilder, config: Config): void {
  const { wiring } = config;
  for (const [index, board] of config.boards.entries()) {
    const id = boardPart(board.board);
    builder.part(partOf(board, config));
    if (wiring.supply === 'separate') {
      builder.part({
        id: `supply-${board.board}`,
        kind: 'supply',
        title: `Supply of ${board.board}`,
        note: '9 V DC, 1 A, one of its own',
        column: 0,
        terminals: [{ id: 'out', label: 'plug', side: 'right' }],
      });
      builder.wire(`supply-${board.board}.out`, `${id}.power`, 'supply', SUPPLY_INPUTS[inputOf(board)].note);
    }
    builder.wire(
      `${id}.usb`,
      `${HOST}.usb${index + 1}`,
      'usb',
      `${portText(board)}: data${wiring.supply === 'shared' ? ' and supply' : ''}`,
    );
    if (wiring.commonGround) builder.ground(`${id}.gnd`);
    if (wiring.sensor === 'each')
      addSensor(builder, `sensor-${board.board}`, `Sensor of ${board.board}`, [board], wiring.sensorPin);
  }
  if (wiring.sensor === 'shared') addSensor(builder, 'sensor', 'Sensor of both', config.boards, wiring.sensorPin);
}

function partOf(board: BoardConfig, config: Config): Parameters<NetlistBuilder['part']>[0] {
  const { wiring } = config;
  const left: Terminal[] = [{ id: 'gnd', label: 'GND', side: 'left' }];
  const right: Terminal[] = [
    { id: 'usb', label: 'USB', side: 'right' },
    ...[...new Set(outputsOf(config))].map((pin) => ({ id: pin.toLowerCase(), label: pin, side: 'right' as const })),
  ];
  const sensorPin = wiring.sensorPin.toLowerCase();
  if (wiring.sensor !== 'none') {
    right.push({ id: SENSOR_SUPPLY, label: sensorSupplyOf(board).label, side: 'right' });
    if (!right.some(({ id }) => id === sensorPin))
      right.push({ id: sensorPin, label: wiring.sensorPin, side: 'right' });
  }
  if (board.reset !== null || (config.relay.holdOff === 'latched-reset' && config.relay.atRest === board.board)) {
    right.push({ id: 'reset', label: 'RESET', side: 'right' });
  }
  if (wiring.supply === 'separate')
    right.push({ id: 'power', label: SUPPLY_INPUTS[inputOf(board)].label, side: 'right' });
  return {
    id: boardPart(board.board),
    kind: 'board',
    title: `Board ${board.board}`,
    note: board.facts.supply === undefined ? `${board.facts.name}; pin voltage not known` : board.facts.name,
    column: 0,
    terminals: [...left, ...right],
  };
}

/** The terminal that feeds its sensor. */
const SENSOR_SUPPLY = '5v';

const SUPPLY_INPUTS = {
  barrel: { label: 'barrel', note: 'barrel socket, plus inside' },
  VIN: { label: 'VIN', note: '7 to 12 V; − to GND' },
  'not known': { label: 'supply', note: 'as its maker says; − to GND' },
} as const;

function inputOf({ facts }: BoardConfig): keyof typeof SUPPLY_INPUTS {
  return facts.supply === undefined || facts.supply?.input === undefined ? 'not known' : facts.supply.input;
}

/** A sensor is fed by the board that reads it, with what that board's pins bear. A process is drawn as if it were an Uno. */
function sensorSupplyOf({ facts }: BoardConfig): { readonly label: string; readonly meaning: Meaning } {
  if (facts.supply === undefined) return { label: 'V+', meaning: 'supply' };
  const volts = voltsOf(facts) ?? 5;
  return { label: String(volts).replace('.', 'V').replace(/^\d+$/, '$&V'), meaning: volts > 4 ? '5 V' : '3.3 V' };
}

function addSensor(
  builder: NetlistBuilder,
  id: string,
  title: string,
  boards: readonly BoardConfig[],
  pin: string,
): void {
  const [first] = boards;
  const range = sensorRangeOf(boards);
  builder.part({
    id,
    kind: 'sensor',
    title,
    note: range === null ? 'output that its pins bear: not known' : `output of 0 to ${range} V`,
    column: 0,
    terminals: [
      { id: 'plus', label: '+', side: 'right' },
      { id: 'out', label: 'OUT', side: 'right' },
      { id: 'minus', label: '−', side: 'left' },
    ],
  });
  if (first !== undefined) {
    const { meaning } = sensorSupplyOf(first);
    builder.wire(`${id}.plus`, `${boardPart(first.board)}.${SENSOR_SUPPLY}`, meaning, 'from the board that reads it');
  }
  for (const board of boards) builder.wire(`${id}.out`, `${boardPart(board.board)}.${pin.toLowerCase()}`, 'sensor');
  builder.ground(`${id}.minus`);
}

/** The most that a sensor may give to all boards that read it; null: not known of one. */
function sensorRangeOf(boards: readonly BoardConfig[]): number | null {
  if (boards.some(({ facts }) => facts.supply === undefined)) return null;
  return Math.min(...boards.map(({ facts }) => voltsOf(facts) ?? 5));
}

/** How the configuration names the place of a board. */
function portText({ port }: BoardConfig): string {
  switch (port.type) {
    case 'usb':
      return `usb-${port.place}`;
    case 'path':
      return port.path;
    case 'name':
      return port.name;
    case 'match':
      return 'any socket';
    case 'emulated':
      return 'emulated (drawn as if it were real)';
  }
}
