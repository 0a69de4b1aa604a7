import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPorts } from '../../src/serial/ports/list-ports.js';
import type { PortInfo } from '../../src/serial/ports/port-info.js';
import type { FreshPort } from '../../src/serial/session/fresh-port.js';
import { type LatencyFinding, tuneLatency } from '../../src/serial/session/tune-latency.js';
import { HostTree } from './host-tree.js';

let host: HostTree;
let asked: number;
beforeEach(() => {
  host = new HostTree();
  asked = 0;
});
afterEach(() => host.remove());

/** An open port whose driver takes the low-latency flag, or does not. */
function port(takesFlag: () => boolean): FreshPort {
  return {
    path: '/dev/none',
    descriptor: null,
    actualBaudRate: async () => null,
    setLowLatency: async () => {
      asked++;
      return takesFlag();
    },
  };
}

async function found(name: string): Promise<PortInfo> {
  const info = (await listPorts(host)).find((one) => one.name === name);
  if (info === undefined) throw new Error(`there is no ${name}`);
  return info;
}

/** A converter of FTDI's with its two settings in sysfs. */
function ftdi(timer: string): string {
  const folder = host.plug({
    ...{ name: 'ttyUSB0', at: '1.2', vendor: '0403', product: '6001', driver: 'ftdi_sio', converterPort: 0 },
  });
  writeFileSync(join(folder, 'latency_timer'), `${timer}\n`);
  writeFileSync(join(folder, 'event_char'), '');
  return folder;
}

const results = (findings: readonly LatencyFinding[]): string[] =>
  findings.map(({ setting, result }) => `${setting}: ${result}`);

describe('the latency of an FTDI converter', () => {
  it('gets a timer of 1 ms and our delimiter as event character, and says what is gained', async () => {
    const folder = ftdi('16');
    const findings = await tuneLatency(
      await found('ttyUSB0'),
      port(() => false),
    );
    expect(readFileSync(join(folder, 'latency_timer'), 'utf8').trim()).toBe('1');
    expect(readFileSync(join(folder, 'event_char'), 'utf8')).toBe('256\n');
    expect(results(findings)).toEqual(['latency timer: set', 'event character: set']);
    expect(findings[0]?.text).toBe('latency timer 1 ms (was 16): an answer arrives up to 15 ms sooner');
    expect(asked).toBe(0);
  });

  it('is left alone where it is right already', async () => {
    ftdi('1');
    expect(
      results(
        await tuneLatency(
          await found('ttyUSB0'),
          port(() => false),
        ),
      ),
    ).toEqual(['latency timer: was so', 'event character: set']);
  });

  it('is set by the low-latency flag where sysfs may not be written to, and the event character is told as refused', async () => {
    const folder = ftdi('16');
    forbid(folder, 'latency_timer', 'event_char');
    const findings = await tuneLatency(
      await found('ttyUSB0'),
      port(() => {
        // What the driver then shows.
        rmSync(join(folder, 'latency_timer'), { recursive: true });
        writeFileSync(join(folder, 'latency_timer'), '1\n');
        return true;
      }),
    );
    expect(asked).toBe(1);
    expect(results(findings)).toEqual(['latency timer: set', 'event character: refused']);
    expect(findings[1]?.text).toContain('docs/ports.md');
  });

  it('says so when nothing helps', async () => {
    const folder = ftdi('16');
    chmodSync(join(folder, 'latency_timer'), 0o444);
    rmSync(join(folder, 'latency_timer'));
    rmSync(join(folder, 'event_char'));
    const findings = await tuneLatency(
      await found('ttyUSB0'),
      port(() => false),
    );
    expect(results(findings)).toEqual(['latency timer: refused', 'event character: refused']);
    expect(findings[0]?.text).toContain('ENOENT');
  });
});

describe('other ports', () => {
  it('a board with USB of its own, or another converter, has nothing to set', async () => {
    host.plug({ name: 'ttyACM0', at: '1.2' });
    host.plug({ name: 'ttyUSB0', at: '1.3', vendor: '1a86', product: '7523', driver: 'ch341', converterPort: 0 });
    for (const name of ['ttyACM0', 'ttyUSB0']) {
      const findings = await tuneLatency(
        await found(name),
        port(() => true),
      );
      expect(results(findings)).toEqual(['none: none']);
    }
    expect(asked).toBe(0);
  });

  it("a UART of the host's gets the low-latency flag, where it has one", async () => {
    host.uart('ttyAMA0', 32, 'uart-pl011');
    const info = await found('ttyAMA0');
    expect(
      results(
        await tuneLatency(
          info,
          port(() => true),
        ),
      ),
    ).toEqual(['low-latency mode: set']);
    expect(
      results(
        await tuneLatency(
          info,
          port(() => false),
        ),
      ),
    ).toEqual(['low-latency mode: none']);
  });
});

/** Root may write to any file: a folder in its place is refused to everybody. */
function forbid(folder: string, ...files: readonly string[]): void {
  for (const file of files) {
    rmSync(join(folder, file));
    mkdirSync(join(folder, file));
  }
}
