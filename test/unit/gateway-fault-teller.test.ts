import { Writable } from 'node:stream';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FaultTeller } from '../../src/gateway/log/fault-teller.js';
import type { FaultCode, FaultDetail, FaultStep } from '../../src/pair/state/effects.js';
import { ManualClock } from './manual-clock.js';

/** One line of the log for what a person understands: what happened, and what came of it. */

let clock: ManualClock;
let said: { readonly level: number; readonly fault?: number; readonly event?: number; readonly msg: string }[];
let keptAs: (faultId: number) => number;
let teller: FaultTeller;

beforeEach(() => {
  clock = new ManualClock();
  said = [];
  keptAs = (faultId) => faultId;
  const log = pino(
    { base: null },
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        said.push(JSON.parse(chunk.toString()) as (typeof said)[number]);
        done();
      },
    }),
  );
  teller = new FaultTeller(log, clock, (faultId) => keptAs(faultId));
});

function open(code: FaultCode, board: string | null, evidence: FaultDetail = {}, faultId = 1): void {
  const atUs = clock.nowUs();
  teller.see({ type: 'openFault', fault: { faultId, code, board, seq: null, atUs, evidence } });
  note('evidence', {}, faultId);
}

function note(step: FaultStep, detail: FaultDetail = {}, faultId = 1): void {
  teller.see({ type: 'noteFault', faultId, step, atUs: clock.nowUs(), detail });
}

function takeOver(planned: boolean): void {
  note('declared-failed', planned ? { board: 'a', planned: true } : { board: 'a', reason: 'unplugged', pending: 0 });
  clock.advance(7_000);
  note('fenced', { lockedOut: planned ? null : 'a', pending: 0 });
  note('relay-commanded', { to: 'b', unfinished: 0 });
  clock.advance(36_000);
  note('relay-moved', { to: 'b', proved: true });
  note('took-over', { primary: 'b' });
  clock.advance(1);
}

const texts = (): string[] => said.map(({ msg }) => msg);

describe('what happened, for a person', () => {
  it('is one line for a takeover, and one when the board is back', () => {
    open('unplugged', 'a');
    takeOver(false);
    expect(said).toMatchObject([{ level: 40, fault: 1, msg: 'a unplugged → b drives after 43 ms' }]);
    clock.advance(5_000_000);
    note('joined', { board: 'a', compared: 3 });
    clock.advance(1);
    expect(texts().slice(1)).toEqual(['board a joined the pair again: 3 results agreed']);
  });

  it('is one line for a backup that left, at once and not within the step', () => {
    open('silent', 'b');
    note('set-aside', { board: 'b', primary: 'a' });
    expect(said).toEqual([]);
    clock.advance(1);
    expect(texts()).toEqual(['b does not answer → a goes on']);
  });

  it('says that a takeover is under way when it lasts, and then what came of it', () => {
    open('restarted', 'a');
    note('declared-failed', { board: 'a', reason: 'restarted', pending: 1 });
    note('fenced', { lockedOut: 'a', pending: 1 });
    note('relay-commanded', { to: 'b', unfinished: 1 });
    clock.advance(999_999);
    expect(said).toEqual([]);
    clock.advance(1_000_001);
    expect(texts()).toEqual(['a restarted → b is taking over']);
    clock.advance(1_000_000);
    note('relay-moved', { to: 'b', proved: false });
    note('took-over', { primary: 'b' });
    clock.advance(1);
    expect(texts().slice(1)).toEqual(['b drives after 3.0 s']);
  });

  it('tells a pair that stopped, with why', () => {
    open('unplugged', 'a');
    note('stopped', { why: 'board a failed and there is no backup' });
    clock.advance(1);
    expect(texts()).toEqual(['a unplugged → the pair stopped: board a failed and there is no backup']);
  });

  it('tells what is planned as an event', () => {
    open('switched-over', 'a', { from: 'a', to: 'b' });
    takeOver(true);
    expect(said).toMatchObject([{ level: 30, event: 1, msg: 'planned switchover → b drives after 43 ms' }]);
  });

  it('gives the number under which it is kept, and says that it came again', () => {
    keptAs = () => 4;
    open('silent', 'b', {}, 9);
    note('set-aside', { board: 'b', primary: 'a' }, 9);
    clock.advance(1);
    expect(said).toMatchObject([{ fault: 4, msg: 'again: b does not answer → a goes on' }]);
  });

  it('tells what came of a fault that an earlier gateway found', () => {
    note('joined', { board: 'a', compared: 3 }, 7);
    clock.advance(1);
    expect(said).toMatchObject([{ fault: 7, msg: 'board a joined the pair again: 3 results agreed' }]);
  });

  it('R32: keeps a bounded number of them, and says nothing any more when it is closed', () => {
    for (let faultId = 1; faultId <= 1000; faultId++) open('silent', 'b', {}, faultId);
    teller.close();
    clock.advance(10_000_000);
    expect(said).toEqual([]);
  });
});
