import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/config/checks/finding.js';
import { checkWiring, isWired } from '../../src/wiring/checks/check-wiring.js';
import { FREE_LINES } from '../../src/wiring/netlist/pi-header.js';
import { configOf, SAMPLE_NAMES, sample } from './wiring-kit.js';

type Changes = Readonly<Record<string, string>>;

const find = (changes: Changes, text: string): Finding | undefined =>
  checkWiring(configOf(changes)).find(({ message }) => message.includes(text));

const FIRMATA = '{ port: usb-1.4 }';

/** What is found, how grave it is, under which key, a configuration that has it, and one close to it that has not. */
const CASES: readonly (readonly [text: string, severity: string, key: string, bad: Changes, good: Changes])[] = [
  [
    '5 V reach a pin of the Pi',
    'error',
    'wiring.feedback-from',
    { wiring: '{ feedback-from: 5v }' },
    { wiring: '{ feedback-from: 5v-divided }' },
  ],
  [
    '5 V reach a pin of the Pi',
    'error',
    'wiring.feedback-from',
    { wiring: '{ feedback-from: 5v }' },
    { wiring: '{ feedback-from: 5v }', firmata: FIRMATA, relay: '{ pin: D7, at-rest: a, feedback: D8 }' },
  ],
  [
    'a module that never releases',
    'error',
    'wiring.relay-module',
    { wiring: '{ relay-module: opto-5v }', relay: '{ pin: GPIO17, at-rest: a, active-low: true }' },
    { wiring: '{ relay-module: opto-3v3 }', relay: '{ pin: GPIO17, at-rest: a, active-low: true }' },
  ],
  [
    'a module that never releases',
    'error',
    'wiring.relay-module',
    { wiring: '{ relay-module: opto-5v }', relay: '{ pin: GPIO17, at-rest: a, active-low: true }' },
    { wiring: '{ relay-module: opto-5v }', firmata: FIRMATA, relay: '{ pin: D7, at-rest: a, active-low: true }' },
  ],
  [
    'energises at low, and high is said to',
    'error',
    'relay.active-low',
    { wiring: '{ relay-module: opto-3v3 }' },
    { wiring: '{ relay-module: opto-3v3 }', relay: '{ pin: GPIO17, at-rest: a, active-low: true }' },
  ],
  [
    'the transistor that is drawn energises at high',
    'warning',
    'relay.active-low',
    { relay: '{ pin: GPIO17, at-rest: a, active-low: true }' },
    {},
  ],
  [
    'proves its own contact',
    'warning',
    'relay.feedback',
    { wiring: '{ relay-module: opto-3v3 }', relay: '{ pin: GPIO17, at-rest: a, active-low: true, feedback: GPIO27 }' },
    { wiring: '{ relay-module: opto-3v3 }', relay: '{ pin: GPIO17, at-rest: a, active-low: true }' },
  ],
  [
    'a coil at a bare pin',
    'error',
    'wiring.relay-module',
    { wiring: '{ relay-module: bare }' },
    { wiring: '{ relay-module: bare }', relay: '{ kind: mux, pin: GPIO17, at-rest: a }' },
  ],
  ['are not connected', 'error', 'wiring.common-ground', { wiring: '{ common-ground: false }' }, {}],
  [
    'the feedback tells nothing',
    'error',
    'relay.feedback-pull',
    { relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27, feedback-pull: up }' },
    { relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27, feedback-pull: up, feedback-active-low: true }' },
  ],
  [
    'no resistor inside that pulls down',
    'error',
    'relay.feedback-pull',
    { firmata: FIRMATA, relay: '{ pin: D7, at-rest: a, feedback: D8, feedback-pull: down }' },
    { relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27, feedback-pull: down }' },
  ],
  [
    'RESET is pulled up to 5 V',
    'error',
    'boards.a.reset',
    {
      boards: '{ a: { kind: uno, port: usb-1.2, reset: GPIO23 }, b: { kind: uno, port: usb-1.3 } }',
      wiring: '{ reset-through: wire }',
    },
    { boards: '{ a: { kind: uno, port: usb-1.2, reset: GPIO23 }, b: { kind: uno, port: usb-1.3 } }' },
  ],
  ['the 40-pin header has no GPIO45', 'error', 'relay.pin', { relay: '{ pin: GPIO45, at-rest: a }' }, {}],
  ['GPIO0 is reserved', 'error', 'relay.pin', { relay: '{ pin: GPIO0, at-rest: a }' }, {}],
  ['GPIO1 is reserved', 'error', 'relay.feedback', { relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO1 }' }, {}],
  [
    'GPIO5 is pulled up while the Pi boots',
    'warning',
    'relay.pin',
    { relay: '{ pin: GPIO5, at-rest: a }' },
    { relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO5 }' },
  ],
  ['by 1.8 kΩ, all the time', 'warning', 'alarm.pin', { alarm: '{ pin: GPIO3 }' }, { alarm: '{ pin: GPIO4 }' }],
  [
    'GPIO17 is pulled down while the Pi boots, and low',
    'note',
    'relay.pin',
    { relay: '{ pin: GPIO17, at-rest: a, active-low: true }' },
    { relay: '{ pin: GPIO6, at-rest: a, active-low: true }' },
  ],
  ["GPIO14 is the Pi's serial line", 'warning', 'relay.pin', { relay: '{ pin: GPIO14, at-rest: a }' }, {}],
  [
    'GPIO2 has two uses: the feedback, and i2c',
    'error',
    'relay.feedback',
    { relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO2 }', wiring: '{ interfaces: [i2c] }' },
    { relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO2 }', wiring: '{ interfaces: [spi] }' },
  ],
  [
    'D13 of the Firmata board',
    'warning',
    'relay.pin',
    { firmata: FIRMATA, relay: '{ pin: D13, at-rest: a }' },
    { firmata: FIRMATA, relay: '{ pin: D12, at-rest: a }' },
  ],
  [
    'D1 of the Firmata board',
    'error',
    'relay.pin',
    { firmata: FIRMATA, relay: '{ pin: D1, at-rest: a }' },
    { firmata: FIRMATA, relay: '{ pin: D2, at-rest: a }' },
  ],
  [
    'has no D40',
    'note',
    'relay.pin',
    { firmata: FIRMATA, relay: '{ pin: D40, at-rest: a }' },
    { firmata: FIRMATA, relay: '{ pin: D4, at-rest: a }' },
  ],
  [
    'when the gateway is dead or has no power it is silent',
    'note',
    'alarm.active-low',
    { alarm: '{ pin: GPIO24 }' },
    { alarm: '{ pin: GPIO24, active-low: true }' },
  ],
  [
    'the Firmata board may restart when its port is opened',
    'note',
    'firmata.port',
    { firmata: FIRMATA, relay: '{ pin: D7, at-rest: a }' },
    { firmata: FIRMATA, input: '[every 100ms, sensor A0 every 1s]' },
  ],
  [
    "blinks the board's LED",
    'warning',
    'wiring.outputs',
    { wiring: '{ outputs: [D13] }' },
    { wiring: '{ outputs: [D12] }' },
  ],
  ['the USB chip drives it', 'error', 'wiring.outputs', { wiring: '{ outputs: [D0] }' }, {}],
  [
    'has no D30',
    'error',
    'wiring.outputs',
    { wiring: '{ outputs: [D30] }' },
    {
      wiring: '{ outputs: [D30] }',
      boards: '{ a: { kind: mega2560, port: usb-1.2 }, b: { kind: mega2560, port: usb-1.3 } }',
    },
  ],
  [
    'A0 of the boards has two uses',
    'error',
    'wiring.sensor-pin',
    { wiring: '{ outputs: [A0] }' },
    { wiring: '{ outputs: [A0], sensor: none }' },
  ],
  [
    '2 outputs (D9, D8), and 1 channel of the relay',
    'error',
    'wiring.outputs',
    { wiring: '{ outputs: [D9, D8] }' },
    { wiring: '{ outputs: [D9, D8] }', relay: '{ pin: [GPIO17, GPIO22], at-rest: a }' },
  ],
  [
    'one sensor for both boards',
    'warning',
    'wiring.sensor',
    { wiring: '{ sensor: shared }' },
    { wiring: '{ sensor: each }' },
  ],
  // A common cause of two faults, by host: two sockets of one Pi are not independent.
  ...(['pi-3', 'pi-4', 'pi-5', 'pi-zero-2'] as const).map(
    (host) =>
      [
        host === 'pi-5'
          ? 'share one supply switch'
          : host === 'pi-zero-2'
            ? 'both boards hang on one hub'
            : 'hang on one hub and one supply switch',
        ...(['note', 'wiring.supply'] as const),
        { wiring: `{ host: ${host}, supply: shared }` },
        { wiring: `{ host: ${host}, supply: separate }` },
      ] as const,
  ),
  ['one supply for host and both boards', 'note', 'wiring.supply', { wiring: '{ supply: shared }' }, {}],
  [
    'a contact that welds',
    'note',
    'relay.kind',
    { relay: '{ kind: two-relays, pins: { a: GPIO17, b: GPIO22 }, at-rest: none }' },
    {},
  ],
  [
    'a process on the host has no pins',
    'note',
    'boards.b.kind',
    { boards: '{ a: { kind: uno, port: usb-1.2 }, b: { kind: posix, port: /dev/pts/3 } }' },
    {},
  ],
  [
    'the series relay closes as soon as the Pi has power',
    'warning',
    'relay.hold-off',
    { relay: '{ pin: GPIO17, at-rest: a, hold-off: series-relay }' },
    { relay: '{ pin: GPIO17, at-rest: a, hold-off: series-relay, dead-man: { pin: GPIO16 } }' },
  ],
  [
    'on-gateway-death says hold',
    'error',
    'relay.dead-man',
    { relay: '{ pin: GPIO17, at-rest: a, on-gateway-death: hold, dead-man: { pin: GPIO16 } }' },
    { relay: '{ pin: GPIO17, at-rest: a, on-gateway-death: release, dead-man: { pin: GPIO16 } }' },
  ],
  [
    'nothing sets the RESET latch of a',
    'error',
    'boards.a.reset',
    { relay: '{ pin: GPIO17, at-rest: a, hold-off: latched-reset }' },
    {
      relay: '{ pin: GPIO17, at-rest: a, hold-off: latched-reset }',
      boards: '{ a: { kind: uno, port: usb-1.2, reset: GPIO23 }, b: { kind: uno, port: usb-1.3 } }',
    },
  ],
  [
    'are of pinctrl-rp1, not pinctrl-bcm2711',
    'warning',
    'gpio.chip',
    { gpio: '{ chip: pinctrl-bcm2711 }', wiring: '{ host: pi-5 }' },
    { gpio: '{ chip: pinctrl-bcm2711 }', wiring: '{ host: pi-4 }' },
  ],
  [
    'gives its USB sockets 600 mA together',
    'note',
    'wiring.host',
    { wiring: '{ host: pi-5 }' },
    { wiring: '{ host: pi-5, supply: separate }' },
  ],
];

describe('what is wrong with the wiring', () => {
  it.each(CASES)('%s: %s at %s', (text, severity, key, bad, good) => {
    const found = find(bad, text);
    expect(found).toMatchObject({ severity, key });
    expect(found?.remedy.length).toBeGreaterThan(10);
    expect(find(good, text)).toBeUndefined();
  });

  it('finds nothing in a sound installation', () => {
    expect(checkWiring(configOf())).toEqual([]);
  });

  it('tells of two uses of one line, whoever wrote the configuration', () => {
    const config = configOf();
    const twice = { ...config, alarm: { pin: 'GPIO17', activeLow: false, on: 'stopped' as const } };
    expect(checkWiring(twice)).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        key: 'alarm.pin',
        message: 'GPIO17 has two uses: the relay, and the alarm',
      }),
    );
    expect(checkWiring({ ...twice, alarm: { ...twice.alarm, pin: 'GPIO24', activeLow: true } })).toEqual([]);
  });

  it('recommends lines that are free here', () => {
    const remedy = find({ relay: '{ pin: GPIO5, at-rest: a, feedback: GPIO17 }' }, 'GPIO5')?.remedy ?? '';
    expect(remedy).toContain('GPIO27');
    expect(remedy).not.toContain('GPIO17');
    for (const line of FREE_LINES) expect(checkWiring(configOf({ relay: `{ pin: ${line}, at-rest: a }` }))).toEqual([]);
  });

  it('puts the gravest first', () => {
    const severities = checkWiring(
      configOf({ wiring: '{ common-ground: false, sensor: shared, supply: shared }' }),
    ).map(({ severity }) => severity);
    expect(severities).toEqual(['error', 'warning', 'note']);
  });

  it.each(SAMPLE_NAMES)('%s may be built as it is shown', (name) => {
    expect(checkWiring(sample(name)).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('there is nothing to wire where both boards are emulated', () => {
    const emulated = '{ a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }';
    expect(isWired(configOf({ boards: emulated }))).toBe(false);
    expect(isWired(configOf())).toBe(true);
    expect(isWired(configOf({ boards: '{ a: { kind: uno, port: emulated }, b: { kind: uno, port: usb-1.3 } }' }))).toBe(
      true,
    );
  });
});
