import type { MemberState } from '../../../pair/result/ledger-rows.js';
import type { Coverage } from '../../coverage.js';
import { type DeviceWork, decodeDeviceWork, levelOf } from '../../unmodified/device-work.js';
import type { UnmodifiedWorld } from '../../world/unmodified-world.js';
import { BOARD_NAMES } from '../../world/world.js';
import type { Broken, InvariantName } from '../invariants.js';
import { type DeviceRecord, newRecord } from './device-record.js';

/** Answers that are lost, late, in doubt or not given: the board is asked whether it is there, and goes on. */
const BORNE_ALONE: readonly string[] = ['frames-lost', 'frames-late', 'answers-in-doubt', 'answers-not-taken'];

/** What was seen of a world of boards with firmware of their own: at the boards, at the actuator, at the client, in the ledger's file. */
export class DeviceObservations {
  owner = '';
  readonly memberStates = new Map<string, MemberState>();
  /** By the client's number. */
  readonly records = new Map<number, DeviceRecord>();
  readonly recordOfSeq = new Map<number, DeviceRecord>();
  readonly recordOfLevel = new Map<number, DeviceRecord>();
  /** Seqs that the ledger has. */
  readonly recorded = new Set<number>();
  readonly accepted = new Map<string, number>();
  /** Power cuts, and tails that a ledger has lost. */
  cuts = 0;
  lostTails = 0;
  /** The life in which a board was when all was well. */
  readonly soundLives = new Map<string, number>();
  readonly blamed = new Map<string, Set<string>>();
  /** Carried out so far. */
  carriedOut = 0;
  /** The place of the latest write that the actuator saw and the gateway heard of; -1: anything may come. */
  latestOrder = -1;
  readonly fences: { readonly atUs: number; readonly from: string; readonly to: string; readonly locksOut: boolean }[] =
    [];
  /** Since all was well: the relay was stuck or slow; the host lost its power. */
  relayFailed = false;
  powerLost = false;
  /** A gateway died with inputs in work, or an answer was lost: whoever may have carried one out, or not, joins anew (R31). */
  mayDiffer = false;
  wronglyDrivenSinceUs: number | null = null;
  drivenStoppedSinceUs: number | null = null;
  /** What boards said unasked, and whether they led then. */
  readonly said = new Map<string, boolean>();
  /**
   * Boards that may differ, as the gateway knows: the writes of which one has said that it cannot tell. Over when a later input is
   * answered alike by both, or one of them has left.
   */
  readonly doubted = new Set<DeviceRecord>();

  /** The promise that was broken first: what is broken after it follows from it. */
  broken: Broken | null = null;

  constructor(
    readonly world: UnmodifiedWorld,
    readonly coverage: Coverage,
  ) {}

  breaks(name: InvariantName, text: string): void {
    this.broken ??= { name, text, atUs: this.world.schedule.nowUs };
  }

  /** Null: it is none of the client's. */
  recordOf(payload: Uint8Array): DeviceRecord | null {
    const work = decodeDeviceWork(payload);
    return work === null ? null : this.recordOfWork(work);
  }

  recordOfWork(work: DeviceWork): DeviceRecord {
    const known = this.records.get(work.number);
    if (known !== undefined) return known;
    const record = newRecord(work);
    this.records.set(work.number, record);
    this.recordOfLevel.set(levelOf(work), record);
    return record;
  }

  hasCause(board: string): boolean {
    // Which of two has begun anew, and has lost what it had, nothing says.
    const isAnew = BOARD_NAMES.some((name) => this.world.boards[name].life !== this.soundLives.get(name));
    return isAnew || (this.blamed.get(board)?.size ?? 0) > 0;
  }

  /** R31: not only what the board that drives has to bear where nobody could take over. */
  hasFailed(board: string): boolean {
    return this.hasCause(board) && [...(this.blamed.get(board) ?? [''])].some((kind) => !BORNE_ALONE.includes(kind));
  }

  blame(board: string, kind: string): void {
    this.blamed.set(board, (this.blamed.get(board) ?? new Set()).add(kind));
  }

  /** A host that loses its power forgets, with durability `process`, what was in work: nobody knows of any doubt either. */
  powerIsLost(): void {
    this.cuts++;
    this.powerLost = true;
    this.latestOrder = -1;
    if (this.world.options.durability === 'power') return;
    for (const record of this.records.values()) record.isInDoubt = false;
  }

  /** All is well: what befell a board before is over. */
  forgive(): void {
    this.blamed.clear();
    this.relayFailed = false;
    this.powerLost = false;
    this.mayDiffer = false;
    for (const name of BOARD_NAMES) this.soundLives.set(name, this.world.boards[name].life);
  }
}
