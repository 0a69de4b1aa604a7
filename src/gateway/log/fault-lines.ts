import type { Logger } from 'pino';
import { isEvent } from '../../faults/catalogue/events.js';
import type { FaultRecord, PairEffect } from '../../pair/state/effects.js';

/** Events whose steps are told as theirs; more are not under way at a time, and an old one's are told without saying which it is. */
const EVENTS_LIMIT = 64;

/** What the log has to know to give numbers that `copycat faults show` finds. */
export class ToldFaults {
  readonly #events = new Set<number>();

  /** @param keptAs of the ledger, asked when it has been given what is told */
  constructor(readonly keptAs: (faultId: number) => number) {}

  noteEvent(faultId: number): void {
    this.#events.add(faultId);
    for (const oldest of this.#events) {
      if (this.#events.size <= EVENTS_LIMIT) return;
      this.#events.delete(oldest);
    }
  }

  isEvent(faultId: number): boolean {
    return this.#events.has(faultId);
  }
}

/** The number is the one under which the ledger keeps it; one that was counted on another is told as that one, again. */
export function logFault(log: Logger, fault: FaultRecord, told: ToldFaults): void {
  const { faultId, code, board, seq, evidence } = fault;
  const number = told.keptAs(faultId);
  const again = number === faultId ? '' : ' again';
  const of = board === null ? '' : ` (board ${board})`;
  if (isEvent(fault)) {
    told.noteEvent(number);
    log.info({ event: number, board, evidence }, `event ${number}${again}: ${code}${of}`);
  } else {
    log.warn({ fault: number, board, input: seq, evidence }, `fault ${number}${again}: ${code}${of}`);
  }
}

/** A step of a fault that was counted is kept nowhere, so it is told without a number. */
export function logFaultStep(
  log: Logger,
  { faultId, step, detail }: Extract<PairEffect, { type: 'noteFault' }>,
  told: ToldFaults,
): void {
  if (step === 'evidence') return;
  const number =
    told.keptAs(faultId) !== faultId ? {} : told.isEvent(faultId) ? { event: faultId } : { fault: faultId };
  // R26: on the path of a takeover, and nobody has failed.
  if (detail['planned'] === true) log.info(number, 'the lease is given up as planned');
  else log.info({ ...number, ...detail }, step);
}
