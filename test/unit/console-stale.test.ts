import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlServer, serveControl } from '../../src/api/socket/serve-control.js';
import { PairStatus } from '../../src/console/pairs/pair-status.js';
import { unknownStatus } from '../../src/console/pairs/unknown-status.js';
import type { Status } from '../../src/control/contract/status.js';
import { withStaleness } from '../../src/control/stale.js';
import { until } from '../until.js';
import { ManualClock } from './manual-clock.js';

const PROTECTED: Status = {
  ...unknownStatus('oven', '/x/copycat.sqlite', 'both boards agree'),
  ...{ phase: 'serving', protected: true, coreAgeMs: 0 },
};

let folder: string;
let clock: ManualClock;
let server: ControlServer | null;
let told: Status;
let news: number;
let pair: PairStatus;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-stale-'));
  clock = new ManualClock();
  told = PROTECTED;
  news = 0;
  await serve();
  pair = new PairStatus({
    ...{ clock, name: 'oven', controlPath: path(), ledgerPath: '/x/copycat.sqlite' },
    onNews: () => {
      news += 1;
    },
  });
});
afterEach(async () => {
  pair.close();
  await server?.close();
  rmSync(folder, { recursive: true });
});

const path = (): string => join(folder, 'pair.sock');

async function serve(): Promise<void> {
  const command = () => Promise.resolve({ refused: 'not in this test' });
  server = await serveControl({ path: path(), status: () => told, command });
}

/** Goes on by so much, and waits for what became of the question that was due. */
async function pass(byUs: number): Promise<void> {
  const before = news;
  clock.advance(byUs);
  await until(() => news > before);
}

describe('what a console knows of a pair', () => {
  it('R32: is stale before anything was heard, and fresh with the first answer', async () => {
    expect(pair.face).toMatchObject({ isStale: true, phase: 'unknown', protected: false });
    await until(() => news > 0);
    expect(pair.face).toMatchObject({ isStale: false, protected: true, why: 'both boards agree', staleWhy: null });
  });

  it('R32: grows old while nobody answers, is stale after five seconds, and is never called protected then', async () => {
    await until(() => news > 0);
    await server?.close();
    await pass(1_000_000);
    expect(pair.face).toMatchObject({ isStale: false, protected: true, coreAgeMs: 1000 });
    clock.stall(4_000_000);
    expect(pair.face).toMatchObject({ isStale: false, protected: true, coreAgeMs: 5000 });
    clock.stall(1000);
    expect(pair.face).toMatchObject({ isStale: true, protected: false, coreAgeMs: 5001 });
    expect(pair.face.why).toMatch(/^STALE: no gateway is running/);
    await until(() => news > 1);
    await serve();
    await pass(1_000_000);
    expect(pair.face).toMatchObject({ isStale: false, protected: true });
  });

  it('R32: is as old as the core, of a gateway that answers', async () => {
    await until(() => news > 0);
    told = { ...PROTECTED, coreAgeMs: 4500 };
    await pass(1_000_000);
    expect(pair.face).toMatchObject({ isStale: false, coreAgeMs: 4500 });
    told = { ...PROTECTED, coreAgeMs: 8000 };
    await pass(1_000_000);
    expect(pair.face).toMatchObject({
      ...{ isStale: true, protected: false, coreAgeMs: 8000 },
      why: 'STALE: the gateway answers, and its core has not done its work for 8 s',
    });
  });

  it('R32: is asked for more often while somebody looks on', async () => {
    await until(() => news > 0);
    pair.isWatched = true;
    const before = news;
    pair.hasten();
    await until(() => news > before);
    await pass(250_000);
    await pass(250_000);
  });
});

describe('copycat status', () => {
  it('R32: says that it is stale of a core that does not do its work', () => {
    expect(withStaleness({ ...PROTECTED, coreAgeMs: 5000 })).toMatchObject({ protected: true });
    expect(withStaleness({ ...PROTECTED, coreAgeMs: 5001 })).toMatchObject({
      protected: false,
      why: expect.stringMatching(/^STALE: /),
    });
    // An older gateway does not say it.
    const { coreAgeMs: _, ...older } = PROTECTED;
    expect(withStaleness(older)).toMatchObject({ protected: true });
  });
});
