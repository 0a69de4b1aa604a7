import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '#built/config/load/load-config.js';

/** CC_STATE(level, isPumping) as an AVR has it in flash, and what cc_reply_state leaves there. */
const NAMES = Buffer.from([0xcc, 0x5a, 0x53, 1, 2, 2, 0, 1, 2, 0, 0x22, 2, 1, 1, 0, 0x41]);
const PROGRAM = Buffer.concat([Buffer.alloc(100), NAMES, Buffer.from('level, isPumping\0')]);
const ANSWERS = Buffer.from([0xcc, 0x5a, 0x41, 1]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-names-'));
  writeFileSync(join(folder, 'tank.bin'), PROGRAM);
  writeFileSync(join(folder, 'told.bin'), Buffer.concat([PROGRAM, ANSWERS]));
  writeFileSync(join(folder, 'other.bin'), Buffer.alloc(3000, 0xcc));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(images: readonly [string, string], more = '') {
  const boards = images.map((image, index) => {
    return `  ${'ab'[index]}: { kind: uno, port: usb-1.${index + 2}, firmware: ${image} }\n`;
  });
  const rest = 'relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }\ninput: every 100ms\ndeadline: 50ms\n';
  return parseConfig(`boards:\n${boards.join('')}${rest}${more}`, 'tank.yaml', folder).fields;
}
const names = (fields: readonly { name: string; offset: number }[]) => fields.map(({ name, offset }) => [name, offset]);
const OF_IMAGE = [
  ['level', 0],
  ['isPumping', 2],
];

describe('the names that an image brings', () => {
  it('are those of the state, and of the results where it answers with it', () => {
    const alone = load(['tank.bin', 'tank.bin']);
    expect(names(alone.state)).toEqual(OF_IMAGE);
    expect(alone.result).toEqual([]);
    const told = load(['told.bin', 'told.bin']);
    expect(names(told.state)).toEqual(OF_IMAGE);
    expect(names(told.result)).toEqual(OF_IMAGE);
    expect(told.result[0]).toMatchObject({ type: 'i16', part: 0, tolerance: 0, min: null });
  });

  it('are none where the boards run two images, or one without names, or one that is not there', () => {
    expect(load(['tank.bin', 'told.bin']).state).toEqual([]);
    expect(load(['other.bin', 'other.bin']).state).toEqual([]);
    expect(load(['none.bin', 'none.bin']).state).toEqual([]);
  });

  it('give way to what the configuration says, list by list', () => {
    const said =
      'fields: { state: [{ name: tide, type: u8, offset: 1 }], input: [{ name: x, type: u8, offset: 0 }] }\n';
    const { state, result, input } = load(['told.bin', 'told.bin'], said);
    expect([names(state), names(input), names(result)]).toEqual([[['tide', 1]], [['x', 0]], OF_IMAGE]);
    const results = load(['told.bin', 'told.bin'], 'fields: { result: [{ name: y, type: u8, offset: 0 }] }\n');
    expect([names(results.state), names(results.result)]).toEqual([OF_IMAGE, [['y', 0]]]);
  });
});
