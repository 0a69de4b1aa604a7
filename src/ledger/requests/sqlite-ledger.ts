import { BehaviorSubject, type Observable, Subject } from 'rxjs';
import type { Clock } from '../../clock/clock.js';
import { isEvent } from '../../faults/catalogue/events.js';
import { titleOf } from '../../faults/story.js';
import type { LedgerRows } from '../../pair/result/ledger-rows.js';
import type { FaultRecord, LedgerRequest } from '../../pair/state/effects.js';
import type { LedgerAnswer } from '../../pair/state/events.js';
import type { StoreClient } from '../client/store-client.js';
import type { FileStandby, LedgerHealth } from '../ledger.js';
import type { OpenedLedger } from '../opened-ledger.js';
import { encodeParts, exactBytes } from '../result-blob.js';
import type { Merged } from '../worker/standby/merge-snapshots.js';
import type { StoreAnswer, StoreRequest } from '../worker/store-messages.js';
import { FaultInputs } from './fault-inputs.js';
import { FaultThinner } from './fault-thinner.js';
import { LedgerCounters } from './ledger-counters.js';
import { wallTimeOf } from './wall-time.js';

/** Pair time is reserved on disk this far ahead, as seqs are, and anew when half of it is used up. */
const PAIR_TIME_AHEAD_MS = 120_000;
/** Longest time `close` waits for a file in trouble. */
const CLOSE_WITHIN_US = 5_000_000;
/** Counters and repeats of faults cross to the files at most so often, summed (R32). */
const COUNTERS_EVERY_US = 1_000_000;
/** A transaction of its own costs a disk more than it tells. */
const SEEN_EVERY_US = 300_000_000;

type FaultRequest = Extract<StoreRequest, { type: 'openFault' | 'noteFault' }>;

export interface LedgerParts {
  /** Where commits and the fence are decided; with `power` the same as `disk`. */
  readonly hot: StoreClient;
  readonly disk: StoreClient;
  readonly merged: Merged;
  readonly notes: readonly string[];
  readonly clock: Clock;
  readonly wallNowMs: () => number;
  readonly release: () => void;
}

/**
 * Sends each request to the file or files it belongs to. What decides or is waited for goes to the hot one; what must
 * outlive the host goes to the disk as well, in the same order, and nobody waits for that but `reserveSeqs`.
 */
export class SqliteLedger implements OpenedLedger {
  readonly notes: readonly string[];
  readonly #answers = new Subject<LedgerAnswer>();
  readonly #health = new BehaviorSubject<LedgerHealth>({ waiting: 0, trouble: null, stands: false, standby: [] });
  readonly #laterNotes = new Subject<string>();
  readonly #thinner = new FaultThinner<FaultRequest>();
  readonly #faultInputs = new FaultInputs();
  readonly #counters: LedgerCounters;
  #revision: number;
  #pairTimeMs: number;
  #reservedPairTimeMs: number;
  #reservedThroughSeq: number;
  #seenAtUs = Number.NEGATIVE_INFINITY;
  #countersScheduled = false;
  #countersToDiskAtUs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: LedgerParts) {
    this.notes = parts.notes;
    this.#revision = parts.merged.revision;
    this.#pairTimeMs = parts.merged.rows.pairTimeMs;
    this.#reservedPairTimeMs = this.#pairTimeMs;
    this.#reservedThroughSeq = parts.merged.rows.reservedThroughSeq;
    this.#counters = new LedgerCounters(parts.merged.alignment.counters);
  }

  get answers(): Observable<LedgerAnswer> {
    return this.#answers;
  }

  get health(): Observable<LedgerHealth> {
    return this.#health;
  }

  get laterNotes(): Observable<string> {
    return this.#laterNotes;
  }

  restore(): Promise<LedgerRows> {
    return Promise.resolve(this.parts.merged.rows);
  }

  submit(request: LedgerRequest): void {
    const { hot } = this.parts;
    switch (request.type) {
      case 'recordInput': {
        const { type, seq, ref, kind, pairTimeMs } = request;
        this.#reservePairTime(pairTimeMs);
        return hot.submit({ type, seq, ref, kind, pairTimeMs, payload: exactBytes(request.payload) });
      }
      case 'requestCommit': {
        // Field by field: of all requests this is the one that comes most often.
        const { type, board, session, epoch, seq, hash, executionCount, digest, parts } = request;
        const result = encodeParts(parts);
        const observed = JSON.stringify(request.observed);
        return hot.submit({ type, board, session, epoch, seq, hash, executionCount, digest, result, observed });
      }
      case 'finishInput':
      case 'dropInput':
        if (this.#faultInputs.leaves(request.seq)) hot.submit({ type: 'readInput', seq: request.seq });
        return hot.submit(request);
      case 'recordDone':
      case 'recordEmitted':
      case 'recordVerdict':
      case 'recordAttempt':
      case 'quarantine':
      case 'releaseInput':
      case 'readHistory':
      case 'beginLine':
        return hot.submit(request);
      case 'reserveSeqs':
        return this.#reserveSeqs(request.throughSeq);
      case 'recordFence':
        this.#writeAfterAll(request.faultId);
        return this.#toBoth({ ...request, revision: ++this.#revision, answer: true });
      case 'recordSession':
      case 'recordMemberState':
      case 'recordHealth':
      case 'recordStopped':
        return this.#toBoth({ ...request, revision: ++this.#revision });
      case 'keepFact':
        return this.#toDisk(request);
      case 'recordChronicle':
        return this.#toDisk({
          ...request,
          ...wallTimeOf(this.parts.wallNowMs(), this.parts.clock.nowUs() - request.atUs),
        });
      case 'seen':
        return this.#noteSeen();
      case 'recordTakeoverEnded':
        return this.#toBoth(request);
      case 'openFault':
        return this.#openFault(request);
      case 'noteFault':
        return this.#noteFault(request);
      case 'count':
        return this.#count(request);
    }
  }

  keptAs(faultId: number): number {
    return this.#thinner.keptAs(faultId);
  }

  async close(): Promise<void> {
    const { hot, disk, clock } = this.parts;
    const settled = (async () => {
      await hot.settled();
      this.#countersToHot();
      this.#countersToDisk();
      await Promise.all([hot.settled(), disk.settled()]);
    })();
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.alarm(clock.nowUs() + CLOSE_WITHIN_US, resolve);
    });
    await Promise.race([settled, late]);
    cancel();
    await hot.close();
    if (disk !== hot) await disk.close();
    this.parts.release();
    this.#answers.complete();
    this.#health.complete();
    this.#laterNotes.complete();
  }

  /** Called by either file's client. */
  answered(answers: readonly StoreAnswer[]): void {
    for (const answer of answers) {
      if (answer.type === 'inputRead') this.#toDisk({ type: 'keepFaultInput', input: answer.input });
      else this.#answers.next(answer);
    }
  }

  changed(): void {
    const { hot, disk } = this.parts;
    const waiting = hot === disk ? hot.waiting : hot.waiting + disk.waiting;
    const standby = [fileStandby('ledger', disk), ...(hot === disk ? [] : [fileStandby('journal', hot)])];
    this.#health.next({
      waiting,
      trouble: hot.trouble ?? disk.trouble,
      stands: hot.stands || disk.stands,
      standby: standby.filter((file) => file !== null),
    });
  }

  noted(notes: readonly string[]): void {
    for (const note of notes) this.#laterNotes.next(note);
  }

  /** The disk decides: only what is there outlives the host (R1). The hot file's copy lets its constraint know. */
  #reserveSeqs(throughSeq: number): void {
    const { hot, disk } = this.parts;
    this.#reservedThroughSeq = Math.max(this.#reservedThroughSeq, throughSeq);
    if (hot !== disk) hot.submit({ type: 'reserveSeqs', throughSeq, pairTimeMs: 0, answer: false });
    this.#reservePairTime(this.#pairTimeMs);
    this.#toDisk({ type: 'reserveSeqs', throughSeq, pairTimeMs: 0, answer: true });
  }

  #reservePairTime(pairTimeMs: number): void {
    const { hot, disk } = this.parts;
    this.#pairTimeMs = Math.max(this.#pairTimeMs, pairTimeMs);
    if (hot === disk || this.#reservedPairTimeMs - pairTimeMs > PAIR_TIME_AHEAD_MS / 2) return;
    this.#reservedPairTimeMs = pairTimeMs + PAIR_TIME_AHEAD_MS;
    this.#seenAtUs = this.parts.clock.nowUs();
    this.#toDisk({
      seenAt: new Date(this.parts.wallNowMs()).toISOString(),
      type: 'reserveSeqs',
      throughSeq: this.#reservedThroughSeq,
      pairTimeMs: this.#reservedPairTimeMs,
      answer: false,
    });
  }

  /** That of pairs at work rides with the reservation of pair time, once a minute. */
  #noteSeen(): void {
    const { clock, wallNowMs } = this.parts;
    if (clock.nowUs() - this.#seenAtUs < SEEN_EVERY_US) return;
    this.#seenAtUs = clock.nowUs();
    this.#toDisk({ type: 'seen', wallTime: new Date(wallNowMs()).toISOString() });
  }

  #openFault({ fault }: Extract<LedgerRequest, { type: 'openFault' }>): void {
    const { faultId, code, board, seq, atUs, evidence } = fault;
    const repeatOf = this.#thinner.repeatOf(faultId, code, board, atUs, toldAs(fault));
    const time = wallTimeOf(this.parts.wallNowMs(), this.parts.clock.nowUs() - atUs);
    const closed = isEvent(fault) ? { closedAt: time.wallTime } : {};
    const opened = { faultId, code, board, seq, atUs, evidence: JSON.stringify(evidence), ...time, ...closed };
    if (repeatOf === null) return this.#writeFault({ type: 'openFault', ...opened });
    this.#thinner.hold(faultId, { type: 'openFault', ...opened });
    this.#counters.repeat(repeatOf);
    this.#scheduleCounters();
  }

  #writeFault(request: FaultRequest): void {
    this.#toBoth(request);
    if (request.type === 'noteFault' || request.seq === null) return;
    this.#faultInputs.concerns(request.seq);
    this.parts.hot.submit({ type: 'readInput', seq: request.seq });
  }

  /** R10, R15: no takeover without the story of the fault that began it, however often its kind has come. */
  #writeAfterAll(faultId: number): void {
    const held = this.#thinner.release(faultId);
    if (held === null) return;
    this.#counters.repeat(held.repeatOf, -1);
    for (const request of held.requests) this.#writeFault(request);
  }

  #noteFault({ faultId, step, atUs, detail }: Extract<LedgerRequest, { type: 'noteFault' }>): void {
    const noted = { type: 'noteFault', faultId, step, atUs, detail: JSON.stringify(detail) } as const;
    if (this.#thinner.isWritten(faultId)) this.#toBoth(noted);
    else this.#thinner.hold(faultId, noted);
  }

  #count({ counter, board }: Extract<LedgerRequest, { type: 'count' }>): void {
    this.#counters.count(counter, board ?? '');
    this.#scheduleCounters();
  }

  #scheduleCounters(): void {
    if (this.#countersScheduled) return;
    this.#countersScheduled = true;
    const { clock } = this.parts;
    clock.alarm(clock.nowUs() + COUNTERS_EVERY_US, () => {
      this.#countersScheduled = false;
      this.#countersToHot();
      if (this.#counters.hasRepeats) this.#countersToDisk();
    });
  }

  /** What a killed gateway must not lose, and a host that loses power neither: the journal has it before anything is done about it. */
  #toBoth(request: StoreRequest): void {
    const { hot, disk } = this.parts;
    hot.submit(request);
    if (hot !== disk) this.#toDisk(request.type === 'recordFence' ? { ...request, answer: false } : request);
  }

  #toDisk(request: StoreRequest): void {
    const { clock, disk } = this.parts;
    // Counts ride with what goes to the disk anyway: a transaction of their own would wear it for nothing.
    if (clock.nowUs() - this.#countersToDiskAtUs >= COUNTERS_EVERY_US) this.#countersToDisk();
    disk.submit(request);
  }

  #countersToHot(): void {
    const totals = this.#counters.takeTotals('hot');
    if (totals.length > 0) this.parts.hot.submit({ type: 'setCounters', totals });
  }

  #countersToDisk(): void {
    const { hot, disk, clock } = this.parts;
    this.#countersToDiskAtUs = clock.nowUs();
    for (const [faultId, repeats] of this.#counters.takeRepeats())
      disk.submit({ type: 'addRepeats', faultId, repeats });
    const totals = this.#counters.takeTotals('disk');
    if (totals.length > 0 && hot !== disk) disk.submit({ type: 'setCounters', totals });
  }
}

/** What a list says of it: what differs in that is another fault (the direction of a switchover, the sensor, the reason). */
function toldAs({ faultId, ...opened }: FaultRecord): string {
  const rest = { wallTime: '', wallTimeTrusted: false, bootId: '', input: null, closedAt: null, repeats: 0 };
  return titleOf({ id: faultId, ...opened, ...rest, timeline: [] });
}

function fileStandby(file: FileStandby['file'], { standby, path }: StoreClient): FileStandby | null {
  return standby === null ? null : { ...standby, file, path };
}
