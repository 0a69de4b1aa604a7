import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../src/config/budget/budget.js';
import { factsOfKind } from '../../src/config/load/board-files.js';
import { parseConfig } from '../../src/config/load/load-config.js';

const budget = (kind: string, more = '') =>
  budgetOf(
    parseConfig(
      `boards: { a: { kind: ${kind}, port: usb-1.2 }, b: { kind: ${kind}, port: usb-1.3 } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 100ms
deadline: 60ms
${more}`,
      'oven.yaml',
      '/srv',
    ),
  );

describe('the budget of one input', () => {
  it.each(['uno', 'mega2560', 'nano', 'nano-old'] as const)(
    'R14: of a %s comes, leg by leg, to what its data file says',
    (kind) => {
      const { link = { typicalUs: 0, worstUs: 0 } } = factsOfKind(kind).uart;
      const { done, deadlineFloorUs } = budget(kind);
      expect(deadlineFloorUs).toBe(link.worstUs);
      expect(done.worstUs / link.worstUs).toBeGreaterThan(0.85);
      expect(done.worstUs).toBeLessThanOrEqual(link.worstUs);
      expect(Math.abs(done.typicalUs / link.typicalUs - 1)).toBeLessThan(0.15);
    },
  );

  it('is the sum of its legs, each no better at worst than usually', () => {
    const { toPin, toDone, done, pinMoves } = budget('uno');
    const legs = [...toPin, ...toDone];
    expect(legs.reduce((sum, { worstUs }) => sum + worstUs, 0)).toBeCloseTo(done.worstUs);
    expect(legs.filter(({ typicalUs, worstUs }) => worstUs < typicalUs)).toEqual([]);
    expect(pinMoves.worstUs).toBeLessThan(done.worstUs);
    expect(legs.filter(({ counts }) => !counts).map(({ name }) => name)).toEqual(['the ledger commits']);
  });

  it('grows with a slower line, with a ledger on disk, and with commits that need both boards', () => {
    const usual = budget('uno').done.typicalUs;
    const slower = [budget('uno', 'ledger: { durability: power }'), budget('uno', 'commit: { needs: both }')].map(
      ({ done }) => done.typicalUs,
    );
    for (const one of slower) expect(one).toBeGreaterThan(usual);
  });

  it('R10: a takeover takes the relay, and where the primary is silent the deadline before', () => {
    const { takeoverWhenGone, takeoverWhenSilent } = budget('uno');
    expect(takeoverWhenGone.typicalUs).toBeGreaterThanOrEqual(10_000);
    expect(takeoverWhenSilent.typicalUs - takeoverWhenGone.typicalUs).toBe(60_000);
  });

  it('of a Modbus slave above 19200 baud has the 1.75 ms that end a frame, each way', () => {
    const slave = (port: string) => `{ kind: serial, port: ${port}, line: 115200-8E1, address: 5 }`;
    const { toPin, toDone } = budgetOf(
      parseConfig(
        `boards: { a: ${slave('usb-1.2')}, b: ${slave('usb-1.3')} }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27, hold-off: latched-reset }
protocol: { profile: modbus-rtu, watch: { holding: 0-9 } }
input: 'tcp://127.0.0.1:7400'
`,
        'pump.yaml',
        '/srv',
      ),
    );
    const characterUs = (11 * 1e6) / 115_200;
    const wire = toPin.find(({ name }) => name.endsWith('the wire'));
    const answer = toDone.find(({ name }) => name === 'its answer on the wire');
    expect(wire?.worstUs).toBeCloseTo(8 * characterUs + 1750);
    // Ten registers, as masters often read: address, code, count, data, checksum.
    expect(answer?.worstUs).toBeCloseTo((5 + 20) * characterUs + 1750);
  });
});
