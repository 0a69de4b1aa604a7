import type { TimedPairEvent } from '../state/events.js';
import type { PairState, Step } from '../state/pair-state.js';
import type { BeforeStep } from './before-step.js';
import { broken } from './broken-invariant.js';

/** Which ways out of a stop there are for a person; src/gateway/status/explain-state.ts has the words. */
export type WayOut = 'resume' | 'settle-inputs' | 'wait-for-the-ledger' | 'new-ledger';

/** R30: what leads out of where the pair is stopped: `resume`, unless something else has to be said first. */
function wayOut(pair: PairState): WayOut {
  if (pair.seqs.nextSeq > pair.config.wire.lastSeq) return 'new-ledger';
  if (pair.takeover !== null && pair.takeover.fencedAtUs === null) return 'wait-for-the-ledger';
  for (const { quarantined } of pair.queue.inputs.values()) if (quarantined) return 'settle-inputs';
  return 'resume';
}

/** Costs nothing but where the pair stops, is stopped and asked to go on, or goes on. */
export function checkStop(before: BeforeStep, event: TimedPairEvent, step: Step): void {
  const { pair } = step;
  const wasStopped = before.phase === 'stopped';
  if (pair.phase !== 'stopped') {
    if (wasStopped) checkGoingOn(event, step);
    return;
  }
  if (!wasStopped) checkStopping(event, step);
  else if (event.type === 'commandAsked') checkRefusal(event, step);
}

/** R30: no stop without a named way out. */
function checkStopping(event: TimedPairEvent, { pair, effects }: Step): void {
  let isRecorded = false;
  let why = '';
  for (const effect of effects) {
    if (effect.type === 'recordStopped') isRecorded = effect.stopped;
    if (effect.type !== 'openFault' || effect.fault.code !== 'pair-stopped') continue;
    why = String(effect.fault.evidence['why'] ?? '');
  }
  if (!isRecorded) broken(pair, event, 'stopHasAWayOut', 'the ledger is not told: a start would not know of it');
  if (why === '') broken(pair, event, 'stopHasAWayOut', 'no fault says why');
}

/** What a person was told to do has to be possible. */
function checkRefusal(event: TimedPairEvent, { pair, effects }: Step): void {
  if (event.type !== 'commandAsked' || event.command !== 'resume' || wayOut(pair) !== 'resume') return;
  const refused = effects.find((effect) => effect.type === 'commandRefused');
  if (refused !== undefined) broken(pair, event, 'stopHasAWayOut', `resume was refused: ${refused.why}`);
}

function checkGoingOn(event: TimedPairEvent, { pair, effects }: Step): void {
  if (event.type !== 'commandAsked') broken(pair, event, 'onlyAPersonEndsAStop', `it is ${pair.phase}`);
  const isRecorded = effects.some((effect) => effect.type === 'recordStopped' && !effect.stopped);
  if (!isRecorded) broken(pair, event, 'onlyAPersonEndsAStop', 'the ledger is not told');
}
