import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describePort } from '../../src/serial/ports/describe-port.js';
import { listPorts } from '../../src/serial/ports/list-ports.js';
import { findUsers, isModemManagerRunning, takenBy } from '../../src/serial/ports/port-users.js';
import { HostTree } from './host-tree.js';

let host: HostTree;
beforeEach(() => {
  host = new HostTree();
});
afterEach(() => host.remove());

describe('listPorts', () => {
  it('reads what USB says of a board, by nothing but sysfs', async () => {
    const said = { serial: '7583', manufacturer: 'Arduino (www.arduino.cc)', text: 'Uno' };
    host.plug({ name: 'ttyACM0', at: '1.2', ...said });
    expect(await listPorts(host)).toEqual([
      {
        name: 'ttyACM0',
        device: join(host.dev, 'ttyACM0'),
        driver: 'cdc_acm',
        usb: {
          place: 'usb-1.2',
          bus: 1,
          vendor: '2341',
          product: '0043',
          serial: '7583',
          manufacturer: 'Arduino (www.arduino.cc)',
          productText: 'Uno',
          interfaceNumber: 0,
          converterPort: null,
        },
        byId: ['usb-Arduino__www.arduino.cc__Uno_7583-if00'],
        byPath: ['platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0'],
        sysFolder: expect.stringMatching(/1-1\.2:1\.0$/),
      },
    ]);
  });

  it('sorts by place as a person counts', async () => {
    for (const at of ['1.10', '1.2', '2', '1.2.1']) host.plug({ name: `ttyACM${at.length}${at.at(-1)}`, at });
    host.uart('ttyAMA0', 32, 'uart-pl011');
    expect((await listPorts(host)).map((port) => port.usb?.place ?? port.name)).toEqual([
      'usb-1.2',
      'usb-1.2.1',
      'usb-1.10',
      'usb-2',
      'ttyAMA0',
    ]);
  });

  it('lists UARTs of the host that are there, and no consoles', async () => {
    host.console('tty1');
    host.console('console');
    host.uart('ttyAMA0', 32, 'uart-pl011');
    host.uart('ttyS0', 0, 'serial8250');
    host.uart('ttyS1', 4, 'bcm2835-aux-uart');
    expect((await listPorts(host)).map(({ name, driver, usb }) => [name, driver, usb])).toEqual([
      ['ttyAMA0', 'uart-pl011', null],
      ['ttyS1', 'bcm2835-aux-uart', null],
    ]);
  });

  it('a host without any port, or without sysfs, has none', async () => {
    expect(await listPorts(host)).toEqual([]);
    expect(await listPorts({ sys: '/nowhere', dev: '/nowhere', proc: '/nowhere' })).toEqual([]);
  });

  it('calls boards and converters by their names', async () => {
    host.plug({ name: 'ttyUSB0', at: '1.1', vendor: '0403', product: '6001', converterPort: 0 });
    host.plug({ name: 'ttyUSB1', at: '1.2', vendor: '1209', product: 'ABCD', manufacturer: 'Ann', text: 'Thing' });
    host.plug({ name: 'ttyUSB2', at: '1.3', vendor: '1209', product: '0001' });
    host.uart('ttyAMA0', 32, 'uart-pl011');
    expect((await listPorts(host)).map(describePort)).toEqual([
      'FTDI FT232 converter (Nano) (0403:6001)',
      'Ann Thing (1209:abcd)',
      'unknown (1209:0001)',
      'ttyAMA0, a UART of this host (uart-pl011)',
    ]);
  });
});

describe('who has a port', () => {
  it('finds the processes that have it open, each once', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2' });
    host.plug({ name: 'ttyACM1', at: '1.3' });
    const [first, second] = [join(host.dev, 'ttyACM0'), join(host.dev, 'ttyACM1')];
    host.process(70, 'screen', ['/dev/null', first, first]);
    host.process(71, 'bash', ['/dev/null']);
    expect(await findUsers([first, second], host)).toEqual(
      new Map([
        [first, [{ pid: 70, name: 'screen' }]],
        [second, []],
      ]),
    );
  });

  it('names it with what to do', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2' });
    const device = join(host.dev, 'ttyACM0');
    expect(await takenBy(device, host)).toMatchObject({ by: null, remedy: expect.stringContaining('copycat ports') });
    host.process(70, 'screen', [device]);
    expect(await takenBy(device, host)).toEqual({
      by: 'screen (process 70)',
      remedy: 'end screen (process 70): no two programs can talk to one board',
    });
  });

  it('says so when it is ourselves', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2' });
    host.process(process.pid, 'node', [join(host.dev, 'ttyACM0')]);
    expect(await takenBy(join(host.dev, 'ttyACM0'), host)).toMatchObject({
      by: 'this gateway, which is still closing it',
    });
  });

  it('ModemManager is named with its remedy, also when its open files are not ours to see', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2' });
    const device = join(host.dev, 'ttyACM0');
    expect(await isModemManagerRunning(host)).toBe(false);
    host.process(90, 'ModemManager', []);
    expect(await isModemManagerRunning(host)).toBe(true);
    expect(await takenBy(device, host)).toEqual({
      by: 'perhaps ModemManager, which is running here',
      remedy: expect.stringContaining('systemctl disable --now ModemManager'),
    });
    host.process(91, 'ModemManager', [device]);
    expect(await takenBy(device, host)).toMatchObject({
      by: 'ModemManager (process 91)',
      remedy: expect.stringContaining('udev rule'),
    });
  });
});
