import { describe, expect, it } from 'vitest';
import { checkConfig, type Finding } from '../../src/config/checks/check-config.js';
import type { MachineFacts } from '../../src/config/checks/machine-facts.js';
import { parseConfig } from '../../src/config/load/load-config.js';

const machine: MachineFacts = {
  exists: () => true,
  fileSystem: (path) => (path.startsWith('/dev/shm') ? 'tmpfs' : path.startsWith('/net') ? 'nfs' : null),
};

/** Findings for a configuration that differs from a sound one in the given lines. */
function check(changes: Readonly<Record<string, string>>, facts: MachineFacts = machine): readonly Finding[] {
  const lines: Record<string, string> = {
    boards: '{ a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }',
    relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27, hold-off: latched-reset }',
    input: 'every 100ms',
    deadline: '50ms',
    ledger: '{ durability: power }',
    ...changes,
  };
  const text = Object.entries(lines).map(([key, value]) => `${key}: ${value}\n`);
  return checkConfig(parseConfig(text.join(''), 'oven.yaml', '/srv/oven'), facts);
}

const RELAY = 'pin: GPIO17, at-rest: a, feedback: GPIO27, hold-off: latched-reset';

const brief = (findings: readonly Finding[]) => findings.map(({ severity, key }) => `${severity} ${key}`);

describe('checking a configuration', () => {
  it('finds nothing in a sound one', () => {
    expect(check({})).toEqual([]);
  });

  it('R13: warns of a relay that falls back to a locked-out board when the gateway loses power', () => {
    const [finding] = check({ relay: '{ pin: GPIO17, at-rest: b, feedback: GPIO27 }' });
    expect(finding).toMatchObject({ severity: 'warning', key: 'relay.hold-off' });
    expect(finding?.message).toContain('NOT PROTECTED AGAINST GATEWAY POWER LOSS');
    expect(finding?.message).toContain('falls back to b');
    expect(finding?.remedy).toContain('hold-off: latched-reset');
  });

  it.each([
    'pins: { a: GPIO17, b: GPIO22 }, kind: latching',
    'pin: GPIO17, hold-off: series-relay',
    'pin: GPIO17, hold-off: latched-reset',
    'pin: GPIO17, hold-off: latching',
  ])('R13: is content with %s', (wiring) => {
    expect(check({ relay: `{ at-rest: b, feedback: GPIO27, ${wiring} }` })).toEqual([]);
  });

  it('R13: says that a move is not proved without a feedback line', () => {
    expect(brief(check({ relay: '{ pins: { a: GPIO17, b: GPIO22 }, at-rest: a, kind: latching }' }))).toEqual([
      'warning relay.feedback',
    ]);
  });

  it('refuses a deadline that a sound board cannot always meet', () => {
    const findings = check({ deadline: '21ms' });
    expect(brief(findings)).toEqual(['error deadline']);
    expect(findings[0]?.message).toContain('22 ms');
    expect(check({ deadline: '22ms' })).toEqual([]);
  });

  it('counts a slower wire into that floor', () => {
    const boards = '{ a: { kind: uno, port: usb-1.2, baud: 250000 }, b: { kind: uno, port: usb-1.3, baud: 250000 } }';
    expect(check({ boards, deadline: '23ms' })[0]?.message).toContain('23.9 ms');
    expect(brief(check({ boards, deadline: '24ms' }))).toEqual(['note boards.a.line', 'note boards.b.line']);
  });

  it('R13: warns of a bootloader that makes a watchdog reset a permanent fault, and says how to replace it', () => {
    const boards = (kind: string, port = 'usb-1.2') =>
      `{ a: { kind: ${kind}, port: ${port} }, b: { kind: nano, port: usb-1.3 } }`;
    const findings = check({ boards: boards('nano-old') });
    expect(brief(findings)).toEqual(['warning boards.a.kind']);
    expect(findings[0]?.message).toContain('until its supply is taken away');
    expect(findings[0]?.remedy).toContain('boards/nano-old/board.md');
    for (const kind of ['nano', 'uno', 'mega2560']) expect(check({ boards: boards(kind) })).toEqual([]);
    expect(brief(check({ boards: boards('nano-old', 'emulated') }))).not.toContain('warning boards.a.kind');
  });

  it.each([
    [
      { boards: '{ a: { kind: uno, port: usb-1.2, baud: 115200 }, b: { kind: uno, port: usb-1.3 } }' },
      'warning boards.a.line',
    ],
    [{ boards: '{ a: { kind: uno, port: /dev/ttyACM0 }, b: { kind: uno, port: usb-1.3 } }' }, 'warning boards.a.port'],
    [{ relay: '{ pin: GPIO17, at-rest: none, feedback: GPIO27 }' }, 'note relay.at-rest'],
    [
      { relay: '{ pins: { a: GPIO17, b: GPIO22 }, at-rest: a, feedback: GPIO27, kind: latching, settle: 5ms }' },
      'error relay.settle',
    ],
    [{ input: 'every 10ms' }, 'warning input'],
    [{ input: 'tcp://0.0.0.0:7400' }, 'error input'],
    [{ input: "{ listen: 'tcp://192.168.1.5:7400', allow: [192.168.1.0/24] }" }, 'error input'],
    [{ input: "{ listen: 'tcp://192.168.1.5:7400', allow: [192.168.1.0/24] }" }, 'warning input.allow'],
    [{ input: "{ listen: 'tcp://192.168.1.5:7400', token-file: /etc/copycat/token }" }, 'note input.token-file'],
    [{ input: "{ listen: 'tcp://[::]:7400', token-file: t, allow: [192.168.1.0/24] }" }, 'note input.allow'],
    [{ probe: 'off' }, 'warning probe'],
    [{ 'on-mismatch': 'switch' }, 'warning on-mismatch'],
    [{ ledger: '{ durability: power, path: /dev/shm/x.db }' }, 'warning ledger.path'],
    [{ ledger: '{ durability: power, path: /net/x.db }' }, 'error ledger.path'],
    [{ ledger: '{ durability: process }' }, 'note ledger.durability'],
    [{ ledger: '{ durability: process, journal: /var/tmp }' }, 'warning ledger.journal'],
  ])('%j: %s', (changes, expected) => {
    expect(brief(check(changes))).toContain(expected);
  });

  it('misses a firmware image and a port that are not there, and takes no emulated board beside a real one', () => {
    const boards = '{ a: { kind: uno, port: emulated, firmware: x.hex }, b: { kind: uno, port: /dev/serial/by-id/y } }';
    const findings = check({ boards }, { ...machine, exists: () => false });
    expect(brief(findings)).toEqual(['error boards.b.port', 'error boards.a.firmware', 'note boards.b.port']);
    expect(findings[1]?.message).toContain('/srv/oven/x.hex');
  });

  it('R19: says what a third copy costs the host, and warns where ticks come faster than a small one keeps up with', () => {
    const third = { 'third-copy': '{ image: heater.hex }' };
    const [note] = check(third);
    expect(note).toMatchObject({ severity: 'note', key: 'third-copy' });
    expect(note?.message).toContain('every 100 ms');
    expect(brief(check({ ...third, input: 'every 5ms', deadline: '50ms' }))).toContain('warning third-copy');
    expect(check({ ...third, input: 'tcp://127.0.0.1:7400' })[0]?.message).toContain('as fast as somebody sends them');
  });

  it('R19: misses the image of a third copy, and refuses one that is not the boards’ own', () => {
    const third = { 'third-copy': '{ image: x.hex }' };
    const missing = check(third, { ...machine, exists: (path) => !path.endsWith('x.hex') });
    expect(brief(missing)).toContain('error third-copy.image');
    expect(missing[0]?.message).toContain('/srv/oven/x.hex');
    const emulated = '{ a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }';
    expect(check({ ...third, boards: emulated })[0]?.message).toContain('another image');
    expect(brief(check({ boards: emulated, 'third-copy': '{ image: heater.hex }' }))).toEqual(['note third-copy']);
  });

  it.each([
    ['1s', '172,800 moves a day: the 100,000 that the relay is rated for (rated-operations) are used up in 13 hours'],
    ['30s', '5,760 moves a day: the 100,000 that the relay is rated for (rated-operations) are used up in 17 days'],
    [
      '1h, rated-operations: 50000',
      '48 moves a day: the 50,000 that the relay is rated for (rated-operations) are used up in 2 years',
    ],
  ])('R13: warns of proof tests that wear the relay out: prove-every: %s', (every, message) => {
    expect(check({ relay: `{ ${RELAY}, prove-every: ${every} }` })).toContainEqual(
      expect.objectContaining({ severity: 'warning', key: 'relay.prove-every', message: `${message}, by tests alone` }),
    );
  });

  it('lets proof tests pass that a relay bears for years, and any where no contact moves', () => {
    for (const every of ['24h', '1h', 'off']) {
      expect(check({ relay: `{ ${RELAY}, prove-every: ${every} }` })).toEqual([]);
    }
    expect(brief(check({ relay: `{ ${RELAY}, kind: mux, prove-every: 1s }` }))).not.toContain(
      'warning relay.prove-every',
    );
  });

  it('gives a remedy with every finding', () => {
    const findings = check({ deadline: '1ms', relay: '{ pin: GPIO17, at-rest: a }', input: 'every 1ms', probe: 'off' });
    expect(findings.length).toBeGreaterThan(4);
    for (const { remedy } of findings) expect(remedy.length).toBeGreaterThan(10);
  });
});
