import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { portsText } from '../../src/cli/machine/ports-text.js';
import { surveyPorts } from '../../src/serial/ports/survey-ports.js';
import { HostTree } from './host-tree.js';

let host: HostTree;
beforeEach(() => {
  host = new HostTree();
});
afterEach(() => host.remove());

const shown = async (): Promise<string> => portsText(await surveyPorts(host));

describe('copycat ports', () => {
  it('shows place, device, what it is, its serial number and who has it open, with a line to copy for each', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2', serial: '75833353' });
    host.plug({ name: 'ttyACM1', at: '1.3', vendor: '2341', product: '0042', serial: '95536' });
    host.uart('ttyAMA0', 32, 'uart-pl011');
    host.process(812, 'screen', [join(host.dev, 'ttyACM1')]);
    const text = await shown();
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/place +device +what it is +serial number +open in/);
    expect(lines[1]).toMatch(/usb-1\.2 +\S+ttyACM0 +Arduino Uno R3 \(2341:0043\) +75833353 +–/);
    expect(lines[2]).toMatch(/usb-1\.3 +\S+ttyACM1 +Arduino Mega 2560 R3 \(2341:0042\) +95536 +screen \(812\)/);
    expect(lines[3]).toMatch(/– +\S+ttyAMA0 +ttyAMA0, a UART of this host \(uart-pl011\) +– +–/);
    expect(text).toContain('    a: { kind: uno, port: usb-1.2 }  # Arduino Uno R3 (2341:0043)');
    expect(text).toContain('    b: { kind: mega2560, port: usb-1.3 }');
    expect(text).toContain('    c: { kind: serial, port: ttyAMA0, line: 500000-8N1 }');
    expect(text).not.toContain('twins');
  });

  it('marks twins, and only them', async () => {
    for (const at of ['1.2', '1.3']) {
      host.plug({ name: `ttyUSB${at.at(-1)}`, at, vendor: '1a86', product: '7523', driver: 'ch341', converterPort: 0 });
    }
    host.plug({ name: 'ttyACM0', at: '1.4', serial: '7583' });
    const text = await shown();
    expect(text).toContain('twins, which only their places tell apart: usb-1.2, usb-1.3.');
    expect(text).toMatch(/usb-1\.2 .* none +–/);
    expect((await surveyPorts(host)).map(({ twins }) => twins)).toEqual([['usb-1.3'], ['usb-1.2'], []]);
  });

  it('gives the name by path where the place alone would be two ports', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2', interfaceNumber: 0 });
    host.plug({ name: 'ttyACM1', at: '1.2', interfaceNumber: 2 });
    const text = await shown();
    expect(text).toContain('port: platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0 }');
    expect(text).toContain('port: platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.2 }');
    expect(text).not.toContain('twins'); // one board, not two
  });

  it('names ModemManager, and says what to check when there is nothing', async () => {
    expect(await shown()).toMatch(/^no serial port[\s\S]*many only charge[\s\S]*dmesg/);
    host.plug({ name: 'ttyACM0', at: '1.2' });
    host.process(90, 'ModemManager', [join(host.dev, 'ttyACM0')]);
    expect(await shown()).toContain('ModemManager has');
  });
});
