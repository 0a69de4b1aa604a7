import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { configText } from '../../src/cli/set-up/init/config-text.js';
import { interview } from '../../src/cli/set-up/init/interview.js';
import { createAsker, silentAsker } from '../../src/cli/terminal/asker.js';
import { checkConfig } from '../../src/config/checks/check-config.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import type { PortInfo } from '../../src/serial/ports/port-info.js';

const port = (place: string, vendor: string, product: string): PortInfo => ({
  name: 'ttyX0',
  device: `/dev/tty-${place}`,
  usb: {
    ...{ place, bus: 1, vendor, product, serial: null, manufacturer: null, productText: null },
    ...{ interfaceNumber: 0, converterPort: null },
  },
  driver: null,
  byId: [],
  byPath: [],
  sysFolder: null,
});

const PORTS = [port('usb-1.1', '2341', '0042'), port('usb-1.4', '2341', '0042')];

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** The configuration that comes of these answers, and what was said meanwhile. */
async function answered(lines: readonly string[], ports: readonly PortInfo[] = []) {
  const sink = new Sink();
  // An empty line is a question's default: as many as there can be questions.
  const said = [...lines, ...Array.from({ length: 40 }, () => '')];
  const asker = createAsker(Readable.from(said.map((line) => `${line}\n`)), sink);
  const text = configText(await interview(asker, ports));
  asker.close();
  return { text, said: sink.text, config: parseConfig(text, 'copycat.yaml', '/srv') };
}

describe('copycat init', () => {
  it('offers an emulated relay where both boards are processes, and asks nothing of lines then', async () => {
    const { text, config, said } = await answered(['', '/dev/pts/3', 'posix', '/dev/pts/4', 'posix']);
    expect(text).toContain('relay: emulated');
    expect(config.relay.kind).toBe('emulated');
    expect(said).not.toMatch(/Which line|RESET/);
    expect(checkConfig(config).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('R13: without a relay it writes RESET lines for boards that drive something, and outputs: none for those that do not', async () => {
    const boards = ['', 'usb-1.2', 'uno', 'usb-1.3', 'uno', 'none'];
    const driving = await answered([...boards, 'yes']);
    expect(driving.config.boards.map(({ reset }) => reset)).toEqual(['GPIO23', 'GPIO24']);
    expect(driving.config).toMatchObject({ relay: { kind: 'none' }, switchesNothing: false });
    const measuring = await answered([...boards, 'no']);
    expect(measuring.config).toMatchObject({ relay: { kind: 'none' }, switchesNothing: true });
    expect(measuring.config.boards.map(({ reset }) => reset)).toEqual([null, null]);
  });

  it('takes the boards that are plugged in, by their places and what their chips say', async () => {
    const config = parseConfig(configText(await interview(silentAsker, PORTS)), 'copycat.yaml', '/srv');
    expect(config.boards).toMatchObject([
      { board: 'a', kind: 'mega2560', port: { type: 'usb', place: '1.1' } },
      { board: 'b', kind: 'mega2560', port: { type: 'usb', place: '1.4' } },
    ]);
    expect(checkConfig(config).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('writes what is sound where nothing is plugged in and nothing is answered', async () => {
    const { config, text } = await answered([]);
    expect(config.relay).toMatchObject({ kind: 'changeover', pins: ['GPIO17'], atRest: 'a', feedbacks: ['GPIO27'] });
    expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
  });

  it.each([
    [
      ['oven', 'usb-1.2', 'uno', 'usb-1.3', '', 'two-relays', 'GPIO5', 'GPIO6', 'none', 'yes', 'none', 'yes'],
      'two-relays',
    ],
    [['oven', '/dev/ttyACM0', 'uno', '/dev/ttyACM1', '', 'latching', 'GPIO5', 'GPIO6', '', '', 'b'], 'latching'],
    [['', 'emulated', '', 'emulated', '', 'mux'], 'mux'],
  ])('writes what is sound for every kind of relay (%#)', async (lines, kind) => {
    const { config } = await answered(lines);
    expect(config.relay.kind).toBe(kind);
    expect(checkConfig(config).filter(({ severity, key }) => severity === 'error' && key !== 'relay.pin')).toEqual([]);
  });

  it('asks again until an answer can be used, and says why', async () => {
    const { said, config } = await answered(['Oven 1', 'oven', 'usb-1.4', '', 'usb-1.4', 'usb-1.1'], PORTS);
    expect(said).toContain('small letters, digits and dashes');
    expect(said).toContain('that is board a already');
    expect(config).toMatchObject({ name: 'oven', boards: [{ port: { place: '1.4' } }, { port: { place: '1.1' } }] });
  });

  it('asks a person who ends the input no more, and takes nothing for an answer', async () => {
    const input = Object.assign(Readable.from(['oven\n']), { isTTY: true });
    const asker = createAsker(input, new Sink());
    await expect(interview(asker, [])).rejects.toMatchObject({
      code: 'USAGE',
      message: 'no more answers: nothing was done',
    });
    asker.close();
  });

  it('without a terminal and without answers writes no guess: that is what --yes is for', async () => {
    const asker = createAsker(Readable.from(['oven\n', 'usb-1.2\n']), new Sink());
    await expect(interview(asker, [])).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/^no more answers: nothing was done \(nobody is at a terminal here: .* or --yes/),
    });
    asker.close();
  });

  it('as it is typed: nothing stands in the folder when nobody answers, a whole file with --yes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-init-'));
    const init = (...options: readonly string[]) =>
      spawnSync(process.execPath, [resolve('dist/cli/main.js'), 'init', ...options], {
        ...{ cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      });
    expect(init()).toMatchObject({ status: 2, stderr: expect.stringContaining('nothing was done') });
    expect(existsSync(join(folder, 'copycat.yaml'))).toBe(false);
    expect(init('--yes').status).toBe(0);
    expect(existsSync(join(folder, 'copycat.yaml'))).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('gives up on answers that can never be used', async () => {
    await expect(answered(Array.from({ length: 9 }, () => 'No Name'))).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('R14: takes no deadline below what the link needs', async () => {
    const { said, config } = await answered(['', '', '', '', '', '', '', '', '', '', '', '', '5', '30']);
    expect(said).toContain('a whole number, 22 or more');
    expect(config.deadlineUs).toBe(30_000);
  });
});
