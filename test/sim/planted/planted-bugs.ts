import { UNMODIFIED_FROM_SEED } from '../../../src/simulation/world/world-options.js';

export interface PlantedEdit {
  /** Compiled file, below dist. */
  readonly file: string;
  /** Must occur exactly once in it. */
  readonly find: string;
  readonly replace: string;
}

/** A weaker wording of a rule, planted into the compiled program: the simulation has to find it. */
export interface PlantedBug {
  /** The knob of the model that this is (reference: the weak wordings that were model-checked), or a name of its own. */
  readonly knob: string;
  readonly rule: string;
  /** What the program now does. */
  readonly wording: string;
  readonly edits: readonly PlantedEdit[];
  /** The first seed that is played; 1 when not given. Where it takes a rare constellation, one not far before it. */
  readonly from?: number;
  /** Seeds within which it must be found. */
  readonly seeds: number;
  /** Of each seed; 200 when not given. */
  readonly inputs?: number;
}

/** R30: what the core finds in itself is found before anybody outside can see it: it looks away, so that they have to. */
export const CORE_LOOKS_AWAY: PlantedEdit = {
  file: 'pair/step.js',
  find: '    checkStep(before, event, current);',
  replace: '',
};

/** R30: of those below, what the core finds in itself, within so many seeds. */
export const FOUND_BY_THE_CORE: Readonly<Record<string, number>> = { ACCEPT: 5, GATE: 10, ELIG: 60, FENCE: 5 };

const UNKNOWN_INPUT = "WHEN NOT EXISTS (SELECT 1 FROM input WHERE seq = NEW.seq) THEN RAISE(ABORT, 'UNKNOWN_INPUT')";

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    knob: 'ACCEPT',
    rule: 'R1',
    wording: 'an input is given to the primary before the ledger has it',
    edits: [
      {
        file: 'pair/input/feed.js',
        find: 'return input.recorded && !input.quarantined &&',
        replace: 'return !input.quarantined &&',
      },
    ],
    seeds: 5,
  },
  {
    knob: 'SEQ',
    rule: 'R1',
    wording: 'a start counts on from the highest seq that the ledger has, not from the reservation',
    edits: [
      {
        file: 'pair/state/restore.js',
        find: 'nextSeq: rows.reservedThroughSeq + 1,',
        replace: 'nextSeq: Math.max(0, ...rows.inputs.map((row) => row.seq)) + 1,',
      },
    ],
    seeds: 40,
  },
  {
    knob: 'GATE',
    rule: 'R2',
    wording: 'a copy is released with the grant, before the primary has acted',
    edits: [
      {
        file: 'pair/input/feed.js',
        find: '    return hasActedOn(pair, exchange);',
        replace: '    return input.commit !== null;',
      },
    ],
    seeds: 10,
  },
  {
    knob: 'ORD',
    rule: 'R3',
    wording: 'results are taken in the order of their arrival',
    edits: [
      {
        file: 'pair/input/results.js',
        find: 'exchange.result.executionCount === board.work.executionCount + 1 :',
        replace: 'true :',
      },
    ],
    seeds: 200,
  },
  {
    knob: 'RELEASE',
    rule: 'R3',
    wording: 'copies are released in the order of their seqs, without a place',
    edits: [
      {
        file: 'pair/input/feed.js',
        find: 'for (const seq of pair.queue.releaseOrder) {\n        const input = pair.queue.inputs.get(seq);\n        if (input === undefined || input.doneBy.has(follower.id)',
        replace:
          'for (const seq of [...pair.queue.releaseOrder].sort((one, other) => one - other)) {\n        const input = pair.queue.inputs.get(seq);\n        if (input === undefined || input.doneBy.has(follower.id)',
      },
      {
        file: 'pair/input/feed.js',
        find: 'reference.board !== board.id ? reference.executionCount : 0;',
        replace: 'reference.board !== board.id ? 0 : 0;',
      },
    ],
    seeds: 40,
  },
  {
    knob: 'SHADOW',
    rule: 'R8',
    wording: 'a commit that is not the first one needs the lease too',
    edits: [
      {
        file: 'ledger/schema/schema-3.js',
        find: UNKNOWN_INPUT,
        replace: `WHEN NOT EXISTS (SELECT 1 FROM lease WHERE owner = NEW.board) THEN RAISE(ABORT, 'NOT_OWNER') ${UNKNOWN_INPUT}`,
      },
    ],
    seeds: 5,
  },
  {
    knob: 'ADOPT',
    rule: 'R22',
    wording: 'what a fenced board had committed cannot be adopted by the new owner',
    edits: [
      {
        file: 'ledger/schema/schema-3.js',
        find: UNKNOWN_INPUT,
        replace: `WHEN EXISTS (SELECT 1 FROM input JOIN board ON board.board = input.commit_board
      WHERE input.seq = NEW.seq AND board.standing = 'locked-out') THEN RAISE(ABORT, 'NOT_OWNER') ${UNKNOWN_INPUT}`,
      },
    ],
    seeds: 30,
  },
  {
    knob: 'EMIT',
    rule: 'R9, R23',
    wording: 'an answer is recorded as sent before it has left',
    edits: [
      {
        file: 'pair/input/answer.js',
        find: "    step.effects.push({\n        type: 'answer',",
        replace:
          "    step.effects.push({ type: 'recordEmitted', seq: input.seq });\n    step.effects.push({\n        type: 'answer',",
      },
    ],
    seeds: 200,
  },
  {
    knob: 'REPEAT',
    rule: 'R23',
    wording: 'an answer that may have left before is not marked',
    edits: [
      {
        file: 'pair/state/restore.js',
        find: 'restored: row.commit !== null || tailLost,',
        replace: 'restored: false,',
      },
    ],
    seeds: 80,
  },
  {
    knob: 'ELIG',
    rule: 'R10',
    wording: 'the lease goes to a backup whatever its member state',
    edits: [
      {
        file: 'pair/state/roles.js',
        find: "return board.membership.state === 'in-sync' && board.session.state === 'open';",
        replace: "return board.session.state === 'open';",
      },
    ],
    seeds: 60,
  },
  {
    knob: 'DRAIN',
    rule: 'R10',
    wording: 'the relay moves with the fence, whatever is left to catch up with',
    edits: [
      {
        file: 'pair/failover/takeover.js',
        find: 'if (left === 0)\n        return true;',
        replace: 'if (left >= 0)\n        return true;',
      },
    ],
    from: 90,
    seeds: 40,
  },
  {
    knob: 'FENCE',
    rule: 'R10',
    wording: 'the relay is commanded before the ledger has the fence',
    edits: [
      {
        file: 'pair/membership/lease.js',
        find: "step.effects.push({ type: 'recordFence', from, to,",
        replace:
          "step.effects.push({ type: 'moveRelay', to });\n    step.effects.push({ type: 'recordFence', from, to,",
      },
    ],
    seeds: 5,
  },
  {
    knob: 'FLIST',
    rule: 'R12',
    wording: 'the takeover list comes from memory, not from the fence transaction',
    edits: [
      { file: 'pair/failover/takeover.js', find: 'input.commit ??= row.commit;', replace: '' },
      { file: 'pair/input/commits.js', find: 'noteCommit(pair.queue, answer);', replace: '' },
    ],
    seeds: 60,
  },
  {
    knob: 'CLOSE',
    rule: 'R12',
    wording: 'what an accused board says still counts until the fence is in',
    edits: [
      {
        file: 'pair/state/roles.js',
        find: "return pair.findings.pending !== null || (pair.phase === 'fencing' && !isPlanned(pair.takeover));",
        replace: 'return false;',
      },
    ],
    seeds: 200,
  },
  {
    knob: 'RETX',
    rule: 'R14',
    wording: 'nothing is repeated',
    edits: [{ file: 'pair/deadlines.js', find: 'const REPEATS = 2;', replace: 'const REPEATS = 0;' }],
    seeds: 150,
  },
  {
    knob: 'DLBOARD',
    rule: 'R14',
    wording: "the time that the ledger takes counts as the board's",
    edits: [
      {
        file: 'pair/deadlines.js',
        find: "return exchange.state === 'sent' ||",
        replace: "return exchange.state === 'awaiting-commit' || exchange.state === 'sent' ||",
      },
    ],
    seeds: 30,
  },
  {
    knob: 'STALL',
    rule: 'R14',
    wording: "the time that our own loop stood still counts as the board's",
    edits: [{ file: 'pair/deadlines.js', find: 'exchange.legStartUs += stalledUs;', replace: '{ }' }],
    seeds: 100,
  },
  {
    knob: 'PROBE',
    rule: 'R16',
    wording: 'an idle pair is not probed',
    edits: [{ file: 'pair/input/intake.js', find: 'if (probeEveryUs === 0 ||', replace: 'if (probeEveryUs !== 0 ||' }],
    seeds: 60,
  },
  {
    knob: 'DIGEST',
    rule: 'R18',
    wording: 'the digest of the state is not compared, and does not count in a hash',
    edits: [
      {
        file: 'pair/result/compare.js',
        find: 'if (areTold && committed.digest !== result.digest && !toleratesAny(fields))',
        replace: 'if (false)',
      },
      {
        file: 'protocol/result-hash.js',
        find: 'return crc32(putLittleEndian32(fewBytes.four, 0, digest), crc);',
        replace: 'return crc;',
      },
    ],
    seeds: 200,
  },
  {
    knob: 'ARB',
    rule: 'R19',
    wording: 'a backup that differs gets VIOLATION before anybody has judged',
    edits: [
      {
        file: 'pair/membership/membership.js',
        find: "takeOut(step, board, code === 'mismatch' ? 'kept-out' : 'set-aside');",
        replace:
          "if (code === 'mismatch') step.effects.push({ type: 'send', board: board.id, session: board.session.number, message: { kind: 'violation', seq } });\n    takeOut(step, board, code === 'mismatch' ? 'kept-out' : 'set-aside');",
      },
    ],
    seeds: 200,
  },
  {
    knob: 'OBSERVED',
    rule: 'R21',
    wording: 'the backup computes with its own readings',
    edits: [
      {
        file: 'pair/input/feed.js',
        find: 'const observed = reference !== null && reference.board !== board.id ? reference.observed : null;',
        replace: 'const observed = null;',
      },
    ],
    seeds: 5,
  },
  {
    knob: 'STOUT',
    rule: 'R25',
    wording: 'the levels of the outputs do not go with the state',
    edits: [
      {
        file: 'pair/join/write-state.js',
        find: 'outputs: last ? outputs : [], data });',
        replace: 'outputs: [], data });',
      },
    ],
    seeds: 30,
  },
  {
    knob: 'STIDLE',
    rule: 'R25',
    wording: 'a board gives its state with an input in work, and the gateway reads it then',
    edits: [
      {
        file: 'pair/join/read-state.js',
        find: 'primary.work.exchanges.size > 0 || pair.findings.pending !== null)',
        replace: 'pair.findings.pending !== null)',
      },
      {
        file: 'pair/join/read-state.js',
        find: 'return isQuiesced(pair, atUs) || !hasWorkForPrimary(pair);',
        replace: 'return true;',
      },
      {
        file: 'model-board/board-memory.js',
        find: 'const isGiven = !busy && !this.isTorn',
        replace: 'const isGiven = !this.isTorn',
      },
      { file: 'model-board/board-memory.js', find: 'busy: busy || this.isTorn,', replace: 'busy: this.isTorn,' },
    ],
    seeds: 200,
  },
  {
    knob: 'STCOUNT',
    rule: 'R25',
    wording: 'a board is in sync after its first comparison',
    edits: [{ file: 'pair/join/join.js', find: 'joining.done < joining.of)', replace: 'joining.done < 1)' }],
    seeds: 5,
  },
  {
    knob: 'REDONE',
    rule: 'R11',
    wording: 'a board does not answer a repeated COMMIT once it has acted',
    edits: [
      {
        file: 'model-board/board-exchange.js',
        find: "else if (slot.phase === 'acted')\n            slot.isDoneDue = true;",
        replace: "else if (slot.phase === 'acted')\n            ;",
      },
    ],
    seeds: 40,
  },
  {
    knob: 'CACHEW',
    rule: 'R11',
    wording: 'a board keeps only its last result, whatever its window',
    edits: [
      {
        file: 'model-board/board-exchange.js',
        find: 'return slot?.seq === seq ? slot : undefined;',
        replace: 'return slot?.seq === seq && (seq === this.#highestSeq || !isExecuted(slot)) ? slot : undefined;',
      },
    ],
    seeds: 60,
  },
  {
    knob: 'ACTORD',
    rule: 'R3',
    wording: 'a board acts in the order in which COMMITs come',
    edits: [
      {
        file: 'model-board/board-exchange.js',
        find: "if (slot.phase !== 'granted')\n                return;",
        replace: "if (slot.phase !== 'granted')\n                continue;",
      },
    ],
    from: 800,
    seeds: 40,
  },
  {
    knob: 'STALE',
    rule: 'R11',
    wording: 'a board executes an old input again that it no longer keeps',
    edits: [
      {
        file: 'model-board/board-exchange.js',
        find: 'return this.#highestSeq >= this.window && seq <= this.#highestSeq - this.window;',
        replace: 'return false;',
      },
    ],
    from: 600,
    seeds: 40,
  },
  {
    knob: 'HOLD',
    rule: 'R11, R27',
    wording: 'a board without a gateway gives up instead of parking',
    edits: [{ file: 'model-board/board-core.js', find: 'this.isParked = true;', replace: "this.stop('internal', 1);" }],
    seeds: 30,
  },
  {
    knob: 'R29',
    rule: 'R29',
    wording: 'a board does not look at its state before an input',
    edits: [
      {
        file: 'model-board/board-memory.js',
        find: 'return this.isTorn || this.digestNow === this.digest;',
        replace: 'return true;',
      },
    ],
    seeds: 80,
  },
  {
    knob: 'REST',
    rule: 'R19',
    wording: 'an intermittent board joins again at once',
    edits: [
      {
        file: 'pair/membership/fault-score.js',
        find: 'return Math.max(board.membership.joinFromUs, whenPairTimeIsUs(pair.time, untilMs));',
        replace: 'return board.membership.joinFromUs;',
      },
    ],
    seeds: 20,
  },
  {
    knob: 'AGRSAFE',
    rule: 'R8',
    wording: "where commits need both, nobody's agreement is waited for",
    edits: [
      {
        file: 'pair/input/agreement.js',
        find: "if (pair.config.commitNeeds === 'primary' || input.operatorOverride || isAloneWithIt(pair, input))",
        replace: 'if (true)',
      },
    ],
    seeds: 20,
  },
  {
    knob: 'OWNWORD',
    rule: 'R8',
    wording: "the primary's own answer counts as another copy's agreement",
    edits: [
      {
        file: 'pair/input/agreement.js',
        find: 'if (followersOf(pair).some((follower) => agrees(pair, input, follower) || hasActed(pair, input, follower)))',
        replace: 'if ([...pair.boards.values()].some((follower) => agrees(pair, input, follower)))',
      },
    ],
    seeds: 20,
  },
  {
    knob: 'HOLDALONE',
    rule: 'R8',
    wording: 'a primary that is alone goes on where it is to hold',
    edits: [
      {
        file: 'pair/input/agreement.js',
        find: "return pair.comparison.dispute === null && !canAnyoneAgree(pair) && pair.config.ifAlone === 'go-on';",
        replace: 'return pair.comparison.dispute === null && !canAnyoneAgree(pair);',
      },
    ],
    seeds: 40,
  },
  {
    knob: 'THIRDLEADS',
    rule: 'R19',
    wording: 'the third copy may take over where the backup is not in sync',
    edits: [
      {
        file: 'pair/state/roles.js',
        find: 'return boardOf(pair, pair.lease.owner === a ? b : a);',
        replace: `const other = boardOf(pair, pair.lease.owner === a ? b : a);
    const third = pair.config.thirdCopy === null ? other : boardOf(pair, pair.config.thirdCopy);
    return other.membership.state !== 'in-sync' && isEligible(third) ? third : other;`,
      },
    ],
    seeds: 40,
  },
  {
    knob: 'THIRDWAIT',
    rule: 'R5',
    wording: 'the primary is given nothing while the third copy is at work',
    edits: [
      {
        file: 'pair/input/feed.js',
        find: '|| hasSuspect(pair, primary))',
        replace:
          '|| hasSuspect(pair, primary) || followersOf(pair).some((one) => isThirdCopy(pair, one) && isBusy(one.work)))',
      },
      { file: 'pair/input/feed.js', find: 'followersOf, ', replace: 'followersOf, isThirdCopy, ' },
    ],
    seeds: 80,
  },
  {
    knob: 'THIRDTOLD',
    rule: 'R19',
    wording: 'the member state of the third copy is recorded as that of a board',
    edits: [
      {
        file: 'pair/membership/membership.js',
        find: 'board.membership.state = memberState;\n    if (!isThirdCopy(step.pair, board))\n        step.effects.push',
        replace: 'board.membership.state = memberState;\n    step.effects.push',
      },
    ],
    seeds: 10,
  },
  {
    knob: 'BLAME',
    rule: 'R19',
    wording: 'the third copy is taken to speak against whom it agrees with',
    edits: [
      {
        file: 'pair/arbitration/arbiters.js',
        find: "if (compareResults(dispute.reference, third, fields).verdict === 'match')\n        return decided('backup', evidence);",
        replace:
          "if (compareResults(dispute.reference, third, fields).verdict === 'match')\n        return decided('primary', evidence);",
      },
    ],
    seeds: 80,
  },
  {
    knob: 'VERDICT',
    rule: 'R8, R19',
    wording: 'the ledger is not told for whom it was decided',
    edits: [
      {
        file: 'pair/arbitration/arbitration.js',
        find: "step.effects.push({ type: 'recordVerdict', seq: input.seq, board: board.id, hash, verdict: 'arbitrated' });",
        replace: '',
      },
    ],
    seeds: 80,
  },
  {
    knob: 'LIMITS',
    rule: 'R19',
    wording: 'who is beyond a limit is taken for the right one',
    edits: [
      {
        file: 'pair/arbitration/arbiters.js',
        find: "? 'primary' : 'backup', {\n        ...{ decidedBy: 'plausibility'",
        replace: "? 'backup' : 'primary', {\n        ...{ decidedBy: 'plausibility'",
      },
    ],
    seeds: 80,
  },
  {
    knob: 'SELFTEST',
    rule: 'R19',
    wording: 'the primary is taken for the wrong one, whoever fails his test',
    edits: [
      {
        file: 'pair/arbitration/arbiters.js',
        find: "return decided(wrong, { decidedBy: 'self-test'",
        replace: "return decided('primary', { decidedBy: 'self-test'",
      },
    ],
    from: 210,
    seeds: 40,
  },
  {
    knob: 'TOLERANCE',
    rule: 'R20',
    wording: 'answers are compared byte by byte, whatever tolerance a field has',
    edits: [
      {
        file: 'pair/input/verdict-on.js',
        find: 'compareResults(committed, other, fields)',
        replace: 'compareResults(committed, other, [])',
      },
    ],
    seeds: 60,
  },
  {
    knob: 'DRIFT',
    rule: 'R21',
    wording: 'two sensors differ as soon as they are not equal',
    edits: [
      {
        file: 'pair/arbitration/sensor-drift.js',
        find: 'isWithin(one * source.scale, other * source.scale, source.tolerance)',
        replace: 'isWithin(one * source.scale, other * source.scale, 0)',
      },
    ],
    seeds: 5,
  },
  {
    knob: 'ALONE',
    rule: 'R22',
    wording: 'what a board may have died of is given in a window, with others beside it',
    edits: [
      {
        file: 'pair/input/feed.js',
        find: 'return input.attemptedBy.size > 0 && input.commit === null && !work.toRecover.includes(input.seq);',
        replace: 'return false;',
      },
    ],
    seeds: 10,
  },
  {
    knob: 'UNIT',
    rule: 'R13',
    wording: 'whoever answers at a port is taken for the board that belongs there',
    edits: [
      {
        file: 'pair/session/identity.js',
        find: 'const wrong = unit === 0 ? null : whatIsWrong(board, neighbour, unit);',
        replace: 'const wrong = null;',
      },
    ],
    from: 185,
    seeds: 20,
  },
  {
    knob: 'OPENED',
    rule: 'R22',
    wording:
      'a board that is restarted by opening its port has died of nothing, nor of what it was at work on when the pair stopped',
    edits: [
      {
        file: 'pair/failover/declare-failed.js',
        find: '    noteDeath(step, board);\n    stopPair(step, `board ${board.id} failed (${reason}) and no backup',
        replace:
          '    if (!isOurDoing(board, reason)) noteDeath(step, board);\n    stopPair(step, `board ${board.id} failed (${reason}) and no backup',
      },
      {
        file: 'pair/membership/membership.js',
        find: 'work.leftAtWork = [...work.leftAtWork, ...[...work.exchanges.values()].filter(isUntold)];',
        replace: 'void isUntold;',
      },
    ],
    from: 1_500,
    seeds: 600,
    inputs: 100,
  },
  {
    knob: 'SPARE',
    rule: 'R22',
    wording: 'a spare that has started as often as the board it replaces is that board',
    edits: [
      {
        file: 'pair/state/board-state.js',
        find: 'return `${id} ${unit} ${boot}`;',
        replace: 'return `${id} ${boot}`;',
      },
    ],
    from: 920_626,
    seeds: 1,
    inputs: 300,
  },
  {
    knob: 'WATCH',
    rule: 'R14',
    wording: 'a stall of our own is seen only by an alarm that is overdue',
    edits: [
      {
        file: 'pair/deadlines.js',
        find: 'export function countsBoardTime(pair) {',
        replace: 'export function countsBoardTime(pair) {\n    return false;',
      },
    ],
    from: 944_073,
    seeds: 1,
    inputs: 100,
  },
  {
    knob: 'TWICE',
    rule: 'R31',
    wording: 'a write whose answer is late is given once more to a board that cannot tell a repeat',
    edits: [
      {
        file: 'pair/deadlines.js',
        find: 'if (input === undefined || !mayGiveAgain(pair, input))',
        replace: 'if (input === undefined)',
      },
    ],
    from: UNMODIFIED_FROM_SEED + 1,
    seeds: 10,
  },
  {
    knob: 'NOTTAKEN',
    rule: 'R2',
    wording: 'what the primary has not taken is copied',
    edits: [
      {
        file: 'pair/input/endings.js',
        find: "if (result.ending === 'not-taken') {\n        shareNothing(step, input);\n        return 'no-copy';",
        replace: "if (result.ending === 'not-taken') {\n        return 'answer';",
      },
    ],
    from: UNMODIFIED_FROM_SEED + 40,
    seeds: 100,
  },
  {
    knob: 'DOUBTREDONE',
    rule: 'R31',
    wording: 'what a board had in its hands when the gateway died is given again',
    edits: [{ file: 'pair/session/in-flight.js', find: 'settle(step, primary, ofPrimary);', replace: 'void settle;' }],
    from: UNMODIFIED_FROM_SEED + 1,
    seeds: 30,
  },
  {
    knob: 'DOUBTUNTOLD',
    rule: 'R31',
    wording: 'a takeover does not say what the old primary may have carried out',
    edits: [{ file: 'pair/failover/declare-failed.js', find: ', ...mayHaveCarriedOut(pair, from) }', replace: ' }' }],
    from: UNMODIFIED_FROM_SEED + 1,
    seeds: 20,
  },
  {
    knob: 'EMPTYAGREES',
    rule: 'R25',
    wording: 'that two boards say nothing counts as a clean comparison',
    edits: [
      {
        file: 'pair/arbitration/comparison.js',
        find: ' && (tellsLife(step.pair) || tellsSomething(result))',
        replace: '',
      },
    ],
    from: UNMODIFIED_FROM_SEED + 1,
    seeds: 300,
  },
  {
    knob: 'HANDSCOPY',
    rule: 'R31',
    wording: 'a board that joins is given a copy of what it had in its hands when it left',
    edits: [
      {
        file: 'pair/input/results.js',
        find: 'const wasGiven = input.attemptedBy.has(follower.id) && isInDoubt(step.pair, input);',
        replace: 'const wasGiven = false;',
      },
      {
        file: 'pair/input/feed.js',
        find: 'return input.attemptedBy.has(follower.id) && isInDoubt(pair, input);',
        replace: 'return false;',
      },
    ],
    from: UNMODIFIED_FROM_SEED + 70,
    seeds: 40,
    inputs: 100,
  },
  {
    knob: 'DOUBTSTOPS',
    rule: 'R31',
    wording: 'a lost answer of the board that drives stops the pair, where nobody could take over',
    edits: [
      {
        file: 'pair/failover/declare-failed.js',
        find: 'if (isAskable(step.pair, board, reason))',
        replace: 'if (false)',
      },
    ],
    from: UNMODIFIED_FROM_SEED + 11_701,
    seeds: 60,
  },
  {
    knob: 'SAIDBYALL',
    rule: 'R9',
    wording: 'what the backup says unasked is passed on too',
    edits: [
      {
        file: 'pair/step.js',
        find: "if (boardId === pair.lease.owner)\n                current.effects.push({ type: 'passOn'",
        replace: "current.effects.push({ type: 'passOn'",
      },
    ],
    from: UNMODIFIED_FROM_SEED + 1,
    seeds: 30,
  },
];
