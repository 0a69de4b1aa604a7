/** Groups of error codes, so that a caller can tell a user's mistake from the world's. */
export type CopycatErrorCode =
  | 'CONFIG_INVALID'
  | 'CONFIG_MISSING'
  | 'USAGE'
  | 'PORT_UNAVAILABLE'
  | 'LEDGER_UNAVAILABLE'
  | 'LEDGER_LOCKED'
  | 'LEDGER_DAMAGED'
  | 'BACKUP_UNUSABLE'
  | 'BACKUP_FAILED'
  | 'RELAY_UNAVAILABLE'
  | 'UPSTREAM_UNAVAILABLE'
  | 'EMULATOR_FAILED'
  | 'FLASH_FAILED'
  | 'BUILD_FAILED'
  | 'PROTOCOL'
  | 'INTERNAL';

export interface CopycatErrorDetails {
  /** The offending value, as the user would recognise it. */
  readonly value?: unknown;
  /** What would have been right. */
  readonly expected?: string;
  readonly cause?: unknown;
}

/** The one error class: a stable code, a sentence for a person, the offending value and what was expected. */
export class CopycatError extends Error {
  override readonly name = 'CopycatError';
  readonly value: unknown;
  readonly expected: string | undefined;

  constructor(
    readonly code: CopycatErrorCode,
    message: string,
    details: CopycatErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.value = details.value;
    this.expected = details.expected;
  }
}

/** Our own mistake: a state that the code promises cannot be. */
export function internalError(message: string, value?: unknown): CopycatError {
  return new CopycatError('INTERNAL', message, { value });
}
