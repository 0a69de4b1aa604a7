import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DelimiterGuard } from '../../src/serial/delimiter-guard.js';
import { findPort } from '../../src/serial/find-port.js';

let dev: string;
beforeEach(() => {
  dev = mkdtempSync(join(tmpdir(), 'copycat-dev-'));
});
afterEach(() => rmSync(dev, { recursive: true }));

function plug(device: string, links: { byPath?: string[]; byId?: string[] }): void {
  writeFileSync(join(dev, device), '');
  for (const [folder, names] of [
    ['by-path', links.byPath ?? []],
    ['by-id', links.byId ?? []],
  ] as const) {
    mkdirSync(join(dev, 'serial', folder), { recursive: true });
    for (const name of names) symlinkSync(join('..', '..', device), join(dev, 'serial', folder, name));
  }
}

const find = (port: string): Promise<string> => findPort(port, { devFolder: dev });
const byPath = (name: string): string => join(dev, 'serial', 'by-path', name);

describe('findPort', () => {
  it('takes a path as it is, whether it is there or not', async () => {
    expect(await find('/dev/ttyACM0')).toBe('/dev/ttyACM0');
    expect(await find('./bench/a')).toBe('./bench/a');
  });

  it('finds a place on USB, whatever the bus and the controller are called', async () => {
    plug('ttyACM0', { byPath: ['platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0'] });
    plug('ttyUSB0', { byPath: ['pci-0000:00:14.0-usbv2-0:1.3:1.0-port0'] });
    expect(await find('usb-1.2')).toBe(byPath('platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0'));
    expect(await find('usb-1.3')).toBe(byPath('pci-0000:00:14.0-usbv2-0:1.3:1.0-port0'));
  });

  it('does not take 1.2.1 or 11.2 for 1.2', async () => {
    plug('ttyACM0', { byPath: ['pci-0-usb-0:1.2.1:1.0', 'pci-0-usb-0:11.2:1.0'] });
    await expect(find('usb-1.2')).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE' });
  });

  it('takes two names of one device for one, and the first of its interfaces', async () => {
    plug('ttyACM0', { byPath: ['pci-0-usb-0:1.2:1.0', 'pci-0-usbv2-0:1.2:1.0'] });
    plug('ttyACM1', { byPath: ['pci-0-usb-0:1.2:1.2', 'pci-0-usbv2-0:1.2:1.2'] });
    expect(await find('usb-1.2')).toBe(byPath('pci-0-usb-0:1.2:1.0'));
  });

  it('says so when a place is there on two controllers', async () => {
    plug('ttyACM0', { byPath: ['pci-0000:00:14.0-usb-0:1.2:1.0'] });
    plug('ttyACM1', { byPath: ['pci-0000:00:1a.0-usb-0:1.2:1.0'] });
    await expect(find('usb-1.2')).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      message: 'usb-1.2 is there on 2 USB controllers',
      expected: expect.stringContaining('0000:00:1a.0'),
    });
  });

  it('says what it looked for and what there is', async () => {
    plug('ttyACM0', { byPath: ['pci-0-usb-0:1.4:1.0'] });
    await expect(find('usb-1.2')).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      message: 'nothing is plugged in at usb-1.2; there is: usb-1.4',
      value: 'usb-1.2',
      expected: expect.stringContaining('*-usb-0:1.2:1.0*'),
    });
  });

  it('says so when there is no USB serial port at all', async () => {
    await expect(find('usb-1.2')).rejects.toMatchObject({
      message: 'nothing is plugged in at usb-1.2; there is no USB serial port at all',
    });
  });

  it('finds names by id, by path and of devices', async () => {
    plug('ttyACM0', { byId: ['usb-Arduino_Uno_7593-if00'], byPath: ['pci-0-usb-0:1.4:1.0'] });
    expect(await find('usb-Arduino_Uno_7593-if00')).toBe(join(dev, 'serial', 'by-id', 'usb-Arduino_Uno_7593-if00'));
    expect(await find('pci-0-usb-0:1.4:1.0')).toBe(byPath('pci-0-usb-0:1.4:1.0'));
    expect(await find('ttyACM0')).toBe(join(dev, 'ttyACM0'));
    await expect(find('ttyACM1')).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      message: 'no serial port is called ttyACM1; there is: usb-Arduino_Uno_7593-if00, pci-0-usb-0:1.4:1.0',
    });
  });
});

describe('R6: the guard before the delimiter parser', () => {
  it('hands on what has delimiters in time, untouched', () => {
    const guard = new DelimiterGuard(4);
    const chunk = Buffer.from([1, 2, 3, 4, 0, 1, 2, 3, 4, 0]);
    expect(guard.pass(chunk)).toBe(chunk);
    expect(guard.overlongBytes).toBe(0);
  });

  it('cuts a run that is too long, wherever the chunks end, and goes on after its delimiter', () => {
    const stream = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 0];
    for (let size = 1; size <= stream.length; size++) {
      const guard = new DelimiterGuard(4);
      const passed: number[] = [];
      for (let at = 0; at < stream.length; at += size) {
        passed.push(...guard.pass(Buffer.from(stream.slice(at, at + size))));
      }
      expect(passed).toEqual([0, 1, 2, 3, 4, 5, 0, 0, 9, 0]);
      expect(guard.overlongBytes).toBe(3);
    }
  });
});
