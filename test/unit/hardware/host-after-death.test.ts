import { describe, expect, it } from 'vitest';
import { lineAfterDeath } from '../../../src/hardware/host/line-after-death.js';
import {
  type RelayAfterDeath,
  type RelayWiring,
  relayAfterDeath,
} from '../../../src/hardware/host/relay-after-death.js';

const BCM = '/sys/module/pinctrl_bcm2835/parameters';
const RP1 = '/sys/module/pinctrl_rp1/parameters';
const COMPATIBLE = '/sys/firmware/devicetree/base/compatible';
const MODEL = '/sys/firmware/devicetree/base/model';
const RELEASE = '/proc/sys/kernel/osrelease';

/** A kernel that tells this of itself, and nothing else. */
const kernel = (files: Readonly<Record<string, string>>) => (path: string) => files[path] ?? null;
const line = (files: Readonly<Record<string, string>>, chip: string | null = null, name = 'GPIO17') =>
  lineAfterDeath({ line: name, chip, root: kernel(files) });

describe('R27: what becomes of a line whose gateway has died', () => {
  it("of a Firmata board: it stays, and nothing in this host's set-up changes it", () => {
    expect(line({ [COMPATIBLE]: 'brcm,bcm2711', [`${BCM}/persist_gpio_outputs`]: 'N' }, null, 'D7')).toEqual({
      answer: 'held',
      evidence: expect.stringContaining("D7 is a Firmata board's"),
      change: null,
    });
  });

  it.each([
    ['brcm,bcm2835', BCM],
    ['brcm,bcm2836', BCM],
    ['brcm,bcm2837', BCM],
    ['brcm,bcm2711', BCM],
    ['brcm,bcm2712', RP1],
  ])('of %s: its own driver is asked, and no other', (compatible, folder) => {
    const other = folder === BCM ? RP1 : BCM;
    const files = {
      [COMPATIBLE]: compatible,
      [`${folder}/persist_gpio_outputs`]: 'N\n',
      [`${other}/persist_gpio_outputs`]: 'Y\n',
    };
    expect(line(files)).toMatchObject({ answer: 'released', evidence: `${folder}/persist_gpio_outputs is N` });
  });

  it.each([
    ['pinctrl-bcm2835', BCM],
    ['pinctrl-bcm2711', BCM],
    ['pinctrl-rp1', RP1],
  ])('of the chip %s: the model of the host does not count', (chip, folder) => {
    const compatible = folder === BCM ? 'brcm,bcm2712' : 'brcm,bcm2711';
    const files = { [COMPATIBLE]: compatible, [`${folder}/persist_gpio_outputs`]: 'Y\n' };
    expect(line(files, chip)).toEqual({
      answer: 'held',
      evidence: `${folder}/persist_gpio_outputs is Y`,
      change: 'dtparam=strict_gpiod in /boot/firmware/config.txt, then a reboot',
    });
  });

  it.each([
    ['Y', 'held'],
    ['y', 'held'],
    ['1', 'held'],
    ['N', 'released'],
    ['0', 'released'],
    ['not Y', 'released'],
  ])('persist_gpio_outputs = %s: %s', (value, answer) => {
    expect(line({ [`${BCM}/persist_gpio_outputs`]: value }, 'pinctrl-bcm2835').answer).toBe(answer);
  });

  it.each([
    ['Y', 'released'],
    ['N', 'held'],
  ])(
    'strict_gpiod = %s, as its opposite was called at first: %s; the later word is the one that counts',
    (value, answer) => {
      const files = { [`${BCM}/strict_gpiod`]: `${value}\n` };
      expect(line(files, 'pinctrl-bcm2711')).toMatchObject({ answer, evidence: `${BCM}/strict_gpiod is ${value}` });
      const both = { ...files, [`${BCM}/persist_gpio_outputs`]: `${value}\n` };
      expect(line(both, 'pinctrl-bcm2711')).toMatchObject({
        answer: value === 'Y' ? 'held' : 'released',
        evidence: `${BCM}/persist_gpio_outputs is ${value}`,
      });
    },
  );

  it.each([
    ['quiet', 'pinctrl_bcm2835.persist_gpio_outputs=y in /boot/firmware/cmdline.txt, then a reboot'],
    ['pinctrl_bcm2835.persist_gpio_outputs=n', expect.stringMatching(/^no dtparam=strict_gpiod/)],
    ['pinctrl_bcm2835.strict_gpiod=1', expect.stringMatching(/^no dtparam=strict_gpiod/)],
    [null, 'pinctrl_bcm2835.persist_gpio_outputs=y in /boot/firmware/cmdline.txt, then a reboot'],
  ])('a kernel that releases, started with %s: what makes it hold', (cmdline, change) => {
    const files = { [`${BCM}/persist_gpio_outputs`]: 'N', ...(cmdline === null ? {} : { '/proc/cmdline': cmdline }) };
    expect(line(files, 'pinctrl-bcm2835').change).toEqual(change);
  });

  it('an RP1 whose kernel has no parameter is not known', () => {
    expect(line({ [RELEASE]: '6.6.20\n' }, 'pinctrl-rp1')).toEqual({
      answer: 'unknown',
      evidence: '6.6.20 has no persist_gpio_outputs for the RP1',
      change: null,
    });
  });

  it.each(['6.1.0-rpi4-rpi-v8', '6.1.21-v8+', '5.15.84-v7l+', '6.1.21+', '5.10.103-v7'])(
    "%s, one of Raspberry Pi's own from before the parameter, is not known",
    (release) => {
      expect(line({ [RELEASE]: `${release}\n` }, 'pinctrl-bcm2835')).toEqual({
        answer: 'unknown',
        evidence: `${release} is older than the parameter that would say it`,
        change: 'a newer kernel',
      });
    },
  );

  it.each(['6.1.0-56-arm64', '6.8.0+deb13-arm64', '6.1.0-v6'])('%s, a plain one, releases', (release) => {
    expect(line({ [RELEASE]: `${release}\n` }, 'pinctrl-bcm2835')).toEqual({
      answer: 'released',
      evidence: `${release} has no persist_gpio_outputs: its driver makes a released line an input`,
      change: 'a kernel of Linux 6.10 or later with pinctrl_bcm2835.persist_gpio_outputs=y',
    });
  });

  it('a kernel that tells not even its release is plain, by no name', () => {
    expect(line({}, 'pinctrl-bcm2835').evidence).toMatch(/^this kernel has no persist_gpio_outputs/);
  });

  it('a chip or a host that nothing is known of is named', () => {
    const unknown = (what: string) => ({
      answer: 'unknown',
      evidence: `nothing is known of how ${what} treats a line of a dead process`,
      change: null,
    });
    expect(line({ [COMPATIBLE]: 'brcm,bcm2711' }, 'expander')).toEqual(unknown('expander'));
    expect(line({ [COMPATIBLE]: 'rockchip,rk3399', [MODEL]: ' Rock Pi 4\0\0' })).toEqual(unknown('Rock Pi 4'));
    expect(line({})).toEqual(unknown('this host'));
  });
});

describe('R13, R27: what becomes of a relay whose gateway has died', () => {
  const holding = { [`${BCM}/persist_gpio_outputs`]: 'Y', [`${BCM}/unread`]: '' };
  const releasing = { [`${BCM}/persist_gpio_outputs`]: 'N' };
  const wiring: RelayWiring = { kind: 'changeover', pins: ['GPIO17'], pinsOf: {}, deadMan: null, onGatewayDeath: null };
  const of = (
    relay: Partial<RelayWiring>,
    files: Readonly<Record<string, string>>,
    isHeldOff = false,
    chip: string | null = 'pinctrl-bcm2835',
  ): RelayAfterDeath => relayAfterDeath({ relay: { ...wiring, ...relay }, chip, isHeldOff, root: kernel(files) });

  it.each([
    // wanted, the kernel, held off by other means: verdict
    ['hold', holding, false, 'kept'],
    ['hold', releasing, false, 'broken'],
    ['hold', releasing, true, 'covered'],
    ['release', releasing, false, 'kept'],
    ['release', holding, false, 'by-service'],
    ['release', holding, true, 'by-service'],
    [null, holding, false, 'kept'],
    [null, releasing, false, 'covered'],
    [null, releasing, true, 'harmless'],
  ] as const)(
    '%s is wanted of a kernel with %o, held off otherwise: %s: %s',
    (onGatewayDeath, files, isHeldOff, verdict) => {
      const found = of({ onGatewayDeath }, files, isHeldOff);
      expect(found).toMatchObject({
        verdict,
        wanted: onGatewayDeath ?? 'hold',
        isDefault: onGatewayDeath === null,
        answer: files === holding ? 'held' : 'released',
      });
      expect(found.evidence).toContain('persist_gpio_outputs is');
    },
  );

  it.each(['hold', 'release', null] as const)(
    '%s of a host that nothing is known of is not known',
    (onGatewayDeath) => {
      for (const isHeldOff of [false, true]) {
        expect(of({ onGatewayDeath }, {}, isHeldOff, null)).toMatchObject({ verdict: 'unknown', answer: 'unknown' });
      }
    },
  );

  it('a latching relay needs no line to stay, and so cannot be released; one that is driven by levels can', () => {
    const latching = { kind: 'latching', pins: [], pinsOf: { a: ['GPIO17'], b: ['GPIO22'] } };
    expect(of(latching, releasing)).toMatchObject({
      answer: 'held',
      evidence: 'a latching relay needs no line to stay',
      change: null,
      verdict: 'kept',
    });
    expect(of({ ...latching, onGatewayDeath: 'release' }, releasing).verdict).toBe('broken');
    expect(of({ kind: 'latching' }, releasing)).toMatchObject({ answer: 'released', verdict: 'covered' });
    expect(of({ kind: 'two-relays', pins: [], pinsOf: latching.pinsOf }, releasing).answer).toBe('released');
  });

  it('a dead-man drive lets go of it, whatever the kernel does; that is what is wanted where nothing is said', () => {
    expect(of({ deadMan: {} }, holding)).toEqual({
      answer: 'released',
      evidence: 'the dead-man drive takes the supply of the relay away',
      change: null,
      wanted: 'release',
      isDefault: true,
      verdict: 'kept',
    });
    expect(of({ deadMan: {}, onGatewayDeath: 'hold' }, holding)).toMatchObject({ wanted: 'hold', verdict: 'broken' });
  });

  it('lines that do not all behave alike are not known, nor is a relay without one; several that do are as one', () => {
    expect(of({ pins: ['GPIO17', 'D7'] }, releasing)).toMatchObject({
      answer: 'unknown',
      evidence: 'its lines do not all behave alike',
      change: null,
      verdict: 'unknown',
    });
    expect(of({ pins: [] }, holding)).toMatchObject({ answer: 'unknown', evidence: 'no line is named', change: null });
    expect(of({ pins: ['GPIO17', 'D7'] }, holding).answer).toBe('held');
    expect(of({ pins: [], pinsOf: { a: ['GPIO17'], b: ['D7'] } }, releasing).answer).toBe('unknown');
  });
});
