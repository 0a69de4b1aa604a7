import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../src/config/budget/budget.js';
import { checkConfig, type Finding } from '../../src/config/checks/check-config.js';
import { parseConfig } from '../../src/config/load/load-config.js';

const machine = { exists: () => true, fileSystem: (path: string) => (path.startsWith('/dev/shm') ? 'tmpfs' : null) };

/** A pair of slaves that differs from a sound one in the given lines. */
function slaves(changes: Readonly<Record<string, string>> = {}) {
  const lines: Record<string, string> = {
    boards:
      '{ a: { kind: serial, port: usb-1.2, line: 19200-8E1, address: 5 }, b: { kind: serial, port: usb-1.3, line: 19200-8E1, address: 5 } }',
    relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27, hold-off: latched-reset }',
    protocol: '{ profile: modbus-rtu, watch: { holding: 0-9 }, restart-sign: { input: 9 } }',
    input: "'tcp://127.0.0.1:7400'",
    ledger: '{ durability: power }',
    ...changes,
  };
  const text = Object.entries(lines).map(([key, value]) => `${key}: ${value}\n`);
  return parseConfig(text.join(''), 'pump.yaml', '/srv/pump');
}

const check = (changes: Readonly<Record<string, string>> = {}): readonly Finding[] =>
  checkConfig(slaves(changes), machine);

const wrong = (changes: Readonly<Record<string, string>>) =>
  check(changes)
    .filter(({ severity }) => severity !== 'note')
    .map(({ severity, key }) => `${severity} ${key}`);

describe('checking what boards with firmware of their own are asked for', () => {
  it('finds nothing wrong in a sound pair of slaves, and nothing of the firmware harness in it', () => {
    expect(wrong({})).toEqual([]);
    expect(
      check()
        .map(({ message, remedy }) => `${message} ${remedy}`)
        .join('\n'),
    ).not.toMatch(/HELLO|sketch|CC_BAUD/);
  });

  it.each([
    { what: 'ticks', changes: { input: 'every 100ms' }, is: 'error input' },
    { what: 'a button', changes: { input: 'button GPIO5' }, is: 'error input' },
    {
      what: 'fields of a sketch',
      changes: { fields: '{ result: [{ name: duty, type: u8, offset: 0 }] }' },
      is: 'error fields',
    },
    { what: 'readings of a sketch', changes: { sources: '[{ name: temperature }]' }, is: 'error sources' },
    {
      what: 'a copy of what nobody can write',
      changes: { protocol: '{ profile: modbus-rtu, watch: { holding: 0 }, join: { copy: [{ input: 3 }] } }' },
      is: 'error protocol.join',
    },
    {
      what: 'a pulse that nobody can write',
      changes: { protocol: '{ profile: modbus-rtu, pulse: { discrete: 3 } }' },
      is: 'error protocol.pulse',
    },
    {
      what: 'reads of the primary alone, and nothing that compares the two',
      changes: { protocol: '{ profile: modbus-rtu, read-from: primary }' },
      is: 'error protocol.watch',
    },
  ])('refuses or warns of $what', ({ changes, is }) => {
    expect(wrong(changes)).toEqual([is]);
  });

  it.each([
    { key: 'watch', said: 'watch: { holding: 3-9 }' },
    { key: 'written', said: 'written: { holding: 0-9 }' },
    { key: 'probe', said: 'probe: { holding: 5 }' },
    { key: 'restart-sign', said: 'restart-sign: { holding: 4, type: u32 }' },
    { key: 'join', said: 'join: { copy: [{ coils: 5 }, { holding: 0-5 }] }' },
  ])('R31: refuses $key of what a read clears, which the gateway would read again and again', ({ key, said }) => {
    const protocol = (cleared: string) => `{ profile: modbus-rtu, ${said}, clear-on-read: ${cleared} }`;
    expect(wrong({ protocol: protocol('{ holding: 5, input: 0-9 }') })).toEqual([`error protocol.${key}`]);
    // The same addresses of another kind are other registers.
    expect(wrong({ protocol: protocol('{ input: 0-9 }') })).toEqual([]);
  });

  it('R25: refuses to copy registers to a slave that is at the actuator while it is given them', () => {
    const protocol = '{ profile: modbus-rtu, join: { copy: [{ holding: 0-9 }] } }';
    expect(wrong({ protocol, relay: 'none', outputs: 'none' })).toEqual([]);
    expect(wrong({ protocol })).toEqual([]);
    const board = (port: string, reset: string) =>
      `{ kind: serial, port: ${port}, line: 19200-8E1, address: 5, reset: ${reset} }`;
    const boards = `{ a: ${board('usb-1.2', 'GPIO5')}, b: ${board('usb-1.3', 'GPIO6')} }`;
    expect(wrong({ protocol, boards, relay: 'none' })).toContain('error protocol.join');
    expect(wrong({ boards, relay: 'none' })).not.toContain('error protocol.join');
  });

  it('R31: refuses a pair of slaves in which nothing is left that may be asked', () => {
    const cleared = 'clear-on-read: { holding: 0-9, input: 0, coils: 0, discrete: 0 }';
    expect(wrong({ protocol: `{ profile: modbus-rtu, ${cleared} }` })).toEqual(['error protocol.probe']);
    expect(wrong({ protocol: `{ profile: modbus-rtu, ${cleared}, probe: { holding: 10 } }` })).toEqual([]);
    expect(wrong({ protocol: `{ profile: modbus-rtu, ${cleared}, watch: { coils: 1 } }` })).toEqual([]);
  });

  describe('of boards that are given lines once more when they join', () => {
    const valves = (said: string, more: Readonly<Record<string, string>> = {}) => ({
      boards:
        '{ a: { kind: serial, port: usb-1.2, line: 19200-8N1 }, b: { kind: serial, port: usb-1.3, line: 19200-8N1 } }',
      protocol: `{ profile: lines-ok, ${said} }`,
      ...more,
    });
    const withReset =
      '{ a: { kind: serial, port: usb-1.2, line: 19200-8N1, reset: GPIO5 }, b: { kind: serial, port: usb-1.3, line: 19200-8N1, reset: GPIO6 } }';

    it('R25: finds nothing wrong where a relay keeps them off the actuator, and their start is known', () => {
      expect(wrong(valves("resync: { from: start }, banner: '^ready$'"))).toEqual([]);
      expect(wrong(valves("resync: { from: '/^HOME$/', pace: recorded, preamble: [UNLOCK] }"))).toEqual([]);
      expect(wrong(valves('resync: { from: start }', { boards: withReset }))).toEqual([]);
      expect(wrong(valves('resync: { from: none }'))).toEqual([]);
    });

    it('R25: refuses them where no relay keeps a board that joins off the actuator', () => {
      const more = { relay: 'none', boards: withReset };
      expect(wrong(valves("resync: { from: '/^HOME$/' }", more))).toContain('error protocol.resync');
      expect(wrong(valves('settle: 1s', more))).not.toContain('error protocol.resync');
    });

    it('R25: refuses from: start where nothing tells that a board has started', () => {
      expect(wrong(valves('resync: { from: start }'))).toEqual(['error protocol.resync']);
    });

    it('R25: warns of a replay that takes as long as the pair has run', () => {
      expect(wrong(valves("resync: { from: start, pace: recorded }, banner: '^ready$'"))).toEqual([
        'warning protocol.resync',
      ]);
    });

    it.each([
      ['{ pace: recorded }', 'protocol.resync.from is missing'],
      ['{}', 'protocol.resync.from is missing'],
      ['{ from: none, pace: full }', 'nothing: with from: none'],
      ['{ from: none, preamble: [RESET] }', 'nothing: with from: none'],
    ])('refuses resync: %s', (said, why) => {
      expect(() => check(valves(`resync: ${said}`))).toThrow(why);
    });
  });

  it('refuses greeting: banner where nothing says what boards say when they start', () => {
    const greeted = (said: string) => ({
      boards:
        '{ a: { kind: serial, port: usb-1.2, line: 19200-8N1 }, b: { kind: serial, port: usb-1.3, line: 19200-8N1 } }',
      protocol: `{ profile: lines-ok${said} }`,
      input: "{ listen: 'tcp://127.0.0.1:7400', framing: lines, greeting: banner }",
    });
    expect(wrong(greeted(''))).toEqual(['error input.greeting']);
    expect(wrong(greeted(", banner: '^ready$'"))).toEqual([]);
  });

  it('refuses bytes of seven bits, which are Modbus ASCII', () => {
    const line = 'kind: serial, line: 9600-7E1, address: 5';
    const boards = `{ a: { ${line}, port: usb-1.2 }, b: { ${line}, port: usb-1.3 } }`;
    expect(wrong({ boards, protocol: '{ profile: modbus-rtu, deadline: 400ms, watch: { holding: 0 } }' })).toEqual([
      'error boards.a.line',
      'error boards.b.line',
    ]);
  });

  it('R14: refuses a deadline that is shorter than the answer of a slave on its line', () => {
    const [finding] = check({ protocol: '{ profile: modbus-rtu, deadline: 20ms, watch: { holding: 0-9 } }' });
    expect(finding).toMatchObject({ severity: 'error', key: 'protocol.deadline' });
    expect(finding?.message).toMatch(
      /20 ms is less than board [ab] may need when all is well: \d+(\.\d)? ms .*19200-8E1/,
    );
    // The longer the range that is read, the longer the answer: 100 registers are 200 characters of 11 bits.
    expect(wrong({ protocol: '{ profile: modbus-rtu, deadline: 100ms, watch: { holding: 0-9 } }' })).toEqual([]);
    expect(wrong({ protocol: '{ profile: modbus-rtu, deadline: 100ms, watch: { holding: 0-99 } }' })).toEqual([
      'error protocol.deadline',
    ]);
  });

  it('budget: an answer at a takeover is the deadline, the catch-up, the relay and the other board', () => {
    const { deadlineUs, answeredInTakeover, takeoverWhenSilent, toPin } = budgetOf(slaves());
    expect(deadlineUs).toBe(150_000);
    expect(answeredInTakeover?.worstUs).toBeGreaterThan(takeoverWhenSilent.worstUs);
    // These boards act as soon as they are asked: nobody commits in between.
    expect(toPin.map(({ name }) => name).join()).not.toMatch(/ledger|COMMIT/);
  });
});
