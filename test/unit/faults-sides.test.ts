import { describe, expect, it } from 'vitest';
import type { FieldMap, StoredFault } from '../../src/faults/stored-fault.js';
import { storyPartsOf } from '../../src/faults/story.js';

const FIELDS: FieldMap = {
  input: [],
  result: [
    { name: 'duty', type: 'u8', offset: 0, scale: 1, unit: '/ 255' },
    { name: 'tripped', type: 'bool', offset: 1, scale: 1, unit: '' },
  ],
};

const MISMATCH: StoredFault = {
  id: 4,
  code: 'mismatch',
  board: 'b',
  seq: 2,
  atUs: 7_000_000,
  wallTime: '2026-11-23T12:31:07.123Z',
  wallTimeTrusted: true,
  bootId: 'boot',
  evidence: { differs: 'body', committedBy: 'a', committedResult: '4600', otherBoard: 'b', otherResult: '0600' },
  timeline: [
    { step: 'evidence', atUs: 7_000_000, detail: {} },
    { step: 'kept-out', atUs: 7_012_300, detail: { board: 'b', primary: 'a' } },
  ],
  input: null,
  closedAt: null,
  repeats: 0,
};

const sidesOf = (evidence: StoredFault['evidence'], fields = FIELDS) =>
  storyPartsOf({ ...MISMATCH, evidence: { ...MISMATCH.evidence, ...evidence } }, fields).sides;

describe('a story in its parts', () => {
  it('has the timeline in figures, counted from the evidence on', () => {
    expect(storyPartsOf(MISMATCH, FIELDS).timeline.map(({ afterMs }) => afterMs)).toEqual([0, 12.3]);
  });

  it('R20: shows two results beside one another, by name, and marks what differs', () => {
    expect(sidesOf({})).toEqual({
      whose: ['board a', 'board b'],
      rows: [
        { name: 'duty', texts: ['70 / 255', '6 / 255'], differs: true },
        { name: 'tripped', texts: ['no', 'no'], differs: false },
      ],
    });
  });

  it('R19: has the third copy beside them where there is one', () => {
    expect(sidesOf({ thirdResult: '4600' })?.whose).toEqual(['board a', 'board b', 'third copy']);
  });

  it('shows bytes where nothing has a name, and a value that one side lacks as missing', () => {
    const none = { input: [], result: [] };
    expect(sidesOf({}, none)?.rows).toEqual([{ name: 'result', texts: ['bytes 46 00', 'bytes 06 00'], differs: true }]);
    expect(sidesOf({ otherResult: '06' })?.rows[1]).toEqual({ name: 'tripped', texts: ['no', null], differs: true });
  });

  it('says of a rejected result that it is one', () => {
    expect(sidesOf({ otherRejected: true })?.rows.at(-1)).toMatchObject({
      name: 'result',
      texts: [null, expect.stringContaining('rejected')],
    });
  });

  it('has none where no results differ', () => {
    expect(storyPartsOf({ ...MISMATCH, evidence: { waitedFor: 'RESULT' } }, FIELDS).sides).toBeNull();
  });
});
