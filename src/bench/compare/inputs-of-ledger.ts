import { openLedgerReader } from '../../ledger/reader/reader.js';
import { inExecutionOrder } from './execution-order.js';
import type { Recording } from './recording.js';

/** A ledger keeps as many as it is told to; more than this are not played. */
const MOST_INPUTS = 1_000_000;

/**
 * The inputs of a pair, while its gateway runs or when none does.
 * @throws CopycatError LEDGER_UNAVAILABLE where the ledger or its journal cannot be read
 */
export function inputsOfLedger(path: string, shown: string): Recording {
  const reader = openLedgerReader(path);
  try {
    const all = reader.readInputs({ limit: MOST_INPUTS });
    const kept = all.flatMap(({ seq: number, kind, payload, pairTimeMs, commit }) => {
      // What was read back from a board after a loss of power has no payload that is known (R27).
      if (commit === null || kind === 'recovered') return [];
      const { observed, executionCount, parts, digest } = commit;
      return [{ ...{ number, payload, pairTimeMs, observed, executionCount }, result: { parts, digest } }];
    });
    return {
      from: `the ledger ${shown}`,
      inputs: inExecutionOrder(kept),
      leftOut: all.length - kept.length,
      fields: reader.fields(),
    };
  } finally {
    reader.close();
  }
}
