import { describe, expect, it } from 'vitest';
import { Tallies } from '../../../src/ledger/requests/tallies.js';

describe('R32: counters on their way to the files', () => {
  it('are summed, and each file is told each new total once', () => {
    const tallies = new Tallies([]);
    for (let times = 0; times < 1000; times++) tallies.count('refused', '');
    tallies.count('silent', 'a');
    expect(tallies.takeTotals('hot')).toEqual([
      { counter: 'refused', board: '', total: 1000 },
      { counter: 'silent', board: 'a', total: 1 },
    ]);
    expect(tallies.takeTotals('hot')).toEqual([]);
    tallies.count('refused', '');
    expect(tallies.takeTotals('hot')).toEqual([{ counter: 'refused', board: '', total: 1001 }]);
    expect(tallies.takeTotals('disk')).toEqual([
      { counter: 'refused', board: '', total: 1001 },
      { counter: 'silent', board: 'a', total: 1 },
    ]);
    expect(tallies.takeTotals('disk')).toEqual([]);
  });

  it('R17: go on from the larger of what two files have, which is nothing new to tell', () => {
    const tallies = new Tallies([
      { counter: 'silent', board: 'a', total: 5 },
      { counter: 'silent', board: 'a', total: 9 },
      { counter: 'silent', board: 'a', total: 7 },
      { counter: 'silent', board: 'b', total: 2 },
      { counter: 'broken', board: 'a', total: -3 },
    ]);
    expect(tallies.takeTotals('disk')).toEqual([]);
    tallies.count('silent', 'a');
    tallies.count('silent', 'b');
    tallies.count('broken', 'a');
    expect(tallies.takeTotals('disk')).toEqual([
      { counter: 'silent', board: 'a', total: 10 },
      { counter: 'silent', board: 'b', total: 3 },
      { counter: 'broken', board: 'a', total: 1 },
    ]);
  });
});

describe('repeats of faults', () => {
  it('are summed by fault, and told once', () => {
    const tallies = new Tallies([]);
    expect(tallies.hasRepeats).toBe(false);
    expect([...tallies.takeRepeats()]).toEqual([]);
    tallies.repeat(1);
    tallies.repeat(1);
    tallies.repeat(2);
    expect(tallies.hasRepeats).toBe(true);
    const taken = tallies.takeRepeats();
    tallies.repeat(3);
    expect([...taken]).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect([...tallies.takeRepeats()]).toEqual([[3, 1]]);
    expect(tallies.hasRepeats).toBe(false);
  });

  it('R10: one that has a row of its own after all is not counted, also where its count has gone already', () => {
    const tallies = new Tallies([]);
    tallies.repeat(1);
    tallies.repeat(1, -1);
    expect(tallies.hasRepeats).toBe(false);
    tallies.repeat(2, -1);
    expect([...tallies.takeRepeats()]).toEqual([[2, -1]]);
  });
});
