import { describe, expect, it } from 'vitest';
import { statusText } from '../../src/cli/status-text.js';
import type { Status } from '../../src/control/status.js';

const STATUS: Status = {
  name: 'oven',
  phase: 'serving',
  protected: true,
  why: 'both boards agree',
  primary: 'a',
  epoch: 1,
  boards: [
    { board: 'a', role: 'primary', link: 'open', session: 1, behind: 0, counters: { framesIn: 98, opens: 0 } },
    { board: 'b', role: 'backup', link: 'open', session: 1, behind: 2, counters: {} },
  ],
  relay: { commanded: 'a', proved: true },
  warnings: [],
  ledger: { path: '/x/copycat.sqlite', recordedToDisk: true, waiting: 0 },
  inputs: { pending: 1, answered: 48, refused: 0 },
  counters: { 'ticks-skipped': 3, probes: 0 },
  upMs: 4901,
};

describe('the text of status', () => {
  it('says protected or not before anything else, and why', () => {
    expect(statusText(STATUS).split('\n')[0]).toBe('oven: PROTECTED · both boards agree');
    const alone = statusText({ ...STATUS, protected: false, why: 'b is set aside' });
    expect(alone.split('\n')[0]).toBe('oven: NOT PROTECTED · b is set aside');
  });

  it('has a line for each board and each thing that was counted', () => {
    const text = statusText(STATUS);
    expect(text).toMatch(/^ {2}phase +serving, up 5 s$/m);
    expect(text).toMatch(/^ {2}ticks skipped +3$/m);
    expect(text).not.toMatch(/probes/);
    expect(text).toMatch(/^ {2}a +primary +open +1 +0 {2}frames in 98$/m);
    expect(text).toMatch(/^ {2}b +backup +open +1 +2 {2}–$/m);
  });

  it('R17: says when nothing is recorded to disk', () => {
    expect(statusText({ ...STATUS, ledger: { ...STATUS.ledger, recordedToDisk: false } })).toContain(
      'NOT RECORDED TO DISK',
    );
  });

  it('R13: shows what the wiring cannot do, and whether the relay was proved', () => {
    const text = statusText({
      ...STATUS,
      relay: { commanded: 'b', proved: false },
      warnings: ['NOT PROTECTED AGAINST GATEWAY POWER LOSS: …'],
    });
    expect(text.split('\n')[1]).toContain('NOT PROTECTED AGAINST GATEWAY POWER LOSS');
    expect(text).toMatch(/relay +at b, not proved/);
  });
});
