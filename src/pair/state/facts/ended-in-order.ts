import type { LedgerRows } from '../../result/ledger-rows.js';
import type { LedgerRequest } from '../effects.js';

/** A fact of the ledger: the number that the next fault would have had when the gateway was ended by somebody; empty while it runs. */
const FACT = 'ended-before-fault';

/**
 * R27: the gateway before this one was ended in good order: what begins now was planned. One that was killed, or that crashed, has not
 * said so; and what one had said that ran before it counts no more, because every start but the first is told under a number of its own.
 */
export function wasEndedInOrder({ facts, nextFaultId }: Pick<LedgerRows, 'facts' | 'nextFaultId'>): boolean {
  const before = facts[FACT] ?? '';
  return before !== '' && Number(before) >= nextFaultId;
}

/** The last thing that a gateway which is ended in good order has the ledger keep. */
export function keepOrderlyEnd(nextFaultId: number): LedgerRequest {
  return { type: 'keepFact', name: FACT, value: String(nextFaultId) };
}

/** What the next one finds if this one is killed. */
export function forgetOrderlyEnd(): LedgerRequest {
  return { type: 'keepFact', name: FACT, value: '' };
}
