import { describe, expect, it } from 'vitest';
import { createInput } from '../../../src/pair/input/intake.js';
import { beforeStep } from '../../../src/pair/invariants/before-step.js';
import { BrokenInvariant } from '../../../src/pair/invariants/broken-invariant.js';
import { checkStep } from '../../../src/pair/invariants/check-step.js';
import { CORE_INVARIANTS, type CoreInvariant } from '../../../src/pair/invariants/invariant-names.js';
import { newTakeover } from '../../../src/pair/membership/lease.js';
import type { InputRow } from '../../../src/pair/result/ledger-rows.js';
import { newBoard } from '../../../src/pair/state/board-state.js';
import type { PairEffect } from '../../../src/pair/state/effects.js';
import type { PairEvent } from '../../../src/pair/state/events.js';
import type { Input, PairState, Phase, Step } from '../../../src/pair/state/pair-state.js';
import { restore } from '../../../src/pair/state/restore.js';
import { boardOf } from '../../../src/pair/state/roles.js';
import { step } from '../../../src/pair/step.js';
import { PAIR_CONFIG, restoredPair } from '../gateway-kit.js';

const AT_US = 1000;
const NOTHING: PairEvent = { type: 'timePassed' };

/** A pair that serves, a leads, both boards in sync and open; inputs 1 and 2 are recorded, neither is committed. */
function serving(): PairState {
  const pair = restoredPair(0, { session: 1, boot: 7 });
  pair.phase = 'serving';
  pair.seqs.reservedThroughSeq = 16;
  for (const board of pair.boards.values()) {
    board.link.isUp = true;
    board.session.state = 'open';
  }
  for (const ref of ['one', 'two']) {
    const arrival = { ref, kind: 'input', payload: new Uint8Array(), isAccepted: false } as const;
    createInput({ pair, atUs: 0, effects: [], answers: [] }, arrival).recorded = true;
  }
  return pair;
}

/** Boards that cannot tell a repeat; whether the inputs may be given twice all the same. */
function withoutRepeats(mayRepeat: boolean): PairState {
  const { wire } = PAIR_CONFIG;
  const abilities = { ...wire.abilities, repeats: false };
  return { ...serving(), config: { ...PAIR_CONFIG, wire: { ...wire, abilities, mayRepeat: () => mayRepeat } } };
}

function inputOf(pair: PairState, seq: number): Input {
  const input = pair.queue.inputs.get(seq);
  if (input === undefined) throw new Error(`no input ${seq}`);
  return input;
}

/** What this step did, looked at; null: all is well. */
function brokenBy(
  pair: PairState,
  change: (pair: PairState) => readonly PairEffect[] | undefined,
  event: PairEvent = NOTHING,
  answers: Step['answers'] = [],
): CoreInvariant | null {
  const before = beforeStep(pair);
  const effects = [...(change(pair) ?? [])];
  try {
    checkStep(before, { ...event, atUs: AT_US }, { pair, atUs: AT_US, effects, answers });
    return null;
  } catch (error) {
    if (!(error instanceof BrokenInvariant)) throw error;
    expect(error.evidence).toMatchObject({ invariant: error.invariant, found: error.found, primary: pair.lease.owner });
    return error.invariant;
  }
}

function send(board: string, kind: 'input' | 'commit' | 'violation', seq = 1): PairEffect {
  const input = { probe: false, recall: false, position: 0, pairTimeMs: 0, observed: null, payload: new Uint8Array() };
  const message = { input: { kind: 'input', seq, ...input }, commit: { kind: 'commit', seq, hash: 7 } } as const;
  return { type: 'send', board, session: 1, message: kind === 'violation' ? { kind, seq } : message[kind] };
}

function exchange(seq: number, state: 'sent' | 'awaiting-commit' | 'acted' = 'sent') {
  const times = { spentUs: 0, legStartUs: AT_US, givenAtUs: AT_US };
  return [seq, { seq, state, ...times, repeats: 0, result: null, asked: false }] as const;
}

function give(pair: PairState, board: string, seq: number): PairEffect[] {
  boardOf(pair, board).work.exchanges.set(...exchange(seq));
  return [send(board, 'input', seq)];
}

const answer = (seq: number, repeat = false): PairEffect => {
  return { type: 'answer', seq, ref: 'one', kind: 'input', bodies: [], repeat, rejected: false };
};

const record = (seq: number, pairTimeMs = 5): PairEffect => {
  return { type: 'recordInput', seq, ref: 'three', kind: 'input', pairTimeMs, payload: new Uint8Array() };
};

const fence = (to: string, epoch = 2): PairEffect => {
  return { type: 'recordFence', from: 'a', to, faultId: 1, epoch, locksOut: true };
};

const granted = (seq: number): PairEvent => {
  return { type: 'commitAnswered', board: 'a', session: 1, seq, hash: 7, outcome: 'granted' };
};

const COMMIT = { board: 'a', epoch: 1, hash: 7, executionCount: 1, digest: 0, parts: [], observed: [] };

function restoredWith(row: Partial<InputRow>): PairState {
  const row1: InputRow = {
    ...{ seq: 1, ref: 'one', kind: 'input', pairTimeMs: 1, payload: new Uint8Array(), commit: null, emitted: false },
    ...{ doneBy: [], quarantined: false, finished: false, attemptedBy: [] },
    ...row,
  };
  return restore(
    PAIR_CONFIG,
    {
      ...{ epoch: 1, owner: 'a', inputs: [row1], reservedThroughSeq: 16, executionCount: 1 },
      ...{ highestSeq: 1, pairTimeMs: 1, reservedPairTimeMs: 1 },
      ...{ boards: [], nextFaultId: 1, unfinishedTakeover: null, stopped: false, hostRestarted: false, fresh: false },
      facts: {},
    },
    0,
  );
}

function set<Group extends object>(group: Group, change: Partial<Group>): undefined {
  Object.assign(group, change);
}

function inPhase(pair: PairState, phase: Phase): undefined {
  pair.phase = phase;
}

const STARTED: PairEvent = { type: 'started' };
const RESUME: PairEvent = { type: 'commandAsked', ref: 'r', command: 'resume' };
const STOPPED_FAULT: PairEffect = {
  type: 'openFault',
  fault: { faultId: 1, code: 'pair-stopped', board: null, seq: null, atUs: 0, evidence: { why: 'the relay' } },
};

type Story = readonly [name: string, invariant: CoreInvariant | null, found: () => CoreInvariant | null];

/** A step that breaks each promise, and beside it one that is near it and breaks none. */
const STORIES: readonly Story[] = [
  ['the lease goes to a stranger', 'onePrimary', () => brokenBy(serving(), (pair) => set(pair.lease, { owner: 'c' }))],
  [
    'evidence that nobody has acted on',
    'nothingIsLeftOver',
    () => brokenBy(serving(), (pair) => void pair.findings.noted.push({ kind: 'stop', why: 'x', seq: null })),
  ],
  [
    'an answer that nobody has compared',
    'nothingIsLeftOver',
    () => {
      const pair = serving();
      const result = { kind: 'result', seq: 1, executionCount: 1, parts: [], digest: 0, hash: 0 } as const;
      const answer = { ...result, observed: [], inputMatches: true };
      return brokenBy(pair, () => undefined, NOTHING, [
        { board: boardOf(pair, 'a'), input: inputOf(pair, 1), result: answer },
      ]);
    },
  ],
  [
    'the lease changes without a fence',
    'epochNeverFalls',
    () => brokenBy(serving(), (pair) => void pair.lease.epoch++),
  ],
  [
    'the fence comes with an epoch that was',
    'epochNeverFalls',
    () =>
      brokenBy(serving(), (pair) => void pair.lease.epoch--, {
        type: 'fenceRecorded',
        epoch: 0,
        owner: 'a',
        inputs: [],
      }),
  ],
  [
    'a fence to the next epoch',
    null,
    () =>
      brokenBy(
        serving(),
        fencing(() => [fence('b')]),
      ),
  ],
  [
    'a fence that skips an epoch',
    'oneFence',
    () =>
      brokenBy(
        serving(),
        fencing(() => [fence('b', 3)]),
      ),
  ],
  [
    'two fences in a step',
    'oneFence',
    () =>
      brokenBy(
        serving(),
        fencing(() => [fence('b'), fence('b')]),
      ),
  ],
  [
    'a fence while another one is in flight',
    'oneFence',
    () => {
      const pair = serving();
      fencing(() => [])(pair);
      return brokenBy(pair, () => [fence('b')]);
    },
  ],
  [
    'a fence to a board that is not there',
    'oneFence',
    () => {
      const pair = serving();
      boardOf(pair, 'b').session.state = 'closed';
      return brokenBy(
        pair,
        fencing(() => [fence('b')]),
      );
    },
  ],
  ['a phase without its takeover', 'phaseHoldsTogether', () => brokenBy(serving(), (pair) => inPhase(pair, 'moving'))],
  ['a drain for nobody', 'phaseHoldsTogether', () => brokenBy(serving(), (pair) => inPhase(pair, 'draining'))],
  ['the relay to the backup', 'relayOnlyToTheOwner', () => brokenBy(serving(), () => [{ type: 'moveRelay', to: 'b' }])],
  ['the relay to the owner', null, () => brokenBy(serving(), () => [{ type: 'moveRelay', to: 'a' }])],
  ['a seq that was given out', 'seqNeverTwice', () => brokenBy(serving(), () => [record(2)])],
  [
    'a seq twice in a step',
    'seqNeverTwice',
    () =>
      brokenBy(
        serving(),
        numbered(() => [record(3), record(3)]),
      ),
  ],
  [
    'a seq that nobody reserved',
    'seqNeverTwice',
    () =>
      brokenBy(
        serving(),
        numbered(() => [record(17)], 18),
      ),
  ],
  ['the next seq falls', 'seqNeverTwice', () => brokenBy(serving(), (pair) => void pair.seqs.nextSeq--)],
  [
    'a seq after the other',
    null,
    () =>
      brokenBy(
        serving(),
        numbered(() => [record(3), record(4)]),
      ),
  ],
  [
    'the reservation shrinks',
    'reservationNeverFalls',
    () => brokenBy(serving(), (pair) => set(pair.seqs, { reservedThroughSeq: 4 })),
  ],
  ['pair time falls', 'pairTimeNeverFalls', () => brokenBy(serving(), (pair) => set(pair.time, { lastMs: -1 }))],
  [
    'an input of before',
    'pairTimeNeverFalls',
    () =>
      brokenBy(
        serving(),
        numbered(() => [record(3, -1)]),
      ),
  ],
  [
    'a fault with an old number',
    'faultsAreNumberedOnce',
    () => brokenBy(serving(), () => [STOPPED_FAULT, STOPPED_FAULT]),
  ],
  [
    'numbers of faults fall',
    'faultsAreNumberedOnce',
    () => brokenBy(serving(), (pair) => set(pair.faults, { nextFaultId: 0 })),
  ],
  [
    'given before the ledger has it',
    'givenOnlyWhenRecorded',
    () =>
      brokenBy(serving(), (pair) => {
        inputOf(pair, 1).recorded = false;
        return give(pair, 'a', 1);
      }),
  ],
  [
    'accepted before the ledger has it',
    'givenOnlyWhenRecorded',
    () =>
      brokenBy(serving(), (pair) => {
        inputOf(pair, 1).recorded = false;
        return [{ type: 'accepted', ref: 'one', seq: 1 }];
      }),
  ],
  [
    'poison again',
    'quarantinedIsNotGiven',
    () =>
      brokenBy(serving(), (pair) => {
        inputOf(pair, 1).quarantined = true;
        return give(pair, 'a', 1);
      }),
  ],
  ['the primary gets an input', null, () => brokenBy(serving(), (pair) => give(pair, 'a', 1))],
  ['a copy before the primary', 'releasedOnlyByThePrimary', () => brokenBy(serving(), (pair) => give(pair, 'b', 1))],
  [
    'a copy with the result of the primary',
    'releasedOnlyByThePrimary',
    () => brokenBy(serving(), (pair) => primaryIs(pair, 'awaiting-commit')),
  ],
  ['a copy after the primary', null, () => brokenBy(serving(), (pair) => primaryIs(pair, 'acted'))],
  [
    'a copy with the result of the primary, where commits need both',
    null,
    () =>
      brokenBy({ ...serving(), config: { ...PAIR_CONFIG, commitNeeds: 'both' } }, (pair) =>
        primaryIs(pair, 'awaiting-commit'),
      ),
  ],
  [
    'a second giving of what changes something, to a board that cannot tell a repeat',
    'neverGivenTwice',
    () => brokenBy(withoutRepeats(false), (pair) => [...give(pair, 'a', 1), ...give(pair, 'a', 1)]),
  ],
  [
    'a second giving of what changes nothing',
    null,
    () => brokenBy(withoutRepeats(true), (pair) => [...give(pair, 'a', 1), ...give(pair, 'a', 1)]),
  ],
  [
    'more than the window',
    'windowIsKept',
    () => brokenBy(serving(), (pair) => [...give(pair, 'a', 1), ...give(pair, 'a', 2)]),
  ],
  [
    'a queue beyond its bound',
    'queueIsBounded',
    () =>
      brokenBy(serving(), (pair) => {
        for (let n = 0; n < 9; n++) {
          pair.queue.unnumbered.push({ ref: 'x', kind: 'input', payload: new Uint8Array(), isAccepted: false });
        }
        return undefined;
      }),
  ],
  [
    'work for a board that is locked out',
    'nothingToWhoIsOut',
    () => brokenBy(without('b'), (pair) => give(pair, 'b', 1)),
  ],
  [
    'DONE of a board that is locked out',
    'nothingToWhoIsOut',
    () => brokenBy(without('b'), () => [{ type: 'recordDone', board: 'b', seq: 1 }]),
  ],
  ['work in a stop', 'nothingInAStop', () => brokenBy(stopped(), (pair) => give(pair, 'a', 1))],
  [
    'an input in a stop',
    'nothingInAStop',
    () =>
      brokenBy(
        stopped(),
        numbered(() => [record(3)]),
      ),
  ],
  ['leave without a commit', 'grantedOnlyWhenCommitted', () => brokenBy(serving(), () => [send('a', 'commit')])],
  ['leave once the ledger has it', null, () => brokenBy(serving(), () => [send('a', 'commit')], granted(1))],
  [
    'a commit that the ledger has for another input',
    'grantedOnlyWhenCommitted',
    () => brokenBy(serving(), () => [send('a', 'commit')], granted(2)),
  ],
  [
    'a commit in an epoch to come',
    'committedOnlyInTheEpoch',
    () => brokenBy(serving(), () => [{ type: 'requestCommit', session: 1, seq: 1, ...COMMIT, epoch: 2 }]),
  ],
  ['an answer without a commit', 'emittedOnlyWhenCommitted', () => brokenBy(serving(), () => [answer(1)])],
  [
    // The core believes it; the ledger has never said so.
    'an answer that only the core calls committed',
    'emittedOnlyWhenCommitted',
    () =>
      brokenBy(serving(), (pair) => {
        inputOf(pair, 1).commit = COMMIT;
        return [answer(1)];
      }),
  ],
  ['an answer once the ledger has it', null, () => brokenBy(serving(), () => [answer(1)], granted(1))],
  ['two answers', 'emittedOnce', () => brokenBy(serving(), () => [answer(1), answer(1)], granted(1))],
  ['two answers, one marked', null, () => brokenBy(serving(), () => [answer(1), answer(1, true)], granted(1))],
  ['VIOLATION to the backup', 'violationOnlyToLockedOut', () => brokenBy(serving(), () => [send('b', 'violation')])],
  ['VIOLATION to whom it is due', null, () => brokenBy(without('b'), () => [send('b', 'violation')])],
  [
    'the ledger hears of the third copy',
    'thirdCopyIsNobody',
    () => brokenBy(withThird(), () => [{ type: 'recordMemberState', board: 'third', state: 'in-sync' }]),
  ],
  ['a stop without a word', 'stopHasAWayOut', () => brokenBy(serving(), (pair) => inPhase(pair, 'stopped'))],
  [
    'a stop without a reason',
    'stopHasAWayOut',
    () =>
      brokenBy(
        serving(),
        stopping(() => [{ type: 'recordStopped', stopped: true }]),
      ),
  ],
  [
    'a stop that the ledger does not hear of',
    'stopHasAWayOut',
    () =>
      brokenBy(
        serving(),
        stopping(() => [STOPPED_FAULT]),
      ),
  ],
  [
    'a stop that says why',
    null,
    () =>
      brokenBy(
        serving(),
        stopping(() => [STOPPED_FAULT, { type: 'recordStopped', stopped: true }]),
      ),
  ],
  [
    'resume is refused, and nothing else has to be said first',
    'stopHasAWayOut',
    () => brokenBy(stopped(), () => [{ type: 'commandRefused', ref: 'r', why: 'no' }], RESUME),
  ],
  [
    'resume is refused, as an input waits for a person',
    null,
    () => {
      const pair = stopped();
      inputOf(pair, 1).quarantined = true;
      return brokenBy(pair, () => [{ type: 'commandRefused', ref: 'r', why: 'first the input' }], RESUME);
    },
  ],
  ['it goes on by itself', 'onlyAPersonEndsAStop', () => brokenBy(stopped(), (pair) => inPhase(pair, 'starting'))],
  [
    'a person has it go on, and the ledger does not hear of it',
    'onlyAPersonEndsAStop',
    () => brokenBy(stopped(), (pair) => inPhase(pair, 'starting'), RESUME),
  ],
  ['a commit of a stranger', 'ledgerHoldsTogether', () => found({ commit: { ...COMMIT, board: 'z' } })],
  ['a commit of an epoch to come', 'ledgerHoldsTogether', () => found({ commit: { ...COMMIT, epoch: 9 } })],
  ['done by a stranger', 'ledgerHoldsTogether', () => found({ doneBy: ['z'] })],
  ['an input beyond the reservation', 'ledgerHoldsTogether', () => found({ seq: 17 })],
  ['a ledger that holds together', null, () => found({ commit: COMMIT, doneBy: ['a'] })],
];

function found(row: Partial<InputRow>): CoreInvariant | null {
  return brokenBy(restoredWith(row), () => undefined, STARTED);
}

function fencing(effects: () => PairEffect[]) {
  return (pair: PairState): PairEffect[] => {
    pair.phase = 'fencing';
    const what = { faultId: 1, from: 'a', to: 'b', reason: 'silent', keepsOut: false } as const;
    pair.takeover = newTakeover({ ...what, isOurDoing: false, isDistrusted: false, isReturn: false });
    return effects();
  };
}

function numbered(effects: () => PairEffect[], nextSeq = 5) {
  return (pair: PairState): PairEffect[] => {
    pair.seqs.nextSeq = nextSeq;
    return effects();
  };
}

function stopping(effects: () => PairEffect[]) {
  return (pair: PairState): PairEffect[] => {
    pair.phase = 'stopped';
    return effects();
  };
}

function primaryIs(pair: PairState, state: 'awaiting-commit' | 'acted'): PairEffect[] {
  boardOf(pair, pair.lease.owner).work.exchanges.set(...exchange(1, state));
  return give(pair, 'b', 1);
}

function without(board: string): PairState {
  const pair = serving();
  boardOf(pair, board).membership.state = 'locked-out';
  return pair;
}

function stopped(): PairState {
  const pair = serving();
  pair.phase = 'stopped';
  return pair;
}

function withThird(): PairState {
  const pair = serving();
  const boards = new Map([...pair.boards, ['third', newBoard('third')] as const]);
  return { ...pair, boards, config: { ...PAIR_CONFIG, thirdCopy: 'third' } };
}

describe('R30: what the core holds itself to at the end of every step', () => {
  it.for(STORIES)('R30: %s', ([_name, invariant, judged]) => {
    expect(judged()).toBe(invariant);
  });

  it('R30: each promise can be broken, and is found', () => {
    const told = new Set(STORIES.map(([, invariant]) => invariant));
    expect(Object.keys(CORE_INVARIANTS).filter((name) => !told.has(name as CoreInvariant))).toEqual([]);
  });

  it('R30: a step that breaks one throws, with the state as evidence, and asks for nothing', () => {
    const pair = serving();
    const event = { type: 'fenceRecorded', epoch: 0, owner: 'b', inputs: [] } as const;
    expect(() => step(pair, { ...event, atUs: AT_US })).toThrow(
      expect.objectContaining({
        invariant: 'epochNeverFalls',
        evidence: expect.objectContaining({
          found: 'from a, epoch 1, to b, epoch 0',
          event: 'fenceRecorded',
          boards: 'a in-sync open, b in-sync open',
          inputs: 2,
        }),
      }),
    );
  });

  it('R30: what was found twice stops the pair as it starts, with evidence, and resume is the way out', () => {
    const pair = restoredPair(0, { session: 1, boot: 7 });
    const mistake = { again: true, evidence: { invariant: 'onePrimary', found: 'two' } };
    const effects = step(pair, { type: 'started', mistake, atUs: 0 });
    expect(pair.phase).toBe('stopped');
    expect(effects).toContainEqual({ type: 'recordStopped', stopped: true });
    const faults = effects.flatMap((effect) => (effect.type === 'openFault' ? [effect.fault] : []));
    expect(faults.map(({ code }) => code)).toEqual(['gateway-restarted', 'own-mistake', 'pair-stopped']);
    expect(faults[1]?.evidence).toEqual({ invariant: 'onePrimary', found: 'two', again: true });
    const after = step(pair, { ...RESUME, atUs: 1 });
    expect(pair.phase).toBe('starting');
    expect(after).toContainEqual({ type: 'commandDone', ref: 'r', outcome: 'The pair starts again.' });
  });

  it('R30: what was found once is told, and the pair starts as ever', () => {
    const pair = restoredPair(0, { session: 1, boot: 7 });
    const effects = step(pair, { type: 'started', mistake: { again: false, evidence: { found: 'two' } }, atUs: 0 });
    expect(pair.phase).toBe('starting');
    expect(effects).toContainEqual(
      expect.objectContaining({
        fault: expect.objectContaining({ code: 'own-mistake', evidence: { found: 'two', again: false } }),
      }),
    );
  });
});
