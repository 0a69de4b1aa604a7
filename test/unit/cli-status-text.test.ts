import { describe, expect, it } from 'vitest';
import { statusText as textFor } from '../../src/cli/status/status-text.js';
import type { BoardStatus, Status } from '../../src/control/contract/status.js';

const STATUS: Status = {
  name: 'oven',
  phase: 'serving',
  protected: true,
  why: 'both boards agree',
  next: null,
  primary: 'a',
  epoch: 1,
  boards: [
    {
      board: 'a',
      role: 'primary',
      link: 'open',
      session: 1,
      behind: 0,
      joining: null,
      image: 0xc9ca6bdc,
      counters: { framesIn: 98, opens: 0 },
    },
    { board: 'b', role: 'backup', link: 'open', session: 1, behind: 2, joining: null, image: null, counters: {} },
  ],
  update: null,
  relay: { commanded: 'a', proved: true },
  warnings: [],
  ledger: { path: '/x/copycat.sqlite', recordedToDisk: true, why: null, waiting: 0 },
  inputs: { pending: 1, answered: 48, refused: 0, quarantined: [] },
  counters: { 'ticks-skipped': 3, probes: 0 },
  upMs: 4901,
};

const statusText = (status: Status, isVerbose = false): string =>
  textFor(status, { name: 'npx copycat', option: ' -c oven.yaml' }, isVerbose);

/** The pair with board b as it is given. */
function withB(b: Partial<BoardStatus>, more: Partial<Status>): Status {
  const [first, second] = STATUS.boards as [BoardStatus, BoardStatus];
  return { ...STATUS, protected: false, ...more, boards: [first, { ...second, ...b }] };
}

describe('the text of status', () => {
  it('says protected or not before anything else, and why', () => {
    expect(statusText(STATUS).split('\n')[0]).toBe('oven: PROTECTED · both boards agree');
    const alone = statusText({ ...STATUS, protected: false, why: 'b is set aside' });
    expect(alone.split('\n')[0]).toBe('oven: NOT PROTECTED · b is set aside');
  });

  it('has a line for each board and each thing that was counted', () => {
    const text = statusText(STATUS);
    expect(text).toMatch(/^ {2}a +primary +c9ca6bdc +0 {2}open$/m);
    expect(text).toMatch(/^ {2}b +backup +– +2 {2}open$/m);
    expect(text).toMatch(/^ {2}inputs +48 answered, 1 in work, 0 refused$/m);
    expect(text).not.toMatch(/phase|epoch|session|ticks skipped|frames|copycat\.sqlite/);

    const verbose = statusText(STATUS, true);
    expect(verbose.startsWith(text)).toBe(true);
    expect(verbose).toMatch(/^ {2}phase +serving, up 5 s$/m);
    expect(verbose).toMatch(/^ {2}ticks skipped +3$/m);
    expect(verbose).not.toMatch(/probes/);
    expect(verbose).toMatch(/^ {2}a +1 {2}frames in 98$/m);
    expect(verbose).toMatch(/^ {2}b +1 {2}–$/m);
  });

  it('R32: counts those who ask, and what was refused to them only where it was', () => {
    const clients = { open: 2, most: 64, connections: 9, refused: 0, gaveWay: 0, cutOff: 0, badLines: 0 };
    const row = (more: object) =>
      /^ {2}clients +(.*)$/m.exec(statusText({ ...STATUS, clients: { ...clients, ...more } }, true))?.[1];
    expect(row({ askedAgain: 0, withheldAnswers: 0 })).toBe('2 of at most 64, 9 in all');
    expect(row({})).toBe('2 of at most 64, 9 in all');
    expect(row({ badLines: 1, askedAgain: 3, withheldAnswers: 4 })).toBe(
      '2 of at most 64, 9 in all, 1 bad lines, 3 asked again and done once, 4 answers withheld as too late',
    );
  });

  it('tells what is open, and which came last', () => {
    expect(statusText({ ...STATUS, faults: { open: 0, newest: null } })).toMatch(/^ {2}open faults +0$/m);
    const newest = { id: 7, title: 'board a stopped answering', wallTime: '2026-11-30T16:44:15.123Z' };
    expect(statusText({ ...STATUS, faults: { open: 2, newest } })).toMatch(
      /^ {2}open faults +2 \(newest 7, 202\S+ \d\d:44:15 \S+: board a stopped answering\)$/m,
    );
    expect(statusText(STATUS)).toMatch(/open faults +not known: .*npx copycat faults list/);
  });

  it('tells what the sketch would not have', () => {
    expect(statusText({ ...STATUS, inputs: { ...STATUS.inputs, rejected: 3 } })).toMatch(
      /^ {2}inputs +48 answered \(3 of them rejected by the sketch\), 1 in work, 0 refused$/m,
    );
    expect(statusText(withB({ live: { seq: 4711, ageMs: 12, values: [], rejected: true } }, {}))).toContain(
      '  board b: rejected (input 4711, 12 ms ago)',
    );
  });

  it('a board that is out is behind with nothing', () => {
    for (const role of ['locked out', 'set aside', 'kept out'] as const)
      expect(statusText(withB({ role }, {}))).toMatch(new RegExp(`^ {2}b +${role} +– +– {2}open$`, 'm'));
  });

  it('shows what a board computed last, where it has names', () => {
    const values = [
      { name: 'duty', value: 36.5, unit: '%' },
      { name: 'trip', value: false, unit: '' },
    ];
    expect(statusText(withB({ live: { seq: 4711, ageMs: 12, values } }, {}))).toMatch(
      /^ {2}board b: duty 36.5 %, trip no \(input 4711, 12 ms ago\)$/m,
    );
    expect(statusText(withB({ live: { seq: 4711, ageMs: 12, values: [] } }, {}))).not.toContain('4711');
    const read = { readings: [{ name: 'temperature', value: 59.9, unit: 'degC' }], outputs: [] };
    expect(statusText(withB({ live: { seq: 4711, ageMs: 12, values: [], ...read } }, {}))).toContain(
      'board b: reads temperature 59.9 degC (input 4711, 12 ms ago)',
    );
  });

  it('R17: says when nothing is recorded to disk', () => {
    const text = statusText({
      ...STATUS,
      ledger: { ...STATUS.ledger, recordedToDisk: false, why: 'SQLITE_FULL: the disk is full' },
    });
    expect(text).toContain('NOT RECORDED TO DISK');
    expect(text).toContain('SQLITE_FULL: the disk is full');
  });

  it('R13: shows what the wiring cannot do, and whether the relay was proved', () => {
    const text = statusText({
      ...STATUS,
      relay: { commanded: 'b', proved: false },
      warnings: ['NOT PROTECTED AGAINST GATEWAY POWER LOSS: …'],
    });
    expect(text.split('\n')[0]).toBe('oven: PROTECTED, 1 warning · both boards agree');
    expect(text.split('\n')[1]).toBe('  warning: not protected against gateway power loss: …');
    expect(text).not.toContain('NOT PROTECTED');
    expect(text).toMatch(/relay +at b, not proved/);
  });

  it.each([
    [{ step: 'comparing', done: 2, of: 3 }, 'joining: comparing 2 of 3'],
    [{ step: 'writing', done: 40, of: 96 }, 'joining: giving it that state, 40 of 96 bytes'],
    [{ step: 'replaying', done: 7, of: 900 }, 'joining: giving it what the primary has executed, 7 of 900 inputs'],
    [{ step: 'waiting', done: 0, of: 0 }, 'joining: waiting for a pause of the primary'],
    [{ step: 'dancing', done: 0, of: 0 }, 'joining: dancing'],
  ])('R25: shows how far a board has joined: %j', (joining, text) => {
    const shown = statusText(withB({ role: 'joining', joining }, { why: 'b is joining' }));
    expect(shown).toMatch(new RegExp(`^ {2}b {6}${text} +– +2 {2}open$`, 'm'));
  });

  it('says what to do, as commands that can be typed as they stand', () => {
    const next = { text: 'see why; then let b in', commands: ['faults list', 'rejoin b'] };
    const lines = statusText(withB({ role: 'kept out' }, { why: 'b is kept out', next })).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'oven: NOT PROTECTED · b is kept out',
      '  do: see why; then let b in:',
      '      npx copycat faults list -c oven.yaml',
      '      npx copycat rejoin b -c oven.yaml',
    ]);
    const plug = { text: 'plug board b in', commands: [] };
    expect(statusText({ ...STATUS, next: plug }).split('\n')[1]).toBe('  do: plug board b in');
  });

  it('R22: names the inputs that wait for a decision, the first eight of many', () => {
    const quarantined = (seqs: number[]) => statusText({ ...STATUS, inputs: { ...STATUS.inputs, quarantined: seqs } });
    expect(quarantined([42])).toMatch(/^ {2}quarantined +42: two boards failed on each$/m);
    expect(quarantined([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toMatch(/ 1, 2, 3, 4, 5, 6, 7, 8 and 2 more: /);
    expect(quarantined([])).not.toContain('quarantined');
  });

  it('names what is the matter with a board`s port, and what to do about it', () => {
    const trouble = {
      name: 'permission-denied',
      text: 'cannot open /dev/ttyACM0: this user may not open it',
      remedy: 'join the group dialout',
    };
    const text = statusText(withB({ link: 'no link', port: { device: null, place: null, trouble, latency: [] } }, {}));
    expect(text).toContain(
      '  board b: permission denied: cannot open /dev/ttyACM0: this user may not open it\n  do: join the group dialout',
    );
    const sound = { device: '/dev/ttyACM0', place: 'usb-1.2', trouble: null, latency: [] };
    expect(statusText(withB({ port: sound }, {}))).not.toContain('ttyACM0');
  });
});
