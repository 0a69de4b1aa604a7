import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPort, locatePort } from '../../src/serial/ports/find-port.js';
import { HostTree } from './host-tree.js';

let host: HostTree;
beforeEach(() => {
  host = new HostTree();
});
afterEach(() => host.remove());

const find = (port: string): Promise<string> => findPort(port, host);
const dev = (name: string): string => join(host.dev, name);
const PI_4 = 'platform-fd500000.pcie-pci-0000:01:00.0';

describe('findPort', () => {
  it('takes a path as it is, whether it is there or not', async () => {
    expect(await find('/dev/ttyACM0')).toBe('/dev/ttyACM0');
    expect(await find('./bench/a')).toBe('./bench/a');
  });

  it('finds a place on USB without any link of udev', async () => {
    host.plug({ name: 'ttyACM7', at: '1.2' });
    host.plug({ name: 'ttyUSB3', at: '1.3', driver: 'ch341', converterPort: 0 });
    host.plug({ name: 'ttyACM8', at: '2' });
    expect(await find('usb-1.2')).toBe(dev('ttyACM7'));
    expect(await find('usb-1.3')).toBe(dev('ttyUSB3'));
    expect(await find('usb-2')).toBe(dev('ttyACM8'));
    expect(await find('usb-1-2')).toBe(dev('ttyACM7'));
  });

  it('finds a board that comes back under another name', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2' });
    expect(await find('usb-1.2')).toBe(dev('ttyACM0'));
    host.unplug('ttyACM0');
    host.plug({ name: 'ttyACM1', at: '1.2' });
    expect(await find('usb-1.2')).toBe(dev('ttyACM1'));
  });

  it('does not take 1.2.1 or 11.2 for 1.2', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2.1' });
    host.plug({ name: 'ttyACM1', at: '11.2' });
    await expect(find('usb-1.2')).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE', condition: 'not-there' });
  });

  it('takes the first interface of a board that has several, and the first port of a converter', async () => {
    host.plug({ name: 'ttyACM1', at: '1.2', interfaceNumber: 2 });
    host.plug({ name: 'ttyACM0', at: '1.2', interfaceNumber: 0 });
    host.plug({ name: 'ttyUSB1', at: '1.4', driver: 'cp210x', converterPort: 1 });
    host.plug({ name: 'ttyUSB2', at: '1.4', driver: 'cp210x', converterPort: 0 });
    expect(await find('usb-1.2')).toBe(dev('ttyACM0'));
    expect(await find('usb-1.4')).toBe(dev('ttyUSB2'));
  });

  it('says so when a place is there on two controllers, with names that tell them apart', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2', bus: 1 });
    host.plug({ name: 'ttyACM1', at: '1.2', bus: 3 });
    await expect(find('usb-1.2')).rejects.toMatchObject({
      condition: 'several-match',
      message: 'usb-1.2 is there on 2 USB controllers',
      expected: expect.stringContaining('pci-0000:03:00.0-usb-0:1.2:1.0'),
    });
    expect(await find('platform-fd500000.pcie-pci-0000:03:00.0-usb-0:1.2:1.0')).toBe(dev('ttyACM1'));
  });

  it('says what it looked for and what there is', async () => {
    host.plug({ name: 'ttyACM0', at: '1.4' });
    await expect(find('usb-1.2')).rejects.toMatchObject({
      code: 'PORT_UNAVAILABLE',
      message: 'nothing is plugged in at usb-1.2; there is: usb-1.4 (Arduino Uno R3 (2341:0043))',
      value: 'usb-1.2',
      expected: 'plug the board in there, or see copycat ports for where it is',
    });
  });

  it('says so when there is no USB serial port at all', async () => {
    await expect(find('usb-1.2')).rejects.toMatchObject({
      message: 'nothing is plugged in at usb-1.2; there is no USB serial port at all',
    });
  });

  it('finds names by id and by path that udev would give, whether it has or not', async () => {
    const board = { vendor: '2341', product: '0043', manufacturer: 'Arduino (www.arduino.cc)', serial: '7583' };
    host.plug({ name: 'ttyACM0', at: '1.4', ...board });
    host.plug({ name: 'ttyUSB0', at: '1.3', vendor: '1a86', product: '7523', text: 'USB Serial', converterPort: 0 });
    expect(await find('usb-Arduino__www.arduino.cc__0043_7583-if00')).toBe(dev('ttyACM0'));
    expect(await find('usb-1a86_USB_Serial-if00-port0')).toBe(dev('ttyUSB0'));
    expect(await find(`${PI_4}-usb-0:1.4:1.0`)).toBe(dev('ttyACM0'));
    expect(await find(`${PI_4}-usbv2-0:1.4:1.0`)).toBe(dev('ttyACM0'));
    expect(await find(`${PI_4}-usb-0:1.3:1.0-port0`)).toBe(dev('ttyUSB0'));
  });

  it('believes a link that udev has made by rules of its own', async () => {
    host.plug({ name: 'ttyACM0', at: '1.4', byId: ['usb-heater_left-if00'] });
    expect(await find('usb-heater_left-if00')).toBe(dev('ttyACM0'));
  });

  it('where sysfs shows nothing, a link tells the place', async () => {
    writeFileSync(dev('ttyACM0'), '');
    host.links('by-path', 'ttyACM0', ['pci-0-usb-0:1.2:1.0', 'pci-0-usbv2-0:1.2:1.0']);
    expect(await find('usb-1.2')).toBe(dev('ttyACM0'));
  });

  it('one name by id for two boards is no name', async () => {
    host.plug({ name: 'ttyUSB0', at: '1.2', vendor: '1a86', product: '7523', converterPort: 0 });
    host.plug({ name: 'ttyUSB1', at: '1.3', vendor: '1a86', product: '7523', converterPort: 0 });
    await expect(find('usb-1a86_7523-if00-port0')).rejects.toMatchObject({
      condition: 'several-match',
      expected: expect.stringContaining('port: usb-1.2 or port: usb-1.3'),
    });
  });

  it('finds devices by name, and those that somebody has made', async () => {
    host.plug({ name: 'ttyACM0', at: '1.4' });
    host.uart('ttyAMA0', 32, 'uart-pl011');
    writeFileSync(dev('ttyXRUSB0'), '');
    expect(await find('ttyACM0')).toBe(dev('ttyACM0'));
    expect(await find('ttyAMA0')).toBe(dev('ttyAMA0'));
    expect(await find('ttyXRUSB0')).toBe(dev('ttyXRUSB0'));
    await expect(find('ttyACM1')).rejects.toMatchObject({
      condition: 'not-there',
      message: 'no serial port is called ttyACM1; there is: usb-1.4 (Arduino Uno R3 (2341:0043))',
    });
  });

  it('knows what is behind a link of somebody`s own', async () => {
    host.plug({ name: 'ttyACM0', at: '1.4' });
    mkdirSync(dev('mine'));
    symlinkSync('../ttyACM0', dev('mine/left'));
    expect(await locatePort({ port: dev('mine/left'), match: null }, host)).toMatchObject({
      path: dev('mine/left'),
      info: { name: 'ttyACM0' },
    });
  });
});

describe('match', () => {
  const UNO = { vendor: '2341', product: '0043', serial: null };

  it('finds a board wherever it is plugged in, in capitals or not', async () => {
    host.plug({ name: 'ttyACM0', at: '1.4', serial: '7583A' });
    host.plug({ name: 'ttyACM1', at: '1.3', serial: '7583B' });
    const match = { vendor: '2341', product: '0043', serial: '7583b' };
    expect((await locatePort({ port: null, match }, host)).path).toBe(dev('ttyACM1'));
  });

  it('several that match are an error with the places to choose from', async () => {
    host.plug({ name: 'ttyACM0', at: '1.4' });
    host.plug({ name: 'ttyACM1', at: '1.3' });
    await expect(locatePort({ port: null, match: UNO }, host)).rejects.toMatchObject({
      condition: 'several-match',
      message: '2 boards are called vendor 2341, product 0043',
      expected: expect.stringContaining('port: usb-1.3 or port: usb-1.4'),
    });
  });

  it('a board with two interfaces is one board', async () => {
    host.plug({ name: 'ttyACM0', at: '1.4' });
    host.plug({ name: 'ttyACM1', at: '1.4', interfaceNumber: 2 });
    expect((await locatePort({ port: null, match: UNO }, host)).path).toBe(dev('ttyACM0'));
  });

  it('none that matches is told with what there is', async () => {
    host.plug({ name: 'ttyUSB0', at: '1.4', vendor: '1a86', product: '7523', converterPort: 0 });
    await expect(locatePort({ port: null, match: UNO }, host)).rejects.toMatchObject({
      condition: 'not-there',
      message: expect.stringContaining('there is: usb-1.4 (CH340 converter'),
    });
  });

  it('in the socket must be the board that is expected there', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2', serial: 'LEFT' });
    host.plug({ name: 'ttyACM1', at: '1.3', serial: 'RIGHT' });
    const match = { ...UNO, serial: 'left' };
    expect((await locatePort({ port: 'usb-1.2', match }, host)).path).toBe(dev('ttyACM0'));
    await expect(locatePort({ port: 'usb-1.3', match }, host)).rejects.toMatchObject({
      condition: 'wrong-board',
      message: 'wrong board in the socket: at usb-1.3 is Arduino Uno R3 (2341:0043)',
      expected: expect.stringContaining('which is at usb-1.2; swap the plugs'),
    });
  });

  it('a path that the host tells nothing of matches nothing', async () => {
    await expect(locatePort({ port: '/dev/null', match: UNO }, host)).rejects.toMatchObject({
      condition: 'wrong-board',
    });
  });
});
