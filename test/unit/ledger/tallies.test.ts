import { describe, expect, it } from 'vitest';
import { LedgerCounters } from '../../../src/ledger/requests/ledger-counters.js';

describe('R32: counters on their way to the files', () => {
  it('are summed, and each file is told each new total once', () => {
    const counters = new LedgerCounters([]);
    for (let times = 0; times < 1000; times++) counters.count('refused', '');
    counters.count('silent', 'a');
    expect(counters.takeTotals('hot')).toEqual([
      { counter: 'refused', board: '', total: 1000 },
      { counter: 'silent', board: 'a', total: 1 },
    ]);
    expect(counters.takeTotals('hot')).toEqual([]);
    counters.count('refused', '');
    expect(counters.takeTotals('hot')).toEqual([{ counter: 'refused', board: '', total: 1001 }]);
    expect(counters.takeTotals('disk')).toEqual([
      { counter: 'refused', board: '', total: 1001 },
      { counter: 'silent', board: 'a', total: 1 },
    ]);
    expect(counters.takeTotals('disk')).toEqual([]);
  });

  it('R17: go on from the larger of what two files have, which is nothing new to tell', () => {
    const counters = new LedgerCounters([
      { counter: 'silent', board: 'a', total: 5 },
      { counter: 'silent', board: 'a', total: 9 },
      { counter: 'silent', board: 'a', total: 7 },
      { counter: 'silent', board: 'b', total: 2 },
      { counter: 'broken', board: 'a', total: -3 },
    ]);
    expect(counters.takeTotals('disk')).toEqual([]);
    counters.count('silent', 'a');
    counters.count('silent', 'b');
    counters.count('broken', 'a');
    expect(counters.takeTotals('disk')).toEqual([
      { counter: 'silent', board: 'a', total: 10 },
      { counter: 'silent', board: 'b', total: 3 },
      { counter: 'broken', board: 'a', total: 1 },
    ]);
  });
});

describe('repeats of faults', () => {
  it('are summed by fault, and told once', () => {
    const counters = new LedgerCounters([]);
    expect(counters.hasRepeats).toBe(false);
    expect([...counters.takeRepeats()]).toEqual([]);
    counters.repeat(1);
    counters.repeat(1);
    counters.repeat(2);
    expect(counters.hasRepeats).toBe(true);
    const taken = counters.takeRepeats();
    counters.repeat(3);
    expect([...taken]).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect([...counters.takeRepeats()]).toEqual([[3, 1]]);
    expect(counters.hasRepeats).toBe(false);
  });

  it('R10: one that has a row of its own after all is not counted, also where its count has gone already', () => {
    const counters = new LedgerCounters([]);
    counters.repeat(1);
    counters.repeat(1, -1);
    expect(counters.hasRepeats).toBe(false);
    counters.repeat(2, -1);
    expect([...counters.takeRepeats()]).toEqual([[2, -1]]);
  });
});
