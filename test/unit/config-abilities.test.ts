import { describe, expect, it } from 'vitest';
import { statusText } from '../../src/cli/status/status-text.js';
import type { Finding } from '../../src/config/checks/finding.js';
import { checkAbilities } from '../../src/config/checks/unmodified/check-abilities.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { rulesNotHeld } from '../../src/config/rules-not-held.js';
import type { Status } from '../../src/control/contract/status.js';
import { HARNESS_WIRE } from '../../src/link/harness/harness-dialect.js';
import type { Abilities } from '../../src/pair/result/board-wire.js';

/** As a Modbus slave has them. */
const SLAVE: Abilities = {
  ...{ commit: false, digest: false, state: false, identity: false, repeats: false, keeps: false },
  bounded: true,
};

function found(changes: Readonly<Record<string, string>>, abilities: Abilities): readonly Finding[] {
  const lines: Record<string, string> = {
    boards: '{ a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }',
    relay: '{ pin: GPIO17, at-rest: a }',
    input: "'tcp://127.0.0.1:7400'",
    deadline: '50ms',
    'self-tests': 'never',
    ...changes,
  };
  const text = Object.entries(lines).map(([key, value]) => `${key}: ${value}\n`);
  return checkAbilities(parseConfig(text.join(''), 'pump.yaml', '/srv/pump'), abilities);
}

const brief = (findings: readonly Finding[]) =>
  findings.filter(({ severity }) => severity !== 'note').map(({ severity, key }) => `${severity} ${key}`);

describe('boards that cannot do what a rule takes', () => {
  it('R7, R11, R18, R25, R27, R29: which rules do not hold is said, and for boards of the harness nothing', () => {
    const rules = rulesNotHeld(SLAVE).flatMap((one) => one.rules);
    for (const rule of ['R7', 'R11', 'R18', 'R25', 'R27', 'R29']) expect(rules).toContain(rule);
    expect(rulesNotHeld(HARNESS_WIRE.abilities)).toEqual([]);
    expect(rulesNotHeld({ ...HARNESS_WIRE.abilities, bounded: false }).map((one) => one.rules)).toEqual([['R14']]);

    const notes = found({}, SLAVE);
    expect(brief(notes)).toEqual([]);
    expect(notes.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^R7 does not hold: a board acts at once/),
    );
    expect(found({ 'self-tests': 'on-mismatch' }, HARNESS_WIRE.abilities)).toEqual([]);
  });

  it('R13: an emulated relay is no fence for boards that act unasked, unless nothing is switched', () => {
    expect(brief(found({ relay: 'emulated' }, SLAVE))).toEqual(['error relay']);
    expect(brief(found({ relay: 'emulated', outputs: 'none' }, SLAVE))).toEqual([]);
    expect(brief(found({ relay: 'emulated' }, HARNESS_WIRE.abilities))).toEqual([]);
    const posix = '{ a: { kind: posix, port: /dev/pts/1 }, b: { kind: posix, port: /dev/pts/2 } }';
    expect(brief(found({ relay: 'emulated', boards: posix }, SLAVE))).toEqual([]);
  });

  it('R19: self-tests and a third copy are asked of them in vain, and agreement comes after the act', () => {
    expect(brief(found({ 'self-tests': 'on-mismatch' }, SLAVE))).toEqual(['error self-tests']);
    expect(brief(found({ 'third-copy': '{ image: heater.hex }' }, SLAVE))).toEqual(['error third-copy']);
    const [agreement] = found({ commit: '{ needs: both }' }, SLAVE);
    expect(agreement).toMatchObject({ severity: 'warning', key: 'commit.needs' });
    expect(agreement?.message).toContain('holds back the answer and not the act');
  });

  it('what is told in place of a rule names no key that check refuses', () => {
    const none = { commit: false, digest: false, state: false, identity: false, repeats: false, bounded: false };
    const told = rulesNotHeld({ ...none, keeps: false }).map(({ instead }) => instead);
    expect(told.join('\n')).toContain('protocol.join');
    expect(told.filter((instead) => /protocol\.(pulse|read-from)|greeting/.test(instead))).toEqual([]);
  });

  it('status says them in the same words, and says nothing of boards for which all rules hold', () => {
    const status: Status = {
      ...{
        name: 'pump',
        phase: 'serving',
        protected: true,
        why: 'both boards agree',
        next: null,
        primary: 'a',
        epoch: 1,
      },
      ...{ boards: [], update: null, relay: { commanded: 'a', proved: true }, warnings: [], counters: {}, upMs: 1 },
      ledger: { path: '/x/copycat.sqlite', recordedToDisk: true, why: null, waiting: 0 },
      inputs: { pending: 0, answered: 0, refused: 0, quarantined: [] },
    };
    const command = { name: 'copycat', option: '' };
    expect(statusText(status, command)).not.toContain('not held');
    const notHeld = rulesNotHeld(SLAVE).map(({ rules, what }) => ({ rules, what }));
    const text = statusText({ ...status, notHeld }, command).replaceAll(/\s+/g, ' ');
    for (const { rules, what } of notHeld) expect(text).toContain(`${rules.join(', ')}: ${what}`);
  });
});
