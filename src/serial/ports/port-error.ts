import { CopycatError } from '../../errors/copycat-error.js';

/** What is the matter with a board's port. Each has its paragraph in docs/ports.md. */
export type PortConditionName =
  | 'not-there'
  | 'several-match'
  | 'wrong-board'
  | 'taken'
  | 'permission-denied'
  | 'baud-unsupported'
  | 'line-unsupported'
  | 'not-a-port'
  | 'does-not-open'
  | 'hung'
  | 'other';

/** Why a port cannot be used, by name. Its code is PORT_UNAVAILABLE; `expected` is what to do, in the imperative. */
export class PortError extends CopycatError {
  constructor(
    readonly condition: PortConditionName,
    message: string,
    details: { readonly value: string; readonly expected: string; readonly cause?: unknown },
  ) {
    super('PORT_UNAVAILABLE', message, details);
  }
}
