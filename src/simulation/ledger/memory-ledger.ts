import type { FaultRecord, LedgerRequest } from '../../pair/effects.js';
import type { CommitOutcome, LedgerAnswer } from '../../pair/events.js';
import type { CommitRow, InputKind, InputRow, LedgerRows, Standing } from '../../pair/ledger-rows.js';
import type { BoardId, Seq } from '../../pair/messages.js';

interface StoredInput {
  seq: Seq;
  ref: string;
  kind: InputKind;
  pairTimeMs: number;
  payload: Uint8Array;
  commit: CommitRow | null;
  emitted: boolean;
  doneBy: BoardId[];
  quarantined: boolean;
  attemptedBy: BoardId[];
  finished: boolean;
  /** A person wanted it gone (R22). */
  dropped: boolean;
  /** The unbroken count of executions that its commit belongs to (R25). */
  line: number;
}

/** What a host that loses power may lose: the journal. The lease, the boards and the reservation are on disk. */
export interface Journal {
  inputs: Map<Seq, StoredInput>;
  verdicts: Set<string>;
  executionCount: number;
  line: number;
}

/** The rules of the ledger's door (R1, R8, R10, R23) in memory, so that a test decides when it answers. */
export class MemoryLedger {
  journal: Journal = { inputs: new Map(), verdicts: new Set(), executionCount: 0, line: 1 };
  epoch = 1;
  owner: BoardId;
  readonly boards = new Map<BoardId, { standing: Standing; session: number; boot: number | null }>();
  reservedThroughSeq = 0;
  nextFaultId = 1;
  takeover: LedgerRows['unfinishedTakeover'] = null;
  stopped = false;
  fresh = true;
  hostRestarted = false;
  readonly faults: FaultRecord[] = [];
  readonly notes: { faultId: number; step: string; atUs: number }[] = [];
  /** Every hash that was ever granted for a seq: more than one needs a verdict (R8). */
  readonly grantedHashes = new Map<Seq, Set<number>>();
  readonly granted: { board: BoardId; seq: Seq; epoch: number; digest: number; first: boolean }[] = [];
  readonly refused: { board: BoardId; seq: Seq; outcome: CommitOutcome }[] = [];
  readonly attempts: { board: BoardId; seq: Seq }[] = [];
  readonly fences: { epoch: number; from: BoardId; owner: BoardId; atUs: number; locksOut: boolean }[] = [];
  /** Every change of a standing, in order (the fence's own included). */
  readonly standings: { board: BoardId; standing: Standing; atUs: number }[] = [];
  /** What a well-behaved core never asks for. */
  readonly complaints: string[] = [];
  /** Of the commits up to this execution count not all are kept any more (R25: no replay from there). */
  historyForgottenThrough = 0;
  /** Every request in the order it was applied. */
  readonly applied: LedgerRequest['type'][] = [];
  /** The journal after each change of it, when kept: where a power cut may throw it back to. */
  readonly history: Journal[] = [];
  keepHistory = false;

  constructor(
    boards: readonly BoardId[],
    firstOwner: BoardId,
    private readonly nowUs: () => number,
  ) {
    this.owner = firstOwner;
    for (const board of boards) this.boards.set(board, { standing: 'in-sync', session: 0, boot: null });
  }

  apply(request: LedgerRequest): LedgerAnswer | null {
    this.fresh = false;
    this.applied.push(request.type);
    const answer = this.#apply(request);
    if (this.keepHistory) this.history.push(structuredClone(this.journal));
    return answer;
  }

  rows(): LedgerRows {
    const inputs = this.#unfinished();
    const rows: LedgerRows = {
      epoch: this.epoch,
      owner: this.owner,
      boards: [...this.boards].map(([board, row]) => ({ board, ...row })),
      inputs,
      reservedThroughSeq: this.reservedThroughSeq,
      pairTimeMs: Math.max(0, ...[...this.journal.inputs.values()].map((input) => input.pairTimeMs)),
      executionCount: this.journal.executionCount,
      nextFaultId: this.nextFaultId,
      unfinishedTakeover: this.takeover,
      stopped: this.stopped,
      hostRestarted: this.hostRestarted,
      fresh: this.fresh,
    };
    return structuredClone(rows);
  }

  input(seq: Seq): StoredInput | undefined {
    return this.journal.inputs.get(seq);
  }

  /** R27: the host lost power; of the journal only what was written by `journal` is left. */
  losePower(journal: Journal): void {
    this.journal = structuredClone(journal);
    this.hostRestarted = true;
  }

  faultCodes(): string[] {
    return this.faults.map((fault) => fault.code);
  }

  #apply(request: LedgerRequest): LedgerAnswer | null {
    const { inputs } = this.journal;
    switch (request.type) {
      case 'reserveSeqs':
        this.reservedThroughSeq = Math.max(this.reservedThroughSeq, request.throughSeq);
        return { type: 'seqsReserved', throughSeq: this.reservedThroughSeq };
      case 'recordInput':
        return this.#recordInput(request);
      case 'requestCommit':
        return this.#commit(request);
      case 'recordDone': {
        const input = inputs.get(request.seq);
        if (input !== undefined && !input.doneBy.includes(request.board)) input.doneBy.push(request.board);
        return { type: 'doneRecorded', board: request.board, seq: request.seq };
      }
      case 'recordEmitted': {
        const input = inputs.get(request.seq);
        if (input !== undefined) input.emitted = true;
        return null;
      }
      case 'recordVerdict':
        this.journal.verdicts.add(`${request.seq} ${request.board} ${request.hash}`);
        return null;
      case 'finishInput': {
        const input = inputs.get(request.seq);
        if (input === undefined) return null;
        if (input.kind === 'probe' && input.commit === null) inputs.delete(request.seq);
        else input.finished = true;
        if (input.commit === null && input.kind === 'input' && !input.dropped) {
          this.complaints.push(`R6: input ${request.seq} was finished without a commit`);
        }
        return null;
      }
      case 'recordAttempt': {
        const input = inputs.get(request.seq);
        this.attempts.push({ board: request.board, seq: request.seq });
        if (input !== undefined && !input.attemptedBy.includes(request.board)) input.attemptedBy.push(request.board);
        return null;
      }
      case 'quarantine': {
        const input = inputs.get(request.seq);
        if (input !== undefined) input.quarantined = true;
        return null;
      }
      case 'recordSession':
        Object.assign(this.#board(request.board), { session: request.session, boot: request.boot });
        return null;
      case 'recordStanding':
        this.#stand(request.board, request.standing);
        return null;
      case 'releaseInput': {
        const input = inputs.get(request.seq);
        if (input !== undefined) Object.assign(input, { quarantined: false, attemptedBy: [] });
        return null;
      }
      case 'dropInput': {
        const input = inputs.get(request.seq);
        if (input === undefined || input.dropped) return null;
        if (!input.quarantined || input.commit !== null || input.finished) {
          this.complaints.push(`R22: input ${request.seq} was dropped out of quarantine`);
          return null;
        }
        Object.assign(input, { finished: true, dropped: true });
        return null;
      }
      case 'readHistory':
        return this.#history(request);
      case 'recordFence':
        return this.#fence(request);
      case 'recordTakeoverEnded':
        this.takeover = null;
        return null;
      case 'recordStopped':
        this.stopped = request.stopped;
        return null;
      case 'openFault':
        this.faults.push(request.fault);
        this.nextFaultId = Math.max(this.nextFaultId, request.fault.faultId + 1);
        return null;
      case 'noteFault':
        this.notes.push({ faultId: request.faultId, step: request.step, atUs: request.atUs });
        return null;
      case 'count':
        return null;
    }
  }

  #recordInput(request: Extract<LedgerRequest, { type: 'recordInput' }>): LedgerAnswer {
    const { seq, ref, kind, pairTimeMs, payload } = request;
    this.hostRestarted = false;
    if (seq > this.reservedThroughSeq) throw new Error(`NOT_RESERVED: seq ${seq}`);
    const same = this.journal.inputs.get(seq);
    if (same !== undefined) {
      if (same.ref !== ref) throw new Error(`seq ${seq} is used twice: for ${same.ref} and for ${ref}`);
      return { type: 'inputRecorded', seq };
    }
    if (kind === 'input') {
      for (const known of this.journal.inputs.values()) {
        if (known.kind !== 'input' || known.ref !== ref || known.dropped) continue;
        const answer = known.commit === null ? null : known.commit.parts.map((part) => part.body);
        return { type: 'inputKnown', seq, ref, knownSeq: known.seq, answer };
      }
    }
    const row = { commit: null, emitted: false, doneBy: [], quarantined: false, attemptedBy: [], finished: false };
    this.journal.inputs.set(seq, { seq, ref, kind, pairTimeMs, payload, ...row, dropped: false, line: 0 });
    return { type: 'inputRecorded', seq };
  }

  #commit(request: Extract<LedgerRequest, { type: 'requestCommit' }>): LedgerAnswer {
    const { board, session, seq, hash } = request;
    const outcome = this.#decide(request);
    if (outcome === 'granted') {
      const hashes = this.grantedHashes.get(seq) ?? new Set();
      this.grantedHashes.set(seq, hashes.add(hash));
    } else {
      this.refused.push({ board, seq, outcome });
    }
    return { type: 'commitAnswered', board, session, seq, hash, outcome };
  }

  #decide(request: Extract<LedgerRequest, { type: 'requestCommit' }>): CommitOutcome {
    const { board, epoch, seq, hash, executionCount, digest, parts, observed } = request;
    if (isFenced(this.#board(board).standing)) return 'locked-out';
    const input = this.journal.inputs.get(seq);
    if (input === undefined) throw new Error(`UNKNOWN_INPUT: commit of seq ${seq} by ${board}`);
    if (input.commit !== null) {
      if (input.commit.hash !== hash && !this.journal.verdicts.has(`${seq} ${board} ${hash}`)) return 'different';
      this.granted.push({ board, seq, epoch, digest, first: false });
      return 'granted';
    }
    if (input.dropped || this.owner !== board || this.epoch !== epoch) return 'not-owner';
    if (this.#board(board).standing !== 'in-sync') return 'not-owner';
    input.commit = { board, epoch, hash, executionCount, digest, parts, observed };
    if (executionCount <= this.journal.executionCount) this.journal.line++;
    this.journal.executionCount = executionCount;
    input.line = this.journal.line;
    this.granted.push({ board, seq, epoch, digest, first: true });
    return 'granted';
  }

  /** R10: one transaction. The lease goes only to a board that is in sync; whoever asks otherwise is told by the owner. */
  #fence(request: Extract<LedgerRequest, { type: 'recordFence' }>): LedgerAnswer {
    const { from, to, faultId, locksOut } = request;
    const { standing } = this.#board(to);
    if (standing !== 'in-sync') this.complaints.push(`R25: the lease was asked for ${to}, which is ${standing}`);
    if (this.owner === from && standing === 'in-sync') {
      this.epoch = Math.max(this.epoch + 1, request.epoch);
      this.owner = to;
      if (locksOut) this.#stand(from, 'locked-out');
      this.takeover = { faultId, from, to, planned: !locksOut };
      this.fences.push({ epoch: this.epoch, from, owner: to, atUs: this.nowUs(), locksOut });
    }
    return { type: 'fenceRecorded', epoch: this.epoch, owner: this.owner, inputs: structuredClone(this.#unfinished()) };
  }

  /** R25: the committed of this line without a hole; null when the next one is not here any more. */
  #history({ board, after, limit }: Extract<LedgerRequest, { type: 'readHistory' }>): LedgerAnswer {
    const answer = (inputs: InputRow[] | null): LedgerAnswer => ({ type: 'historyRead', board, after, inputs });
    const { executionCount, line, inputs } = this.journal;
    if (after >= executionCount) return answer([]);
    if (after < this.historyForgottenThrough) return answer(null);
    const count = (input: StoredInput): number => input.commit?.executionCount ?? 0;
    const later = [...inputs.values()]
      .filter((input) => input.line === line && count(input) > after)
      .sort((one, other) => count(one) - count(other))
      .slice(0, limit);
    const hole = later.findIndex((input, index) => count(input) !== after + index + 1);
    const unbroken = hole < 0 ? later : later.slice(0, hole);
    return answer(unbroken.length === 0 ? null : structuredClone(unbroken));
  }

  #stand(id: BoardId, standing: Standing): void {
    const board = this.#board(id);
    if (id === this.owner && standing === 'joining') this.complaints.push(`R25: the owner ${id} was made to join`);
    board.standing = standing;
    this.standings.push({ board: id, standing, atUs: this.nowUs() });
  }

  #unfinished(): InputRow[] {
    return [...this.journal.inputs.values()].filter((input) => !input.finished).sort((a, b) => a.seq - b.seq);
  }

  #board(id: BoardId): { standing: Standing; session: number; boot: number | null } {
    const board = this.boards.get(id);
    if (board === undefined) throw new Error(`no board ${id}`);
    return board;
  }
}

/** Its commits are constraint violations (R8). */
function isFenced(standing: Standing): boolean {
  return standing === 'locked-out' || standing === 'kept-out';
}
