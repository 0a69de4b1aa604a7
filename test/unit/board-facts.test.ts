import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageOf } from '../../src/config/board-facts.js';
import { BOARD_KINDS } from '../../src/config/board-kinds.js';
import { notKnownOf } from '../../src/config/checks/not-known.js';
import { factsOfKind } from '../../src/config/load/board-files.js';

const ANY_MAKE = 'serial';
const ROOT = join(import.meta.dirname, '../..');

describe('what is known of the kinds of boards', () => {
  it('is a file and a page for each kind that a configuration may name, and for no other', () => {
    // Beside them the profiles of protocols, which belong to no kind.
    expect(readdirSync(join(ROOT, 'boards')).sort()).toEqual([...BOARD_KINDS, 'profiles'].sort());
    for (const kind of BOARD_KINDS) expect(existsSync(join(ROOT, 'boards', kind, 'board.md'))).toBe(true);
  });

  it.each(BOARD_KINDS.filter((kind) => kind !== ANY_MAKE))(
    '%s: says all that there is to say, without contradicting itself',
    (kind) => {
      const facts = factsOfKind(kind);
      expect(facts.kind).toBe(kind);
      expect(notKnownOf(facts)).toEqual([]);
      const { digital, pwm, analog, atBoot } = facts.pins ?? { digital: [], pwm: [], analog: [], atBoot: [] };
      expect(pwm.filter((pin) => !digital.includes(pin))).toEqual([]);
      expect(analog.filter((pin) => digital.includes(pin))).toEqual([]);
      const { rxPin, txPin, link = { worstUs: 0, typicalUs: 0 }, baudRate, exactBaudRates } = facts.uart;
      for (const pin of [rxPin, txPin]) expect(digital).not.toContain(pin ?? 'none');
      for (const { pin, until } of atBoot) expect(digital.includes(pin)).toBe(until === 'program');
      expect(link.worstUs).toBeGreaterThan(link.typicalUs);
      expect(exactBaudRates.length === 0 || exactBaudRates.includes(baudRate)).toBe(true);
      if (facts.flash != null) {
        const words = facts.flash.split(' ');
        expect(words.filter((word) => word.includes('PORT') || word.includes('IMAGE'))).toEqual([
          'PORT',
          'flash:w:IMAGE:i',
        ]);
        expect(words[words.indexOf('-b') + 1]).toBe(String(facts.bootloader?.baudRate));
      }
    },
  );

  it('says nothing of a board of any make but its name: the rest is not known', () => {
    expect(notKnownOf(factsOfKind(ANY_MAKE)).map(({ fact }) => fact)).toEqual([
      ...['supply', 'pins', 'uart.opensWithReset', 'bootloader', 'startMs', 'uart.receiveBufferBytes', 'uart.link'],
      ...['hasUnitNumber', 'watchdogMs', 'flash'],
    ]);
  });

  it('names the likeliest kind first, as a new configuration proposes it', () => {
    expect(BOARD_KINDS[0]).toBe('uno');
    expect(BOARD_KINDS.indexOf('nano')).toBeLessThan(BOARD_KINDS.indexOf('nano-old'));
  });

  it.each(BOARD_KINDS)('%s: names only images that come along', (kind) => {
    for (const image of Object.values(factsOfKind(kind).images)) expect(existsSync(image)).toBe(true);
    const image = imageOf(factsOfKind(kind));
    expect(image === null).toBe(Object.keys(factsOfKind(kind).images).length === 0);
  });
});
