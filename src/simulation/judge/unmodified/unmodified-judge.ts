import type { StoreAnswer, StoreRequest } from '../../../ledger/worker/store-messages.js';
import type { FromBoard } from '../../../pair/result/messages.js';
import type { FaultRecord, PairEffect, RefusalReason } from '../../../pair/state/effects.js';
import type { PairState } from '../../../pair/state/pair-state.js';
import { isProtected } from '../../../pair/state/roles.js';
import type { Coverage } from '../../coverage.js';
import type { PlannedFault } from '../../faults/fault-kinds.js';
import { injectUnmodified } from '../../faults/inject-unmodified.js';
import type { Sight } from '../../parts/actuator.js';
import type { SimulatedGateway } from '../../parts/simulated-gateway.js';
import type { SeededChoices } from '../../seeded-choices.js';
import { type DeviceWork, encodeDeviceWork, isHarmless, WORK_KINDS } from '../../unmodified/device-work.js';
import type { UnmodifiedBoard } from '../../unmodified/unmodified-board.js';
import type { UnmodifiedObserver, UnmodifiedWorld } from '../../world/unmodified-world.js';
import type { BoardName } from '../../world/world.js';
import type { Broken, InvariantName } from '../invariants.js';
import type { RunJudge } from '../run-judge.js';
import { DeviceObservations } from './device-observations.js';
import { textOf } from './device-record.js';
import { judgeDeviceFile } from './judge-device-file.js';
import { judgeDeviceDriver, judgeDeviceSight } from './judge-device-output.js';
import { judgeDeviceQuiet } from './judge-device-quiet.js';
import {
  judgeDeviceAnswer,
  judgeDeviceGiven,
  noteCarriedOut,
  noteDoubtTold,
  noteReleased,
  noteTold,
} from './judge-device-work.js';

/** Numbers of what the person asks who looks whether all is well: none of the client's. */
const LOOKS_FROM = 1_000_000;

/** Watches a world of boards with firmware of their own, and says which promise is broken first. */
export class UnmodifiedJudge implements UnmodifiedObserver, RunJudge {
  readonly mustAccept = true;
  readonly observations: DeviceObservations;
  #looks = 0;

  constructor(coverage: Coverage, makeWorld: (judge: UnmodifiedJudge) => UnmodifiedWorld) {
    this.observations = new DeviceObservations(makeWorld(this), coverage);
  }

  get world(): UnmodifiedWorld {
    return this.observations.world;
  }

  get broken(): Broken | null {
    return this.observations.broken;
  }

  get owner(): string {
    return this.observations.owner;
  }

  get hasLostTail(): boolean {
    return this.observations.lostTails > 0;
  }

  /** Nobody can give a board its state, and what it would have to be given again may be in doubt. */
  get mayNeedAFreshStart(): boolean {
    return true;
  }

  breaks(name: InvariantName, text: string): void {
    this.observations.breaks(name, text);
  }

  strike(fault: PlannedFault, name: BoardName): void {
    const { observations } = this;
    if (fault.kind === 'gateway-stalled') observations.wronglyDrivenSinceUs = Number.POSITIVE_INFINITY;
    if (fault.kind === 'relay-stuck' || fault.kind === 'relay-slow') observations.relayFailed = true;
    if (fault.kind === 'host-power-cut') {
      observations.powerIsLost();
      observations.coverage.count('power cuts');
    }
    for (const board of injectUnmodified(this.world, fault, name)) observations.blame(board, fault.kind);
  }

  payloadOf(number: number, random: SeededChoices): Uint8Array {
    const kind = random.oneIn(3) ? random.pick(WORK_KINDS) : random.pick(['write', 'read'] as const);
    return encodeDeviceWork({ number, kind });
  }

  startedAfresh(): void {
    this.observations.doubted.clear();
  }

  mended(): void {
    this.observations.latestOrder = -1;
  }

  /** What boards of this kind differ in shows only when they are asked. */
  visited(): void {
    const { client } = this.world;
    if (client.open.size > 0) return;
    const number = LOOKS_FROM + this.#looks++;
    client.ask(`i${number}`, encodeDeviceWork({ number, kind: 'read' }));
  }

  quiet(): void {
    judgeDeviceQuiet(this.observations);
    this.observations.forgive();
  }

  carriedOut(board: UnmodifiedBoard, work: DeviceWork): void {
    noteCarriedOut(this.observations, board, this.observations.recordOfWork(work));
  }

  levelChanged(): void {
    // What of it reaches the actuator is judged there.
  }

  told(port: BoardName, message: FromBoard): void {
    noteTold(this.observations, port, message);
  }

  written(
    decides: boolean,
    requests: readonly StoreRequest[],
    answers: readonly StoreAnswer[],
    refusals: readonly string[],
  ): void {
    for (const refusal of refusals) this.breaks('ledgerTakesWhatItIsAsked', refusal);
    if (decides) judgeDeviceFile(this.observations, requests, answers);
  }

  sighted(sight: Sight): void {
    judgeDeviceSight(this.observations, sight);
  }

  tailLost(): void {
    this.observations.cuts++;
    this.observations.lostTails++;
    this.observations.latestOrder = -1;
    this.observations.coverage.count('lost tails');
  }

  restored({ pair }: SimulatedGateway): void {
    const { observations } = this;
    observations.owner = pair.lease.owner;
    for (const { id, membership } of pair.boards.values()) observations.memberStates.set(id, membership.state);
    if (!pair.start.freshLedger) observations.coverage.count('gateway restarts');
    if (pair.takeover !== null) observations.coverage.count('roll-forwards');
    if (observations.powerLost || pair.phase === 'stopped') observations.latestOrder = -1;
    if (pair.queue.inputs.size > 0) observations.mayDiffer = true;
    for (const { seq, commit } of pair.queue.inputs.values()) {
      const record = observations.recordOfSeq.get(seq);
      if (record === undefined || commit !== null || isHarmless(record.work)) continue;
      // What only the board had that a fence in the ledger has locked out is the takeover's, and its fault says so.
      if (record.givings.some(({ board }) => board !== pair.takeover?.from)) record.isInDoubt = true;
    }
  }

  stepped(pair: PairState): void {
    judgeDeviceDriver(this.observations);
    const [doubted] = this.observations.doubted;
    // What the gateway has not looked at yet, as its loop stood still, puts nothing in doubt for it.
    if (doubted !== undefined && isProtected(pair) && this.world.gateway?.hasLookedAtAll === true)
      this.breaks('protectedOnlyWhenCompared', `whether ${doubted.work.number} was carried out is in doubt`);
  }

  performing(effect: PairEffect): void {
    switch (effect.type) {
      case 'send':
        return judgeDeviceGiven(this.observations, effect);
      case 'passOn':
        if (this.observations.said.get(textOf([effect.body])) !== true)
          this.breaks('saidByThePrimaryAlone', `${textOf([effect.body])} is passed on`);
        return;
      case 'releaseInput':
        return noteReleased(this.observations, effect.seq);
      case 'moveRelay':
        return this.#relayCommanded(effect.to);
      case 'openFault':
        return this.#faultOpened(effect.fault);
      default:
        return;
    }
  }

  #faultOpened({ code, board, evidence }: FaultRecord): void {
    const { observations } = this;
    if (code === 'backup-behind') observations.blame(board ?? '', 'backup-behind');
    for (const told of [evidence['inDoubt'], evidence['mayHaveCarriedOut']]) {
      for (const seq of String(told ?? '').split(', ')) noteDoubtTold(observations, board, Number(seq));
    }
  }

  #relayCommanded(to: string): void {
    const { observations } = this;
    if (to !== observations.owner)
      this.breaks('relayOnlyAfterTheFence', `the relay was sent to ${to} while ${observations.owner} had the lease`);
    const { schedule, options } = this.world;
    const isLate = schedule.nowUs >= (observations.fences.at(-1)?.atUs ?? 0) + options.config.drainUs;
    if (isLate || observations.powerLost) observations.latestOrder = -1;
  }

  sent(): void {
    // What is asked for is promised only once it is accepted.
  }

  accepted(ref: string, seq: number): void {
    this.observations.accepted.set(ref, seq);
    if (!this.observations.recorded.has(seq))
      this.breaks('acceptedOnlyWhenRecorded', `${ref} was accepted as seq ${seq}`);
  }

  answered(ref: string, _seq: number, bodies: readonly Uint8Array[], repeat: boolean): void {
    const record = this.observations.records.get(numberOf(ref));
    if (record === undefined) return this.breaks('answerIsOfTheInput', `${ref} was answered and given to no board`);
    judgeDeviceAnswer(this.observations, record, bodies, repeat);
  }

  refused(ref: string, reason: RefusalReason): void {
    if (reason === 'full' || reason === 'stopped') return;
    const record = this.observations.records.get(numberOf(ref));
    // What waits for a person may be done after all; and it has been said, whatever a ledger loses of it.
    if (reason === 'quarantined') {
      if (record !== undefined) record.isDropped = true;
      return;
    }
    if (record !== undefined) {
      record.refused = reason;
      if (reason === 'in-doubt') record.isInDoubt = true;
    }
    if (reason === 'ref-used') this.breaks('sameAnswerAgain', `${ref} was refused as used for something else`);
  }
}

function numberOf(ref: string): number {
  return Number(ref.slice(1));
}
