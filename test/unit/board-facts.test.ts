import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { factsOfKind, imageOfKind } from '../../src/config/board-facts.js';
import { BOARD_KINDS } from '../../src/config/config.js';

const ROOT = join(import.meta.dirname, '../..');

describe('what is known of the kinds of boards', () => {
  it('is a file and a page for each kind that a configuration may name, and for no other', () => {
    expect(readdirSync(join(ROOT, 'boards')).sort()).toEqual([...BOARD_KINDS].sort());
    for (const kind of BOARD_KINDS) expect(existsSync(join(ROOT, 'boards', kind, 'board.md'))).toBe(true);
  });

  it.each(BOARD_KINDS)('%s: says what the schema asks for, without contradicting itself', (kind) => {
    const facts = factsOfKind(kind);
    expect(facts.kind).toBe(kind);
    const { digital, pwm, analog, atBoot } = facts.pins;
    expect(pwm.filter((pin) => !digital.includes(pin))).toEqual([]);
    expect(analog.filter((pin) => digital.includes(pin))).toEqual([]);
    const { rxPin, txPin, link, baudRate, exactBaudRates } = facts.uart;
    for (const pin of [rxPin, txPin]) expect(digital).not.toContain(pin ?? 'none');
    for (const { pin, until } of atBoot) expect(digital.includes(pin)).toBe(until === 'program');
    expect(link.worstUs).toBeGreaterThan(link.typicalUs);
    expect(exactBaudRates.length === 0 || exactBaudRates.includes(baudRate)).toBe(true);
    if (facts.flash !== null) {
      const words = facts.flash.split(' ');
      expect(words.filter((word) => word.includes('PORT') || word.includes('IMAGE'))).toEqual([
        'PORT',
        'flash:w:IMAGE:i',
      ]);
      expect(words[words.indexOf('-b') + 1]).toBe(String(facts.bootloader?.baudRate));
    }
  });

  it.each(BOARD_KINDS)('%s: names only images that come along', (kind) => {
    for (const image of Object.values(factsOfKind(kind).images)) expect(existsSync(join(ROOT, image))).toBe(true);
    const image = imageOfKind(kind);
    expect(image === null).toBe(Object.keys(factsOfKind(kind).images).length === 0);
  });
});
