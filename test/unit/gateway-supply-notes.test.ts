import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { SupplyNotes } from '../../src/gateway/watch/supply-notes.js';
import type { PairEffect } from '../../src/pair/state/effects.js';
import { ManualClock } from './manual-clock.js';

const FAULT: PairEffect = {
  type: 'openFault',
  fault: { faultId: 7, code: 'unplugged', board: 'a', seq: null, atUs: 0, evidence: {} },
};

function notes(trouble: string | null): { supply: SupplyNotes; performed: PairEffect[]; asked: () => number } {
  const performed: PairEffect[] = [];
  let asked = 0;
  const supply = new SupplyNotes({
    ...{ clock: new ManualClock(), log: pino({ level: 'silent' }) },
    readTrouble: () => {
      asked++;
      return trouble;
    },
    perform: (effect) => performed.push(effect),
    keptAs: (faultId) => faultId,
  });
  return { supply, performed, asked: () => asked };
}

const aTurn = () => new Promise((done) => setImmediate(done));

describe('under-voltage of the host', () => {
  it('is noted with a fault, after the step that opened it', async () => {
    const { supply, performed, asked } = notes('under-voltage');
    supply.see(FAULT);
    expect(asked()).toBe(0);
    await aTurn();
    expect(performed).toEqual([
      { type: 'noteFault', faultId: 7, step: 'host-in-trouble', atUs: 0, detail: { trouble: 'under-voltage' } },
    ]);
  });

  it('is not asked for without a fault, not noted where there is none, and not after the gateway has closed', async () => {
    const { supply, performed, asked } = notes('under-voltage');
    supply.see({ type: 'count', counter: 'probes', board: 'a' });
    await aTurn();
    expect(asked()).toBe(0);
    supply.see(FAULT);
    supply.close();
    await aTurn();
    expect(performed).toEqual([]);
    const sound = notes(null);
    sound.supply.see(FAULT);
    await aTurn();
    expect([sound.asked(), sound.performed]).toEqual([1, []]);
  });
});
