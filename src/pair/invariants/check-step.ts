import type { TimedPairEvent } from '../state/events.js';
import type { PairState, Step } from '../state/pair-state.js';
import type { BeforeStep } from './before-step.js';
import { broken } from './broken-invariant.js';
import { checkEffects } from './check-effects.js';
import { checkRestored } from './check-restored.js';
import { checkStop } from './check-stop.js';
import { hearLedger } from './ledger-said.js';

/**
 * R30: the end of every step, in the product too. Costs as much as the step has effects, whatever is in work.
 * @throws BrokenInvariant when the core is where it promises never to be: nothing of this step is to be performed, and
 * nothing that is in memory is to be believed.
 */
export function checkStep(before: BeforeStep, event: TimedPairEvent, step: Step): void {
  const { pair } = step;
  hearLedger(pair, event);
  checkLease(before, event, pair);
  checkWhatOnlyGrows(before, event, pair);
  checkPhase(event, pair);
  checkFindings(event, step);
  checkStop(before, event, step);
  if (step.effects.length > 0) checkEffects(before, event, step);
  if (event.type === 'started') checkRestored(event, pair);
}

function checkLease(before: BeforeStep, event: TimedPairEvent, pair: PairState): void {
  const {
    lease: { epoch, owner: primary },
    config,
  } = pair;
  if (primary !== config.boards[0] && primary !== config.boards[1]) {
    broken(pair, event, 'onePrimary', `${primary} has the lease; the boards are ${config.boards.join(' and ')}`);
  }
  if (epoch === before.epoch && primary === before.owner) return;
  const change = `from ${before.owner}, epoch ${before.epoch}, to ${primary}, epoch ${epoch}`;
  if (event.type !== 'fenceRecorded') broken(pair, event, 'epochNeverFalls', `${change}, without a fence`);
  if (epoch <= before.epoch) broken(pair, event, 'epochNeverFalls', change);
}

function checkWhatOnlyGrows(before: BeforeStep, event: TimedPairEvent, pair: PairState): void {
  const {
    seqs: { nextSeq, reservedThroughSeq },
    time: { lastMs: lastPairTimeMs },
    faults: { nextFaultId },
    queue: { unnumbered },
    config,
  } = pair;
  if (nextSeq < before.nextSeq) broken(pair, event, 'seqNeverTwice', `from ${before.nextSeq} back to ${nextSeq}`);
  if (reservedThroughSeq < before.reservedThroughSeq) {
    broken(pair, event, 'reservationNeverFalls', `from ${before.reservedThroughSeq} back to ${reservedThroughSeq}`);
  }
  if (lastPairTimeMs < before.lastPairTimeMs) {
    broken(pair, event, 'pairTimeNeverFalls', `from ${before.lastPairTimeMs} ms back to ${lastPairTimeMs} ms`);
  }
  if (nextFaultId < before.nextFaultId) {
    broken(pair, event, 'faultsAreNumberedOnce', `from ${before.nextFaultId} back to ${nextFaultId}`);
  }
  // A probe comes where nothing else waits.
  if (unnumbered.length > Math.max(1, config.maxPending)) {
    broken(pair, event, 'queueIsBounded', `${unnumbered.length} wait, ${config.maxPending} may`);
  }
}

function checkFindings(event: TimedPairEvent, { pair, answers }: Step): void {
  const [found] = pair.findings.noted;
  if (found !== undefined) broken(pair, event, 'nothingIsLeftOver', `${found.kind}: nobody has acted on it`);
  const [answer] = answers;
  if (answer !== undefined) {
    broken(pair, event, 'nothingIsLeftOver', `the answer of ${answer.board.id} to input ${answer.input.seq}`);
  }
}

function checkPhase(event: TimedPairEvent, pair: PairState): void {
  const { phase, takeover, switchover } = pair;
  if (phase === 'stopped') return;
  if (takeover !== null) {
    const isFenced = takeover.fencedAtUs !== null;
    const fits = isFenced ? takeover.to === pair.lease.owner : takeover.from === pair.lease.owner;
    if (takeover.from === takeover.to || !fits || isFenced === (phase === 'fencing')) {
      const where = isFenced ? 'after its fence' : 'before its fence';
      broken(
        pair,
        event,
        'phaseHoldsTogether',
        `${phase}: a takeover from ${takeover.from} to ${takeover.to}, ${where}`,
      );
    }
  }
  const isMoving = phase === 'fencing' || phase === 'catching-up' || phase === 'moving';
  if (isMoving && takeover === null) broken(pair, event, 'phaseHoldsTogether', `${phase}: no takeover`);
  const isSteady = phase === 'serving' || phase === 'draining';
  if (isSteady && takeover !== null) broken(pair, event, 'phaseHoldsTogether', `${phase}: a takeover is under way`);
  if (phase === 'draining' && switchover === null) broken(pair, event, 'phaseHoldsTogether', 'draining for nobody');
}
