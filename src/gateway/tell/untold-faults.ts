import type { ToldFault } from '../../control/contract/told.js';
import { isEvent } from '../../faults/catalogue/events.js';
import type { StoredFault } from '../../faults/stored-fault.js';
import type { FaultRecord, LedgerRequest, PairEffect } from '../../pair/state/effects.js';
import type { PairState } from '../../pair/state/pair-state.js';
import type { KeptFaults } from './kept-faults.js';
import type { Tellable, ToldSource } from './teller.js';
import { MOST_WAITING, type UntoldFault } from './untold-fault.js';

/** A story is told when nothing has been added to it for so long … */
const QUIET_US = 1_000_000;
/** … or at the latest this long after the fault. */
const LATEST_US = 5_000_000;
/** Steps of one story; the ledger keeps more. */
const MOST_STEPS = 64;
/** One that could not be told for so long is left out. */
const GIVEN_UP_AFTER_US = 86_400_000_000;
/** Of faults that came too often to be written: the last so many, until one of them begins a takeover. */
const MOST_HELD = 8;

export interface UntoldFaultsOptions {
  readonly state: PairState;
  readonly nowUs: () => number;
  /** As the ledger would say it of a fault of this moment. */
  readonly wallTimeOf: (atUs: number) => Pick<StoredFault, 'wallTime' | 'wallTimeTrusted'>;
  readonly bootId: string;
  readonly kept: KeptFaults;
  /** The number under which the ledger keeps a fault: another's, where it was counted on that. */
  readonly keptAs: (faultId: number) => number;
  readonly messageOf: (fault: StoredFault, attempt: number, leftOut: number) => ToldFault;
  /** Something came. */
  readonly wake: () => void;
}

/**
 * The faults that nobody has been told yet, each with its story as it grows. It watches what the core asks for (R32), and
 * leaves out what the ledger leaves out: a fault that comes again and again is counted there and told a few times.
 */
export class UntoldFaults implements ToldSource {
  #waiting: UntoldFault[];
  readonly #held = new Map<number, UntoldFault>();
  #leftOut = 0;
  /** Of these, not told yet. */
  #leftOutUntold = 0;

  constructor(private readonly options: UntoldFaultsOptions) {
    const nowUs = options.nowUs();
    this.#waiting = options.kept.restored.map((fault) => ({
      ...{ fault, input: null, openedAtUs: nowUs, changedAtUs: nowUs, attempts: 0, isUnderWay: false },
    }));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  see(effect: PairEffect): void {
    if (effect.type === 'openFault') this.#opened(effect.fault);
    else if (effect.type === 'noteFault') this.#noted(effect);
    else if (effect.type === 'recordFence') this.#beganTakeover(effect.faultId);
  }

  next(nowUs: number): Tellable | number | null {
    this.#giveUpOld(nowUs);
    let earliestUs: number | null = null;
    for (const untold of this.#waiting) {
      const readyUs = Math.min(untold.changedAtUs + QUIET_US, untold.openedAtUs + LATEST_US);
      if (readyUs <= nowUs) return this.#tellable(untold);
      earliestUs = Math.min(earliestUs ?? readyUs, readyUs);
    }
    return earliestUs;
  }

  #tellable(untold: UntoldFault): Tellable {
    const leftOut = this.#leftOutUntold;
    return {
      message: () => {
        untold.attempts++;
        untold.isUnderWay = true;
        return this.options.messageOf(withInput(untold), untold.attempts, leftOut);
      },
      told: () => {
        this.#leftOutUntold -= leftOut;
        this.#remove(untold);
      },
      failed: () => {
        untold.isUnderWay = false;
        // One that a command cannot take must not keep it from the others.
        this.#waiting = [...this.#waiting.filter((other) => other !== untold), untold];
      },
    };
  }

  #opened(record: FaultRecord): void {
    // What somebody wanted so: a change of the primary tells of it.
    if (isEvent(record)) return;
    const { faultId, code, board, seq, atUs, evidence } = record;
    const nowUs = this.options.nowUs();
    const untold: UntoldFault = {
      fault: {
        ...{ id: faultId, code, board, seq, atUs, evidence, bootId: this.options.bootId },
        ...this.options.wallTimeOf(atUs),
        ...{ timeline: [], input: null, closedAt: null, repeats: 0 },
      },
      input: seq === null ? null : (this.options.state.queue.inputs.get(seq) ?? null),
      ...{ openedAtUs: nowUs, changedAtUs: nowUs, attempts: 0, isUnderWay: false },
    };
    const keptAs = this.options.keptAs(faultId);
    if (keptAs === faultId) return this.#add(untold);
    this.#repeated(keptAs);
    this.#held.set(faultId, untold);
    if (this.#held.size <= MOST_HELD) return;
    for (const oldest of this.#held.keys()) {
      this.#held.delete(oldest);
      break;
    }
  }

  #noted({ faultId, step, atUs, detail }: Extract<LedgerRequest, { type: 'noteFault' }>): void {
    const untold = this.#held.get(faultId) ?? this.#waiting.find(({ fault }) => fault.id === faultId);
    if (untold === undefined || untold.fault.timeline.length >= MOST_STEPS) return;
    untold.fault = { ...untold.fault, timeline: [...untold.fault.timeline, { step, atUs, detail }] };
    untold.changedAtUs = this.options.nowUs();
    if (this.#waiting.includes(untold)) this.options.kept.changed(this.#waiting);
  }

  /** As in the ledger: no takeover without the story of the fault that began it, however often its kind has come. */
  #beganTakeover(faultId: number): void {
    const untold = this.#held.get(faultId);
    if (untold === undefined) return;
    this.#held.delete(faultId);
    this.#add(untold);
  }

  #repeated(id: number): void {
    const untold = this.#waiting.find(({ fault }) => fault.id === id);
    if (untold !== undefined) untold.fault = { ...untold.fault, repeats: untold.fault.repeats + 1 };
  }

  #add(untold: UntoldFault): void {
    this.#waiting.push(untold);
    if (this.#waiting.length > MOST_WAITING) {
      const oldest = this.#waiting.find(({ isUnderWay }) => !isUnderWay);
      if (oldest !== undefined) this.#leave(oldest);
    }
    this.options.kept.changed(this.#waiting);
    this.options.wake();
  }

  #giveUpOld(nowUs: number): void {
    for (const untold of this.#waiting) {
      if (nowUs - untold.openedAtUs > GIVEN_UP_AFTER_US && !untold.isUnderWay) this.#leave(untold);
    }
  }

  #leave(untold: UntoldFault): void {
    this.#leftOut++;
    this.#leftOutUntold++;
    this.#remove(untold);
  }

  #remove(untold: UntoldFault): void {
    this.#waiting = this.#waiting.filter((other) => other !== untold);
    this.options.kept.changed(this.#waiting);
  }
}

/** With the input it is about, and what has been committed for it by now. */
function withInput({ fault, input }: UntoldFault): StoredFault {
  if (input === null) return fault;
  const { ref, kind, payload, commit } = input;
  const rejected = commit?.parts.some((part) => part.rejected) === true;
  const result = commit?.parts.map(({ body }) => body) ?? null;
  return { ...fault, input: { ref, kind, payload, result, ...(rejected ? { rejected } : {}) } };
}
