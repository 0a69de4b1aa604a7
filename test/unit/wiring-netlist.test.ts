import { describe, expect, it } from 'vitest';
import { isProgramOfHost } from '../../src/config/board-facts.js';
import { BOARD_KINDS } from '../../src/config/board-kinds.js';
import { factsOfKind } from '../../src/config/load/board-files.js';
import { wireTexts } from '../../src/wiring/drawing/wire-text.js';
import { boardPins } from '../../src/wiring/netlist/board-pins.js';
import { netlistOf } from '../../src/wiring/netlist/netlist-of.js';
import { FREE_LINES, PI_HEADER, pinOfLine, pullAtBoot } from '../../src/wiring/netlist/pi-header.js';
import { configOf, connections, partOf, SAMPLE_NAMES, sample } from './wiring-kit.js';

const LATCHING = { relay: '{ kind: latching, pins: { a: GPIO17, b: GPIO22 }, at-rest: a, feedback: GPIO27 }' };

describe('the header of the Pi', () => {
  it('has 40 pins, every line from GPIO0 to GPIO27 once, eight grounds and four supplies', () => {
    expect(PI_HEADER.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const lines = PI_HEADER.flatMap(({ gpio }) => (gpio === null ? [] : [gpio])).sort((one, other) => one - other);
    expect(lines).toEqual(Array.from({ length: 28 }, (_, index) => index));
    const count = (role: string) => PI_HEADER.filter((pin) => pin.role === role).length;
    expect([count('GND'), count('5 V'), count('3.3 V')]).toEqual([8, 2, 2]);
  });

  it.each([
    ['GPIO17', 11],
    ['GPIO27', 13],
    ['GPIO22', 15],
    ['GPIO14', 8],
    ['GPIO21', 40],
    ['GPIO0', 27],
    ['GPIO26', 37],
    ['GPIO16', 36],
  ])('%s is pin %i', (line, number) => {
    expect(pinOfLine(line)?.number).toBe(number);
  });

  it('recommends lines alone that are pulled down at boot and that nothing else uses', () => {
    for (const line of FREE_LINES) {
      expect(pullAtBoot(Number(line.slice(4)))).toBe('down');
      expect(pinOfLine(line)?.other).toBe('');
    }
  });
});

describe('the pins of the boards', () => {
  const known = BOARD_KINDS.map(factsOfKind).filter((facts) => facts.pins !== undefined && !isProgramOfHost(facts));

  it.each(known.map((facts) => [facts.kind, facts] as const))('%s: as its file says', (_kind, facts) => {
    const pins = boardPins(facts);
    for (const pin of facts.pins?.digital ?? []) expect(pins.pins).toContain(`D${pin}`);
    expect(pins.pins).toContain('A5');
    expect(pins.driven[`D${facts.uart.rxPin}`]?.until).toBe('always');
    expect(pins.driven[`D${facts.uart.txPin}`]?.until).toBe('always');
  });

  it('are not known of a board of any make', () => {
    expect(boardPins(factsOfKind('serial')).pins).toBeNull();
  });
});

describe('the netlist', () => {
  it('leads the output of the board at rest to NC, that of the other to NO, and COM to the actuator', () => {
    const wires = connections(netlistOf(configOf({ relay: '{ pin: GPIO17, at-rest: b, feedback: GPIO27 }' })));
    expect(wires).toContain('board-b.d9>relay-1.nc');
    expect(wires).toContain('board-a.d9>relay-1.no');
    expect(wires).toContain('relay-1.com>load.in1');
  });

  it('R13: the second pole switches 3.3 V to the feedback line, which a resistor holds low', () => {
    const netlist = netlistOf(configOf());
    expect(connections(netlist)).toEqual(
      expect.arrayContaining([
        'pi.1>relay-1.no2',
        'relay-1.com2>pi.13',
        'pull-gpio27.one>relay-1.com2',
        'pull-gpio27.two>ground.any',
      ]),
    );
    expect(partOf(netlist, 'pull-gpio27')?.title).toBe('pull-down 10 kΩ');
  });

  it('a feedback that is active low is switched to ground and pulled up to 3.3 V', () => {
    const wires = connections(
      netlistOf(configOf({ relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27, feedback-active-low: true }' })),
    );
    expect(wires).toEqual(
      expect.arrayContaining(['relay-1.no2>ground.any', 'relay-1.com2>pi.13', 'pi.1>pull-gpio27.two']),
    );
  });

  it('a resistor inside the host needs no part', () => {
    const netlist = netlistOf(
      configOf({ relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27, feedback-pull: down }' }),
    );
    expect(partOf(netlist, 'pull-gpio27')).toBeUndefined();
  });

  it('never lets a coil hang on a line: a driver is between, and it has 5 V and ground', () => {
    expect(connections(netlistOf(configOf()))).toEqual(
      expect.arrayContaining([
        'pi.11>driver-relay-1.in',
        'driver-relay-1.plus>relay-1.plus',
        'driver-relay-1.minus>relay-1.minus',
        'driver-relay-1.supply>five-volts.any',
        'driver-relay-1.gnd>ground.any',
      ]),
    );
  });

  it('two relays: one for each board, their COM joined at the actuator, feedback at the second', () => {
    const relay = '{ kind: two-relays, pins: { a: GPIO17, b: GPIO22 }, at-rest: none, feedback: GPIO27 }';
    expect(connections(netlistOf(configOf({ relay })))).toEqual(
      expect.arrayContaining([
        'board-a.d9>relay-1-a.no',
        'board-b.d9>relay-1-b.no',
        'relay-1-a.com>relay-1-b.com',
        'relay-1-b.com>load.in1',
        'pi.1>relay-1-b.no2',
      ]),
    );
  });

  it('a latching relay has a coil and a driver for each board', () => {
    const netlist = netlistOf(configOf(LATCHING));
    expect(connections(netlist)).toEqual(
      expect.arrayContaining([
        'pi.11>driver-relay-1-a.in',
        'pi.15>driver-relay-1-b.in',
        'driver-relay-1-b.plus>relay-1.plusb',
      ]),
    );
  });

  it('a multiplexer selects the board at rest with a low line, which a resistor makes', () => {
    const netlist = netlistOf(configOf({ relay: '{ kind: mux, pin: GPIO17, at-rest: b, feedback: GPIO27 }' }));
    expect(connections(netlist)).toEqual(
      expect.arrayContaining([
        'board-b.d9>mux-1.a',
        'board-a.d9>mux-1.b',
        'pull-select-1.two>ground.any',
        'mux-1.y4>divider-1.in',
      ]),
    );
    expect(netlist.parts.some(({ kind }) => kind === 'relay')).toBe(false);
  });

  it('several channels: a relay, an output and a resistor at the actuator for each', () => {
    const netlist = netlistOf(configOf({ relay: '{ pin: [GPIO17, GPIO22], at-rest: a, feedback: GPIO27 }' }));
    expect(connections(netlist)).toEqual(
      expect.arrayContaining([
        'board-a.d9>relay-1.nc',
        'board-a.d8>relay-2.nc',
        'relay-2.com>load.in2',
        'pull-down-2.one>load.in2',
      ]),
    );
    expect(connections(netlist)).not.toContain('pi.1>relay-2.no2');
  });

  it('R13: cut-off relay and series relay stand in the supply of the actuator', () => {
    const cutOff = netlistOf(configOf({ stop: '{ means: cut-off, pin: GPIO22 }' }));
    expect(connections(cutOff)).toEqual(
      expect.arrayContaining(['supply-load.plus>cut-off.no', 'cut-off.com>load.plus']),
    );
    const series = netlistOf(configOf({ relay: '{ pin: GPIO17, at-rest: a, hold-off: series-relay }' }));
    expect(connections(series)).toEqual(expect.arrayContaining(['supply-load.plus>series.no', 'series.com>load.plus']));
    expect(connections(netlistOf(configOf()))).toContain('supply-load.plus>load.plus');
  });

  it('a dead-man circuit feeds what on-gateway-death: release lets fall, else what cuts off', () => {
    const deadMan = 'dead-man: { pin: GPIO16 }';
    const release = netlistOf(
      configOf({ relay: `{ pin: GPIO17, at-rest: a, on-gateway-death: release, ${deadMan} }` }),
    );
    expect(connections(release)).toContain('dead-man.out>driver-relay-1.supply');
    const cuts = netlistOf(
      configOf({ relay: `{ pin: GPIO17, at-rest: a, ${deadMan} }`, stop: '{ means: cut-off, pin: GPIO22 }' }),
    );
    expect(connections(cuts)).toContain('dead-man.out>driver-cut-off.supply');
    expect(connections(cuts)).toContain('driver-relay-1.supply>five-volts.any');
  });

  it('R13: the latch of the board at rest has the supply of the actuator and the RESET line', () => {
    const netlist = netlistOf(sample('latching-latched-reset'));
    expect(connections(netlist)).toEqual(
      expect.arrayContaining(['supply-load.5v>latch-a.supply', 'reset-a.in>latch-a.set', 'latch-a.out>board-a.reset']),
    );
    expect(partOf(netlist, 'latch-b')).toBeUndefined();
  });

  it('an alarm that a low line lights has a supply that outlives the Pi', () => {
    const wires = connections(netlistOf(configOf({ alarm: '{ pin: GPIO24, active-low: true }' })));
    expect(wires).toEqual(expect.arrayContaining(['supply-load.5v>alarm.supply', 'alarm.supply>lamp.plus']));
    expect(connections(netlistOf(configOf({ alarm: '{ pin: GPIO24 }' })))).toContain('lamp.plus>five-volts.any');
  });

  it('the lines of a Firmata board are its own pins, and its feedback has its own 5 V', () => {
    const wires = connections(netlistOf(sample('firmata')));
    expect(wires).toEqual(
      expect.arrayContaining([
        'firmata.d7>driver-relay-1.in',
        'relay-1.com2>firmata.d8',
        'firmata.5v>relay-1.no2',
        'input-2.out>firmata.a0',
      ]),
    );
    expect(wires.some((wire) => wire.includes('pi.1>'))).toBe(false);
  });

  it('one sensor for both is wired to both, one for each to its board', () => {
    const shared = connections(netlistOf(configOf({ wiring: '{ sensor: shared }' })));
    expect(shared.filter((wire) => wire.startsWith('sensor.out>'))).toEqual([
      'sensor.out>board-a.a0',
      'sensor.out>board-b.a0',
    ]);
    expect(connections(netlistOf(configOf()))).toContain('sensor-b.out>board-b.a0');
  });

  it('without a common ground no board has a wire to the rail', () => {
    const wires = connections(netlistOf(configOf({ wiring: '{ common-ground: false, sensor: none }' })));
    expect(wires.filter((wire) => wire.startsWith('board-'))).not.toContain('board-a.gnd>ground.any');
    expect(connections(netlistOf(configOf()))).toContain('board-a.gnd>ground.any');
  });

  it.each(SAMPLE_NAMES)('%s: every part is wired, and no plug of the header takes more than one wire', (name) => {
    const netlist = netlistOf(sample(name));
    for (const { id } of netlist.parts) {
      expect(
        netlist.wires.some(({ from, to }) => from.part === id || to.part === id),
        id,
      ).toBe(true);
    }
    const onHeader = netlist.wires.flatMap(({ from, to }) => [from, to]).filter(({ part }) => part === 'pi');
    expect(new Set(onHeader.map(({ terminal }) => terminal)).size).toBe(onHeader.length);
    expect(netlist.wires.map(({ number }) => number)).toEqual(netlist.wires.map((_, index) => index + 1));
  });

  it('the pin table names pin, line and colour', () => {
    const texts = wireTexts(netlistOf(configOf()));
    expect(texts).toContainEqual({
      number: expect.any(Number),
      from: 'Pi pin 11 (GPIO17)',
      to: 'Driver of K1: IN',
      colour: 'violet',
      note: 'GPIO17: high energises',
    });
    expect(texts).toContainEqual(expect.objectContaining({ from: 'Board a: GND', to: 'GND rail', colour: 'black' }));
  });
});

describe('the circuit that explains the second pole', () => {
  const details = (relay: string, more: Readonly<Record<string, string>> = {}) =>
    netlistOf(configOf({ relay: `{ pin: GPIO17, at-rest: a, ${relay} }`, ...more })).details;

  it('R13: shows what this line reads: 3.3 V of the Pi, ground, a divided 5 V, or the 5 V of the Firmata board', () => {
    expect(details('feedback: GPIO27')).toContain('feedback-pole');
    expect(details('feedback: GPIO27, feedback-active-low: true')).toContain('feedback-pole-low');
    expect(details('feedback: GPIO27', { wiring: '{ feedback-from: 5v-divided }' })).toEqual(
      expect.arrayContaining(['feedback-pole-divided', 'divider']),
    );
    const firmata = netlistOf(sample('firmata')).details.filter((name) => name.startsWith('feedback'));
    expect(firmata).toEqual(['feedback-pole-board']);
  });
});
