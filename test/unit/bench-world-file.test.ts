import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { driveAt } from '../../src/bench/world-file/drive.js';
import { loadWorld } from '../../src/bench/world-file/load-world.js';
import { wireTo } from '../../src/bench/world-file/surroundings.js';
import { payloadsOf } from '../../src/bench/world-file/template-payload.js';
import { worldText } from '../../src/bench/world-file/world-text.js';
import { SeededRandom } from '../../src/random/seeded-random.js';
import type { NamedField } from '../../src/values/named-field.js';

const folder = mkdtempSync(join(tmpdir(), 'copycat-world-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PINS = { digital: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], analogChannels: 6, firstAnalogPin: 14 };
const FIELDS: readonly NamedField[] = [
  { name: 'set point', type: 'i16', offset: 0, scale: 0.5, unit: 'degC' },
  { name: 'level', type: 'u8', offset: 2, scale: 1, unit: '' },
];

function load(text: string, files: Readonly<Record<string, string>> = {}) {
  const file = join(folder, 'world.yaml');
  writeFileSync(file, text);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return loadWorld({ file, pins: PINS, boardName: 'Arduino Uno', fields: FIELDS });
}

describe('a world file', () => {
  test('hangs thermometers on I2C: degrees, and halves in the highest bit behind them', () => {
    const world = load('i2c: { 0x48: { lm75: { steps: [[0s, 25.5], [1s, -0.5], [2s, -10]] } } }');
    const answers = [0, 1_000_000, 2_000_000].map((atUs) => {
      const wired: [number, ...number[]][] = [];
      const board = {
        setVolts: () => undefined,
        setLevel: () => undefined,
        setTwiDevice: (at: number, answer: Uint8Array) => wired.push([at, ...answer]),
      };
      wireTo(board, world, atUs, 0);
      return wired;
    });
    expect(answers).toEqual([[[0x48, 25, 0x80]], [[0x48, 0xff, 0x80]], [[0x48, 0xf6, 0]]]);
  });

  test('says what drives pins and channels, what the plant is and what comes in', () => {
    const world = load(
      `
outputs: [D9, D8]
pins: { D2: { button: low, every: 1s, for: 150ms }, A5: { constant: high } }
channels:
  A0: { plant: 0.02 }
  A1: { steps: [[0s, 1], [3s, 2.5]] }
  A2: { csv: recorded.csv, column: volts }
  A3: { triangle: [0, 4], every: 4s }
plant: { follows: D9, starts: 40, rests: 20, rises: 90, time-constant: 4s }
inputs: { every: 8ms, payload: { set point: { from: 45, to: 46, hold: 2 }, level: plant } }
ticks: 100ms
`,
      { 'recorded.csv': 'time,volts\n0,0.5\n1.5,3\n' },
    );
    expect(world).toMatchObject({ outputs: [9, 8], ticksUs: 100_000, plant: { follows: 9, timeConstantS: 4 } });
    const [button, high] = world.pins;
    expect([button?.pin, high?.pin]).toEqual([2, 19]);
    const at = (index: number, atUs: number): number => driveAt(world.channels[index]?.drive ?? FAIL, atUs, 50);
    expect(driveAt(button?.drive ?? FAIL, 100_000, 0)).toBe(0);
    expect(driveAt(button?.drive ?? FAIL, 200_000, 0)).toBe(1);
    expect(at(0, 0)).toBe(1);
    expect([at(1, 2_999_999), at(1, 3_000_000)]).toEqual([1, 2.5]);
    expect([at(2, 0), at(2, 1_500_000)]).toEqual([0.5, 3]);
    expect([at(3, 0), at(3, 1_000_000), at(3, 3_000_000)]).toEqual([0, 2, 2]);
    const payload = payloadsOf(world.inputs, new SeededRandom(1), () => 77);
    const [first, second] = [payload(1), payload(2)];
    expect(first).toEqual(second);
    expect(first).toHaveLength(3);
    expect(first[2]).toBe(77);
    const view = new DataView(first.buffer);
    expect([90, 91, 92]).toContain(view.getInt16(0, true));
  });

  test('takes inputs from a CSV file, by the names of the fields or in hex', () => {
    const files = { 'in.csv': 'level;set point\n7;2.5\n8;-1\n', 'hex.csv': 'payload\n0A0b\n' };
    const named = load('inputs: { csv: in.csv }', files).inputs.payloads;
    expect(named).toEqual({ kind: 'recorded', payloads: ['050007', 'feff08'] });
    expect(load('inputs: { csv: hex.csv }').inputs.payloads).toEqual({ kind: 'recorded', payloads: ['0a0b'] });
  });

  test('that --init-world writes is one', () => {
    expect(load(worldText(PINS, FIELDS)).inputs.payloads).toMatchObject({
      kind: 'template',
      values: [{ field: { name: 'set point' }, from: 0, to: 100 }, { field: { name: 'level' } }],
    });
  });

  const HOLES = {
    'long.csv': `payload\n${'00'.repeat(25)}\n${'00'.repeat(26)}\n`,
    'holes.csv': 'time,volts\n0,1\n1,\n2,1\n',
    'back.csv': 'time,volts\n1,1\n0.5,1\n',
    'blank.csv': 'payload\n01\n\n00\n\n',
  };
  test.each([
    ['pins: { D14: { constant: high } }', 'D14', 'D2 to D13 or A0 to A5 of an Arduino Uno'],
    ['pins: { D1: { constant: high } }', 'serial port', 'D2 to D13'],
    ['channels: { A6: { constant: 1 } }', 'A6', 'A0 to A5 of an Arduino Uno'],
    ['channels: { A0: { csv: holes.csv, column: volts } }', 'holes.csv:3', 'a hole'],
    ['channels: { A0: { csv: holes.csv, column: degrees } }', 'holes.csv', 'a column called degrees'],
    ['channels: { A0: { csv: back.csv, column: volts } }', 'channels.A0', 'times that grow'],
    ['channels: { A0: { csv: none.csv, column: volts } }', 'none.csv', 'there is no such file'],
    ['channels: { A0: { csv: /dev/zero, column: volts } }', '/dev/zero', 'larger than 67108864 bytes'],
    ['channels: { A0: { plant: 0.02 } }', 'follows the plant', 'plant: {'],
    ['chanels: { A0: { constant: 1 } }', 'chanels', '--init-world'],
    ['i2c: { 0x80: { lm75: { constant: 20 } } }', 'i2c', '0x08 to 0x77'],
    ['i2c: { 0x48: { lm57: { constant: 20 } } }', 'i2c.72.lm75', 'one of { constant'],
    ['i2c: { 0x48: { lm75: { plant: 1 } } }', 'follows the plant', 'plant: {'],
    ['channels: { A0: { constnt: 1 } }', 'channels.A0', '{ constant: 2.5 }'],
    // What a gateway takes from a client, and no more.
    ['inputs: { csv: long.csv }', 'long.csv:3', 'at most 25 bytes'],
    ['inputs: { csv: blank.csv }', 'blank.csv:3', 'it is blank'],
    ['inputs: { payload: { setpoint: 4 } }', 'setpoint', 'set point, level'],
    ['inputs: { every: fast }', 'inputs.every', 'a duration'],
    ['plant: [', 'world.yaml', 'valid YAML'],
  ])('with a mistake is refused in one sentence: %s', (text, named, expected) => {
    const refused = refusal(() => load(text, HOLES));
    expect(refused).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(refused.message).toContain(named);
    expect(`${refused.message} ${refused.expected}`).toContain(expected);
    expect(refused.message).not.toContain('\n');
  });

  test('has no ticks beside inputs that say nothing: nobody could tell which is which', () => {
    const file = join(folder, 'world.yaml');
    writeFileSync(file, 'ticks: 100ms');
    const place = { file, pins: PINS, boardName: 'Arduino Uno', fields: [] };
    expect(refusal(() => loadWorld(place)).message).toContain('cannot be told apart');
  });
});

const FAIL = { kind: 'constant', value: Number.NaN } as const;

function refusal(work: () => unknown): { code: string; message: string; expected: string } {
  try {
    work();
  } catch (error) {
    return error as { code: string; message: string; expected: string };
  }
  throw new Error('it was not refused');
}
