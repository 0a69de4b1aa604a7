import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../src/faults/catalogue/catalogue.js';
import { FAULT_GUIDES } from '../../src/faults/catalogue/guides.js';
import rules from '../../tools/rules.json' with { type: 'json' };

describe('what docs/faults.md is written from', () => {
  it('has a guide for every fault of the catalogue, and for no other', () => {
    expect(Object.keys(FAULT_GUIDES).toSorted()).toEqual(Object.keys(FAULT_KINDS).toSorted());
  });

  it.each(Object.entries(FAULT_GUIDES))('%s: sentences for people, and rules that there are', (_code, guide) => {
    expect(guide.means).toMatch(/^[A-Z].*\.$/);
    expect(guide.does).toMatch(/^[A-Z].*\.$/);
    const known = rules.flatMap((group) => group.rules.map(({ rule }) => rule));
    expect(guide.rules.length).toBeGreaterThan(0);
    for (const rule of guide.rules) expect(known).toContain(rule);
  });
});
