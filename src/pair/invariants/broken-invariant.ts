import type { FaultDetail } from '../state/effects.js';
import type { TimedPairEvent } from '../state/events.js';
import type { PairState } from '../state/pair-state.js';
import { CORE_INVARIANTS, type CoreInvariant } from './invariant-names.js';

/**
 * The core is in a state that it promises never to be in: our own mistake, or a ledger that contradicts itself. Thrown at
 * the end of the step, so that none of its effects is performed.
 */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';

  constructor(
    readonly invariant: CoreInvariant,
    /** What was found instead. */
    readonly found: string,
    /** Named facts for the fault and the log. */
    readonly evidence: FaultDetail,
  ) {
    super(`${CORE_INVARIANTS[invariant][1]} (${CORE_INVARIANTS[invariant][0]}): ${found}`);
  }
}

/** @throws BrokenInvariant always. */
export function broken(pair: PairState, event: TimedPairEvent, invariant: CoreInvariant, found: string): never {
  const [rule, promise] = CORE_INVARIANTS[invariant];
  const boards = [...pair.boards.values()].map(
    ({ id, membership: { state: memberState }, session: { state: session } }) => `${id} ${memberState} ${session}`,
  );
  throw new BrokenInvariant(invariant, found, {
    ...{ invariant, rule, promise, found },
    ...{ event: eventText(event), phase: pair.phase, epoch: pair.lease.epoch, primary: pair.lease.owner },
    ...{ boards: boards.join(', '), inputs: pair.queue.inputs.size, nextSeq: pair.seqs.nextSeq },
  });
}

function eventText(event: TimedPairEvent): string {
  const about = [
    'board' in event ? `board ${event.board}` : '',
    'seq' in event ? `input ${event.seq}` : '',
    event.type === 'messageReceived' ? event.message.kind : '',
    event.type === 'commandAsked' ? event.command : '',
  ];
  return [event.type, ...about.filter((text) => text !== '')].join(' ');
}
