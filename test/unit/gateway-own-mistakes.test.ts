import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mistakePathOf, OwnMistakes } from '../../src/gateway/own-mistakes.js';

const SOON_US = 59_000_000;
const LATER_US = 60_000_000;
let folder: string;
let ledger: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-mistakes-'));
  ledger = join(folder, 'copycat.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A life of a gateway on this ledger; what it was told at its start. */
function start(fresh = false) {
  const mistakes = new OwnMistakes(ledger, fresh, 0, pino({ enabled: false }));
  const told = mistakes.last;
  mistakes.noteTold();
  return { mistakes, told };
}

function failAfter(us: number): void {
  start().mistakes.remember(new Error('two primaries'), us);
}

describe('what a gateway found wrong with itself', () => {
  it('R30: the next start is told, the one after it is not', () => {
    expect(start().told).toBeUndefined();
    failAfter(SOON_US);
    expect(start().told).toMatchObject({ again: false, evidence: { found: 'Error: two primaries' } });
    expect(start().told).toBeUndefined();
  });

  it('R30: again within a minute of the fresh start: again, for every start until a person says resume', () => {
    failAfter(LATER_US);
    failAfter(SOON_US);
    expect(start().told?.again).toBe(true);
    const { mistakes, told } = start();
    expect(told?.again).toBe(true);
    expect(mistakes.sentence).toBe('Error: two primaries');
    mistakes.forget();
    expect(start().told).toBeUndefined();
    failAfter(SOON_US);
    expect(start().told?.again).toBe(false);
  });

  it('R30: a fresh start that lived for a minute, or one that nothing had gone before, begins the count anew', () => {
    failAfter(SOON_US);
    failAfter(LATER_US);
    expect(start().told?.again).toBe(false);
    // A start in good order, and a mistake soon after it.
    failAfter(SOON_US);
    expect(start().told?.again).toBe(false);
  });

  it('R30: what was found with another ledger says nothing of a new one', () => {
    failAfter(SOON_US);
    failAfter(SOON_US);
    expect(start(true).told).toBeUndefined();
    expect(existsSync(mistakePathOf(ledger))).toBe(false);
  });

  it('R30: a file that is not whole, and a place that cannot be written, keep nobody from starting', () => {
    writeFileSync(mistakePathOf(ledger), '{"inARow":');
    expect(start().told).toBeUndefined();
    ledger = join(folder, 'gone', 'copycat.sqlite');
    failAfter(SOON_US);
    expect(start().told).toBeUndefined();
  });
});
