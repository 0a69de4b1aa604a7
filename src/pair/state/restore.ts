import type { InputRow, LedgerRows } from '../result/ledger-rows.js';
import type { BoardId, Seq } from '../result/messages.js';
import { type BoardState, livesOf, newBoard } from './board-state.js';
import { newDrift } from './drift-state.js';
import { wasEndedInOrder } from './facts/ended-in-order.js';
import { restoreKnownHistory } from './facts/known-history.js';
import { restoredFrom } from './facts/restored-ledger.js';
import { type FailureReason, isJudgement } from './failure-reason.js';
import type { PairConfig } from './pair-config.js';
import type { Input, LedgerSaid, PairState } from './pair-state.js';

/** R27: the state as the ledger tells it. What only boards know, their HELLOs add; nothing else is remembered. */
export function restore(config: PairConfig, rows: LedgerRows, atUs: number): PairState {
  const boards = new Map<BoardId, BoardState>();
  for (const id of config.thirdCopy === null ? config.boards : [...config.boards, config.thirdCopy]) {
    const board = newBoard(id);
    const row = rows.boards.find((known) => known.board === id);
    if (row !== undefined) {
      // R25: a join that was interrupted starts clean.
      board.membership.state = row.standing === 'joining' ? 'set-aside' : row.standing;
      board.membership.joinFromUs = atUs;
      board.session.number = row.session;
      board.session.boot = row.boot;
      board.membership.exits = [...row.exits];
      board.identity.unit = Number(rows.facts[`unit.${id}`] ?? 0);
      board.identity.missedUnit = Number(rows.facts[`missed.${id}`] ?? 0);
    }
    // The third copy lives and dies with the gateway: it joins anew each time.
    if (id === config.thirdCopy) board.membership.state = 'set-aside';
    board.session.askedAtUs = atUs;
    boards.set(id, board);
  }
  const pairTimeMs = lastPairTimeMs(rows);
  const inputs = new Map<number, Input>();
  const lives = livesOf(boards.values());
  const open = rows.inputs.filter((row) => !row.finished);
  for (const row of open)
    inputs.set(row.seq, inputFromRow(row, { isEarlier: true, tailLost: rows.hostRestarted }, lives));
  const takeover = rows.unfinishedTakeover;
  return {
    config,
    phase: rows.stopped ? 'stopped' : 'starting',
    lease: { epoch: rows.epoch, owner: rows.owner },
    boards,
    queue: {
      inputs,
      unsentAnswers: rows.inputs
        .filter((row) => row.finished)
        .map((row) => inputFromRow(row, { isEarlier: true, tailLost: rows.hostRestarted }, lives)),
      releaseOrder: open
        .filter((row) => row.commit !== null)
        .sort((a, b) => (a.commit?.executionCount ?? 0) - (b.commit?.executionCount ?? 0))
        .map((row) => row.seq),
      unnumbered: [],
      dropped: new Set(),
    },
    seqs: {
      // R1: the rest of the old reservation is skipped, whatever became of it.
      nextSeq: rows.reservedThroughSeq + 1,
      numbersFromSeq: rows.reservedThroughSeq + 1,
      reservedThroughSeq: rows.reservedThroughSeq,
      reserving: false,
      earlierThroughSeq: rows.highestSeq,
    },
    time: {
      baseMs: pairTimeMs + 1,
      zeroUs: atUs,
      lastMs: pairTimeMs,
      reservedMs: rows.reservedPairTimeMs,
    },
    takeover:
      takeover === null
        ? null
        : {
            faultId: takeover.faultId,
            from: takeover.from,
            to: takeover.to,
            reason: takeover.planned ? null : reasonOf(takeover.reason),
            keepsOut: takeover.reason === 'mismatch' || boards.get(takeover.from)?.membership.state === 'kept-out',
            isOurDoing: false,
            // What tells it is in the fault log alone; whoever was judged is known all the same.
            isDistrusted: isJudgement(reasonOf(takeover.reason)),
            isReturn: false,
            lost: [],
            fencedAtUs: atUs,
            relayCommanded: false,
            relayMoved: false,
            // R26: before a planned fence both boards had acted on everything; a lost tail may have held that.
            list: new Set(takeover.planned && !rows.hostRestarted ? [] : unfinishedAt(rows, takeover.to)),
            answered: false,
            given: false,
          },
    switchover: null,
    // R26: where it stood is not known any more: a board that was being flashed is kept out, one on trial is refused.
    update: null,
    findings: { noted: [], pending: null, waitingForPrimary: false },
    comparison: { dispute: null, lastAgreed: null, drift: newDrift(config.sources) },
    relay: { isAway: false, transient: null, cutOff: null },
    start: {
      tailMayBeLost: rows.hostRestarted,
      tailWasLost: false,
      endedInOrder: wasEndedInOrder(rows),
      restoredFrom: restoredFrom(rows),
      freshLedger: rows.fresh || hasNoPast(rows),
      executionCount: rows.executionCount,
      resuming: false,
    },
    history: restoreKnownHistory(rows),
    faults: { nextFaultId: rows.nextFaultId, notRecorded: new Map() },
    lastWorkUs: atUs,
    lastProbeUs: atUs,
    counts: { answered: 0, rejected: 0, refused: 0, given: 0 },
    ledgerSaid: ledgerSaidOf(rows),
  };
}

/** The inputs may have lost their tail, and the boards' rows not: pair time never goes back behind what either has seen. */
function lastPairTimeMs({ pairTimeMs, boards }: LedgerRows): number {
  return Math.max(pairTimeMs, ...boards.flatMap(({ exits }) => exits));
}

/** A gateway has made it, and ended before it had opened any board (a relay's line was missing): no board can be at odds with it. */
function hasNoPast({ boards, stopped, unfinishedTakeover }: LedgerRows): boolean {
  return !stopped && unfinishedTakeover === null && boards.every(({ session }) => session === 0);
}

/** `lives`: that of each board that the ledger knows. */
export function inputFromRow(
  row: InputRow,
  { isEarlier, tailLost }: Pick<Input, 'isEarlier' | 'tailLost'>,
  lives: ReadonlyMap<BoardId, string>,
): Input {
  return {
    seq: row.seq,
    ref: row.ref,
    kind: row.kind,
    pairTimeMs: row.pairTimeMs,
    payload: row.payload,
    recorded: true,
    isAccepted: true,
    commit: row.commit,
    proposed: null,
    answers: new Map(),
    arbitrated: false,
    operatorOverride: false,
    operatorRetries: false,
    asked: [],
    emission: row.emitted ? 'sent' : 'none',
    isEarlier,
    // R23: it may have been answered by an earlier life of the gateway, which did not live to record it.
    restored: row.commit !== null || tailLost,
    tailLost,
    doneBy: new Set(row.doneBy),
    attemptedBy: new Set(row.attemptedBy),
    attemptedIn: new Set(row.attemptedBy.map((board) => lives.get(board) ?? board)),
    quarantined: row.quarantined,
    wasUnanswered: false,
    disputedResult: null,
    finished: false,
  };
}

/** Why the old primary was fenced a start need not know, but for this: was it judged wrong, so that its results do not count? */
function reasonOf(code: string | null): FailureReason {
  return code === 'mismatch' || code === 'judged-wrong' ? code : 'silent';
}

function unfinishedAt(rows: LedgerRows, board: BoardId): Seq[] {
  return rows.inputs.filter((row) => !row.finished && !row.doneBy.includes(board)).map((row) => row.seq);
}

function ledgerSaidOf({ inputs }: Pick<LedgerRows, 'inputs'>): LedgerSaid {
  return {
    committed: new Set(inputs.filter(({ commit }) => commit !== null).map(({ seq }) => seq)),
    answered: new Set(),
    given: new Map(),
  };
}
