import { CopycatError, type CopycatErrorCode } from '../../errors/copycat-error.js';
import type { PlayedScenarioRuns, ScenarioOptions } from '../run-scenario.js';

/** From the tour to one of its players: play this one. A player ends when its channel does. */
export interface PlayScenario {
  readonly scenario: string;
  readonly options: ScenarioOptions;
}

/** What became of it; `failed`: the bench could not run it. */
export type PlayedScenario = PlayedScenarioRuns | { readonly failed: FailedToPlay };

export interface FailedToPlay {
  readonly code: CopycatErrorCode;
  readonly message: string;
  readonly value?: unknown;
  readonly expected?: string;
}

export function describeFailure(error: unknown): FailedToPlay {
  if (!(error instanceof CopycatError))
    return { code: 'INTERNAL', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  const { code, message, value, expected } = error;
  return { code, message, ...(value === undefined ? {} : { value }), ...(expected === undefined ? {} : { expected }) };
}

export function failureOf({ code, message, value, expected }: FailedToPlay): CopycatError {
  return new CopycatError(code, message, { value, ...(expected === undefined ? {} : { expected }) });
}
