import type { Step } from '../state/pair-state.js';

/** Nothing of what the person asked for is done; `why` is a sentence. */
export function refuseCommand(step: Step, ref: string, why: string): void {
  step.effects.push({ type: 'commandRefused', ref, why });
}

/** It is done, or has begun and goes on by itself; `outcome` is a sentence. */
export function commandDone(step: Step, ref: string, outcome: string): void {
  step.effects.push({ type: 'commandDone', ref, outcome });
}
