import type { BoardConfig, Config } from '../../../config/config.js';
import { BOARD_PINS } from '../board-pins.js';
import { outputsOf } from '../channels.js';
import type { Terminal } from '../netlist.js';
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
      builder.wire(
        `supply-${board.board}.out`,
        `${id}.power`,
        'supply',
        hasBarrel(board) ? 'barrel socket, plus inside' : '7 to 12 V; − to GND',
      );
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
    right.push({ id: '5v', label: '5V', side: 'right' });
    if (!right.some(({ id }) => id === sensorPin))
      right.push({ id: sensorPin, label: wiring.sensorPin, side: 'right' });
  }
  if (board.reset !== null || (config.relay.holdOff === 'latched-reset' && config.relay.atRest === board.board)) {
    right.push({ id: 'reset', label: 'RESET', side: 'right' });
  }
  if (wiring.supply === 'separate')
    right.push({ id: 'power', label: hasBarrel(board) ? 'barrel' : 'VIN', side: 'right' });
  return {
    id: boardPart(board.board),
    kind: 'board',
    title: `Board ${board.board}`,
    note: BOARD_PINS[board.kind].name,
    column: 0,
    terminals: [...left, ...right],
  };
}

/** A Nano has a pin instead. */
function hasBarrel({ kind }: BoardConfig): boolean {
  return kind === 'uno' || kind === 'mega2560';
}

function addSensor(
  builder: NetlistBuilder,
  id: string,
  title: string,
  boards: readonly BoardConfig[],
  pin: string,
): void {
  builder.part({
    id,
    kind: 'sensor',
    title,
    note: 'output of 0 to 5 V',
    column: 0,
    terminals: [
      { id: 'plus', label: '+', side: 'right' },
      { id: 'out', label: 'OUT', side: 'right' },
      { id: 'minus', label: '−', side: 'left' },
    ],
  });
  const [first] = boards;
  if (first !== undefined)
    builder.wire(`${id}.plus`, `${boardPart(first.board)}.5v`, '5 V', 'from the board that reads it');
  for (const board of boards) builder.wire(`${id}.out`, `${boardPart(board.board)}.${pin.toLowerCase()}`, 'sensor');
  builder.ground(`${id}.minus`);
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
