import type { StoreAnswer, StoreRequest } from '../../ledger/worker/store-messages.js';
import type { BoardRow } from '../../pair/result/ledger-rows.js';
import type { PairEffect, RefusalReason } from '../../pair/state/effects.js';
import type { PairState } from '../../pair/state/pair-state.js';
import type { ToBoardMessage } from '../../protocol/messages.generated.js';
import { type CopyName, THIRD } from '../boards/copy-name.js';
import { encodeWork, type Wrongness } from '../boards/history-application.js';
import type { SimulatedBoard } from '../boards/simulated-board.js';
import type { Coverage } from '../coverage.js';
import type { FaultKind, PlannedFault } from '../faults/fault-kinds.js';
import { injectFault } from '../faults/inject-fault.js';
import type { Sight } from '../parts/actuator.js';
import type { SimulatedGateway } from '../parts/simulated-gateway.js';
import type { SeededChoices } from '../seeded-choices.js';
import type { WorldObserver } from '../world/harness-world.js';
import type { BoardName, SimulatedWorld } from '../world/world.js';
import type { Broken, InvariantName } from './invariants.js';
import { judgeActed, judgeDriver, judgeGrant, judgeSight } from './judge-actuator.js';
import {
  judgeAnswer,
  judgeDispute,
  judgeEffect,
  noteError,
  noteInjectedFault,
  noteUntested,
} from './judge-arbitration.js';
import { forgetUnwrittenDeaths, judgeDeath, judgeGiven, noteHindrance } from './judge-flow.js';
import { judgeDelivered, judgeIdentity, judgeKnownUnits, noteKnownUnits } from './judge-identity.js';
import { judgeWritten } from './judge-ledger.js';
import { judgeQuiet } from './judge-quiet.js';
import { forgetUnwrittenRests, judgeRest, noteHealth } from './judge-rest.js';
import { forgetUnwrittenAttempts, judgeAlone } from './judge-suspects.js';
import { type Answer, Observations } from './observations.js';
import type { RunJudge } from './run-judge.js';

/** Watches a world and says which promise is broken first. */
export class Judge implements WorldObserver, RunJudge {
  readonly mustAccept = false;
  readonly observations: Observations;
  readonly #world: SimulatedWorld;

  constructor(coverage: Coverage, makeWorld: (judge: Judge) => SimulatedWorld) {
    const world = makeWorld(this);
    this.#world = world;
    this.observations = new Observations(world, coverage);
  }

  /** The promise that was broken first. */
  get broken(): Broken | null {
    return this.observations.broken;
  }

  get world(): SimulatedWorld {
    return this.#world;
  }

  get owner(): string {
    return this.observations.owner;
  }

  get hasLostTail(): boolean {
    return this.observations.lostTails > 0;
  }

  get mayNeedAFreshStart(): boolean {
    return this.observations.mayNeedAFreshStart;
  }

  breaks(name: InvariantName, text: string): void {
    this.observations.breaks(name, text);
  }

  strike(fault: PlannedFault, name: BoardName): void {
    this.expect(fault.kind, name);
    for (const board of injectFault(this.#world, fault, name)) this.observations.blame(board, fault.kind);
  }

  payloadOf(number: number, random: SeededChoices): Uint8Array {
    const parts = random.oneIn(4) ? random.between(1, 4) : 1;
    return encodeWork({ number, parts, reads: random.oneIn(2), rejected: random.oneIn(20), poison: false });
  }

  startedAfresh(): void {
    // That a board leaves now says nothing of who was wrong.
    this.observations.wrongCopies.dispute = null;
  }

  visited(): void {
    // Probes are compared, and whatever is wrong shows.
  }

  /** Before a fault strikes: what it makes possible. */
  expect(kind: FaultKind, board: BoardName): void {
    noteInjectedFault(this.observations, kind, board);
    if (kind === 'sensor-drifts') this.observations.drifted = true;
    if (kind === 'gateway-stalled') {
      this.observations.isHindered = true;
      // It can move no relay while it stands still.
      this.observations.wronglyDrivenSinceUs = Number.POSITIVE_INFINITY;
    }
    if (kind === 'host-power-cut') {
      this.observations.powerCuts++;
      this.observations.rests.clear();
      this.observations.tailLost = true;
      this.observations.coverage.count('power cuts');
      // Without its supply a coil lets go: whoever is connected at rest drives (R13 has `check` say so).
      if (!this.#world.options.relay.latching) this.observations.latestOrder = -1;
    }
    if (kind === 'frames-lost' || kind === 'frames-late') this.observations.framesDisturbed.add(board);
    if (kind === 'relay-stuck' || kind === 'relay-slow') this.observations.relayFailed = true;
    if (kind === 'output-corrupted') this.observations.corruptedOutputs.add(board);
  }

  tailLost(): void {
    this.observations.powerCuts++;
    this.observations.lostTails++;
    // What a board shows may be committed anew, with a later place.
    this.observations.shown.clear();
    // A host that loses its power in the middle of a switchover may hold the actuator off until the boards are heard.
    this.observations.switching = null;
    this.observations.rests.clear();
    this.observations.tailLost = true;
    // Who led may be lost as well: until the boards are heard the contact is where the files say.
    this.observations.latestOrder = -1;
    this.observations.leaseMayBeLost = true;
    // So may be what was decided about a difference.
    this.observations.wrongCopies.dispute = null;
    this.observations.coverage.count('lost tails');
  }

  restored(gateway: SimulatedGateway): void {
    const {
      lease: { owner: primary, epoch },
      boards,
      takeover,
      start: { freshLedger },
    } = gateway.pair;
    const { coverage } = this.observations;
    this.observations.outstanding.clear();
    forgetUnwrittenRests(this.observations);
    forgetUnwrittenDeaths(this.observations, gateway.pair.queue.inputs.values());
    forgetUnwrittenAttempts(this.observations, gateway.pair.queue.inputs.values());
    // The coil, which had let go, is put where the lease is: what the board at rest had shown says nothing of that one.
    // A lost fence is made up for once the boards are heard: until then nothing drives where there is a cut-off relay.
    const { relay, config } = this.#world.options;
    const isHeldOff = relay.latching && config.stopMeans === 'cut-off';
    if (this.observations.tailLost && !isHeldOff) this.observations.latestOrder = -1;
    // R13: stopped in the middle of a takeover, it has the contact where the lease is, with what the new primary had acted on.
    if (gateway.pair.phase === 'stopped' && takeover !== null) this.observations.latestOrder = -1;
    noteKnownUnits(this.observations);
    if (!freshLedger) coverage.count('gateway restarts');
    if (takeover !== null) coverage.count('roll-forwards');
    this.observations.reread({
      owner: primary,
      epoch,
      boards: [...boards.values()].map(({ id, membership: { state: memberState } }) => rowOf(id, memberState)),
    });
  }

  erred(copy: CopyName, wrongness: Wrongness): void {
    noteError(this.observations, copy, wrongness);
  }

  executed(board: SimulatedBoard, seq: number, executionCount: number, answer: number): void {
    const { observations } = this;
    observations.wrongCopies.answers[board.id].set(seq, answer);
    const life = observations.lifeOf(board);
    if (life.executed.has(seq))
      this.breaks('executedOnce', `board ${board.id} executed seq ${seq} again in life ${life.life}`);
    life.executed.add(seq);
    life.order.set(executionCount, seq);
    // What a board that is locked out had been given before goes nowhere (R12).
    const name = observations.nameOf(board.id);
    if (name === observations.owner || observations.memberStates.get(name) === 'locked-out') return;
    // The third copy may take its time, and be no longer, or not yet, in the pair.
    const known = this.#world.gateway?.pair.boards.get(name);
    const [memberState, session] = [known?.membership.state, known?.session.state];
    // Whoever led when this was given to it is lost.
    if (observations.leaseMayBeLost && session !== 'open') return;
    if (board.id === THIRD && memberState !== 'in-sync' && memberState !== 'joining') return;
    const original = observations.lives.get(observations.boardNamed(observations.owner))?.order.get(executionCount);
    if (original !== undefined && original !== seq) {
      this.breaks(
        'copiesInThePrimarysOrder',
        `execution ${executionCount} is seq ${original} on ${observations.owner}, seq ${seq} on ${board.id}`,
      );
    }
  }

  acted(board: SimulatedBoard, seq: number): void {
    const { observations } = this;
    const life = observations.lifeOf(board);
    if (life.acted.has(seq))
      this.breaks('actedOnce', `board ${board.id} acted on seq ${seq} again in life ${life.life}`);
    life.acted.add(seq);
    // R25: what a board is given again out of the ledger's history was committed long ago.
    const isCommitted = observations.inputs.get(seq)?.hash != null;
    if (board.id === THIRD) {
      if (!isCommitted) this.breaks('actsOnlyOnGrants', `the third copy acted on seq ${seq}, which is not committed`);
      return;
    }
    const isReplayed = !this.#world.options.transfersState && isCommitted;
    if (!isReplayed && !observations.granted[observations.nameOf(board.id) as BoardName].has(seq)) {
      this.breaks('actsOnlyOnGrants', `board ${board.id} acted on seq ${seq}, which was never granted to it`);
    }
    observations.actedAtUs[board.id].set(seq, this.#world.schedule.nowUs);
    judgeActed(observations, board, board.id, seq);
  }

  levelChanged(): void {
    // What of it reaches the actuator is judged there.
  }

  heard(board: SimulatedBoard, message: ToBoardMessage): void {
    const isNew = message.kind === 'open' && !message.resume && message.newSession !== board.core?.session;
    if (isNew) this.observations.openedAfresh(board.id);
    if (message.kind !== 'violation' && message.kind !== 'reset') return;
    // A frame of a session that has ended, doubled on its way, means nothing to the board.
    if (message.session !== board.core?.session) return;
    const { contact, options } = this.#world;
    // The primary itself is restarted only when a person has the pair go on after a stop.
    if (board.id === this.observations.owner && message.kind === 'reset') return;
    if (contact.at !== board.id || (contact.stuck && !options.relay.feedback)) return;
    // R27: it was on its way when the host lost its power, and the fence with the ledger's tail: who was locked out leads again.
    if (this.observations.leaseMayBeLost) return;
    this.breaks('violationOutOfReach', `board ${board.id} got ${message.kind} while the actuator hung on it`);
  }

  delivered(port: BoardName, board: BoardName, message: ToBoardMessage): void {
    if (message.kind === 'open') this.observations.openedAs.set(board, port);
    judgeDelivered(this.observations, port, board, message);
  }

  written(
    decides: boolean,
    requests: readonly StoreRequest[],
    answers: readonly StoreAnswer[],
    refusals: readonly string[],
  ): void {
    for (const refusal of refusals) this.breaks('ledgerTakesWhatItIsAsked', refusal);
    if (decides) judgeWritten(this.observations, requests, answers);
  }

  sighted(sight: Sight): void {
    judgeSight(this.observations, sight);
  }

  stepped(pair: PairState): void {
    noteHindrance(this.observations, pair);
    judgeDriver(this.observations);
  }

  perished(poison: number): void {
    judgeDeath(this.observations, poison);
  }

  performing(effect: PairEffect): void {
    const { gateway } = this.#world;
    if (gateway !== null) judgeEffect(this.observations, gateway.pair, effect);
    judgeIdentity(this.observations, effect);
    judgeAlone(this.observations, effect);
    if (effect.type === 'send' && effect.message.kind === 'input')
      judgeGiven(this.observations, effect.board, effect.message.seq);
    if (effect.type === 'send' && effect.message.kind === 'violation') this.#violated(effect.board);
    // A person has it tried again; or gives it up, and a client that did not hear so asks for it anew.
    if (effect.type === 'releaseInput' || effect.type === 'dropInput') this.observations.retries++;
    // R6: a backup that cannot keep up leaves, however sound it is.
    if (effect.type === 'openFault' && effect.fault.code === 'backup-behind') {
      this.observations.blame(effect.fault.board ?? '', 'backup-behind');
    }
    if (effect.type === 'recordMemberState' && effect.state === 'in-sync') {
      this.observations.executedWhenJoined.set(
        effect.board,
        this.observations.lives.get(effect.board)?.executed.size ?? 0,
      );
    }
    if (effect.type === 'recordHealth') noteHealth(this.observations, effect);
    if (effect.type === 'recordMemberState' && effect.state === 'joining') judgeRest(this.observations, effect.board);
    if (effect.type === 'send' && effect.message.kind === 'commit')
      judgeGrant(this.observations, effect.board, effect.message.seq);
    if (effect.type === 'moveRelay') this.#relayCommanded(effect.to);
    if (effect.type === 'holdReset') this.#held(effect.board as BoardName);
  }

  /** R10, R13: a board that the actuator hangs on is held in RESET only to stop it. */
  #held(board: BoardName): void {
    const { contact, gateway, options, boards, lines } = this.#world;
    if (contact.at !== board || boards[board].isHeld || lines.isCut || gateway?.pair.phase === 'stopped') return;
    // What the coil let go of when the host lost power is on its way back.
    if ((contact.stuck && !options.relay.feedback) || this.observations.tailLost) return;
    this.breaks('violationOutOfReach', `board ${board} is held in RESET while the actuator hangs on it`);
  }

  #violated(board: string): void {
    const memberState = this.observations.memberStates.get(board);
    if (memberState !== 'locked-out' && memberState !== 'kept-out')
      this.breaks('violationOnlyToLockedOut', `board ${board} is ${memberState}`);
  }

  #relayCommanded(to: string): void {
    const { observations } = this;
    if (to !== observations.owner) {
      this.breaks('relayOnlyAfterTheFence', `the relay was sent to ${to} while ${observations.owner} had the lease`);
    }
    // R10: the new primary catches up first, for a bounded time; after that a level may be an older one.
    const { schedule, options } = this.#world;
    const fencedAtUs = observations.fences.at(-1)?.atUs ?? 0;
    const isLate = schedule.nowUs >= fencedAtUs + options.config.drainUs;
    // What was committed in a tail that a host lost, nobody knows to be left.
    if (isLate || observations.tailLost) observations.latestOrder = -1;
  }

  sent(): void {
    // What is asked for is promised only once it is accepted.
  }

  accepted(ref: string, seq: number): void {
    const { observations } = this;
    observations.accepted.set(ref, seq);
    if (observations.refOfSeq.get(seq) !== ref)
      this.breaks('acceptedOnlyWhenRecorded', `${ref} was accepted as seq ${seq}`);
  }

  answered(ref: string, seq: number, bodies: readonly Uint8Array[], repeat: boolean): void {
    const { observations } = this;
    const known = observations.answers.get(ref);
    const answer = { bodies, repeat, powerCuts: observations.powerCuts };
    observations.answers.set(ref, known === undefined ? [answer] : [...known, answer]);
    if (known !== undefined && !observations.arbitrated.has(seq)) this.#answeredAgain(ref, known, answer);
    if (repeat) observations.coverage.count('repeated answers');
    judgeAnswer(observations, ref, bodies, repeat);
    const input = observations.inputs.get(seq);
    if (input?.committedBy == null) this.breaks('answerIsCommitted', `${ref}, seq ${seq}, has no commit`);
  }

  #answeredAgain(ref: string, known: readonly Answer[], answer: Answer): void {
    // Of what a ledger lost with nobody left who could tell of it, it does not know that it was answered.
    const mayKnow = (one: Answer): boolean => this.observations.lostTails === 0 || one.powerCuts === answer.powerCuts;
    if (!answer.repeat && known.some((one) => !one.repeat && mayKnow(one))) {
      this.breaks('answeredOnceUnmarked', `${ref} was answered twice without a mark`);
    }
    // A host that lost the ledger's tail may execute again what is asked for again (docs/decisions.md).
    const before = known.find(({ powerCuts }) => powerCuts === answer.powerCuts);
    if (before === undefined) return;
    const [was, is] = [textOf(before.bodies), textOf(answer.bodies)];
    if (was !== is) this.breaks('sameAnswerAgain', `${ref} was answered ${was} and then ${is}`);
  }

  refused(ref: string, reason: RefusalReason): void {
    this.observations.refused.set(ref, reason);
    if (reason === 'ref-used') this.breaks('sameAnswerAgain', `${ref} was refused as used for something else`);
  }

  /** A person comes and mends what is broken. */
  mended(): void {
    noteUntested(this.observations);
  }

  /** Nothing more happens, and everything that was broken is repaired. */
  quiet(): void {
    judgeQuiet(this.observations);
    judgeKnownUnits(this.observations);
    judgeDispute(this.observations);
    this.observations.forgive();
  }
}

function textOf(bodies: readonly Uint8Array[]): string {
  return bodies.map((body) => body.join(',')).join(' ');
}

function rowOf(board: string, memberState: BoardRow['standing']): BoardRow {
  return { board, standing: memberState, session: 0, boot: null, exits: [] };
}
