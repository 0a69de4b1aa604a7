import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../../../src/upstream/json-lines/json-refusals.js';

describe('R6: what a client is told when an input is not taken', () => {
  it('is a code of its own for each reason, a sentence, and what can be done', () => {
    expect(Object.entries(REFUSALS).map(([reason, { code }]) => [reason, code])).toEqual([
      ['full', 'FULL'],
      ['stopped', 'STOPPED'],
      ['quarantined', 'QUARANTINED'],
      ['ref-used', 'ID_USED'],
      ['result-lost', 'RESULT_LOST'],
      ['in-doubt', 'IN_DOUBT'],
      ['cancelled', 'CANCELLED'],
    ]);
    for (const { message, expected } of Object.values(REFUSALS)) {
      expect(message.length).toBeGreaterThan(10);
      expect(expected.length).toBeGreaterThan(10);
    }
  });
});
