import type { BoardConfig, Config } from '../../../config/config.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { boardPart } from './add-boards.js';
import { LOAD_SUPPLY } from './add-load.js';
import { addResistor } from './add-resistor.js';
import { lineEnd, readingSupply } from './line-end.js';

/** RESET lines, the alarm, and what the gateway reads by itself. */
export function addLines(builder: NetlistBuilder, config: Config): void {
  for (const board of config.boards) {
    const latched = config.relay.holdOff === 'latched-reset' && config.relay.atRest === board.board;
    if (board.reset !== null) addReset(builder, config, board, board.reset);
    if (latched) addLatch(builder, board);
  }
  if (config.alarm !== null) addAlarm(builder, config.alarm.pin, config.alarm.activeLow);
  for (const [index, input] of config.inputs.entries()) {
    if (input.type === 'button') addButton(builder, `button-${index + 1}`, input.pin);
    else if (input.type === 'sensor') addGatewaySensor(builder, `input-${index + 1}`, 'Sensor', input.pin);
    else if (input.type === 'thermometer') addGatewaySensor(builder, `input-${index + 1}`, input.controller, input.pin);
  }
}

function addReset(builder: NetlistBuilder, config: Config, { board }: BoardConfig, line: string): void {
  if (config.wiring.resetThrough === 'wire') {
    builder.wire(
      lineEnd(builder, line),
      `${boardPart(board)}.reset`,
      'reset',
      'NOT LIKE THIS: RESET is pulled up to 5 V',
    );
    return;
  }
  const id = `reset-${board}`;
  addStage(builder, id, `RESET of ${board}`);
  builder.detail('reset-transistor');
  builder.wire(lineEnd(builder, line), `${id}.in`, 'control', `${line}: high holds ${board} in RESET`);
  builder.wire(`${id}.out`, `${boardPart(board)}.reset`, 'reset');
  builder.ground(`${id}.gnd`);
}

/** A transistor between a line of the host and what it pulls low. */
function addStage(builder: NetlistBuilder, id: string, title: string): void {
  builder.part({
    ...{ id, kind: 'stage', title, note: 'circuit below', column: 2 },
    terminals: [
      { id: 'out', label: 'OUT', side: 'left' },
      { id: 'in', label: 'IN', side: 'right' },
      { id: 'gnd', label: 'GND', side: 'right' },
    ],
  });
}

/** Outlives the gateway's power: has the actuator's supply, and lets go by a button alone (R13). */
function addLatch(builder: NetlistBuilder, { board, reset }: BoardConfig): void {
  const id = `latch-${board}`;
  builder.part({
    id,
    kind: 'stage',
    title: `RESET latch of ${board}`,
    note: 'relay KL: circuit below',
    column: 2,
    terminals: [
      { id: 'out', label: 'OUT', side: 'left' },
      { id: 'set', label: 'SET', side: 'right' },
      { id: 'supply', label: '+5 V', side: 'left' },
      { id: 'gnd', label: 'GND', side: 'right' },
    ],
  });
  builder.detail('reset-latch');
  const always = builder.terminal(LOAD_SUPPLY, { id: '5v', label: '5 V', side: 'left' });
  builder.wire(always, `${id}.supply`, 'supply', 'a supply that outlives the Pi');
  builder.ground(`${id}.gnd`);
  if (reset !== null) {
    const line = builder.has(`reset-${board}`, 'in')
      ? { part: `reset-${board}`, terminal: 'in' }
      : lineEnd(builder, reset);
    builder.wire(line, `${id}.set`, 'control', `${reset}: high for over a second latches`);
  }
  builder.wire(`${id}.out`, `${boardPart(board)}.reset`, 'reset');
}

function addAlarm(builder: NetlistBuilder, line: string, activeLow: boolean): void {
  builder.part({
    id: 'lamp',
    kind: 'load',
    title: 'Alarm lamp or horn',
    note: '5 V, up to 100 mA',
    column: 1,
    terminals: [
      { id: 'plus', label: '+', side: 'right' },
      { id: 'minus', label: '−', side: 'right' },
    ],
  });
  addStage(builder, 'alarm', 'Driver of the alarm');
  builder.detail(activeLow ? 'alarm-inverter' : 'alarm-driver');
  builder.wire(lineEnd(builder, line), 'alarm.in', 'control', `${line}: ${activeLow ? 'low' : 'high'} is alarm`);
  builder.wire('alarm.out', 'lamp.minus', 'coil');
  builder.ground('alarm.gnd');
  if (!activeLow) {
    builder.fiveVolts('lamp.plus');
    return;
  }
  // It is to be lit when the Pi has no power, so lamp and driver have theirs from elsewhere.
  const always = builder.terminal(LOAD_SUPPLY, { id: '5v', label: '5 V', side: 'left' });
  const supply = builder.terminal('alarm', { id: 'supply', label: '+5 V', side: 'left' });
  builder.wire(always, supply, 'supply', 'a supply that outlives the Pi');
  builder.wire(supply, 'lamp.plus', 'supply');
}

function addButton(builder: NetlistBuilder, id: string, line: string): void {
  builder.part({
    id,
    kind: 'sensor',
    title: 'Button',
    note: 'closes to GND',
    column: 2,
    terminals: [
      { id: 'one', label: '1', side: 'right' },
      { id: 'two', label: '2', side: 'right' },
    ],
  });
  builder.wire(`${id}.one`, lineEnd(builder, line), 'sensor', `${line}: an input at every edge`);
  builder.ground(`${id}.two`);
  const pull = addResistor(builder, `pull-${id}`, 'pull-up 10 kΩ', 2);
  builder.wire(pull.two, `${id}.one`, 'sensor', 'holds the line while the button is open');
  readingSupply(builder, line, pull.one, 'never 5 V at a pin of the Pi');
}

function addGatewaySensor(builder: NetlistBuilder, id: string, title: string, line: string): void {
  builder.part({
    id,
    kind: 'sensor',
    title: `${title} of the gateway`,
    note: 'output of 0 to 5 V',
    column: 2,
    terminals: [
      { id: 'plus', label: '+', side: 'right' },
      { id: 'out', label: 'OUT', side: 'right' },
      { id: 'minus', label: '−', side: 'right' },
    ],
  });
  readingSupply(builder, line, { part: id, terminal: 'plus' }, '');
  builder.wire(`${id}.out`, lineEnd(builder, line), 'sensor', `${line}: read by the gateway`);
  builder.ground(`${id}.minus`);
}
