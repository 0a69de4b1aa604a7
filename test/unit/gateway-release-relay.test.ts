import { describe, expect, it } from 'vitest';
import { askGpioChips } from '../../src/doctor/machine/ask-gpio-chips.js';
import { releaseRelay } from '../../src/gateway/lines/release-relay.js';
import { pairDropIn } from '../../src/service/pair-drop-in.js';
import { ovenConfig } from './doctor-kit.js';
import { FakeGpio } from './fake-gpio.js';

const relay = (text: string) => ovenConfig({ relay: `{ at-rest: a, ${text} }` });

describe('on-gateway-death: release, where the kernel would keep the level', () => {
  it.each([
    ['pin: GPIO17, on-gateway-death: release', ['GPIO17=0']],
    ['pin: [GPIO17, GPIO22], active-low: true, on-gateway-death: release', ['GPIO17=1', 'GPIO22=1']],
    ['kind: two-relays, pins: { a: GPIO17, b: GPIO22 }, on-gateway-death: release', ['GPIO17=0', 'GPIO22=0']],
  ])('R13: { %s } goes to rest', async (text, done) => {
    const host = new FakeGpio();
    host.line('GPIO17').level = 1;
    const config = text.startsWith('kind') ? ovenConfig({ relay: `{ at-rest: none, ${text} }` }) : relay(text);
    await releaseRelay(config, () => Promise.resolve(host));
    expect(host.done).toEqual(done);
    expect([host.openChips, host.line('GPIO17').request]).toEqual([0, null]);
  });

  it.each(['pin: GPIO17', 'pin: GPIO17, on-gateway-death: hold'])('R27: { %s } is left where it is', async (text) => {
    const host = new FakeGpio();
    expect(await releaseRelay(relay(text), () => Promise.resolve(host))).toEqual([]);
    expect(host.done).toEqual([]);
  });

  it('takes nothing from a gateway that lives', async () => {
    const host = new FakeGpio();
    host.line('GPIO17').consumer = 'copycat';
    const released = releaseRelay(relay('pin: GPIO17, on-gateway-death: release'), () => Promise.resolve(host));
    await expect(released).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
    expect(host.done).toEqual([]);
  });

  it('is what the unit calls when its gateway has ended, and only where it is wanted', () => {
    const options = {
      configFile: '/srv/oven/oven.yaml',
      user: 'pi',
      groups: [],
      program: ['/usr/bin/node', '/m.js'],
      lingers: false,
    };
    const dropIn = (text: string) => pairDropIn({ ...options, config: relay(text) });
    expect(dropIn('pin: GPIO17, on-gateway-death: release')).toContain(
      '\nExecStopPost=-/usr/bin/node /m.js service stopped -c /srv/oven/oven.yaml\n',
    );
    expect(dropIn('pin: GPIO17')).not.toContain('ExecStopPost');
  });
});

describe('what the doctor asks of GPIO chips', () => {
  it('is their label and lines, and who holds them; a chip that is shut is told, and nothing is taken', async () => {
    const host = new FakeGpio();
    host.line('GPIO27').consumer = 'w1';
    host.refused.set('/dev/gpiochip9', 'EACCES');
    const [open, shut] = await askGpioChips(() => Promise.resolve(host));
    expect(open).toMatchObject({ path: '/dev/gpiochip0', label: 'pinctrl-rp1', trouble: null });
    expect(open?.lines[27]).toEqual({ offset: 27, name: 'GPIO27', holder: 'w1', isOutput: false });
    expect(open?.lines[17]?.holder).toBeNull();
    expect(shut).toMatchObject({ path: '/dev/gpiochip9', trouble: expect.stringContaining('EACCES'), lines: [] });
    expect([host.openChips, host.done]).toEqual([0, []]);
  });
});
