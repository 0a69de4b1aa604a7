import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { checkGatewayDeath } from '../../src/gateway/lines/check-gateway-death.js';
import { lineAfterDeath } from '../../src/hardware/host/line-after-death.js';
import { checkWiring } from '../../src/wiring/checks/check-wiring.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A kernel's files about itself. */
function kernel(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'copycat-kernel-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const PI3 = { 'sys/firmware/devicetree/base/compatible': 'raspberrypi,3-model-b\0brcm,bcm2837\0' };
const PI5 = { 'sys/firmware/devicetree/base/compatible': 'raspberrypi,5-model-b\0brcm,bcm2712\0' };
const BCM = 'sys/module/pinctrl_bcm2835/parameters';
const RP1 = 'sys/module/pinctrl_rp1/parameters';
const RELEASE = 'proc/sys/kernel/osrelease';

describe('what becomes of a line when the gateway dies', () => {
  const answers: [name: string, files: Record<string, string>, line: string, chip: string | null, answer: string][] = [
    ['Raspberry Pi OS', { ...PI3, [`${BCM}/persist_gpio_outputs`]: 'Y\n' }, 'GPIO17', null, 'held'],
    ['a plain kernel', { ...PI3, [`${BCM}/persist_gpio_outputs`]: 'N\n' }, 'GPIO17', null, 'released'],
    ['strict_gpiod, as it was called at first', { ...PI3, [`${BCM}/strict_gpiod`]: 'Y\n' }, 'GPIO17', null, 'released'],
    ['without it', { ...PI3, [`${BCM}/strict_gpiod`]: 'N\n' }, 'GPIO17', null, 'held'],
    ['a Pi 5', { ...PI5, [`${RP1}/persist_gpio_outputs`]: '1\n' }, 'GPIO17', null, 'held'],
    [
      'a Pi 5 whose other driver is loaded too',
      { ...PI5, [`${BCM}/persist_gpio_outputs`]: 'N\n' },
      'GPIO17',
      null,
      'unknown',
    ],
    ['the chip by its label', { [`${RP1}/persist_gpio_outputs`]: 'N\n' }, 'GPIO17', 'pinctrl-rp1', 'released'],
    ['Debian, before the parameter', { ...PI3, [RELEASE]: '6.1.0-56-arm64\n' }, 'GPIO17', null, 'released'],
    ['Raspberry Pi OS, before the parameter', { ...PI3, [RELEASE]: '6.1.21-v8+\n' }, 'GPIO17', null, 'unknown'],
    [
      'a chip that nothing is known of',
      { ...PI3, [`${BCM}/persist_gpio_outputs`]: 'Y\n' },
      'GPIO17',
      'expander',
      'unknown',
    ],
    ['a host that is no Pi', {}, 'GPIO17', null, 'unknown'],
    ['a Firmata board', {}, 'D7', null, 'held'],
  ];
  it.each(answers)('%s: %o %s on chip %s is %s', (_name, files, line, chip, answer) => {
    expect(lineAfterDeath({ line, chip, root: kernel(files) }).answer).toBe(answer);
  });

  it('says what it knows it from, and what would change it', () => {
    const held = lineAfterDeath({
      line: 'GPIO17',
      chip: null,
      root: kernel({ ...PI3, [`${BCM}/persist_gpio_outputs`]: 'Y\n' }),
    });
    expect(held.evidence).toBe(`/${BCM}/persist_gpio_outputs is Y`);
    expect(held.change).toContain('dtparam=strict_gpiod');
    const asked = {
      ...PI3,
      [`${BCM}/persist_gpio_outputs`]: 'N\n',
      'proc/cmdline': 'x pinctrl_bcm2835.persist_gpio_outputs=n y',
    };
    expect(lineAfterDeath({ line: 'GPIO17', chip: null, root: kernel(asked) }).change).toContain(
      'no dtparam=strict_gpiod',
    );
  });
});

describe('on-gateway-death against what the kernel will do', () => {
  const holding = { ...PI3, [`${BCM}/persist_gpio_outputs`]: 'Y\n' };
  const releasing = { ...PI3, [`${BCM}/persist_gpio_outputs`]: 'N\n' };

  function severities(relay: string, files: Record<string, string>): string[] {
    const yaml = `boards: { a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }\nrelay: ${relay}\ninput: tcp://127.0.0.1:7400\ndeadline: 50ms\n`;
    const config = parseConfig(yaml, 'copycat.yaml', '/srv/oven');
    return checkGatewayDeath(config, kernel(files)).map(({ severity }) => severity);
  }

  const pin = 'pin: GPIO17, at-rest: a';
  const cases: [relay: string, files: Record<string, string>, severities: string[]][] = [
    [`{ ${pin}, on-gateway-death: hold }`, holding, []],
    [`{ ${pin}, on-gateway-death: hold }`, releasing, ['error']],
    [`{ ${pin}, on-gateway-death: release }`, releasing, []],
    // The service's ExecStopPost lets go of it; a gateway that is run by hand has none.
    [`{ ${pin}, on-gateway-death: release }`, holding, ['warning']],
    [`{ ${pin} }`, holding, []],
    [`{ ${pin} }`, releasing, ['warning']],
    [`{ ${pin} }`, {}, []],
    [`{ ${pin}, on-gateway-death: hold }`, {}, ['warning']],
    // What is held off by other means bears a relay that falls to rest.
    [`{ ${pin}, hold-off: series-relay }`, releasing, []],
    [`{ ${pin}, hold-off: series-relay, on-gateway-death: hold }`, releasing, ['warning']],
    ['{ kind: latching, pins: { a: GPIO17, b: GPIO22 }, at-rest: a, on-gateway-death: hold }', releasing, []],
    ['{ kind: latching, pins: { a: GPIO17, b: GPIO22 }, at-rest: a, on-gateway-death: release }', releasing, ['error']],
    [`{ ${pin}, dead-man: { pin: GPIO6 } }`, holding, []],
    [`{ ${pin}, dead-man: { pin: GPIO6 }, on-gateway-death: hold }`, holding, ['error']],
  ];
  it.each(cases)('%s on %o: %o', (relay, files, expected) => {
    expect(severities(relay, files)).toEqual(expected);
  });

  it('emulated boards have no kernel to ask', () => {
    const yaml =
      'boards: { a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }\nrelay: { pin: emulated, at-rest: a, on-gateway-death: hold }\ninput: tcp://127.0.0.1:7400\ndeadline: 50ms\n';
    expect(checkGatewayDeath(parseConfig(yaml, 'copycat.yaml', '/srv/oven'), kernel(releasing))).toEqual([]);
  });
});

describe('RESET in the place of a relay when the gateway dies', () => {
  const load = (lines: string, more = '') =>
    parseConfig(
      `boards: { a: { kind: uno, port: usb-1.2${lines.replace('LINE', 'GPIO23')} }, b: { kind: uno, port: usb-1.3${lines.replace('LINE', 'GPIO24')} } }
relay: none
input: every 100ms
deadline: 50ms
${more}`,
      'copycat.yaml',
      '/',
    );

  it('R13, R27: is said to be let go where the kernel does so, with what keeps it', () => {
    const root = kernel({ ...PI3, [`${BCM}/persist_gpio_outputs`]: 'N\n' });
    const found = checkGatewayDeath(load(', reset: LINE'), root);
    expect(found.map(({ severity, key }) => [severity, key])).toEqual([
      ['warning', 'boards.a.reset'],
      ['warning', 'boards.b.reset'],
    ]);
    expect(found[1]?.message).toContain('when the gateway dies GPIO24 is let go, and board b');
    expect(found[1]?.remedy).toContain('persist_gpio_outputs');
    expect(checkGatewayDeath(load('', 'outputs: none'), root)).toEqual([]);
    // Where nothing is switched no supply takes an actuator along.
    const supply = (config: Config) => checkWiring(config).find(({ key }) => key === 'wiring.supply')?.message;
    expect(supply(load(', reset: LINE'))).toContain('the actuator falls');
    expect(supply(load('', 'outputs: none'))).not.toContain('actuator');
  });

  it('is nothing to warn of where the line stays', () => {
    const root = kernel({ ...PI3, [`${BCM}/persist_gpio_outputs`]: 'Y\n' });
    expect(checkGatewayDeath(load(', reset: LINE'), root)).toEqual([]);
  });
});
