import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../src/faults/catalogue/catalogue.js';
import { limitText } from '../../src/faults/limit-text.js';
import { nameReadings, nameValues, readingsOf, valuesOf } from '../../src/faults/named-values.js';
import { PLAIN_COMMANDS } from '../../src/faults/remedy.js';
import type { FieldMap, StoredFault, StoredFaultStep } from '../../src/faults/stored-fault.js';
import { tellFault, titleOf } from '../../src/faults/story.js';
import { KNOWN_STEPS } from '../../src/faults/timeline-text.js';
import type { FaultCode, FaultStep } from '../../src/pair/state/effects.js';
import { crc32 } from '../../src/protocol/crc32.js';

/** Exhaustive by type: a new code or step in the core fails to compile here. */
const CODES = {
  silent: true,
  unplugged: true,
  restarted: true,
  failed: true,
  'unknown-result': true,
  'done-without-commit': true,
  mismatch: true,
  'backup-behind': true,
  'link-degraded': true,
  'judged-wrong': true,
  'relay-stuck': true,
  'pair-stopped': true,
  'input-quarantined': true,
  'input-in-doubt': true,
  'gateway-restarted': true,
  'host-restarted': true,
  'pair-restarted': true,
  'ledger-tail-lost': true,
  'ledger-restored': true,
  'own-mistake': true,
  'late-commit-refused': true,
  'joining-failed': true,
  'board-differs': true,
  'boards-swapped': true,
  'identity-twice': true,
  'board-flaps': true,
  'self-test-failed': true,
  'switched-over': true,
  'switchover-failed': true,
  'not-recorded': true,
  'sensor-drift': true,
  updating: true,
  'update-failed': true,
} satisfies Record<FaultCode, true>;

const STEPS = {
  evidence: true,
  'declared-failed': true,
  fenced: true,
  'relay-commanded': true,
  'relay-moved': true,
  'held-in-reset': true,
  'link-disturbed': true,
  'link-back': true,
  reset: true,
  'violation-sent': true,
  'late-commit-refused': true,
  'first-input-given': true,
  'first-answer': true,
  'took-over': true,
  'set-aside': true,
  intermittent: true,
  'kept-out': true,
  joined: true,
  flashed: true,
  accepted: true,
  abandoned: true,
  stopped: true,
  'host-in-trouble': true,
  'recorded-again': true,
  ended: true,
} satisfies Record<FaultStep, true>;

const FIELDS: FieldMap = {
  input: [
    { name: 'set point', type: 'i16', offset: 0, scale: 0.1, unit: 'degC' },
    { name: 'measured', type: 'i16', offset: 2, scale: 0.1, unit: 'degC' },
  ],
  result: [{ name: 'duty', type: 'u8', offset: 0, scale: 1, unit: '' }],
};

const at = (ms: number, step: FaultStep, detail: StoredFaultStep['detail'] = {}): StoredFaultStep => ({
  step,
  atUs: 7_000_000 + ms * 1000,
  detail,
});

const SILENT: StoredFault = {
  id: 3,
  code: 'silent',
  board: 'a',
  seq: 118,
  atUs: 7_000_000,
  wallTime: '2026-11-23T12:31:07.123Z',
  wallTimeTrusted: true,
  bootId: 'boot',
  evidence: { waitedFor: 'RESULT', waitedForMs: 51, deadlineMs: 50, repeats: 2 },
  timeline: [
    at(0, 'evidence', { waitedFor: 'RESULT', waitedForMs: 51, deadlineMs: 50, repeats: 2 }),
    at(0.1, 'declared-failed', { board: 'a', reason: 'silent', pending: 1 }),
    at(0.9, 'fenced', { lockedOut: 'a', epoch: 2, pending: 1 }),
    at(1, 'relay-commanded', { to: 'b', unfinished: 0 }),
    at(12.6, 'relay-moved', { to: 'b', proved: true }),
    at(13, 'first-input-given', { board: 'b', input: 118 }),
    at(21.4, 'first-answer', { board: 'b', input: 118 }),
    at(29, 'took-over', { primary: 'b', lockedOut: 'a' }),
    at(2031, 'late-commit-refused', { board: 'a', input: 118 }),
    at(2031, 'violation-sent', { board: 'a', input: 118 }),
  ],
  input: { ref: 'tcp:42', kind: 'input', payload: Uint8Array.of(0x58, 0x02, 0x48, 0x02), result: [Uint8Array.of(142)] },
  closedAt: null,
  repeats: 0,
};

const told = (fault: StoredFault) => tellFault(fault, FIELDS).join('\n');

describe('the story of a takeover without a relay', () => {
  const withoutRelay = (handover: string, moved: readonly StoredFaultStep[]): string =>
    told({
      ...SILENT,
      timeline: SILENT.timeline
        .filter(({ step }) => !step.startsWith('relay-'))
        .flatMap((step) =>
          step.step === 'fenced' ? [{ ...step, detail: { ...step.detail, handover } }, ...moved] : [step],
        ),
    }).replaceAll(/\s+/g, ' ');

  it('R13: tells of RESET where that is the fence, and of no relay', () => {
    const story = withoutRelay('reset', [at(1.2, 'held-in-reset', { board: 'a', proved: true })]);
    expect(story).toContain('There is no relay: board a was held in RESET first, in favour of board b');
    expect(story).toContain('until board a was held in RESET, 1.2 ms after the evidence');
    expect(story).toContain('board a held in RESET (its line shows it)');
    expect(story).not.toMatch(/relay (was moved|had moved|commanded)|contact was open|feedback line/);
  });

  it('tells that nothing is switched where the boards only measure', () => {
    const story = withoutRelay('nothing', []);
    expect(story).toContain('Nothing is switched in this pair: the work went to board b');
    expect(story).toContain('None: no actuator is switched');
    expect(story).not.toMatch(/relay (was moved|had moved|commanded)|contact was open|feedback line/);
  });
});

describe('the story of a takeover', () => {
  const story = told(SILENT);

  it('names the board', () => expect(story).toMatch(/board +a, the primary until then/));
  it('names the input, with its values in words', () =>
    expect(story).toContain('118 (tcp:42: set point 60.0 degC, measured 58.4 degC); answered with duty 142'));
  it('names the evidence', () =>
    expect(story).toContain('waited for: its result; waited: 51 ms; deadline: 50 ms; asked again: 2 times'));
  it('names what was done', () => {
    expect(story).toContain('Board a was declared failed and locked out');
    expect(story.replace(/\s+/g, ' ')).toContain(
      'Its late commit was refused by the ledger, and it was told to shut itself down.',
    );
  });
  it('names the times', () => {
    expect(story.replace(/\s+/g, ' ')).toContain(
      'waited 51 ms, then: declared failed after 0.1 ms, locked out after 0.9 ms, relay moved after 12.6 ms, first answer after 21.4 ms, took over after 29.0 ms',
    );
    expect(story).toMatch(/^ +12\.6 ms {2}relay at board b \(proved by the feedback line\)$/m);
    expect(story).toMatch(/^ +21\.4 ms {2}first answer from board b \(input 118\)$/m);
  });
  it('names the effect on the actuator', () => {
    const flat = story.replace(/\s+/g, ' ');
    expect(flat).toContain(
      'It stayed at the last output of board a while the gateway waited for an answer (51 ms) and until the relay had moved, 12.6 ms after the evidence',
    );
    expect(flat).toContain('open for a part of the 11.6 ms between command and move');
    expect(flat).toContain('Since then board b drives it');
  });
  it('names the remedy, as commands', () => {
    expect(story).toMatch(/^ {7}npx copycat status$/m);
    expect(story).toMatch(/^ {7}npx copycat faults close 3$/m);
  });

  it('keeps commands typeable where another ledger was asked for', () => {
    const lines = tellFault(SILENT, FIELDS, {
      copycat: 'copycat',
      ledgerOption: ' --ledger /x/y.db',
      gatewayOption: ' -c oven.yaml',
      service: 'copycat@oven',
    });
    expect(lines).toContain('       copycat faults close 3 --ledger /x/y.db');
    expect(lines).toContain('       copycat rejoin a -c oven.yaml');
    expect(lines).toContain('       copycat status -c oven.yaml');
  });

  it('R10: says when the contact may have closed on an older output', () => {
    const timeline = SILENT.timeline.map((step) =>
      step.step === 'relay-commanded' ? { ...step, detail: { to: 'b', unfinished: 8 } } : step,
    );
    const early = told({ ...SILENT, timeline }).replace(/\s+/g, ' ');
    expect(early).toContain('relay commanded to board b, which has 8 committed inputs still to act on');
    expect(early).toContain('its output may have been that much older');
    expect(story).not.toContain('to act on');
  });

  it('R13: does not call a move proved that no feedback line proved', () => {
    const timeline = SILENT.timeline.map((step) =>
      step.step === 'relay-moved' ? { ...step, detail: { to: 'b', proved: false } } : step,
    );
    const unproved = told({ ...SILENT, timeline });
    expect(unproved).toContain('settle time over, not proved');
    expect(unproved).not.toContain('proved the move');
  });

  it('says when the clock of the host was not set, and that the fault came again', () => {
    const story = told({ ...SILENT, wallTimeTrusted: false, repeats: 2, closedAt: '2026-11-24T00:00:00Z' });
    expect(story).toContain('(the clock of the host was not set)');
    expect(story).toContain('closed 2026-11-24 00:00:00 UTC, came again 2 times');
  });

  it('puts a step from after a restart of the host behind the others instead of before zero', () => {
    const story = told({ ...SILENT, timeline: [...SILENT.timeline, { step: 'ended', atUs: 5, detail: {} }] });
    expect(story).toMatch(/^ +later {2}over$/m);
  });
});

describe('what became of a fault', () => {
  it('R19: two results that differ are told by their values, and that nothing but the policy chose', () => {
    const story = told({
      ...SILENT,
      code: 'mismatch',
      board: 'b',
      evidence: {
        differs: 'body',
        committedBy: 'a',
        committedResult: '8e',
        otherBoard: 'b',
        otherResult: '8f',
        committedDigest: 1,
        otherDigest: 2,
        policy: 'alarm',
      },
      timeline: [at(0, 'evidence'), at(0, 'set-aside', { board: 'b', primary: 'a' })],
    }).replace(/\s+/g, ' ');
    expect(story).toContain(
      'they differ in: the result; board a: duty 142, state digest 0x00000001; board b: duty 143,',
    );
    expect(story).toContain('As on-mismatch: alarm says, board b was set aside.');
    expect(story).toContain('nothing here tells which');
    expect(story).toContain('Board a had acted on its own result by then');
  });

  it.each<[string, StoredFault['evidence'], FaultStep | null, string]>([
    ['backup-behind', { behind: 9, allowed: 8 }, 'set-aside', 'The third copy was set aside.'],
    ['joining-failed', { step: 'comparing', why: 'backup-behind' }, null, 'The attempt was given up'],
    ['board-flaps', { leftTimes: 4, withinMinutes: 10 }, 'kept-out', 'The third copy is kept out'],
  ])(
    'R19: %s of a third copy is told as what it is: the actuator and its protection are as before',
    (code, evidence, step, done) => {
      const timeline = [at(0, 'evidence'), ...(step === null ? [] : [at(0, step, { board: 'third', primary: 'a' })])];
      const story = told({ ...SILENT, code, board: 'third', evidence: { ...evidence, thirdCopy: true }, timeline });
      const line = story.replace(/\s+/g, ' ');
      expect(line).toContain('third, the third copy');
      expect(line).toContain(done);
      expect(line).toContain('None: the third copy is never connected to it.');
      expect(line).not.toMatch(
        /NOT PROTECTED|nobody (can|takes|could)|goes on alone|the backup,|Mend or replace board|plug it in/,
      );
    },
  );

  it('R20: a difference is told by name, value and unit', () => {
    const differences = 'heat: 62.5 % (board a) against 60.0 % (board b)';
    const evidence = {
      differs: 'body',
      differences,
      committedBy: 'a',
      committedResult: '8e 07',
      otherBoard: 'b',
      otherResult: '8f 07',
      committedDigest: 1,
      otherDigest: 2,
      policy: 'alarm',
    };
    const fields: FieldMap = {
      input: [],
      result: [
        { name: 'duty', type: 'u8', offset: 0, scale: 1, unit: '' },
        { name: 'mode', type: 'u8', part: 1, offset: 0, scale: 1, unit: '' },
      ],
    };
    const story = tellFault({ ...SILENT, code: 'mismatch', board: 'b', evidence }, fields)
      .join(' ')
      .replace(/\s+/g, ' ');
    expect(story).toContain(`they differ in: the result (${differences}); board a: duty 142 | mode 7, state digest`);
  });

  it('R18, R29: what changed in a memory is told by the name it has in the state of the sketch, and only where that is sure', () => {
    const state: FieldMap['state'] = [
      { name: 'level', type: 'i16', offset: 0, scale: 1, unit: '' },
      { name: 'isPumping', type: 'bool', offset: 2, scale: 1, unit: '' },
    ];
    const before = crc32(Uint8Array.of(40, 1, 0));
    const story = (code: string, evidence: StoredFault['evidence'], named = state) =>
      tellFault({ ...SILENT, code, evidence }, { ...FIELDS, state: named })
        .join(' ')
        .replace(/\s+/g, ' ');
    const flipped = (bytes: Uint8Array) => {
      const detail = (before ^ crc32(bytes)) >>> 0;
      return { reason: 'stateCorrupt', detail, stateBytes: 3 };
    };
    const bit = flipped(Uint8Array.of(40, 3, 0));
    expect(story('failed', bit)).toContain('it had changed in between, and only there: bit 9 of level. So nothing');
    expect(story('failed', bit)).toContain('what changed in its state: bit 9 of level');
    expect(story('failed', bit, [])).toContain('what changed in its state: bit 1 of byte 1');
    const several = story('failed', flipped(Uint8Array.of(40, 3, 1)));
    expect(several).toContain('what changed in its state: more than one value');
    expect(several).toContain('it had changed in between. So nothing was computed');
    const results = { committedBy: 'a', committedResult: '', otherBoard: 'b', otherResult: '', differs: 'state' };
    const digests = { committedDigest: before, otherDigest: crc32(Uint8Array.of(40, 1, 1)), stateBytes: 3 };
    expect(story('mismatch', { ...results, ...digests })).toContain('their states in: bit 0 of isPumping');
    expect(story('mismatch', { ...results, ...digests, stateBytes: 0 })).not.toContain('their states in');
  });

  it('R18, R19: of two results that differ it is told whether the images agree, what the self-tests said, and which values differ', () => {
    const mismatch = (found: StoredFault['evidence']) => {
      const evidence = {
        ...{ differs: 'body', differences: 'heat: 62.5 % (board a) against 60.0 % (board b)' },
        ...{ committedBy: 'a', committedResult: '8e', otherBoard: 'b', otherResult: '8f', policy: 'alarm' },
        ...{ committedDigest: 1, otherDigest: 2, committedImage: 0xabc, otherImage: 0xabc },
        ...{ selfTests: 'board b well, board a unanswered', ...found },
      };
      return told({ ...SILENT, code: 'mismatch', board: 'b', evidence }).replace(/\s+/g, ' ');
    };
    const same = mismatch({});
    expect(same).toContain(
      'they differ in the result (heat: 62.5 % (board a) against 60.0 % (board b)). Both run the same image, 0x00000abc. One of them is wrong',
    );
    expect(same).toContain(
      'both run the same image, 0x00000abc; self-tests: board b found nothing, board a has none, or did not answer; on-mismatch',
    );
    expect(mismatch({ otherImage: 0xdef })).toContain(
      'They run different images: board a 0x00000abc, board b 0x00000def: that may be all of it.',
    );
    expect(mismatch({ otherImage: null })).toContain('whether both run the same image is not known');
    expect(mismatch({ selfTests: 'not asked: the third copy told who is wrong' })).toContain(
      'self-tests: not asked: the third copy told who is wrong',
    );
    expect(mismatch({ selfTests: 'board b bad', failedTest: 'flash and ram' })).toContain(
      'self-tests: board b found its flash and ram bad',
    );
    expect(mismatch({ differs: 'state', differences: undefined as never })).toContain(
      'all values of the two results are the same',
    );
    expect(mismatch({ otherResult: '746f6f20686f74', otherRejected: true })).toContain(
      'board b: rejected (too hot), state',
    );
  });

  it('R19: what was not plausible is told with its limit, and what the third copy came to by name', () => {
    const evidence = {
      differs: 'body',
      committedBy: 'a',
      committedResult: '8e',
      otherBoard: 'b',
      otherResult: '8f',
      committedDigest: 1,
      otherDigest: 2,
      wrong: 'b',
    };
    const judged = (found: StoredFault['evidence']) =>
      told({ ...SILENT, code: 'judged-wrong', board: 'b', evidence: { ...evidence, ...found } }).replace(/\s+/g, ' ');
    const limit = (found: StoredFault['evidence']) =>
      limitText({ evidence: { field: 'heat', unit: '%', value: 120.00000001, allowed: 100, ...found } });
    expect(
      judged({ decidedBy: 'plausibility', field: 'heat', unit: '%', value: 120, limit: 'max', allowed: 100 }),
    ).toContain(
      'Only one of the two results is plausible: heat was 120 %, and at most 100 % is plausible. So board b is the wrong one.',
    );
    expect(limit({ limit: 'min' })).toBe('heat was 120 %, and at least 100 % is plausible');
    expect(limit({ limit: 'rate' })).toBe('heat changed by 120 %/s, and at most 100 %/s is plausible');
    expect(limit({ limit: 'missing', value: null })).toBe('the result was too short for heat');
    expect(limit({ limit: 'not-a-number', value: null })).toBe('heat was no number');
    expect(limit({ limit: 'max', unit: '' })).toBe('heat was 120, and at most 100 is plausible');
    const third = judged({ decidedBy: 'third-copy', thirdResult: '8e', thirdDigest: 3 });
    expect(third).toContain('third copy: duty 142, state digest 0x00000003');
    expect(third).not.toContain('plausible');
  });

  it('R21: sensors that differ are told by name and values, until they agree again', () => {
    const drift: StoredFault = {
      ...SILENT,
      code: 'sensor-drift',
      board: null,
      evidence: {
        source: 'temperature',
        readings: '61.1 degC (board a) against 75.5 degC (board b)',
        tolerance: '2.0 degC',
        inARow: 3,
      },
      timeline: [at(0, 'evidence')],
    };
    expect(titleOf(drift)).toBe('the boards read temperature differently');
    const story = told(drift).replace(/\s+/g, ' ');
    expect(story).toContain('3 times in a row the two readings were further apart than the 2.0 degC that are allowed');
    expect(story).toContain('61.1 degC (board a) against 75.5 degC (board b)');
    expect(story).toContain('Both boards put out the same');
    expect(story).not.toContain('The readings agree');
    const readings = '61.1 degC (board a) against 60.9 degC (board b)';
    const ended = { ...drift, timeline: [at(0, 'evidence'), at(400, 'ended', { source: 'temperature', readings })] };
    const later = told(ended).replace(/\s+/g, ' ');
    expect(later).toContain(`the readings agree again: ${readings}`);
    expect(later).toContain('agreed again after 400.0 ms');
    expect(later).toContain('The readings agree again.');
  });

  it('a restarted gateway says what was in work', () => {
    const story = told({
      ...SILENT,
      code: 'gateway-restarted',
      board: null,
      seq: null,
      input: null,
      evidence: { unfinished: 2 },
      timeline: [],
    });
    expect(story).toMatch(/input +2 were in work/);
  });

  it('a restart that somebody wanted is an event, and one that nobody wanted is a fault', () => {
    const restarted = { ...SILENT, board: null, seq: null, input: null, timeline: [] };
    const evidence = { unfinished: 0, primary: 'a' };
    for (const [code, what] of [
      ['gateway-restarted', 'gateway'],
      ['host-restarted', 'host'],
    ] as const) {
      const planned = { ...restarted, code, evidence: { ...evidence, planned: true } };
      expect(told(planned)).toMatch(new RegExp(`^Event 3: planned restart of the ${what}$`, 'm'));
      expect(told(planned).replace(/\s+/g, ' ')).toContain('Somebody had ended the gateway, in good order');
      expect(toDo(planned).commands).toEqual(['status']);
      const failed = { ...restarted, code, evidence };
      expect(told(failed)).toMatch(new RegExp(`^Fault 3: the ${what} was restarted$`, 'm'));
      const asked = code === 'gateway-restarted' ? ['journalctl -u copycat@NAME'] : [];
      expect(toDo(failed).commands).toEqual(['status', ...asked, 'faults close 3']);
    }
    const ofOven = tellFault({ ...restarted, code: 'gateway-restarted', evidence }, FIELDS, {
      ...PLAIN_COMMANDS,
      service: 'copycat@oven',
    });
    expect(ofOven).toContain('       journalctl -u copycat@oven');
  });

  it('R29: a board that found its own memory changed says what it compared, and that nothing was computed from it', () => {
    const story = told({
      ...SILENT,
      code: 'failed',
      evidence: { reason: 'stateCorrupt', detail: 255 },
      timeline: [at(0, 'evidence')],
    }).replace(/\s+/g, ' ');
    expect(story).toContain('its memory is not as it left it (state check); state digest that it found: 0x000000ff');
    expect(story).toContain('So nothing was computed from it.');
  });

  it('a relay that sticks when nobody takes over does not stop the pair', () => {
    const stuck = (takingOver: boolean) =>
      told({
        ...SILENT,
        code: 'relay-stuck',
        board: null,
        evidence: { to: 'a', takingOver },
        timeline: [at(0, 'evidence')],
      }).replace(/\s+/g, ' ');
    expect(stuck(false)).toContain('the board that drives goes on');
    expect(stuck(false)).not.toContain('stopped');
    expect(stuck(true)).toContain('then the pair was stopped');
  });

  it('R24: a backup set aside leaves the actuator alone and the pair not protected', () => {
    const story = told({
      ...SILENT,
      board: 'b',
      timeline: [at(0, 'evidence'), at(0, 'set-aside', { board: 'b', primary: 'a' })],
    });
    expect(story).toContain('b, the backup until then');
    expect(story).toContain('None: board a goes on driving it.');
    expect(story).toContain('NOT PROTECTED');
  });

  it('a stopped pair asks for a safe plant first', () => {
    const story = told({
      ...SILENT,
      code: 'pair-stopped',
      board: null,
      evidence: { why: 'the relay does not follow', pending: 2 },
      timeline: [at(0, 'evidence'), at(0, 'stopped', { why: 'the relay does not follow' })],
    });
    expect(story).toContain('because the relay does not follow');
    expect(story).toContain('1. Make the plant safe by hand first');
    expect(story).toContain('neither of the two');
  });

  it('a lost link without a backup is waited for', () => {
    const story = told({
      ...SILENT,
      code: 'unplugged',
      seq: null,
      input: null,
      evidence: { link: 'hangup', backup: 'none that is in sync' },
      timeline: [at(0, 'evidence')],
    });
    expect(story).toContain('board a is waited for');
    expect(story).toMatch(/input +none was in work/);
  });
});

/** What the story says to do: its commands, and its sentences in one line. */
function toDo(fault: StoredFault): { readonly commands: readonly string[]; readonly text: string } {
  const lines = tellFault(fault, FIELDS);
  const end = lines.slice(lines.indexOf('What to do now') + 1);
  const isCommand = (line: string): boolean => line.startsWith('       ');
  return {
    commands: end.filter(isCommand).map((line) => line.trim().replace('npx copycat ', '')),
    text: end
      .filter((line) => !isCommand(line))
      .map((line) => line.trim())
      .join(' '),
  };
}

describe('what to do now', () => {
  const BACKUP: StoredFault = {
    ...SILENT,
    board: 'b',
    timeline: [at(0, 'evidence'), at(0, 'set-aside', { board: 'b', primary: 'a' })],
  };

  it('R25: a board that was locked out or set aside joins by itself; only one that is kept out needs rejoin', () => {
    const lockedOut = toDo(SILENT);
    expect(lockedOut.text).toContain('Mend or replace board a, then plug it in or reset it. It joins by itself');
    expect(lockedOut.text).toContain('to have it lead again after that: npx copycat switch');
    expect(lockedOut.commands).toEqual(['status', 'rejoin a', 'faults close 3']);
    const setAside = toDo(BACKUP);
    expect(setAside.text).toContain('Mend or replace board b, then plug it in or reset it. It joins by itself');
    expect(setAside.text).not.toContain('lead again');
    expect(`${lockedOut.text}${setAside.text}`).not.toContain('ledger');
  });

  it('R25: a board that has joined again needs nothing, and the story says when it did', () => {
    const timeline = [...BACKUP.timeline, at(9000, 'joined', { board: 'b', compared: 3 })];
    const fault = { ...BACKUP, timeline };
    expect(toDo(fault)).toMatchObject({ commands: ['status', 'faults close 3'] });
    const story = told(fault).replace(/\s+/g, ' ');
    expect(story).toContain('Board b joined the pair again 9000.0 ms after the evidence');
    expect(story).toContain('Until the other one had joined again, nobody could have taken over.');
    expect(story).not.toContain('NOT PROTECTED');
    expect(story).toContain('board b joined the pair again: 3 results agreed');
  });

  it('R25: of a board with firmware of its own the story says what it was given, or why nothing', () => {
    const joinedWith = (detail: StoredFault['evidence']): string => {
      const timeline = [...BACKUP.timeline, at(9000, 'joined', { board: 'b', compared: 3, ...detail })];
      return told({ ...BACKUP, timeline }).replace(/\s+/g, ' ');
    };
    expect(joinedWith({ givenAgain: 12 })).toContain(
      'it was given 12 inputs of the ledger once more, answered as was answered then',
    );
    expect(joinedWith({ asItStood: true })).toContain(
      'it was given no state, and agreed with the primary as it stood.',
    );
    const note = 'nothing is given to it: the ledger no longer has them';
    expect(joinedWith({ asItStood: true, note })).toContain(`as it stood (${note}).`);
  });

  it('R19, R25: after a difference the board is kept out until a person knows who was wrong', () => {
    const differing = { ...BACKUP, code: 'mismatch', evidence: { policy: 'alarm' } };
    expect(toDo(differing).commands).toEqual(['status', 'rejoin b', 'faults close 3']);
    expect(toDo(differing).text).toContain('When you know that its state may be replaced by that of the primary');
    expect(toDo(differing).text).not.toContain('by itself');
    expect(told(differing).replace(/\s+/g, ' ')).toContain('Board b is kept out until a person lets it in');
    const handedOver = { ...SILENT, code: 'mismatch', evidence: { policy: 'switch' } };
    expect(toDo(handedOver).commands).toContain('rejoin a');
    expect(toDo(handedOver).text).not.toContain('by itself');
  });

  it('R19: the story says how the faults of a board come, and what follows from that', () => {
    expect(told(BACKUP).replace(/\s+/g, ' ')).toContain('So far it counts as transient');
    const rest = at(1, 'intermittent', { board: 'b', leftTimes: 3, withinMinutes: 10, restMs: 350_000 });
    const intermittent = { ...BACKUP, timeline: [...BACKUP.timeline.filter(({ step }) => step !== 'joined'), rest] };
    const story = told(intermittent).replace(/\s+/g, ' ');
    expect(story).toContain('It is the 3rd fault that counts, within 10 minutes: intermittent.');
    expect(story).toContain('It stays out for 6 min from then on, unless a person lets it in before.');
    expect(story).toContain('board b is intermittent (3 faults within 10 min)');
    expect(story).not.toContain('transient');
    expect(toDo(intermittent).text).toContain('When its time is over (status says when) it joins by itself');
    expect(toDo(intermittent).commands).toContain('rejoin b');
    const out = at(1, 'kept-out', { board: 'b', primary: 'a', leftTimes: 6, withinMinutes: 18 });
    const permanent = { ...intermittent, timeline: [...BACKUP.timeline.filter(({ step }) => step !== 'joined'), out] };
    expect(told(permanent).replace(/\s+/g, ' ')).toContain(
      'It is the 6th fault that counts, within 18 minutes: permanent.',
    );
    expect(toDo(permanent).text).not.toContain('joins by itself');
    // A takeover that came to the same.
    const primary = { ...SILENT, timeline: [...SILENT.timeline.filter(({ step }) => step !== 'joined'), rest] };
    expect(told(primary).replace(/\s+/g, ' ')).toContain('3rd fault that counts, within 10 minutes: intermittent.');
    // Nobody counts a difference of which nobody knows whose it is.
    expect(told({ ...BACKUP, code: 'mismatch' })).not.toContain('transient');
  });

  it('R25: a board that flaps or does not fit is kept out, and needs rejoin', () => {
    const timeline = [at(0, 'evidence'), at(0, 'kept-out', { board: 'b', primary: 'a' })];
    const flaps = {
      ...BACKUP,
      code: 'board-flaps',
      evidence: { leftTimes: 4, allowed: 3, withinMinutes: 10 },
      timeline,
    };
    expect(titleOf(flaps)).toBe('board b left the pair too often and is kept out');
    expect(told(flaps).replace(/\s+/g, ' ')).toContain('4 times within 10 minutes; 3 are allowed (flapping.permanent');
    expect(toDo(flaps).commands).toEqual(['status', 'rejoin b', 'faults close 3']);
    expect(toDo(flaps).text).not.toContain('joins by itself');
    const other = {
      ...BACKUP,
      code: 'board-differs',
      evidence: { differs: 'firmware', primaryImage: 17, boardImage: 255 },
      timeline,
    };
    expect(titleOf(other)).toBe('board b does not fit the primary: the firmware differs');
    expect(told(other).replace(/\s+/g, ' ')).toContain(
      'image of the primary: 0x00000011; image of the board: 0x000000ff',
    );
    expect(toDo(other).text).toContain('Flash the same image to both boards.');
    expect(toDo(other).commands).toContain('rejoin b');
  });

  it('R25: an attempt to join that came to nothing is tried again by itself', () => {
    const failed = {
      ...BACKUP,
      code: 'joining-failed',
      seq: null,
      input: null,
      evidence: { step: 'writing', why: 'no answer' },
      timeline: [at(0, 'evidence')],
    };
    expect(titleOf(failed)).toBe('board b could not join: it did not answer');
    expect(told(failed).replace(/\s+/g, ' ')).toContain('(giving it the state)');
    expect(toDo(failed).text).toContain('The gateway tries again by itself.');
    expect(toDo(failed).commands).toEqual(['status', 'rejoin b', 'faults close 3']);
  });

  it('R22: a stopped pair goes on with resume, after an input that two boards failed on with retry or drop', () => {
    const stopped = { ...SILENT, code: 'pair-stopped', board: null, timeline: [at(0, 'evidence'), at(0, 'stopped')] };
    expect(toDo(stopped).commands).toEqual(['faults list', 'status', 'resume', 'faults close 3']);
    const poison = { ...SILENT, code: 'input-quarantined', timeline: [at(0, 'evidence')] };
    expect(toDo(poison).commands).toEqual([
      'faults list',
      'inputs show 118',
      'inputs retry 118',
      'inputs drop 118',
      'faults close 3',
    ]);
    expect(toDo(poison).text).toMatch(/^1\. Make the plant safe by hand first/);
  });

  it.each(['mismatch at takeover', 'the ledger refused a commit of the primary: different'])(
    'R22: a pair stopped by "%s" names both ways on, and what each costs',
    (why) => {
      const timeline = [at(0, 'evidence'), at(0, 'stopped')];
      const stopped = { ...SILENT, code: 'pair-stopped', board: null, evidence: { why, pending: 1 }, timeline };
      expect(toDo(stopped).commands).toEqual([
        'faults list',
        'inputs show 118',
        'inputs accept 118',
        'resume',
        'faults close 3',
      ]);
      const text = toDo(stopped).text.replace(/\s+/g, ' ');
      expect(text).toContain('what was answered before stands uncorrected');
      expect(text).toContain('Without the restart the pair stops again.');
    },
  );
});

describe('R26: a planned switchover', () => {
  const SWITCHED: StoredFault = {
    ...SILENT,
    code: 'switched-over',
    board: null,
    seq: null,
    input: null,
    evidence: { from: 'a', to: 'b' },
    timeline: [
      at(0, 'evidence', { from: 'a', to: 'b' }),
      at(0, 'declared-failed', { board: 'a', planned: true }),
      at(0.8, 'fenced', { lockedOut: null, epoch: 2, pending: 0 }),
      at(0.9, 'relay-commanded', { to: 'b', unfinished: 0 }),
      at(9.9, 'relay-moved', { to: 'b', proved: true }),
      at(10, 'took-over', { primary: 'b', lockedOut: null }),
    ],
  };

  it('is told as an event and never as a fault or a failure', () => {
    const story = told(SWITCHED);
    const flat = story.replace(/\s+/g, ' ');
    expect(story).toMatch(/^Event 3: planned switchover from board a to board b$/m);
    expect(flat).toContain('evidence none: a person asked for it (copycat switch)');
    expect(flat).toContain('lease changed after 0.8 ms, relay moved after 9.9 ms, over after 10.0 ms');
    expect(flat).toContain('10.0 ms board b is the primary');
    expect(flat).toContain('Board a stayed in the pair, as the backup; nobody was locked out.');
    expect(flat).toContain('it saw the old level, one gap and the same level again');
    expect(flat).toContain('The feedback line proved the move. Since then board b drives it.');
    expect(flat).not.toMatch(/declared failed|Usual causes|null|board . was locked out|mended/);
    expect(flat).toContain('planned, so it is closed by itself');
    expect(toDo(SWITCHED).commands).toEqual(['status']);
  });

  it('that had not ended says so', () => {
    const begun = told({ ...SWITCHED, timeline: SWITCHED.timeline.slice(0, 3) }).replace(/\s+/g, ' ');
    expect(begun).toContain('The change to board b had begun and had not ended when this was written.');
    expect(begun).not.toContain('declared failed');
  });

  it('that was given up says why, and that nothing has changed', () => {
    const fault = {
      ...SWITCHED,
      code: 'switchover-failed',
      evidence: { why: 'Board b left the pair.' },
      timeline: [at(0, 'evidence')],
    };
    expect(titleOf(fault)).toBe('a switchover was given up: board b left the pair');
    expect(told(fault).replace(/\s+/g, ' ')).toContain('Nothing was changed: the same board is the primary');
    expect(toDo(fault).commands).toEqual(['status', 'switch', 'faults close 3']);
  });

  it('that the relay did not follow went back, and nobody is called failed', () => {
    const fault = { ...SWITCHED, code: 'switchover-failed', evidence: { from: 'b', to: 'a' } };
    const flat = told(fault).replace(/\s+/g, ' ');
    expect(titleOf(fault)).toBe('a switchover was undone: the relay did not follow');
    expect(flat).toContain('The relay was commanded to board b and did not follow, so the pair went back to board a');
    expect(flat).not.toContain('declared failed');
  });
});

describe('R17: a file that could not be written', () => {
  const NOT_RECORDED: StoredFault = {
    ...SILENT,
    code: 'not-recorded',
    board: null,
    seq: null,
    input: null,
    evidence: {
      file: 'ledger',
      path: '/var/lib/copycat/copycat.sqlite',
      cause: 'SQLITE_FULL',
      said: 'database or disk is full',
      durability: 'power',
    },
    timeline: [at(0, 'evidence')],
  };

  it('is told with its cause, the promise that is not held, and no board', () => {
    const flat = told(NOT_RECORDED).replace(/\s+/g, ' ');
    expect(titleOf(NOT_RECORDED)).toBe('the ledger could not be written');
    expect(flat).toContain('could not be written: there is no room (database or disk is full)');
    expect(flat).toContain('durability power was not held');
    expect(flat).toContain('NOT RECORDED TO DISK');
    expect(flat).toContain('nobody was declared failed');
    expect(flat).not.toMatch(/locked out|mended/);
  });

  it('ends where everything was brought to the file, and says what was dropped for room', () => {
    const detail = { file: 'ledger', droppedInputs: 3, droppedFaults: 1 };
    const fault = { ...NOT_RECORDED, timeline: [at(0, 'evidence'), at(900, 'recorded-again', detail)] };
    const flat = told(fault).replace(/\s+/g, ' ');
    expect(flat).toContain('900.0 ms the ledger was recorded to disk again');
    expect(flat).toContain('everything was brought to it, but for 4 old rows');
    expect(flat).not.toContain('NOT RECORDED');
  });
});

describe('the catalogue', () => {
  it('has words for every code and every step', () => {
    expect(Object.keys(FAULT_KINDS).sort()).toEqual(Object.keys(CODES).sort());
    // A person closes a fault, and the core hears nothing of it.
    expect([...KNOWN_STEPS].sort()).toEqual([...Object.keys(STEPS), 'closed'].sort());
  });

  it.each(Object.keys(CODES))('%s is told with all seven things, with and without a board', (code) => {
    for (const board of ['a', null]) {
      const fault: StoredFault = { ...SILENT, code, board, evidence: {}, timeline: [at(0, 'evidence')] };
      const story = told(fault);
      expect(story).not.toMatch(/undefined|NaN|\[object/);
      for (const heading of ['  board ', '  input ', '  evidence ', '  times ']) expect(story).toContain(heading);
      for (const heading of ['What was done', 'Effect on the actuator', 'What to do now']) {
        const lines = story.split('\n');
        expect(lines[lines.indexOf(heading) + 1], `${code}: ${heading}`).toMatch(/^ {2}\S.{15,}/);
      }
      expect(titleOf(fault).length).toBeGreaterThan(10);
      expect(Math.max(...story.split('\n').map((line) => line.length))).toBeLessThanOrEqual(104);
    }
  });

  it('R13: names the board that answered and the port at which it did', () => {
    const evidence = { unit: 273, expected: 546, other: 'a' };
    const swapped = { ...SILENT, code: 'boards-swapped', board: 'b', seq: null, evidence, timeline: [], input: null };
    expect(titleOf(swapped)).toBe('board a is plugged in where board b belongs');
    expect(told(swapped).replace(/\s+/g, ' ')).toContain(
      'At the port of board b the board answered that was known as board a',
    );
  });

  it('tells a code it does not know by its name', () => {
    expect(titleOf({ ...SILENT, code: 'gremlins' })).toBe('board a: gremlins');
    expect(told({ ...SILENT, code: 'gremlins', timeline: [{ step: 'dance', atUs: 7_000_000, detail: {} }] })).toContain(
      'dance',
    );
  });
});

describe('named values', () => {
  it('reads every type, little-endian', () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0xff, 0xff, 0xff, 0x01, 0x00, 0x00, 0x80);
    const field = (type: 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32', offset: number) => ({
      name: type,
      type,
      offset,
      scale: 1,
      unit: '',
    });
    expect(
      nameValues(bytes, [
        field('u8', 0),
        field('i8', 0),
        field('u16', 1),
        field('i16', 1),
        field('u32', 5),
        field('i32', 5),
      ]),
    ).toBe('u8 255, i8 -1, u16 65534, i16 -2, u32 2147483649, i32 -2147483647');
  });

  it('reads floats, yes and no, and each part of a result by its own fields', () => {
    const bytes = new Uint8Array(5);
    new DataView(bytes.buffer).setFloat32(1, 0.1, true);
    const fields = [
      { name: 'trip', type: 'bool' as const, offset: 0, scale: 1, unit: '' },
      { name: 'flow', type: 'f32' as const, offset: 1, scale: 1, unit: 'l/s' },
      { name: 'set point', type: 'u8' as const, part: 1, offset: 0, scale: 0.5, unit: 'degC' },
    ];
    expect(nameValues(bytes, fields)).toBe('trip no, flow 0.1 l/s');
    expect(nameValues(Uint8Array.of(121), fields, 1)).toBe('set point 60.5 degC');
    expect(valuesOf(bytes, fields)).toEqual([
      { name: 'trip', value: false, unit: '' },
      { name: 'flow', value: 0.1, unit: 'l/s' },
    ]);
    expect(valuesOf(Uint8Array.of(121), fields, 1)).toEqual([{ name: 'set point', value: 60.5, unit: 'degC' }]);
    expect(valuesOf(Uint8Array.of(121), fields, 2)).toEqual([]);
  });

  it('R21: names readings in the order in which a board reports them', () => {
    const sources = [
      { name: 'temperature', unit: 'degC', scale: 250 / 1023 },
      { name: 'door', unit: '', scale: 1 },
    ];
    expect(nameReadings([250, 1, 7], sources)).toBe('temperature 61.1 degC, door 1, 7');
    expect(nameReadings([250], sources)).toBe('temperature 61.1 degC');
    expect(readingsOf([250, 1, 7], sources)).toEqual([
      { name: 'temperature', value: 61.1, unit: 'degC' },
      { name: 'door', value: 1, unit: '' },
    ]);
    expect(readingsOf([], sources)).toEqual([]);
  });

  it('shows as many decimals as a step is worth', () => {
    const field = (scale: number) => [{ name: 'x', type: 'u8' as const, offset: 0, scale, unit: 'V' }];
    expect(nameValues(Uint8Array.of(3), field(0.25))).toBe('x 0.75 V');
    expect(nameValues(Uint8Array.of(3), field(10))).toBe('x 30 V');
    expect(nameValues(Uint8Array.of(16), field(0.0625))).toBe('x 1.0 V');
    expect(nameValues(Uint8Array.of(17), field(0.0625))).toBe('x 1.0625 V');
  });

  it('leaves out a field that lies beyond the end, and shows bytes where no field is left', () => {
    expect(nameValues(Uint8Array.of(1), FIELDS.input)).toBe('bytes 01');
    expect(nameValues(new Uint8Array(0), FIELDS.input)).toBe('no payload');
    expect(nameValues(new Uint8Array(40), [])).toContain('… (40 bytes)');
  });
});
