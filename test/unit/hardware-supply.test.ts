import { describe, expect, it } from 'vitest';
import { readSupply, type Supply, type SupplyFiles, supplyTrouble } from '../../src/hardware/host/supply.js';

/** A machine that has these files, with a line end as the kernel writes it. */
function machine(files: Readonly<Record<string, string>>): SupplyFiles {
  return {
    readFile: (path) => (files[path] === undefined ? null : `${files[path]}\n`),
    list: (folder) => {
      const below = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))];
    },
  };
}

const HWMON = '/sys/class/hwmon';
const THROTTLED = '/sys/bus/platform/drivers/raspberrypi-firmware/soc:firmware/get_throttled';
const NOTHING: Supply = { isUnderVoltage: null, isThrottled: null, celsius: null };
const volts = (alarm: string): Record<string, string> => ({
  [`${HWMON}/hwmon0/name`]: 'cpu_thermal',
  [`${HWMON}/hwmon1/name`]: 'rpi_volt',
  [`${HWMON}/hwmon1/in0_lcrit_alarm`]: alarm,
});

describe('how the host is fed', () => {
  it('is not known where the machine says nothing', () => {
    expect(readSupply(machine({}))).toEqual(NOTHING);
    expect(readSupply(machine({ [`${HWMON}/hwmon0/name`]: 'cpu_thermal' }))).toEqual(NOTHING);
  });

  it('is what the kernel polls, where it does; then the firmware is not asked', () => {
    const asked = { ...volts('1'), [THROTTLED]: 'e' };
    expect(readSupply(machine(asked))).toEqual({ ...NOTHING, isUnderVoltage: true });
    expect(readSupply(machine(volts('0')))).toEqual({ ...NOTHING, isUnderVoltage: false });
    expect(readSupply(machine({ [`${HWMON}/hwmon1/name`]: 'rpi_volt' }))).toEqual(NOTHING);
  });

  it.each([
    ['0', false, false],
    ['1', true, false],
    ['10000', true, false],
    ['2', false, true],
    ['4', false, true],
    ['8', false, true],
    ['e0000', false, true],
    ['50005', true, true],
  ])('else what the firmware answers, now or since it was last asked: %s', (bits, isUnderVoltage, isThrottled) => {
    expect(readSupply(machine({ [THROTTLED]: bits }))).toEqual({ ...NOTHING, isUnderVoltage, isThrottled });
  });

  it('asks the firmware of the first that answers', () => {
    const silent = THROTTLED.replace('soc:firmware/get_throttled', 'bind');
    expect(readSupply(machine({ [silent]: '', [THROTTLED]: '1' }))).toMatchObject({ isUnderVoltage: true });
  });

  it('has its temperature in whole degrees', () => {
    expect(readSupply(machine({ '/sys/class/thermal/thermal_zone0/temp': '79501' })).celsius).toBe(80);
  });

  it('is held against a fault of a board only where it is bad', () => {
    expect(supplyTrouble(NOTHING)).toBeNull();
    expect(supplyTrouble({ isUnderVoltage: false, isThrottled: false, celsius: 79 })).toBeNull();
    expect(supplyTrouble({ ...NOTHING, celsius: 80 })).toBe('80 °C');
    expect(supplyTrouble({ ...NOTHING, isThrottled: true })).toBe('processor slowed down');
    expect(supplyTrouble({ isUnderVoltage: true, isThrottled: true, celsius: 85 })).toBe(
      'under-voltage, processor slowed down, 85 °C',
    );
  });
});
