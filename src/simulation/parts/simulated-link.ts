import { FlashSum } from '../../link/harness/flash-sum.js';
import { InputMemory } from '../../link/harness/input-memory.js';
import { ResultCollector } from '../../link/harness/result-collector.js';
import { selfTestReportFromWire } from '../../link/harness/self-test-report.js';
import { helloFromWire, reportFromWire, toWire } from '../../link/harness/wire-message.js';
import type { FromBoard, ToBoard } from '../../pair/result/messages.js';
import type { FromBoardMessage, ToBoardMessage } from '../../protocol/messages.generated.js';
import type { Schedule } from '../schedule.js';
import type { SeededChoices } from '../seeded-choices.js';
import { Lane } from './lane.js';

/** A frame's time on a board's wire. */
export const FRAME_US = 900;

/** The way to one board, by messages: bytes and framing are left out, what the real link does with messages is not. */
export class SimulatedLink {
  /** The cable is in. */
  plugged = true;
  readonly toBoard: Lane<ToBoardMessage>;
  readonly fromBoard: Lane<FromBoardMessage>;
  #open = false;
  /** Pulled out since it was opened: whatever is plugged in next, this opening carries nothing any more. */
  #isHungUp = false;
  #inputs = new InputMemory();
  #collector = new ResultCollector();
  #flashSum = new FlashSum();

  constructor(
    schedule: Schedule,
    random: SeededChoices,
    toBoard: (message: ToBoardMessage) => void,
    private readonly heard: (session: number, message: FromBoard) => void,
    frameUs = FRAME_US,
  ) {
    this.toBoard = new Lane(schedule, random, frameUs, toBoard);
    this.fromBoard = new Lane(schedule, random, frameUs, (message) => this.#hear(message));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** A gateway has the port open. */
  open(): void {
    this.#open = true;
    this.#isHungUp = false;
    this.#collector.abandon();
    this.#flashSum = new FlashSum();
  }

  close(): void {
    this.#open = false;
    this.#collector.abandon();
  }

  /** The gateway died with all it knew; what it sent is on its way. */
  forget(): void {
    this.close();
    this.fromBoard.clear();
    this.#inputs = new InputMemory();
  }

  unplug(): void {
    this.plugged = false;
    this.#isHungUp = true;
    this.toBoard.clear();
    this.fromBoard.clear();
  }

  send(session: number, message: ToBoard): void {
    if (message.kind === 'input') this.#inputs.remember(message);
    if (this.#carries) this.toBoard.push(toWire(session, message));
  }

  sendFromBoard(message: FromBoardMessage): void {
    if (this.#carries) this.fromBoard.push(message);
  }

  get #carries(): boolean {
    return this.plugged && this.#open && !this.#isHungUp;
  }

  #hear(message: FromBoardMessage): void {
    if (!this.#open) return;
    const heard = this.#translate(message);
    if (heard !== null) this.heard(message.session, heard);
  }

  #translate(message: FromBoardMessage): FromBoard | null {
    switch (message.kind) {
      case 'hello':
        this.#flashSum.heard(message);
        return helloFromWire(message);
      case 'result': {
        const collected = this.#collector.add(message);
        if (collected === null) return null;
        // Field by field: of all messages this is the one that comes most often.
        const { kind, seq, executionCount, parts, digest, hash, observed, inputCrc } = collected;
        const inputMatches = this.#inputs.matches(seq, inputCrc);
        return { kind, seq, executionCount, parts, digest, hash, observed, inputMatches };
      }
      case 'offer':
        return { kind: 'offer', payload: message.payload };
      case 'done':
      case 'failed':
      case 'state':
        return reportFromWire(message);
      case 'selfTestReport':
        return selfTestReportFromWire(message, this.#flashSum);
      case 'log':
        return null;
    }
  }
}
