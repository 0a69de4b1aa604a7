import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../src/config/budget/budget.js';
import { linkFloor } from '../../src/config/budget/link-floor.js';
import { checkConfig } from '../../src/config/checks/check-config.js';
import type { Config } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { CopycatError } from '../../src/errors/copycat-error.js';
import { bitsPerCharacter, eightBits, formatLine, parseLine } from '../../src/values/line-settings.js';

/** A pair whose boards say `more` besides their kind. */
function pair(more: string, kind = 'uno', port = 'usb-1.'): Config {
  const board = (place: number) => `{ kind: ${kind}, port: ${port}${port === 'emulated' ? '' : place}${more} }`;
  return parseConfig(
    `boards: { a: ${board(2)}, b: ${board(3)} }
relay: { pin: GPIO17, at-rest: none, feedback: GPIO27 }
input: every 2s
deadline: 2s
`,
    'oven.yaml',
    '/srv',
  );
}

function complaint(more: string): string {
  try {
    pair(more);
  } catch (error) {
    if (error instanceof CopycatError) return error.message.split('\n')[0] ?? '';
    throw error;
  }
  throw new Error('it was accepted');
}

const found = (config: Config) =>
  checkConfig(config, { exists: () => true, fileSystem: () => null })
    .filter(({ key }) => key === 'boards.a.line')
    .map(({ severity, message }) => `${severity} ${message}`);

describe('the settings of a line', () => {
  it.each([
    ['1200-8N1', 10],
    ['115200-8E1', 11],
    ['2000000-8O2', 12],
    ['9600-7E1', 10],
    ['19200-5N2', 8],
  ])('%s: a character is %i bits', (text, bits) => {
    const line = parseLine(text);
    expect(line === null ? null : formatLine(line)).toBe(text);
    expect(line === null ? null : bitsPerCharacter(line)).toBe(bits);
  });

  it.each(['1199-8N1', '2000001-8N1', '115200', '115200-9N1', '115200-8M1', '115200-8N3', '115200 8N1', '-8N1', ''])(
    '%s is none',
    (text) => {
      expect(parseLine(text)).toBeNull();
    },
  );

  it('are read whatever the letter’s case', () => {
    expect(parseLine('9600-8e1')).toEqual({ baudRate: 9600, dataBits: 8, parity: 'even', stopBits: 1 });
  });
});

describe('the line of a board', () => {
  it('is what the configuration says, else what the firmware of the kind begins with', () => {
    expect(pair('').boards[0].line).toEqual(eightBits(500_000));
    expect(pair(', line: 115200-8E1').boards[0].line).toEqual(parseLine('115200-8E1'));
  });

  it('may be said in its older spelling, and in both where they mean the same', () => {
    expect(pair(', baud: 250000').boards[0].line).toEqual(eightBits(250_000));
    expect(pair(', baud: 250000, line: 250000-8N1').boards[0].line).toEqual(eightBits(250_000));
    for (const line of ['115200-8N1', '250000-8E1']) {
      expect(complaint(`, baud: 250000, line: ${line}`)).toBe(
        `oven.yaml:1: boards.a.baud is 250000, which means 250000-8N1, and line says ${line}; expected line alone: baud is its older spelling`,
      );
    }
  });

  it.each([
    ['115200', '115200'],
    ['115200-8X1', '"115200-8X1"'],
    ['300-8N1', '"300-8N1"'],
    ['[115200]', '[115200]'],
  ])('%s is refused in one sentence', (said, shown) => {
    expect(complaint(`, line: ${said}`)).toBe(
      `oven.yaml:1: boards.a.line is ${shown}; expected bits per second from 1200 to 2000000, data bits, parity (N, E, O) and stop bits, such as 115200-8N1`,
    );
  });

  it('counts in the floor of the deadline and in every leg of the budget: 8E1 has 11 bits a byte', () => {
    const floor = (line: string) => linkFloor(pair(`, line: ${line}`).boards[0]).worstUs;
    const [eight, parity] = [floor('9600-8N1'), floor('9600-8E1')];
    // Four frames of 24 bytes, one bit more each.
    expect(parity - eight).toBe(Math.round((4 * 24 * 1e6) / 9600));
    const wireUs = (line: string) =>
      budgetOf(pair(`, line: ${line}`)).toPin.find(({ name }) => name === '  the wire')?.worstUs ?? 0;
    expect(wireUs('9600-8E1') / wireUs('9600-8N1')).toBeCloseTo(1.1);
    expect(wireUs('9600-8E2') / wireUs('9600-8N1')).toBeCloseTo(1.2);
  });
});

describe('copycat check of a line', () => {
  it('is content with what the firmware begins with', () => {
    expect(found(pair(', line: 500000-8N1'))).toEqual([]);
  });

  it('refuses what cannot carry a frame', () => {
    for (const kind of ['uno', 'serial', 'posix']) {
      expect(found(pair(', line: 500000-7E1', kind))[0]).toBe(
        'error frames of the harness are bytes of 8 bits, and 500000-7E1 carries 7',
      );
    }
  });

  it('refuses what an image that comes along does not begin with, emulated or flashed', () => {
    const refused = 'error heater.atmega328p.hex begins at 500000-8N1, and the line is 250000-8N1';
    expect(found(pair(', line: 250000-8N1, firmware: heater.hex'))[0]).toContain(refused);
    expect(found(pair(', line: 250000-8N1', 'uno', 'emulated'))[0]).toContain(refused);
  });

  it('warns of another format, and notes another rate, as the sketch has to begin it then', () => {
    expect(found(pair(', line: 500000-8E1'))).toEqual([
      'warning a sketch on a board of kind uno begins its line at 500000-8N1 by itself, and the line is 500000-8E1',
    ]);
    expect(found(pair(', line: 250000-8N1', 'serial'))).toEqual([
      'note a sketch on a board of kind serial begins its line at 500000-8N1 by itself, and the line is 250000-8N1',
    ]);
  });

  it('warns of a rate that its clock does not make', () => {
    expect(found(pair(', line: 115200-8N1'))).toContain(
      'warning the board cannot make 115200 baud exactly: bytes get lost',
    );
  });
});
