import { describe, expect, it } from 'vitest';
import { checkConfig, type Finding } from '../../src/config/checks/check-config.js';
import type { Config } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { firstPrimary, toPairConfig } from '../../src/config/to-pair-config.js';
import { checkGatewayDeath } from '../../src/gateway/lines/check-gateway-death.js';
import { HARNESS_WIRE } from '../../src/link/harness/harness-dialect.js';
import { checkWiring } from '../../src/wiring/checks/check-wiring.js';
import { netlistOf } from '../../src/wiring/netlist/netlist-of.js';

const FACTS = { exists: () => true, fileSystem: () => 'tmpfs' };

function load(relay: string, boards: readonly [string, string], more = ''): Config {
  const [a, b] = boards;
  const text = `boards: { a: { ${a} }, b: { ${b} } }\nrelay: ${relay}\ninput: 'tcp://127.0.0.1:7400'\ndeadline: 50ms\n${more}`;
  return parseConfig(text, 'oven.yaml', '/srv/oven');
}

const UNO = ['kind: uno, port: usb-1.2', 'kind: uno, port: usb-1.3'] as const;
const POSIX = ['kind: posix, port: /dev/pts/3', 'kind: posix, port: /dev/pts/4'] as const;
const EMULATED = ['kind: uno, port: emulated', 'kind: uno, port: emulated'] as const;
const WIRED_RESET = [`${UNO[0]}, reset: GPIO23`, `${UNO[1]}, reset: GPIO24`] as const;

/** What is said of the relay and of what stands in its place. */
const said = (config: Config): readonly Finding[] =>
  checkConfig(config, FACTS).filter(({ key }) => key === 'relay' || key === 'outputs' || key.startsWith('relay.'));

describe('relay: emulated', () => {
  it('with processes as boards is no more than a note', () => {
    expect(said(load('emulated', POSIX))).toMatchObject([{ severity: 'note', key: 'relay' }]);
  });

  it('R13: with real boards is a warning: nothing is switched', () => {
    const [finding, ...more] = said(load('emulated', UNO));
    expect(finding).toMatchObject({ severity: 'warning', message: expect.stringContaining('nothing is switched') });
    expect(more).toEqual([]);
  });

  it('leaves nothing to be wired, and nothing to ask the kernel about', () => {
    const config = load('emulated', UNO);
    const { parts, wires, subtitle } = netlistOf(config);
    expect(subtitle).toContain('EMULATED');
    expect(parts.find(({ id }) => id === 'relay-1')).toMatchObject({ title: 'Relay: EMULATED', terminals: [] });
    expect(wires.filter(({ from, to }) => [from, to].some(({ part }) => /relay|load|stage/.test(part)))).toEqual([]);
    expect(checkWiring(config).filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(checkGatewayDeath(config)).toEqual([]);
    expect(firstPrimary(config)).toBe('a');
    expect(toPairConfig(config, HARNESS_WIRE).handover).toBe('relay');
  });
});

describe('relay: none', () => {
  it.each([
    ['no RESET at all', UNO],
    ['RESET of one board', [WIRED_RESET[0], UNO[1]]],
    ['RESET that is emulated', [`${UNO[0]}, reset: emulated`, `${UNO[1]}, reset: emulated`]],
  ] as const)('R13: is refused with %s, in one sentence that says what to write', (_name, boards) => {
    expect(() => load('none', boards)).toThrow(
      'oven.yaml:2: relay is "none"; expected a relay, or the RESET lines of both boards (boards.a.reset: GPIO23, boards.b.reset: GPIO24), or outputs: none where the boards only measure: without one of them nothing keeps an old primary from acting',
    );
  });

  it('R13: with RESET of both boards RESET is the fence; what it cannot do is said', () => {
    const config = load('none', WIRED_RESET);
    expect(toPairConfig(config, HARNESS_WIRE)).toMatchObject({ handover: 'reset', resetLines: ['a', 'b'] });
    expect(said(config).map(({ severity, message }) => [severity, message.split(':')[0]])).toEqual([
      ['warning', 'NOT PROTECTED AGAINST GATEWAY POWER LOSS'],
      ['note', 'there is no relay'],
    ]);
    const wires = netlistOf(config).wires.map(
      ({ from, to }) => `${from.part}.${from.terminal}>${to.part}.${to.terminal}`,
    );
    for (const wire of ['board-a.d9>diode-1-a.a', 'board-b.d9>diode-1-b.a', 'diode-1-b.k>load.in1']) {
      expect(wires).toContain(wire);
    }
    expect(checkWiring(config).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('with outputs: none nothing is switched, and nothing has to be wired', () => {
    const config = load('none', UNO, 'outputs: none\n');
    expect(toPairConfig(config, HARNESS_WIRE).handover).toBe('nothing');
    expect(config.outputs).toEqual([]);
    expect(said(config)).toMatchObject([
      { severity: 'note', key: 'outputs', message: expect.stringContaining('no actuator is switched') },
    ]);
    expect(netlistOf(config).parts.some(({ kind }) => kind === 'load' || kind === 'relay')).toBe(false);
    expect(checkWiring(config).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('R13: emulated boards have no RESET lines', () => {
    const boards = [`${EMULATED[0]}, reset: GPIO23`, `${EMULATED[1]}, reset: GPIO24`] as const;
    expect(said(load('none', boards))[0]).toMatchObject({ severity: 'error', key: 'relay' });
    expect(said(load('emulated', EMULATED))).toEqual([]);
  });
});

it.each([
  [
    'emulatd',
    'relay is "emulatd"; expected the keys of the relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }, or emulated, or none',
  ],
  ['{ pim: GPIO17, at-rest: a }', 'unknown key pim in relay; did you mean pin?'],
  ['{ pin: GPIO17 }', 'relay.at-rest is missing'],
])('relay: %s is told as what it is meant to be', (relay, sentence) => {
  expect(() => load(relay, UNO)).toThrow(sentence);
});
