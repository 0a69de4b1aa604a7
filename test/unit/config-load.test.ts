import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPEN_ACCESS } from '../../src/config/config.js';
import { loadConfig, parseConfig } from '../../src/config/load/load-config.js';
import { firstPrimary, toPairConfig } from '../../src/config/to-pair-config.js';
import { CopycatError } from '../../src/errors/copycat-error.js';
import { HARNESS_WIRE } from '../../src/link/harness/harness-dialect.js';

const SMALLEST = `boards:
  a: { kind: uno, port: usb-1.2 }
  b: { kind: uno, port: usb-1.3 }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 100ms
deadline: 50ms
`;

const LINE = { baudRate: 500_000, dataBits: 8, parity: 'none', stopBits: 1 };
const HEATER = resolve('firmware-harness/images/heater.atmega328p.hex');

const load = (text: string) => parseConfig(text, 'oven.yaml', '/srv/oven');

/** The sentences of a configuration that has to be refused. */
function complaints(text: string): readonly string[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof CopycatError && error.code === 'CONFIG_INVALID') return error.message.split('\n');
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const without = (start: string) =>
  SMALLEST.split('\n')
    .filter((line) => !line.startsWith(start))
    .join('\n');

describe('a configuration file', () => {
  it('may be as small as the one in the README', () => {
    const config = load(SMALLEST);
    expect(config).toMatchObject({
      name: 'pair',
      boards: [
        { board: 'a', kind: 'uno', port: { type: 'usb', place: '1.2' }, line: LINE, firmware: null },
        { board: 'b', kind: 'uno', port: { type: 'usb', place: '1.3' }, line: LINE, firmware: null },
      ],
      relay: {
        pins: ['GPIO17'],
        atRest: 'a',
        feedbacks: ['GPIO27'],
        kind: 'changeover',
        settleUs: 30_000,
        operateUs: 10_000,
      },
      inputs: [{ type: 'ticks', everyUs: 100_000 }],
      deadlineUs: 50_000,
      probeEveryUs: 1_000_000,
      catchUpUs: 200_000,
      join: { comparisons: 3, patienceUs: 1_000_000 },
      flapping: { limit: 2, withinUs: 600_000_000, permanent: 5 },
      switchDrainUs: 2_000_000,
      ledger: { path: '/srv/oven/copycat.sqlite', durability: 'process' },
      controlPath: '/srv/oven/copycat.sock',
    });
  });

  it('is the example that comes along', () => {
    expect(loadConfig('example.yaml').inputs).toEqual([{ type: 'ticks', everyUs: 100_000 }]);
  });

  it('names no image for emulated boards: then they run the one that comes along, and its values have names', () => {
    const config = load(SMALLEST.replaceAll(/usb-1\.[23]/g, 'emulated'));
    expect(config.boards.map(({ firmware }) => firmware)).toEqual([HEATER, HEATER]);
    expect(config.fields.input.map(({ name }) => name)).toEqual(['set point', 'measured']);
    const own = load(
      `${SMALLEST.replaceAll(/usb-1\.[23]/g, 'emulated')}fields: { result: [{ name: x, type: u8, offset: 0 }] }`,
    );
    expect(own.fields).toMatchObject({ input: [], result: [{ name: 'x' }] });
  });

  it('names lines, channels, and boards by what they say of themselves', () => {
    const config = load(`boards:
  a: { kind: nano, match: { vendor: "1A86", serial: X1 }, reset: GPIO5 }
  b: { kind: mega2560, port: ttyACM1, match: { product: "0042" }, reset: GPIO6 }
relay: { kind: two-relays, pins: { a: [GPIO17, GPIO18], b: [GPIO22, GPIO23] }, at-rest: none, feedback: [GPIO24, GPIO25], dead-man: { pin: D4 }, prove-every: 24h }
firmata: { port: usb-1.4 }
alarm: { pin: GPIO26, active-low: true }
stop: { means: reset-both }
input: [button D5, sensor A0 every 100ms, thermometer A1 TMP36 every 1s]
deadline: 50ms
`);
    expect(config).toMatchObject({
      boards: [
        { port: { type: 'match' }, match: { vendor: '1a86', product: null, serial: 'X1' }, reset: 'GPIO5' },
        { port: { type: 'name', name: 'ttyACM1' }, match: { vendor: null, product: '0042' }, reset: 'GPIO6' },
      ],
      relay: {
        pins: [],
        pinsOf: { a: ['GPIO17', 'GPIO18'], b: ['GPIO22', 'GPIO23'] },
        feedbacks: ['GPIO24', 'GPIO25'],
        deadMan: { pin: 'D4', everyUs: 100_000 },
        proveEveryUs: 86_400_000_000,
        onGatewayDeath: null,
      },
      firmata: { port: { type: 'usb', place: '1.4' }, baudRate: 57_600 },
      alarm: { pin: 'GPIO26', activeLow: true, on: 'not-protected' },
      stop: { means: 'reset-both' },
      inputs: [
        { type: 'button', pin: 'D5' },
        { type: 'sensor', pin: 'A0', everyUs: 100_000 },
        { type: 'thermometer', pin: 'A1', controller: 'TMP36', everyUs: 1_000_000 },
      ],
    });
  });

  it('R19: may name a third copy, and then knows the names of the values of flashed boards too', () => {
    const config = load(`${SMALLEST}third-copy: { image: heater.hex }\n`);
    expect(config.thirdCopy).toEqual({ board: 'third', image: HEATER });
    expect(config.fields.result.map(({ name }) => name)).toEqual(['duty', 'tripped', 'integrator', 'set point']);
    expect(load(SMALLEST)).toMatchObject({ thirdCopy: null, fields: { input: [], result: [] } });
    const other = load(`${SMALLEST}third-copy: { image: mine.hex, id: witness }\n`);
    expect(other.thirdCopy).toEqual({ board: 'witness', image: '/srv/oven/mine.hex' });
    expect(other.fields.input).toEqual([]);
  });

  it.each(['a', 'b', 'none', 'both'])('R19: refuses a third copy that is called %s', (id) => {
    expect(complaints(`${SMALLEST}third-copy: { image: heater.hex, id: ${id} }\n`)).toEqual([
      `oven.yaml:7: third-copy.id is "${id}"; expected another name than the boards have, and neither none nor both`,
    ]);
  });

  it('takes every key in its own spelling', () => {
    const config = load(`name: oven
boards:
  left: { kind: uno, port: emulated, firmware: heater.hex, baud: 250000 }
  right: { kind: uno, port: /dev/serial/by-id/x, firmware: mine.hex }
relay: { pin: emulated, at-rest: none, kind: latching, active-low: true, settle: 40ms, operate: 1.5ms, hold-off: latching }
input: [every 1s, 'tcp://[::1]:7400', 'tcp://127.0.0.1:7401']
deadline: 100us
probe: off
max-pending: 8
max-lag: 9
max-window: 3
on-mismatch: stop
commit: { needs: both, if-alone: hold }
self-tests: never
catch-up: 0ms
join: { comparisons: 12, patience: 0ms }
flapping: { limit: 0, within: 2min }
switchover: { drain: 700ms }
ledger: { path: /var/lib/x.db, durability: power, journal: /run/x, keep-inputs: 5, keep-faults: 6 }
control: /run/oven.sock
fields: { input: [{ name: set point, type: i16, offset: 0, scale: 0.1, unit: degC }] }
`);
    expect(config).toMatchObject({
      name: 'oven',
      boards: [
        { board: 'left', port: { type: 'emulated' }, line: { baudRate: 250_000 }, firmware: HEATER },
        { board: 'right', port: { type: 'path', path: '/dev/serial/by-id/x' }, firmware: '/srv/oven/mine.hex' },
      ],
      relay: {
        atRest: null,
        kind: 'latching',
        activeLow: true,
        settleUs: 40_000,
        operateUs: 1500,
        holdOff: 'latching',
      },
      inputs: [
        { type: 'ticks', everyUs: 1_000_000 },
        { type: 'tcp', host: '::1', port: 7400, access: OPEN_ACCESS },
        { type: 'tcp', host: '127.0.0.1', port: 7401, access: OPEN_ACCESS },
      ],
      deadlineUs: 100,
      probeEveryUs: 0,
      maxPending: 8,
      maxLag: 9,
      maxWindow: 3,
      onMismatch: 'stop',
      commit: { needs: 'both', ifAlone: 'hold' },
      selfTests: false,
      catchUpUs: 0,
      join: { comparisons: 12, patienceUs: 0 },
      flapping: { limit: 0, withinUs: 120_000_000 },
      switchDrainUs: 700_000,
      ledger: { path: '/var/lib/x.db', durability: 'power', journalFolder: '/run/x', keepInputs: 5, keepFaults: 6 },
      controlPath: '/run/oven.sock',
      fields: { input: [{ name: 'set point', type: 'i16', offset: 0, scale: 0.1, unit: 'degC' }], result: [] },
    });
  });

  it('R19, R20, R21: names the values of results and the readings, with tolerances and limits', () => {
    const config = load(`${SMALLEST}fields:
  result:
    - { name: heat, type: u8, offset: 0, scale: 0.5, unit: "%", tolerance: 1, min: 0, max: 100, max-change-per-s: 20 }
    - { name: open, type: bool, offset: 1 }
    - { name: flow, type: f32, part: 1, offset: 0, unit: l/s }
sources:
  - { name: temperature, scale: 0.25, unit: degC, tolerance: 2 }
  - { name: door }
drift-readings: 5
`);
    const { fields, sources, driftReadings } = toPairConfig(config, HARNESS_WIRE);
    const free = { scale: 1, unit: '', part: 0, tolerance: 0, min: null, max: null, maxChangePerS: null };
    expect(fields).toEqual([
      {
        ...free,
        name: 'heat',
        type: 'u8',
        offset: 0,
        scale: 0.5,
        unit: '%',
        tolerance: 1,
        min: 0,
        max: 100,
        maxChangePerS: 20,
      },
      { ...free, name: 'open', type: 'bool', offset: 1 },
      { ...free, name: 'flow', type: 'f32', part: 1, offset: 0, unit: 'l/s' },
    ]);
    expect(sources).toEqual([
      { name: 'temperature', scale: 0.25, unit: 'degC', tolerance: 2 },
      { name: 'door', scale: 1, unit: '', tolerance: null },
    ]);
    expect(driftReadings).toBe(5);
  });

  it('an input that clients connect to: the short form and the long one, sockets and files beside the file', () => {
    const inputsOf = (input: string) => load(SMALLEST.replace(/^input: .*$/m, `input: ${input}`)).inputs;
    expect(inputsOf('tcp://127.0.0.1:7400')).toEqual(inputsOf("{ listen: 'tcp://127.0.0.1:7400' }"));
    const long = "{ listen: 'tcp://[::]:7400', framing: json-lines, token-file: secret, allow: [10.0.0.0/8, '::1'] }";
    const folder = resolve(
      inputsOf("[every 1s, { listen: 'unix:in.sock' }]").flatMap((one) => ('path' in one ? [one.path] : []))[0] ?? '',
      '..',
    );
    expect(inputsOf(`[every 1s, ${long}]`)).toEqual([
      { type: 'ticks', everyUs: 1_000_000 },
      {
        type: 'tcp',
        host: '::',
        port: 7400,
        access: { ...OPEN_ACCESS, tokenFile: resolve(folder, 'secret'), allow: ['10.0.0.0/8', '::1'] },
      },
    ]);
  });

  it.each([
    ["{ listen: 'udp://127.0.0.1:7400' }", 'input.listen'],
    ["{ listen: 'tcp://127.0.0.1:7400', framing: gcode }", 'input.framing'],
    ["{ listen: 'tcp://127.0.0.1:7400', allow: [10.0.0.0/33] }", 'input.allow[0]'],
    ["{ listen: 'unix:in.sock', allow: [10.0.0.0/8] }", 'input.allow'],
    ["{ listen: 'tcp://127.0.0.1:70000' }", 'input.listen'],
  ])('input: %s is refused', (input, key) => {
    let problem: unknown = null;
    try {
      load(SMALLEST.replace(/^input: .*$/m, `input: ${input}`));
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(CopycatError);
    expect(String((problem as CopycatError).message)).toContain(`${key} is`);
  });

  it('R21: compares the readings of an image that comes along, unless the file says which', () => {
    const emulated = SMALLEST.replaceAll(/usb-1\.[23]/g, 'emulated');
    expect(load(emulated).sources).toMatchObject([{ name: 'temperature', unit: 'degC', tolerance: 2 }]);
    expect(load(`${emulated}sources: []\n`).sources).toEqual([]);
    expect(load(SMALLEST)).toMatchObject({ sources: [], driftReadings: 3 });
  });

  it('names the outputs of an image that comes along, unless the file says which', () => {
    const emulated = SMALLEST.replaceAll(/usb-1\.[23]/g, 'emulated');
    expect(load(emulated).outputs).toMatchObject([
      { name: 'heat', pin: 'D9' },
      { name: 'trip', pin: 'D8' },
    ]);
    expect(load(`${SMALLEST}outputs: [{ name: valve }]\n`).outputs).toEqual([
      { name: 'valve', pin: '', unit: '', scale: 1 },
    ]);
    expect(load(SMALLEST).outputs).toEqual([]);
    expect(() => load(`${SMALLEST}outputs: [{ name: x }, { name: x }]\n`)).toThrow(
      'a name that no other one of the list has',
    );
    const named = (count: number): string =>
      `${SMALLEST}outputs: [${Array.from({ length: count }, (_, number) => `{ name: o${number} }`).join(', ')}]\n`;
    expect(load(named(8)).outputs).toHaveLength(8); // what a board built with CC_LINES=8 has
    expect(() => load(named(9))).toThrow('at most 8 outputs');
  });

  it.each([
    ['alarm', '', true],
    ['switch', '', false],
    ['stop', '', false],
    ['stop', 'self-tests: on-mismatch', true],
    ['alarm', 'self-tests: never', false],
  ])('R19: with on-mismatch: %s and "%s" boards test themselves: %s', (policy, said, asked) => {
    expect(toPairConfig(load(`${SMALLEST}on-mismatch: ${policy}\n${said}\n`), HARNESS_WIRE).selfTests).toBe(asked);
  });

  it('R10: with two relays the gap is part of the time before the contact closes', () => {
    const relay =
      'relay: { kind: two-relays, pins: { a: GPIO17, b: GPIO22 }, at-rest: none, operate: 10ms, gap: 25ms }';
    expect(toPairConfig(load(SMALLEST.replace(/relay:.*/, relay)), HARNESS_WIRE).relayOperateUs).toBe(35_000);
  });

  it('gives the core its limits in microseconds, and the board at rest the first lease', () => {
    const config = load(
      `${SMALLEST.replace('at-rest: a', 'at-rest: b')}join: { comparisons: 5 }\nflapping: { within: 1min }\n`,
    );
    expect(toPairConfig(config, HARNESS_WIRE)).toMatchObject({
      boards: ['a', 'b'],
      deadlineUs: 50_000,
      relayOperateUs: 10_000,
      drainUs: 200_000,
      joinComparisons: 5,
      joinPatienceUs: 1_000_000,
      flapLimit: 2,
      flapWindowUs: 60_000_000,
      flapPermanent: 5,
      switchDrainUs: 2_000_000,
    });
    expect(firstPrimary(config)).toBe('b');
  });
});

describe('a mistake in a configuration file', () => {
  it('is named with file, line, key, value and what was expected', () => {
    expect(complaints(SMALLEST.replace('deadline: 50ms', 'deadline: 50'))).toEqual([
      'oven.yaml:6: deadline is 50; expected a duration, such as 50ms, 1s or 100us',
    ]);
    expect(complaints(`${SMALLEST}join: { comparisons: 0 }\nflapping: { within: 0s }\nswitchover: 2s\n`)).toEqual([
      'oven.yaml:7: join.comparisons is 0; expected a whole number from 1 to 10000',
      'oven.yaml:8: flapping.within is "0s"; expected a duration longer than nothing',
      'oven.yaml:9: switchover is "2s"; expected the keys of a switchover: { drain: 2s }',
    ]);
    expect(complaints(SMALLEST.replace('usb-1.3', 'usb1.3'))).toEqual([
      'oven.yaml:3: boards.b.port is "usb1.3"; expected usb-1.2 (the place of the plug), a path such as /dev/serial/by-id/…, a name in there, ttyACM0, or emulated',
    ]);
  });

  it('in a named value is told by its place in the list', () => {
    const fields = (list: string) => complaints(`${SMALLEST}fields: { result: [${list}] }\n`);
    const accepted = (list: string) => load(`${SMALLEST}fields: { result: [${list}] }\n`).fields.result.length > 0;
    const heat = '{ name: heat, type: u16, offset: 2 }';
    expect(fields(`${heat}, { name: heat, type: u8, offset: 4 }`)).toEqual([
      'oven.yaml:7: fields.result[1].name is "heat"; expected a name that no other one of the list has',
    ]);
    expect(fields(`${heat}, { name: flow, type: u32, offset: 0 }`)).toEqual([
      'oven.yaml:7: fields.result[1].offset is 0; expected a place beside bytes 2 to 3, which heat (u16) has',
    ]);
    expect(fields(`${heat}, { name: flow, type: u8, offset: 3 }`)).toHaveLength(1);
    expect(fields('{ name: x, type: u8, offset: 0 }, { name: y, type: bool, offset: 0 }')).toEqual([
      'oven.yaml:7: fields.result[1].offset is 0; expected a place beside byte 0, which x (u8) has',
    ]);
    expect(
      accepted(`${heat}, { name: flow, type: u8, offset: 4 }, { name: mode, type: u32, part: 1, offset: 0 }`),
    ).toBe(true);
    expect(fields('{ name: x, type: i8, offset: 0, min: 5, max: 4 }')).toEqual([
      'oven.yaml:7: fields.result[0].min is 5; expected at most max, which is 4',
    ]);
    expect(accepted('{ name: x, type: i8, offset: 0, min: 4, max: 4 }')).toBe(true);
    expect(fields('{ name: x, type: bool, offset: 0, tolerance: 1, scale: 2 }')).toEqual([
      'oven.yaml:7: fields.result[0].tolerance is 1; expected none: a bool is true or it is not',
      'oven.yaml:7: fields.result[0].scale is 2; expected none: a bool is true or it is not',
    ]);
    expect(fields('{ name: x, type: u8, offset: 0, tolerance: -1, max-change-per-s: 0, scale: 0, part: 4 }')).toEqual([
      'oven.yaml:7: fields.result[0].scale is 0; expected a number that is not 0',
      'oven.yaml:7: fields.result[0].part is 4; expected a whole number from 0 to 3',
      'oven.yaml:7: fields.result[0].tolerance is -1; expected a number from 0 on',
      'oven.yaml:7: fields.result[0].max-change-per-s is 0; expected a number above 0',
    ]);
    expect(complaints(`${SMALLEST}fields: { input: [{ name: x, type: u8, offset: 0, tolerance: 1 }] }\n`)).toEqual([
      'oven.yaml:7: unknown key tolerance in fields.input[0]; known here: name, type, offset, scale, unit',
    ]);
    expect(complaints(`${SMALLEST}fields: { input: [${heat}, ${heat}] }\n`)).toHaveLength(2);
  });

  it('in a source is told by its place in the list', () => {
    expect(complaints(`${SMALLEST}sources: [{ name: t }, { name: t, tolerance: -1 }]\n`)).toEqual([
      'oven.yaml:7: sources[1].tolerance is -1; expected a number from 0 on',
      'oven.yaml:7: sources[1].name is "t"; expected a name that no other one of the list has',
    ]);
    expect(complaints(`${SMALLEST}sources: [{ name: t }, { name: t }]\ndrift-readings: 3\n`)).toEqual([
      'oven.yaml:7: sources[1].name is "t"; expected a name that no other one of the list has',
    ]);
  });

  it.each([
    ['dedline: 50ms', 'deadline: 50ms', 'oven.yaml:6: unknown key dedline; did you mean deadline?'],
    ['feedbak: GPIO27', 'feedback: GPIO27', 'oven.yaml:4: unknown key feedbak in relay; did you mean feedback?'],
    ['prot: usb-1.2', 'port: usb-1.2', 'oven.yaml:2: unknown key prot in boards.a; did you mean port?'],
  ])('names the nearest known key for %s, and only that', (wrong, right, sentence) => {
    expect(complaints(SMALLEST.replace(right, wrong))).toEqual([sentence]);
  });

  it('lists the known keys where none is near', () => {
    const [sentence] = complaints(`${SMALLEST}colour: blue\n`);
    expect(sentence).toContain(
      'oven.yaml:7: unknown key colour; known here: name, boards, relay, gpio, firmata, alarm, stop,',
    );
  });

  it.each([
    ['{ pin: GPIO17, at-rest: a, kind: two-relays }', ['relay.pin', 'relay.pins.a', 'relay.pins.b']],
    ['{ pins: { a: GPIO17 }, at-rest: a, kind: two-relays }', ['relay.pins.b', 'relay.pins']],
    ['{ pins: { a: GPIO17, b: GPIO22, c: GPIO5 }, at-rest: a, kind: latching }', ['relay.pins.c']],
    ['{ pins: { a: [GPIO17, GPIO18], b: GPIO22 }, at-rest: a, kind: latching }', ['relay.pins']],
    ['{ pins: { a: GPIO17, b: GPIO22 }, at-rest: a }', ['relay.pin', 'relay.pins']],
    ['{ pin: [GPIO17, GPIO18, GPIO17], at-rest: a }', ['relay.pin']],
    ['{ pin: [GPIO17, GPIO18, GPIO19], feedback: [GPIO5, GPIO6], at-rest: a }', ['relay.feedback']],
    ['{ pin: D7, at-rest: a }', ['relay.pin']],
    ['{ pin: GPIO17, at-rest: a, dead-man: { pin: GPIO17 } }', ['relay.dead-man.pin']],
  ])('in the lines of a relay is found: %s', (relay, keys) => {
    const text = SMALLEST.replace(/relay: .*/, `relay: ${relay}`);
    expect(complaints(text).map((sentence) => /oven.yaml:4: (\S+)/.exec(sentence)?.[1])).toEqual(keys);
  });

  it('R13: in the means of a stop is found', () => {
    expect(complaints(`${SMALLEST}stop: { means: cut-off }\n`)).toEqual([
      'oven.yaml:7: stop.pin is missing; expected the line of the relay that cuts the actuator off',
    ]);
    expect(complaints(`${SMALLEST}stop: { means: reset-both }\n`)).toHaveLength(2);
    expect(complaints(`${SMALLEST}stop: { pin: GPIO5 }\n`)).toHaveLength(1);
  });

  it('in how a board is found is named', () => {
    const second = (said: string) => complaints(SMALLEST.replace('b: { kind: uno, port: usb-1.3 }', `b: ${said}`));
    expect(second('{ kind: uno }')).toEqual([
      'oven.yaml:3: boards.b.port is missing; expected usb-1.2 (the place of the plug; copycat ports shows it), or match',
    ]);
    expect(second('{ kind: uno, match: {} }')).toHaveLength(1);
    expect(second('{ kind: uno, match: { vendor: "23" } }')).toHaveLength(1);
    expect(second('{ kind: uno, port: usb-1.2 }')).toHaveLength(1);
    const both = SMALLEST.replaceAll(/port: usb-1\.[23]/g, 'match: { vendor: "2341" }');
    expect(complaints(both)).toHaveLength(1);
  });

  it.each([
    ['relay:', 'relay is missing; expected the keys of the relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }'],
    [
      'input:',
      "input is missing; expected 'every 100ms' for cyclic control, 'tcp://127.0.0.1:7400', { listen: 'unix:…' }, 'button D5', 'sensor A0 every 100ms' or 'thermometer A0 TMP36 every 1s'",
    ],
    ['deadline:', 'deadline is missing; expected a duration, such as 50ms, 1s or 100us'],
    ['  b:', 'boards is {"a":{"kind":"uno","port":"usb-1.2"}}; expected exactly two boards'],
  ])('says what to write where %s is missing', (start, sentence) => {
    expect(complaints(without(start))).toEqual([expect.stringContaining(sentence)]);
  });

  it.each([
    ['usb-1.3', 'usb-1.2', 'oven.yaml:3: boards.b.port is "usb-1.2"; expected another port than a has'],
    ['at-rest: a', 'at-rest: middle', 'oven.yaml:4: relay.at-rest is "middle"; expected a, b or none'],
    [
      'GPIO27',
      'GPIO17',
      'oven.yaml:4: relay.feedback is "GPIO17"; expected a line that nothing else of this file uses',
    ],
    ['every 100ms', 'every 0ms', 'oven.yaml:5: input is "every 0ms"; expected a time longer than nothing'],
    [
      'every 100ms',
      'tcp://127.0.0.1:70000',
      'oven.yaml:5: input is "tcp://127.0.0.1:70000"; expected a port number up to 65535',
    ],
  ])('that only shows when keys are seen together is named too: %s as %s', (right, wrong, sentence) => {
    expect(complaints(SMALLEST.replace(right, wrong))).toEqual([sentence]);
  });

  it('is told with all the others, in the order of the file', () => {
    const sentences = complaints(
      SMALLEST.replace('kind: uno, port: usb-1.3', 'kind: mega, port: 7').replace('every', 'evry'),
    );
    expect(sentences.map((sentence) => sentence.slice(0, 26))).toEqual([
      'oven.yaml:3: boards.b.kind',
      'oven.yaml:3: boards.b.port',
      'oven.yaml:5: input is "evr',
    ]);
  });

  it('does not hide what else is wrong: the rest of the file is looked at without it', () => {
    const wrong = SMALLEST.replace('deadline: 50ms', 'deadline: soon').replace('port: usb-1.3', 'port: usb-1.2');
    expect(complaints(wrong.replace('kind: uno, port: usb-1.2', 'kind: mega, port: usb-1.2'))).toEqual([
      expect.stringContaining('oven.yaml:2: boards.a.kind is "mega"'),
      'oven.yaml:6: deadline is "soon"; expected a duration, such as 50ms, 1s or 100us',
    ]);
    expect(complaints(wrong)).toEqual([
      'oven.yaml:3: boards.b.port is "usb-1.2"; expected another port than a has',
      'oven.yaml:6: deadline is "soon"; expected a duration, such as 50ms, 1s or 100us',
    ]);
  });

  it('is two boards of which one has a name that means something in commands', () => {
    expect(complaints(SMALLEST.replace('  a: {', '  both: {').replace('at-rest: a', 'at-rest: b'))).toEqual([
      'oven.yaml:2: boards.both is "both"; expected another name: copycat flash both means each of them',
    ]);
  });

  it.each([
    ["['tcp://127.0.0.1:7400', 'tcp://localhost:7400']", 1, '"tcp://localhost:7400"'],
    [
      "['tcp://127.0.0.1:7400', { listen: 'tcp://0.0.0.0:7400', allow: [10.0.0.0/8] }]",
      1,
      '{"listen":"tcp://0.0.0.0:7400"',
    ],
    ["[{ listen: 'unix:in.sock' }, every 1s, { listen: 'unix:./in.sock' }]", 2, '{"listen":"unix:./in.sock"}'],
  ])('is the same source of inputs twice: %s', (inputs, index, said) => {
    const [sentence, ...more] = complaints(SMALLEST.replace(/input: .*/, `input: ${inputs}`));
    expect(more).toEqual([]);
    expect(sentence).toContain(`oven.yaml:5: input[${index}] is ${said}`);
    expect(sentence).toContain('expected another one than input[0], which has it already');
  });

  it('is no two listeners that are different, and none on any free port', () => {
    const inputs = "['tcp://127.0.0.1:7400', 'tcp://127.0.0.2:7400', 'tcp://127.0.0.1:0', 'tcp://127.0.0.1:0']";
    expect(load(SMALLEST.replace(/input: .*/, `input: ${inputs}`)).inputs).toHaveLength(4);
  });

  it('is an input at the control socket', () => {
    const more = "input: { listen: 'unix:copycat.sock' }";
    expect(complaints(SMALLEST.replace(/input: .*/, more))).toEqual([
      'oven.yaml:5: input.listen is "unix:copycat.sock"; expected another path than the control socket has',
    ]);
  });

  it('is found in what a merge key brings, at the line it comes from', () => {
    const merged = (more: string) =>
      `boards:\n  a: &board { kind: uno, port: usb-1.2, ${more} }\n  b: { <<: *board, port: usb-1.3 }\n${SMALLEST.split('\n').slice(3).join('\n')}`;
    expect(load(merged('baud: 250000')).boards).toMatchObject([
      { kind: 'uno', line: { baudRate: 250_000 }, port: { place: '1.2' } },
      { kind: 'uno', line: { baudRate: 250_000 }, port: { place: '1.3' } },
    ]);
    expect(complaints(merged('baud: 1'))).toEqual([
      'oven.yaml:2: boards.a.baud is 1; expected a whole number from 1200 to 2000000',
      'oven.yaml:2: boards.b.baud is 1; expected a whole number from 1200 to 2000000',
    ]);
  });

  it.each([
    [
      `${SMALLEST}---\n${SMALLEST}`,
      'oven.yaml:7: a second document begins here (---); expected one: each pair has a file of its own',
    ],
    [SMALLEST.replace('50ms', '*late'), 'oven.yaml:6: *late stands for nothing; expected &late above it'],
    [SMALLEST.replace('50ms', '!secret x'), 'oven.yaml:6: unknown tag !secret; expected the value itself'],
  ])('in YAML is told in our words (%#)', (text, sentence) => {
    expect(complaints(text)).toEqual([sentence]);
  });

  it('is another file altogether: nothing of it is shown', () => {
    const secrets = [
      'root:$6$hush:19000:0:99999:7:::\ndaemon:*:19000\n',
      'password: hush\nuser: x\n',
      '- hush\n- hush\n',
      'hush',
      'password: "hush\n',
      '{"hush": [1, 2\n',
      ':100000000C94hush\n:00000001FF\n',
      '\0hush\0',
    ];
    for (const text of secrets) {
      const sentences = complaints(text);
      expect(sentences).toHaveLength(1);
      expect(sentences[0]).not.toContain('hush');
      expect(sentences[0]).toContain('this is no configuration of a pair');
    }
  });

  it('in YAML itself has its line', () => {
    expect(complaints('boards: { a: { kind: uno }\nrelay: ]\n')[0]).toMatch(/^oven\.yaml:2: not valid YAML: /);
  });

  it('is a missing file when there is none', () => {
    expect(() => loadConfig('/nonexistent/oven.yaml')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_MISSING',
        message: expect.stringContaining(
          'the configuration file /nonexistent/oven.yaml cannot be read: there is no such file; copycat init writes one',
        ),
      }),
    );
  });
});
