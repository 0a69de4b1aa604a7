import type { Config } from '../../../config/config.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { coilSupply } from './add-dead-man.js';
import { lineEnd } from './line-end.js';

export interface CoilPlace {
  /** The relay's part. */
  readonly relay: string;
  /** Tells two coils of a relay apart; empty for the only one. */
  readonly coil: string;
  readonly line: string;
  /** What the driver is called: K1, K1 to a. */
  readonly title: string;
  /** Not behind the dead-man circuit. */
  readonly alwaysSupplied?: boolean;
}

/** From a line to a coil: through a transistor, an opto-coupler of a module, or (which is a mistake) nothing. */
export function addCoil(builder: NetlistBuilder, config: Config, place: CoilPlace): void {
  const module = config.wiring.relayModule;
  if (module === 'transistor') addDriver(builder, config, place);
  else if (module === 'bare') addBareCoil(builder, place);
  else addOptoModule(builder, config, place);
}

function addDriver(
  builder: NetlistBuilder,
  config: Config,
  { relay, coil, line, title, alwaysSupplied }: CoilPlace,
): void {
  const driver = `driver-${relay}${coil === '' ? '' : `-${coil}`}`;
  const label = coil === '' ? 'coil' : `coil ${coil}`;
  builder.part({
    id: driver,
    kind: 'stage',
    title: `Driver of ${title}`,
    note: 'circuit below',
    column: 2,
    terminals: [
      { id: 'plus', label: 'K+', side: 'left' },
      { id: 'minus', label: 'K−', side: 'left' },
      { id: 'in', label: 'IN', side: 'right' },
      { id: 'supply', label: '+5 V', side: 'right' },
      { id: 'gnd', label: 'GND', side: 'right' },
    ],
  });
  builder.detail('relay-driver');
  const plus = builder.terminal(relay, { id: `plus${coil}`, label: `${label} +`, side: 'right' });
  const minus = builder.terminal(relay, { id: `minus${coil}`, label: `${label} −`, side: 'right' });
  coilSupply(builder, config, `${driver}.supply`, alwaysSupplied === true);
  builder.ground(`${driver}.gnd`);
  builder.wire(lineEnd(builder, line), `${driver}.in`, 'control', `${line}: high energises`);
  builder.wire(`${driver}.plus`, plus, 'coil');
  builder.wire(`${driver}.minus`, minus, 'coil');
}

function addBareCoil(builder: NetlistBuilder, { relay, coil, line }: CoilPlace): void {
  const plus = builder.terminal(relay, { id: `plus${coil}`, label: `coil ${coil} +`, side: 'right' });
  const minus = builder.terminal(relay, { id: `minus${coil}`, label: `coil ${coil} −`, side: 'right' });
  builder.detail('bare-coil');
  builder.wire(lineEnd(builder, line), plus, 'control', 'NOT LIKE THIS: a coil needs a driver');
  builder.ground(minus);
}

function addOptoModule(
  builder: NetlistBuilder,
  config: Config,
  { relay, coil, line, alwaysSupplied }: CoilPlace,
): void {
  const at3v3 = config.wiring.relayModule === 'opto-3v3';
  const terminal = (id: string, label: string) => builder.terminal(relay, { id, label, side: 'right' });
  builder.detail('opto-module');
  const input = terminal(`in${coil}`, coil === '' ? 'IN' : `IN ${coil}`);
  builder.wire(lineEnd(builder, line), input, 'control', `${line}: low energises`);
  // A module with two coils has these once.
  if (builder.has(relay, 'vcc')) return;
  if (at3v3) {
    builder.threeVolts(terminal('vcc', 'VCC (3.3 V)'), 'feeds the opto-couplers alone');
    coilSupply(builder, config, terminal('jd', 'JD-VCC (5 V)'), alwaysSupplied === true);
  } else {
    builder.fiveVolts(terminal('vcc', 'VCC'), 'NOT LIKE THIS: the opto-coupler stays on');
  }
  builder.ground(terminal('gnd', 'GND'));
}
