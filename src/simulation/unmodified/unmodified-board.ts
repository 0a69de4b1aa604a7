import { crc32 } from '../../protocol/crc32.js';
import type { CopyName } from '../boards/copy-name.js';
import { PoweredBoard } from '../boards/powered-board.js';
import type { Schedule } from '../schedule.js';
import type { SeededChoices } from '../seeded-choices.js';
import { type DeviceReply, type DeviceRequest, NOT_TAKEN_CODE } from './device-messages.js';
import { type DeviceWork, decodeDeviceWork, isWrite, levelOf, type WorkKind } from './device-work.js';

export interface UnmodifiedBoardOptions {
  readonly id: CopyName;
  readonly executeUs: number;
  readonly startUs: number;
  /** It says so when it has started. */
  readonly hasBanner: boolean;
  /** The gateway's own question is answered with what is in its registers. */
  readonly isWatched: boolean;
}

/** What others want to know of a board, from outside. */
export interface UnmodifiedBoardObserver {
  /** It has done this, in the life that it leads. */
  carriedOut(board: UnmodifiedBoard, work: DeviceWork): void;
  levelChanged(board: UnmodifiedBoard): void;
}

/** What its firmware makes of an input that it would take otherwise. `doubted-done`: it says that it cannot tell, and has done it. */
export type Whim = 'not-taken' | 'doubted-done' | 'doubted-undone' | 'wrong';

/** First byte of what a board answers that it has not done. */
const CODES = { refused: 2, doubted: 4, begun: 5, busy: NOT_TAKEN_CODE } as const;

/**
 * A board with firmware of its own, such as a Modbus slave: it acts on a request and answers it, one after the other, and knows of
 * nothing else: no commits, no repeats, no sessions, no identity. Its state is the history of what it was told to write.
 */
export class UnmodifiedBoard extends PoweredBoard {
  executeUs: number;
  /** Of the next inputs of the client, in this order. */
  readonly whims: Whim[] = [];
  chain = 0;
  /** Writes in its history. */
  writes = 0;
  #level: number | null = null;
  #busyUntilUs = 0;

  constructor(
    readonly options: UnmodifiedBoardOptions,
    schedule: Schedule,
    random: SeededChoices,
    private readonly observer: UnmodifiedBoardObserver,
    private readonly send: (reply: DeviceReply) => void,
  ) {
    super(options.id, schedule, random, options.startUs);
    this.executeUs = options.executeUs;
  }

  override get level(): number | null {
    return this.#level;
  }

  override get isSound(): boolean {
    return this.condition === 'starting' || this.condition === 'running';
  }

  override mend(): void {
    this.whims.length = 0;
  }

  /** Somebody else's write hits its memory: nothing tells but what it answers from now on. */
  corruptState(): void {
    if (this.condition === 'running') this.chain = ~this.chain >>> 0;
  }

  /** Something happens at its pins that it tells of. */
  say(body: Uint8Array): void {
    if (this.condition === 'running') this.send({ kind: 'said', body });
  }

  /** It is taken when the board has time: it does one thing at once. */
  receive(request: DeviceRequest): void {
    if (this.condition !== 'running') return;
    const { life } = this;
    this.#busyUntilUs = Math.max(this.#busyUntilUs, this.schedule.nowUs) + this.random.vary(this.executeUs);
    this.schedule.at(this.#busyUntilUs, () => {
      if (life === this.life && this.condition === 'running') this.#answer(request);
    });
  }

  protected override lose(): void {
    this.chain = 0;
    this.writes = 0;
    this.#level = null;
    this.executeUs = this.options.executeUs;
    this.whims.length = 0;
    this.observer.levelChanged(this);
  }

  protected override begin(): void {
    this.condition = 'running';
    this.#busyUntilUs = this.schedule.nowUs;
    if (this.options.hasBanner) this.send({ kind: 'banner' });
  }

  #answer({ id, payload }: DeviceRequest): void {
    const work = payload === null ? null : decodeDeviceWork(payload);
    const say = (
      body: Uint8Array,
      rejected = false,
      ending: 'unfinished' | 'in-doubt' | 'not-taken' | null = null,
    ): void => this.send({ kind: 'answer', id, rejected, body, ending });
    if (work === null) return say(this.options.isWatched ? this.#registers() : new Uint8Array());
    const whim = this.whims.shift();
    if (whim === 'not-taken') return say(told(CODES.busy, work), false, 'not-taken');
    if (work.kind === 'refused') return say(this.#tell(CODES.refused, work), true);
    if (whim !== 'doubted-undone') this.#carryOut(work);
    if (whim === 'doubted-undone' || whim === 'doubted-done') return say(told(CODES.doubted, work), false, 'in-doubt');
    if (work.kind === 'begun') return say(this.#tell(CODES.begun, work), false, 'unfinished');
    const body = this.#tell(0, work);
    if (whim === 'wrong') body[body.length - 1] = ~(body[body.length - 1] ?? 0);
    say(body);
  }

  #carryOut(work: DeviceWork): void {
    if (changes(work.kind)) {
      this.chain = crc32(Uint8Array.of(work.number, work.number >>> 8, work.number >>> 16), this.chain);
      this.writes++;
    }
    this.observer.carriedOut(this, work);
    if (!isWrite(work)) return;
    this.#level = levelOf(work);
    this.observer.levelChanged(this);
  }

  /** With what is in its registers, so that each comparison is one of states. */
  #tell(code: number, work: DeviceWork): Uint8Array {
    return Uint8Array.from([...told(code, work), ...this.#registers()]);
  }

  #registers(): Uint8Array {
    const { chain } = this;
    return Uint8Array.of(chain, chain >>> 8, chain >>> 16, chain >>> 24);
  }
}

function changes(kind: WorkKind): boolean {
  return kind === 'write' || kind === 'begun' || kind === 'take';
}

/** Whose answer it is stands in it, so that one that went to another request shows. */
function told(code: number, { number }: DeviceWork): Uint8Array {
  return Uint8Array.of(code, number, number >>> 8, number >>> 16, number >>> 24);
}
