import type { Logger } from 'pino';
import type { Clock } from '../../clock/clock.js';
import { isEvent } from '../../faults/catalogue/events.js';
import { faultInBrief, isToldStep, isUnderWay, stepInBrief } from '../../faults/in-brief.js';
import type { StoredFault, StoredFaultStep } from '../../faults/stored-fault.js';
import type { FaultRecord, PairEffect } from '../../pair/state/effects.js';

/** A takeover that lasts longer is told as one that is under way. */
const PATIENCE_US = 1_000_000;
/** Faults whose story may go on; of older ones a step is told by itself. */
const MOST_FOLLOWED = 64;
/** Steps kept of each: more than a takeover has. */
const MOST_STEPS = 32;

interface Followed {
  readonly fault: FaultRecord;
  readonly timeline: StoredFaultStep[];
  isTold: boolean;
}

/**
 * Tells a person, in one line of the log, what happened and what came of it: `a unplugged → b drives after 43 ms`. It says so
 * in a turn of its own, after the step in which it happened (R32), with the number under which the ledger keeps it.
 */
export class FaultTeller {
  readonly #followed = new Map<number, Followed>();
  readonly #cancels = new Set<() => void>();

  constructor(
    private readonly log: Logger,
    private readonly clock: Clock,
    private readonly keptAs: (faultId: number) => number,
  ) {}

  see(effect: PairEffect): void {
    if (effect.type === 'openFault') this.#open(effect.fault);
    else if (effect.type === 'noteFault') this.#note(effect);
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #open(fault: FaultRecord): void {
    const followed: Followed = { fault, timeline: [], isTold: false };
    this.#followed.set(fault.faultId, followed);
    for (const oldest of this.#followed.keys()) {
      if (this.#followed.size <= MOST_FOLLOWED) break;
      this.#followed.delete(oldest);
    }
    this.#later(0, () => this.#tellUnlessUnderWay(followed));
  }

  #note({ faultId, step, atUs, detail }: Extract<PairEffect, { type: 'noteFault' }>): void {
    const noted = { step, atUs, detail };
    const followed = this.#followed.get(faultId);
    if (followed === undefined) {
      if (isToldStep(noted))
        this.#later(0, () => this.#say('info', faultId, stepInBrief(noted, alone(faultId, noted))));
      return;
    }
    if (followed.timeline.length < MOST_STEPS) followed.timeline.push(noted);
    if (!isToldStep(noted)) return;
    if (followed.isTold) this.#later(0, () => this.#tellStep(followed, noted));
    else if (!this.#isUnderWay(followed)) this.#later(0, () => this.#tell(followed));
  }

  #tellUnlessUnderWay(followed: Followed): void {
    if (this.#isUnderWay(followed)) this.#later(PATIENCE_US, () => this.#tell(followed));
    else this.#tell(followed);
  }

  #tell(followed: Followed): void {
    if (followed.isTold) return;
    followed.isTold = true;
    const { fault } = followed;
    this.#say(isEvent(fault) ? 'info' : 'warn', fault.faultId, faultInBrief(this.#stored(followed)), fault);
  }

  #tellStep(followed: Followed, step: StoredFaultStep): void {
    const { fault } = followed;
    this.#say('info', fault.faultId, stepInBrief(step, this.#stored(followed)), fault);
  }

  #say(level: 'info' | 'warn', faultId: number, text: string, fault?: FaultRecord): void {
    const number = this.keptAs(faultId);
    const of = fault !== undefined && isEvent(fault) ? { event: number } : { fault: number };
    const again = number === faultId ? '' : 'again: ';
    this.log[level]({ told: true, ...of, board: fault?.board ?? null }, `${again}${text}`);
  }

  #isUnderWay(followed: Followed): boolean {
    return isUnderWay(this.#stored(followed));
  }

  #stored({ fault, timeline }: Followed): StoredFault {
    return stored(this.keptAs(fault.faultId), fault, timeline);
  }

  #later(afterUs: number, tell: () => void): void {
    const cancel = this.clock.alarm(this.clock.nowUs() + afterUs, () => {
      this.#cancels.delete(cancel);
      tell();
    });
    this.#cancels.add(cancel);
  }
}

function stored(id: number, fault: FaultRecord, timeline: readonly StoredFaultStep[]): StoredFault {
  const { code, board, seq, atUs, evidence } = fault;
  return {
    ...{ id, code, board, seq, atUs, evidence, timeline },
    ...{ wallTime: '', wallTimeTrusted: true, bootId: '', input: null, closedAt: null, repeats: 0 },
  };
}

/** Of a fault that another gateway opened: nothing else of it is known here. */
function alone(faultId: number, step: StoredFaultStep): StoredFault {
  return stored(faultId, { faultId, code: 'unplugged', board: null, seq: null, atUs: step.atUs, evidence: {} }, [step]);
}
