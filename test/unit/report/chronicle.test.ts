import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { WallClock } from '../../../src/clock/clock.js';
import { Chronicle } from '../../../src/gateway/watch/chronicle.js';
import { migrate } from '../../../src/ledger/schema/migrations.js';
import { ChronicleTable, mergeChronicle } from '../../../src/ledger/worker/tables/chronicle-table.js';
import type { LedgerRequest } from '../../../src/pair/state/effects.js';
import { LedgerKit } from '../ledger-kit.js';
import { ManualClock } from '../manual-clock.js';

describe('the chronicle of a pair', () => {
  it('R32: is written when something changed, and of what people ask no more than thirty a minute', async () => {
    const clock = new ManualClock();
    const written: LedgerRequest[] = [];
    const chronicle = new Chronicle({
      began: { version: 'copycat 1', configHash: '' },
      clock,
      perform: (request) => written.push(request),
    });
    let isProtected = false;
    chronicle.begin({
      look: () => ({ protected: isProtected, primary: 'a', stopped: false }),
      images: () => ({ a: '1' }),
    });
    clock.advance(10_000_000);
    isProtected = true;
    clock.advance(10_000_000);
    expect(kinds(written)).toEqual(['started', 'stands', 'images', 'stands']);
    for (let count = 0; count < 100; count++) {
      await chronicle.asked({ command: 'switch' }, null, Promise.resolve({ refused: 'no' }));
    }
    expect(kinds(written).filter((kind) => kind === 'asked')).toHaveLength(30);
    clock.advance(61_000_000);
    await chronicle.asked({ command: 'rejoin', board: 'b' }, 'anna', Promise.resolve({ done: 'yes' }));
    expect(written.findLast(({ type }) => type === 'recordChronicle')).toMatchObject({
      detail: { command: 'rejoin', board: 'b', by: 'anna', result: 'done', text: 'yes', leftOut: 70 },
    });
    chronicle.close(true);
    expect(kinds(written).at(-1)).toBe('ended');
  });

  it('nothing is kept of a life that nobody makes a report of', async () => {
    const written: LedgerRequest[] = [];
    const chronicle = new Chronicle({
      began: null,
      clock: new ManualClock(),
      perform: (request) => written.push(request),
    });
    chronicle.begin({ look: () => ({ protected: true, primary: 'a', stopped: false }), images: () => ({}) });
    await chronicle.asked({ command: 'switch' }, null, Promise.resolve({ done: '' }));
    chronicle.close(true);
    expect(written).toEqual([]);
  });

  it('the ledger keeps it, and knows how long the life before it ran', async () => {
    const kit = new LedgerKit();
    try {
      const first = await kit.open();
      const note = (what: 'started' | 'ended', version: string): LedgerRequest => ({
        ...{ type: 'recordChronicle', what, atUs: new WallClock().nowUs(), detail: { version } },
      });
      first.ledger.submit(note('started', 'one'));
      first.ledger.submit({ type: 'seen' });
      await first.close();
      const second = await kit.open();
      second.ledger.submit(note('started', 'two'));
      await second.close();
      const reader = openLedgerReader(kit.path);
      const { entries, seenAtMs } = reader.chronicle();
      reader.close();
      expect(entries.map(({ what, detail }) => [what, detail['version']])).toEqual([
        ['started', 'one'],
        ['started', 'two'],
      ]);
      expect(entries[0]?.detail['seenAt']).toBe('');
      expect(Date.parse(String(entries[1]?.detail['seenAt']))).toBeGreaterThan(0);
      expect(seenAtMs).toBeGreaterThan(0);
    } finally {
      await kit.dispose();
    }
  });
});

describe('R17: a chronicle that memory stood in for', () => {
  it('is brought to the file, once', () => {
    const [standby, file] = [new Sqlite(':memory:'), new Sqlite(':memory:')];
    for (const database of [standby, file]) {
      migrate(database);
      database.exec(`INSERT INTO pair (id, boot_id) VALUES (1, 'boot')`);
    }
    const record = (database: Database, version: string): void =>
      new ChronicleTable(database, 'boot').record({
        ...{ type: 'recordChronicle', what: 'started', atUs: 1, detail: { version } },
        ...{ wallTime: `2026-11-30T00:00:0${version}Z`, wallTimeTrusted: true },
      });
    record(file, '1');
    record(standby, '2');
    mergeChronicle(standby, file);
    mergeChronicle(standby, file);
    const all = file.prepare('SELECT wall_time FROM chronicle ORDER BY id').pluck().all();
    expect(all).toEqual(['2026-11-30T00:00:01Z', '2026-11-30T00:00:02Z']);
    expect(file.prepare('SELECT seen_at FROM pair').pluck().get()).toBe('2026-11-30T00:00:02Z');
    for (const database of [standby, file]) database.close();
  });
});

function kinds(written: readonly LedgerRequest[]): string[] {
  return written.flatMap((request) => (request.type === 'recordChronicle' ? [request.what] : []));
}
