import type { FailedReason } from '../protocol/messages.generated.js';

/** An output of the application: the pin and the level it takes when nobody may be trusted (R7). */
export interface ScriptedOutput {
  readonly pin: number;
  /** `pwm` levels are 0 to 255, `digital` ones 0 or 1. */
  readonly kind: 'pwm' | 'digital';
  readonly safeLevel: number;
}

/** What an application makes of one input. */
export interface ApplicationResult {
  readonly state: Uint8Array;
  /** Bodies of the result's parts; none is one empty part (R4). */
  readonly parts: readonly Uint8Array[];
  /** Staged levels by output; null where an output is not written. */
  readonly levels: readonly (number | null)[];
  readonly rejected: boolean;
}

/** What a sketch sees for itself between inputs, and does about it. */
export type LocalSight =
  | { readonly kind: 'nothing' }
  /** R7: it stops itself. */
  | { readonly kind: 'stop'; readonly reason: FailedReason; readonly detail: number }
  /** It asks for an input, once until it has seen something else. */
  | { readonly kind: 'offer'; readonly payload: Uint8Array };

/** What a sketch's loop does beside inputs. */
export interface LocalGuard {
  readonly everyUs: number;
  /** @param own the board's own reading of its source */
  look(own: number): LocalSight;
}

/** The sketch of a scripted board: a function of state, payload and observed values (R21). */
export interface ScriptedApplication {
  readonly name: string;
  readonly version: number;
  /** The text given to `cc_layout`. */
  readonly layout: string;
  readonly outputs: readonly ScriptedOutput[];
  readonly startState: Uint8Array;
  readonly guard?: LocalGuard;
  /** @param readSource what `cc_read(0)` gives: the given value, or the board's own reading */
  onInput(state: Uint8Array, payload: Uint8Array, readSource: () => number): ApplicationResult;
}
