import { afterEach, expect, test } from 'vitest';
import type { Clock } from '../../src/clock/clock.js';
import { openSimulatedLedger, type SimulatedLedger } from '../../src/ledger/simulated/simulated-ledger.js';
import type { StoreName, StoreTrouble } from '../../src/ledger/simulated/write-delay.js';
import type { LedgerAnswer } from '../../src/pair/state/events.js';
import { commit, input } from './ledger-kit.js';

/** Time that passes when the test says so; alarms of one moment ring in the order in which they were set. */
class TestClock implements Clock {
  #nowUs = 0;
  readonly #alarms: { atUs: number; ring: () => void }[] = [];

  nowUs(): number {
    return this.#nowUs;
  }

  alarm(atUs: number, ring: () => void): () => void {
    const alarm = { atUs: Math.max(atUs, this.#nowUs), ring };
    this.#alarms.push(alarm);
    this.#alarms.sort((one, other) => one.atUs - other.atUs);
    return () => {
      const index = this.#alarms.indexOf(alarm);
      if (index >= 0) this.#alarms.splice(index, 1);
    };
  }

  passTo(atUs: number): void {
    for (let next = this.#alarms[0]; next !== undefined && next.atUs <= atUs; next = this.#alarms[0]) {
      this.#alarms.shift();
      this.#nowUs = next.atUs;
      next.ring();
    }
    this.#nowUs = atUs;
  }
}

const HOT_US = { writtenUs: 100, answeredUs: 200 };
const DISK_US = { writtenUs: 4000, answeredUs: 5000 };

class Host {
  readonly clock = new TestClock();
  readonly heard: LedgerAnswer[] = [];
  readonly batches: string[] = [];
  survives = false;
  readonly ledger: SimulatedLedger;

  constructor(durability: 'process' | 'power', plantedSql = '') {
    this.ledger = openSimulatedLedger({
      ...{ durability, boards: ['a', 'b'], firstOwner: 'a', keepInputs: 100, keepFaults: 100, clock: this.clock },
      plantedSql,
      delayOf: (store, requests) => {
        this.batches.push(`${store} ${requests.length}`);
        return store === 'hot' ? HOT_US : DISK_US;
      },
      survivesPowerCut: () => this.survives,
    });
    this.ledger.answers.subscribe((answer) => this.heard.push(answer));
  }

  /** Submits in one turn and lets so much time pass. */
  ask(requests: Parameters<SimulatedLedger['submit']>[0][], forUs = 1_000_000): LedgerAnswer[] {
    const from = this.heard.length;
    for (const request of requests) this.ledger.submit(request);
    this.clock.passTo(this.clock.nowUs() + forUs);
    return this.heard.slice(from);
  }

  /** Reserves 1 to 100 and records the given seqs. */
  accept(...seqs: number[]): void {
    this.ask([{ type: 'reserveSeqs', throughSeq: 100 }]);
    this.ask(seqs.map((seq) => input(seq)));
  }
}

let host: Host | null = null;
function hostOf(durability: 'process' | 'power', plantedSql?: string): Host {
  host = new Host(durability, plantedSql);
  return host;
}
afterEach(() => host?.ledger.close());

const FENCE = { type: 'recordFence', from: 'a', to: 'b', faultId: 1, epoch: 2, locksOut: true } as const;

test('what one moment asks for, and what arrives during a batch, shares a transaction, as in a real ledger', () => {
  const { clock, ledger, batches } = hostOf('process');
  for (const seq of [1, 2, 3]) ledger.submit(input(seq, { kind: 'tick' }));
  clock.passTo(50);
  ledger.submit(input(4, { kind: 'tick' }));
  ledger.submit(input(5, { kind: 'tick' }));
  clock.passTo(10_000);
  expect(batches.filter((batch) => batch.startsWith('hot'))).toEqual(['hot 3', 'hot 2']);
  expect(ledger.idle).toBe(true);
});

test('R8: commits and the fence are decided by the same constraints', () => {
  const pair = hostOf('process');
  pair.accept(1, 2);
  const answers = pair.ask([commit({ seq: 1 }), FENCE, commit({ seq: 2 }), commit({ seq: 2, board: 'b', epoch: 2 })]);
  expect(answers.map((answer) => (answer.type === 'commitAnswered' ? answer.outcome : answer.type))).toEqual([
    'granted',
    'fenceRecorded',
    'locked-out',
    'granted',
  ]);
  expect(pair.ledger.counts()).toMatchObject({
    recorded: 2,
    firstCommits: 2,
    committedTwice: [],
    unfinished: [1, 2],
    unanswered: [1, 2],
    epochs: [
      { epoch: 1, owner: 'a' },
      { epoch: 2, owner: 'b' },
    ],
  });
});

test.each([
  [99, null],
  [100, 101],
  [199, 101],
] as const)(
  'R27: a gateway killed %i us after it asked finds the commit %s, which it never heard of',
  (afterUs, hash) => {
    const pair = hostOf('process');
    pair.accept(1);
    expect(pair.ask([commit({ seq: 1 })], afterUs)).toEqual([]);
    pair.ledger.kill();
    expect(() => pair.ledger.submit(commit({ seq: 1 }))).toThrow('does not run');
    pair.clock.passTo(9_000_000);
    const rows = pair.ledger.reopen();
    expect(rows).toMatchObject({ hostRestarted: false, fresh: false, reservedThroughSeq: 100 });
    expect(rows.inputs.map((row) => row.commit?.hash ?? null)).toEqual([hash]);
    expect(pair.heard.filter(({ type }) => type === 'commitAnswered')).toEqual([]);
    expect(pair.ask([commit({ seq: 1 })])).toMatchObject([{ outcome: 'granted' }]);
    expect(pair.ledger.counts()).toMatchObject({ firstCommits: 1, committedTwice: [] });
  },
);

test('R27: a power cut with durability process takes the journal and leaves what the disk was answered for', () => {
  const pair = hostOf('process');
  pair.accept(1);
  pair.ask([commit({ seq: 1 }), { type: 'recordSession', board: 'a', session: 4, boot: 9 }]);
  // The journal has the fence and told so; the disk has not synced it.
  expect(pair.ask([FENCE], 300)).toMatchObject([{ type: 'fenceRecorded', epoch: 2 }]);
  pair.ledger.losePower();
  expect(pair.ledger.reopen()).toMatchObject({
    epoch: 1,
    owner: 'a',
    inputs: [],
    reservedThroughSeq: 100,
    hostRestarted: true,
    boards: [{ board: 'a', standing: 'in-sync', session: 4, boot: 9 }, { board: 'b' }],
  });
  pair.ask([FENCE]);
  pair.ledger.losePower();
  expect(pair.ledger.reopen()).toMatchObject({ epoch: 2, owner: 'b', unfinishedTakeover: { planned: false } });
});

test.each([
  ['process', 3999, true, 1],
  ['process', 4000, true, 2],
  ['process', 4000, false, 1],
  ['process', 5000, false, 2],
  ['power', 3999, true, 1],
  ['power', 4000, true, 2],
  ['power', 4000, false, 1],
  ['power', 5000, false, 2],
] as const)(
  'R27: a power cut (%s) %i us after a fence, with luck: %s, leaves epoch %i on the disk',
  (durability, afterUs, survives, epoch) => {
    const pair = hostOf(durability);
    pair.accept(1);
    pair.ask([FENCE], afterUs);
    pair.survives = survives;
    pair.ledger.losePower();
    expect(pair.ledger.reopen().epoch).toBe(epoch);
  },
);

test('R27: a power cut with durability power keeps every commit that was answered', () => {
  const pair = hostOf('power');
  pair.accept(1, 2);
  expect(pair.ask([commit({ seq: 1 })])).toHaveLength(1);
  expect(pair.ask([commit({ seq: 2 })], 4500)).toEqual([]);
  pair.ledger.losePower();
  const rows = pair.ledger.reopen();
  expect(rows.hostRestarted).toBe(true);
  expect(rows.inputs.map((row) => row.commit?.hash ?? null)).toEqual([101, null]);
});

test.each<[StoreTrouble, string]>([
  ['full', 'SQLITE_FULL'],
  ['failing', 'SQLITE_IOERR'],
  ['read-only', 'SQLITE_READONLY'],
  ['busy', 'SQLITE_BUSY'],
])('R17: a hot file that is %s is told, loses nothing and keeps the order', (trouble, code) => {
  const pair = hostOf('process');
  pair.accept(1, 2);
  pair.ledger.setTrouble('hot', trouble);
  const troubles: (string | null)[] = [];
  pair.ledger.health.subscribe((health) => troubles.push(health.trouble));
  expect(pair.ask([commit({ seq: 1 }), input(3)])).toEqual([]);
  expect(pair.ask([FENCE, commit({ seq: 2 })])).toEqual([]);
  expect(troubles.at(-1)).toContain(code);
  expect(pair.ledger.idle).toBe(false);
  pair.ledger.setTrouble('hot', null);
  expect(pair.ask([])).toMatchObject([
    { type: 'commitAnswered', outcome: 'granted' },
    { type: 'inputRecorded', seq: 3 },
    { type: 'fenceRecorded', epoch: 2 },
    { type: 'commitAnswered', outcome: 'locked-out' },
  ]);
  expect(troubles.at(-1)).toBeNull();
});

test('R10, R17: a disk that stands still delays neither commits nor the fence; released, it takes what waited', () => {
  const pair = hostOf('process');
  pair.accept(1, 2);
  pair.ledger.setTrouble('disk', 'stalled');
  expect(pair.ask([{ type: 'reserveSeqs', throughSeq: 200 }, commit({ seq: 1 }), FENCE])).toMatchObject([
    { type: 'commitAnswered', outcome: 'granted' },
    { type: 'fenceRecorded', epoch: 2 },
  ]);
  pair.ledger.setTrouble('disk', null);
  expect(pair.ask([])).toEqual([{ type: 'seqsReserved', throughSeq: 200 }]);
  pair.ledger.losePower();
  expect(pair.ledger.reopen()).toMatchObject({ epoch: 2, reservedThroughSeq: 200 });
});

test.each<[StoreName, StoreTrouble]>([
  ['disk', 'full'],
  ['hot', 'stalled'],
])('a start while the %s file is %s fails, and succeeds later', (store, trouble) => {
  const pair = hostOf('process');
  pair.accept(1);
  pair.ledger.kill();
  pair.ledger.setTrouble(store, trouble);
  expect(() => pair.ledger.reopen()).toThrow('cannot be written');
  pair.ledger.setTrouble(store, null);
  expect(pair.ledger.reopen().inputs).toHaveLength(1);
});

test('R1, R9: a seq used twice, and two results for one seq, are counted, also over a power cut', () => {
  const pair = hostOf('process');
  pair.accept(1, 2);
  pair.ask([commit({ seq: 1 }), commit({ seq: 2 })]);
  pair.ledger.losePower();
  pair.ledger.reopen();
  // What a gateway must never do; nobody but the audit could know.
  pair.ask([input(1), commit({ seq: 1, hash: 9 })]);
  pair.ask([input(2, { kind: 'recovered' }), commit({ seq: 2 })]);
  expect(pair.ledger.counts()).toMatchObject({
    recorded: 3,
    recordedTwice: [1],
    firstCommits: 4,
    committedTwice: [1],
  });
});

test('R9: with a constraint missing, the audit still tells that a result was replaced', () => {
  const planted = `DROP TRIGGER commit_is_final; DROP TRIGGER commit_decided;
    CREATE TRIGGER commit_decided INSTEAD OF INSERT ON commit_request
    BEGIN UPDATE input SET commit_board = NEW.board, commit_epoch = NEW.epoch, commit_hash = NEW.hash WHERE seq = NEW.seq; END`;
  const pair = hostOf('process', planted);
  pair.accept(1, 2);
  pair.ask([commit({ seq: 1 }), commit({ seq: 2 }), commit({ seq: 1, hash: 9 }), commit({ seq: 2 })]);
  expect(pair.ledger.counts()).toMatchObject({ recordedTwice: [], committedTwice: [1] });
});

test('R6: after an hour of a disk that needs five seconds for a transaction inputs and faults are kept to their bounds', () => {
  const clock = new TestClock();
  let slow = true;
  const ledger = openSimulatedLedger({
    ...{ durability: 'power', boards: ['a', 'b'], firstOwner: 'a', keepInputs: 100, keepFaults: 20, clock },
    delayOf: () => (slow ? { writtenUs: 4_900_000, answeredUs: 5_000_000 } : DISK_US),
    survivesPowerCut: () => true,
  });
  let mostWaiting = 0;
  let waiting = 0;
  let inWork = 0;
  ledger.answers.subscribe(({ type }) => {
    if (type === 'inputRecorded') inWork--;
  });
  ledger.health.subscribe((health) => {
    waiting = health.waiting;
    mostWaiting = Math.max(mostWaiting, waiting);
  });
  ledger.submit({ type: 'reserveSeqs', throughSeq: 20_000 });
  // As many at a time as the core has in hand at most; and a fault a second, of which most are counted only.
  for (let seq = 1; clock.nowUs() < 3_600_000_000; clock.passTo(clock.nowUs() + 1_000_000)) {
    const atUs = clock.nowUs();
    const faultId = Math.floor(atUs / 1_000_000) + 1;
    ledger.submit({ type: 'openFault', fault: { faultId, code: 'silent', board: 'a', seq: null, atUs, evidence: {} } });
    for (; inWork < 16; inWork++, seq++) {
      for (const request of [input(seq), commit({ seq })]) ledger.submit(request);
      ledger.submit({ type: 'recordEmitted', seq });
      ledger.submit({ type: 'finishInput', seq });
    }
  }
  slow = false;
  clock.passTo(clock.nowUs() + 60_000_000);
  expect(waiting).toBe(0);
  expect(mostWaiting).toBeLessThan(200);
  const { recorded, unfinished } = ledger.counts();
  expect(recorded).toBeGreaterThan(5_000);
  expect(unfinished).toEqual([]);
  ledger.kill();
  const kept = ledger.sizes();
  expect(kept.inputs).toBeLessThanOrEqual(100 + 256);
  expect(kept.faults).toBeLessThanOrEqual(20 + 16);
  void ledger.close();
});

test('R10, R27: the fault of a takeover outlives a gateway that was killed before the disk had it', () => {
  const { ledger } = hostOf('process');
  host?.accept(1);
  ledger.setTrouble('disk', 'stalled');
  const fault = { faultId: 1, code: 'silent', board: 'a', seq: 1, atUs: 5000, evidence: { seq: 1 } } as const;
  host?.ask([
    { type: 'openFault', fault },
    FENCE,
    { type: 'noteFault', faultId: 1, step: 'fenced', atUs: 6000, detail: {} },
  ]);
  ledger.kill();
  ledger.setTrouble('disk', null);
  expect(ledger.sizes().faults).toBe(0);
  const rows = ledger.reopen();
  expect(rows).toMatchObject({
    owner: 'b',
    epoch: 2,
    nextFaultId: 2,
    unfinishedTakeover: { faultId: 1, reason: 'silent' },
  });
  expect(ledger.sizes().faults).toBe(1);
  expect(ledger.verify()).toEqual([]);
  // Carried once: what a person deletes or prunes there does not come back.
  host?.ask([{ type: 'noteFault', faultId: 1, step: 'relay-moved', atUs: 9000, detail: {} }]);
  ledger.kill();
  ledger.reopen();
  expect(ledger.sizes().faults).toBe(1);
});
