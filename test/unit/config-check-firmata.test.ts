import { describe, expect, test } from 'vitest';
import { checkConfig, type Finding } from '../../src/config/checks/check-config.js';
import { parseConfig } from '../../src/config/load/load-config.js';

/** Findings for a pair whose lines are those of a Firmata board. */
function check(relay: string, more = ''): readonly Finding[] {
  const text = [
    'boards: { a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }',
    `relay: { at-rest: a, ${relay} }`,
    'firmata: { port: usb-1.4 }',
    'input: every 100ms',
    'deadline: 50ms',
    'ledger: { durability: power }',
    more,
  ];
  const machine = { exists: () => true, fileSystem: () => null };
  return checkConfig(parseConfig(text.join('\n'), 'oven.yaml', '/srv/oven'), machine);
}

const brief = (findings: readonly Finding[]) => findings.map(({ severity, key }) => `${severity} ${key}`);
const quiet = 'hold-off: latched-reset, feedback: D14';

describe('checking lines of a Firmata board', () => {
  test('R13: warns that a restart of that board lets the relay fall, to a board that may be locked out', () => {
    const [, finding] = check('pin: D7, feedback: D14');
    expect(finding).toMatchObject({ severity: 'warning', key: 'relay.pin' });
    expect(finding?.message).toContain('also when a is the board that was locked out');
    expect(brief(check(`pin: D7, ${quiet}`))).toEqual(['note relay.pin']);
  });

  test('is content with a latching relay, which stays where it is', () => {
    expect(check('kind: latching, pins: { a: D6, b: D7 }, feedback: D14')).toEqual([]);
  });

  test('a low level that switches on: StandardFirmata starts with its digital pins low, its analog ones open', () => {
    expect(brief(check(`pin: D7, active-low: true, ${quiet}`))).toContain('warning relay.active-low');
    expect(brief(check(`pin: D15, active-low: true, ${quiet}`))).not.toContain('warning relay.active-low');
  });

  test.each(['latching', 'two-relays'])('refuses %s on such pins: both coils would be on at once', (kind) => {
    const findings = check(`kind: ${kind}, pins: { a: D6, b: D7 }, active-low: true, ${quiet}`);
    expect(brief(findings)).toContain('error relay.active-low');
  });

  test.each([
    ['D1', 'serial'],
    ['D13', 'lamp'],
  ])('refuses %s for a relay', (line, why) => {
    const [finding] = check(`pin: ${line}, ${quiet}`);
    expect(finding).toMatchObject({ severity: 'error', key: 'relay.pin' });
    expect(finding?.message).toContain(why);
  });

  test('feedback: a short circuit to think of, and a resistor that the board has not', () => {
    expect(brief(check('pin: D7, hold-off: latched-reset, feedback: D8'))).toContain('note relay.feedback');
    expect(brief(check(`pin: D7, feedback-pull: down, ${quiet}`))).toContain('error relay.feedback-pull');
  });

  test('what it cannot keep: a pair that is to stay cut off', () => {
    const cutOff = check(
      `pin: GPIO17, hold-off: series-relay, feedback: GPIO27`,
      'stop: { means: cut-off, pin: D4, active-low: true }',
    );
    expect(brief(cutOff)).toEqual(['warning stop.active-low']);
  });
});
