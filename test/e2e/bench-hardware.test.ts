import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { hardwareBench } from '#built/bench/hardware/hardware-bench.js';
import { WallClock } from '#built/clock/clock.js';
import { parseConfig } from '#built/config/load/load-config.js';
import { CopycatError } from '#built/errors/copycat-error.js';
import { openSerialPort } from '#built/gateway/ports/open-serial-port.js';
import { createGpioProvider } from '#built/hardware/gpio/gpio-provider.js';
import { createLines } from '#built/hardware/lines/lines.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { changeover } from '../unit/relay-contacts.js';
import { PosixHeater } from './posix-pair.js';

const heaters: PosixHeater[] = [];
afterEach(async () => {
  for (const heater of heaters.splice(0)) await heater.dispose();
});

/** Two boards of this machine, a relay with feedback, and RESET lines where they are wired. */
async function played(wired: boolean, scenarios: readonly string[] = []) {
  const heater = new PosixHeater();
  heaters.push(heater);
  const a = await heater.start(0x111);
  const b = await heater.start(0x222);
  const gpio = new FakeGpio();
  const contact = changeover(gpio, new WallClock(), 'GPIO17', 'GPIO27');
  const moved = gpio.onLevel;
  gpio.onLevel = (line, level) => {
    moved(line, level);
    if (line === 'GPIO23') a.holdReset(level === 1);
    if (line === 'GPIO24') b.holdReset(level === 1);
  };
  const config = parseConfig(
    `boards:
  a: { kind: posix, port: ${a.port}${wired ? ', reset: GPIO23' : ''} }
  b: { kind: posix, port: ${b.port}${wired ? ', reset: GPIO24' : ''} }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 50ms
deadline: 1s
probe: 250ms
flapping: { limit: 64, permanent: 65 }
`,
    'copycat.yaml',
    heater.folder,
  );
  const clock = new WallClock();
  const reports = await hardwareBench(
    config,
    {
      ...{ clock, log: pino({ level: 'silent' }), openSession: openSerialPort },
      lines: createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]),
      flash: () => Promise.reject(new CopycatError('FLASH_FAILED', 'nothing is flashed here')),
      openThirdCopy: () => Promise.reject(new CopycatError('INTERNAL', 'there is no third copy here')),
      end: () => {
        throw new Error('the gateway ended by itself');
      },
    },
    {
      scenarios,
      inputs: 15,
      everyMs: 10,
      payload: Buffer.from('40069001', 'hex'),
      folder: join(heater.folder, 'bench'),
    },
  );
  return { reports, contact };
}

describe('the bench on real ports', () => {
  it('R10, R13, R25, R27: every scenario holds on a sound pair, and the contact stands where the pair says', async () => {
    const { reports, contact } = await played(true);
    expect(reports.flatMap(({ scenario, broken }) => broken.map((text) => `${scenario}: ${text}`))).toEqual([]);
    expect(reports.map(({ held }) => held)).not.toContain(null);
    expect(reports.every(({ answered }) => answered === 15)).toBe(true);
    const struck = reports.filter(({ scenario }) => /unplugged|restarts|hangs/.test(scenario));
    expect(struck.map(({ noticedMs }) => noticedMs)).not.toContain(null);
    const changed = ['switchover', 'primary-unplugged', 'primary-restarts', 'primary-hangs'];
    for (const { scenario, drives } of reports) if (changed.includes(scenario)) expect(drives).toBe('a > b');
    expect(contact.history).not.toContain('both');
  });

  it('says what it cannot play where RESET is not wired, and refuses a name that is none', async () => {
    const { reports } = await played(false, ['steady', 'primary-hangs']);
    expect(reports.map(({ scenario, held }) => [scenario, held])).toEqual([
      ['steady', true],
      ['primary-hangs', null],
    ]);
    expect(reports[1]?.skipped).toContain('RESET');
    await expect(played(false, ['primary-explodes'])).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('R13: a relay that does not follow breaks the promise of every takeover', async () => {
    const heater = new PosixHeater();
    heaters.push(heater);
    const { reports } = await playedWithStuckRelay(heater);
    expect(reports[0]).toMatchObject({ scenario: 'primary-unplugged', held: false });
    expect(reports[0]?.faults).toContain('relay-stuck');
  });
});

async function playedWithStuckRelay(heater: PosixHeater) {
  const a = await heater.start(1);
  const b = await heater.start(2);
  const gpio = new FakeGpio();
  changeover(gpio, new WallClock(), 'GPIO17', 'GPIO27').stick();
  const clock = new WallClock();
  const config = parseConfig(
    `boards: { a: { kind: posix, port: ${a.port} }, b: { kind: posix, port: ${b.port} } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 50ms
deadline: 1s
`,
    'copycat.yaml',
    heater.folder,
  );
  const reports = await hardwareBench(
    config,
    {
      ...{ clock, log: pino({ level: 'silent' }), openSession: openSerialPort },
      lines: createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]),
      flash: () => Promise.reject(new CopycatError('FLASH_FAILED', 'nothing is flashed here')),
      openThirdCopy: () => Promise.reject(new CopycatError('INTERNAL', 'there is no third copy here')),
      end: () => undefined,
    },
    {
      scenarios: ['primary-unplugged'],
      ...{ inputs: 12, everyMs: 10, payload: Buffer.from('40069001', 'hex'), folder: join(heater.folder, 'bench') },
      finishWithinMs: 3_000,
      protectWithinMs: 8_000,
    },
  );
  return { reports };
}
