import { describe, expect, it } from 'vitest';
import { csvOf, jsonOf } from '../../../src/console/page/faults/export.js';
import { filtered, isOpen, NO_FILTER } from '../../../src/console/page/faults/filter.js';
import { storyPartsOf } from '../../../src/faults/story.js';
import { faultWith } from './kit.js';

const SILENT = faultWith({ id: 3, evidence: { waitedFor: 'RESULT' } });
const CLOSED = faultWith({
  id: 2,
  code: 'mismatch',
  title: 'the boards differ',
  board: 'b',
  closedAt: '2026-12-01T11:00:00.000Z',
  closedBy: 'Ada',
  note: 'cable, loose',
});
const PLANNED = faultWith({ id: 1, code: 'switched-over', title: 'switched over', board: null, event: true });
const ALL = [SILENT, CLOSED, PLANNED];

const ids = (filter: Partial<typeof NO_FILTER>) => filtered(ALL, { ...NO_FILTER, ...filter }).map(({ id }) => id);

describe('the fault log of the page', () => {
  it('shows faults, those that are open, or planned events too', () => {
    expect(ids({})).toEqual([3, 2]);
    expect(ids({ which: 'open' })).toEqual([3]);
    expect(ids({ which: 'events' })).toEqual([3, 2, 1]);
    expect(ALL.filter(isOpen).map(({ id }) => id)).toEqual([3]);
  });

  it('finds by kind, by board, and by words of anything that stands in it', () => {
    expect(ids({ code: 'mismatch' })).toEqual([2]);
    expect(ids({ board: 'a' })).toEqual([3]);
    expect(ids({ words: 'result BOARD' })).toEqual([3]);
    expect(ids({ words: 'loose ada' })).toEqual([2]);
    expect(ids({ words: 'nothing like it' })).toEqual([]);
  });

  it('exports CSV that a spreadsheet reads as it stands, and takes for no formula', () => {
    const rows = csvOf([CLOSED, faultWith({ title: '=cmd()"x"' })]).split('\r\n');
    expect(rows[0]).toMatch(/^id,when,clock set,board,/);
    expect(rows[1]).toBe(
      '2,2026-12-01T10:00:00.000Z,true,b,mismatch,the boards differ,7,false,2026-12-01T11:00:00.000Z,Ada,"cable, loose",0',
    );
    expect(rows[2]).toContain(`"'=cmd()""x"""`);
    expect(rows).toHaveLength(4);
  });

  it('exports JSON as the API tells it, without the stories', () => {
    const story = storyPartsOf({ ...SILENT, input: null }, { input: [], result: [] });
    expect(JSON.parse(jsonOf([{ ...SILENT, story }]))).toEqual([SILENT]);
  });
});
