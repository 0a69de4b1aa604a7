import { internalError } from '../../errors/copycat-error.js';
import type { OutputLine } from '../lines/output-line.js';
import type { RelayCoils } from './relay-coils.js';

/**
 * Coils whose level is the position: changeover relays, logic multiplexers, the bench's relay. Several channels get the
 * same command one right after the other; each is commanded even when another cannot be.
 */
export class LevelCoils implements RelayCoils {
  readonly sequenceUs = 0;
  readonly earliestProofUs = 0;

  constructor(
    private readonly coils: readonly OutputLine[],
    private readonly boards: { readonly atRest: string; readonly energised: string },
  ) {}

  connect(board: string): void {
    const { atRest, energised } = this.boards;
    if (board !== atRest && board !== energised) throw notOfThePair(board);
    setAll(this.coils, board === energised);
  }

  takeWithoutMoving(): boolean {
    return false;
  }

  get isObeyed(): boolean {
    return this.coils.every(obeys);
  }

  close(): void {
    // R27: the level stays.
  }
}

/** Sets every line; the first refusal is thrown after all were tried. */
export function setAll(coils: readonly OutputLine[], on: boolean): void {
  const failures: unknown[] = [];
  for (const coil of coils) {
    try {
      coil.set(on);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** The last command has arrived, and the pin shows it where it can be read. */
export function obeys(coil: OutputLine): boolean {
  // First: reading it may show that the line is gone.
  const shown = coil.readBack();
  return coil.trouble === null && (shown === null || shown === coil.isOn);
}

export function notOfThePair(board: string): Error {
  return internalError('the relay was sent to a board that is not of the pair', board);
}
