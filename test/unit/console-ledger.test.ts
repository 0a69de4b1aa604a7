import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PairLedger } from '../../src/console/pairs/pair-ledger.js';
import { PairNews } from '../../src/console/pairs/pair-news.js';
import type { FaultRecord, LedgerRequest } from '../../src/pair/state/effects.js';
import { LedgerKit } from './ledger-kit.js';

let kit: LedgerKit;
beforeEach(() => {
  kit = new LedgerKit();
});
afterEach(() => kit.dispose());

function fault(faultId: number, more: Partial<FaultRecord> = {}): LedgerRequest {
  return {
    type: 'openFault',
    fault: { faultId, code: 'silent', board: 'a', seq: null, atUs: faultId, evidence: {}, ...more },
  };
}

describe('what a console reads of a ledger', () => {
  it('is what came since the last look, and what has changed of what was there', async () => {
    const ledger = await kit.open();
    const write = (...requests: LedgerRequest[]) =>
      ledger.ask([...requests, { type: 'reserveSeqs', throughSeq: 1000 }]);
    await write(fault(1), fault(2, { code: 'failed' }));
    const news = new PairNews(new PairLedger(kit.path));
    expect(news.look()).toEqual({ newest: 2, changed: [] });
    expect(news.look()).toEqual({ newest: 2, changed: [] });
    expect(news.openFaults).toMatchObject({ open: 2, newest: { id: 2 } });
    await write({ type: 'noteFault', faultId: 1, step: 'set-aside', atUs: 9, detail: {} }, fault(3));
    const { newest, changed } = news.look();
    expect(newest).toBe(3);
    expect(changed).toMatchObject([{ id: 1, timeline: [{ step: 'set-aside' }] }]);
    expect(news.after(1)).toMatchObject([{ id: 2 }, { id: 3 }]);
    expect(news.after(3)).toEqual([]);
  });

  it('R32: is nothing of one that is not there, or damaged, and no reason to end', async () => {
    const gone = new PairNews(new PairLedger(`${kit.path}-gone`));
    expect(gone.look()).toEqual({ newest: null, changed: [] });
    expect(gone.trouble).toMatch(/^There is no ledger at /);

    const ledger = await kit.open();
    await ledger.ask([fault(1), { type: 'reserveSeqs', throughSeq: 1000 }]);
    await ledger.close();
    const hand = new Sqlite(kit.path);
    hand.exec(`UPDATE fault SET evidence = '{'`);
    const news = new PairNews(new PairLedger(kit.path));
    expect(news.look()).toEqual({ newest: null, changed: [] });
    expect(news.trouble).toMatch(/cannot be read: /);
    // It is read again when somebody has mended it.
    hand.exec(`UPDATE fault SET evidence = '{}'`);
    hand.close();
    expect(news.look().newest).toBe(1);
    expect(news.trouble).toBeNull();
  });
});
