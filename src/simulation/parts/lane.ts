import type { Schedule } from '../schedule.js';
import type { SeededChoices } from '../seeded-choices.js';

/** What befalls the next frames of a lane that are such ones. */
interface Mishap<Frame> {
  readonly kind: 'lost' | 'doubled' | 'late';
  readonly isSuch: (frame: Frame) => boolean;
  left: number;
}

/** How long things take. */
export type Delays = Pick<SeededChoices, 'vary' | 'between'>;

/** One direction of a link: frames keep their order, unless one comes late. */
export class Lane<Frame> {
  lost = 0;
  /** True: this frame is lost (or so damaged that its CRC does not hold, which is the same). */
  loses: (frame: Frame) => boolean = () => false;
  /** Frames that were to be lost or late since all was well. */
  disturbed = 0;
  #lastUs = 0;
  #cuts = 0;
  #mishaps: Mishap<Frame>[] = [];

  constructor(
    private readonly schedule: Schedule,
    private readonly delays: Delays,
    private readonly delayUs: number,
    private readonly deliver: (frame: Frame) => void,
  ) {}

  push(frame: Frame): void {
    const kind = this.loses(frame) ? 'lost' : this.#mishap(frame);
    if (kind === 'lost') {
      this.lost++;
      return;
    }
    const { nowUs } = this.schedule;
    if (kind === 'late') return this.#deliverAt(nowUs + this.delays.between(5_000, 80_000), frame);
    this.#lastUs = Math.max(this.#lastUs, nowUs + this.delays.vary(this.delayUs));
    this.#deliverAt(this.#lastUs, frame);
    if (kind === 'doubled') this.#deliverAt(this.#lastUs + this.delays.between(0, 20_000), frame);
  }

  /** A frame whose CRC does not hold counts as lost: nothing of it is believed. */
  disturb(kind: Mishap<Frame>['kind'], frames: number): void {
    this.#mishaps.push({ kind, isSuch: () => true, left: frames });
    if (kind !== 'doubled') this.disturbed += frames;
  }

  /** Loses the next frames that are such ones. */
  loseNext(isSuch: (frame: Frame) => boolean, frames = 1): void {
    this.#mishaps.push({ kind: 'lost', isSuch, left: frames });
  }

  /** From here on nothing befalls a frame. */
  settle(): void {
    this.#mishaps = [];
    this.disturbed = 0;
  }

  /** What is on its way is gone. */
  clear(): void {
    this.#cuts++;
    this.#mishaps = [];
  }

  #mishap(frame: Frame): Mishap<Frame>['kind'] | null {
    const index = this.#mishaps.findIndex(({ isSuch }) => isSuch(frame));
    const mishap = this.#mishaps[index];
    if (mishap === undefined) return null;
    mishap.left--;
    if (mishap.left <= 0) this.#mishaps.splice(index, 1);
    return mishap.kind;
  }

  #deliverAt(atUs: number, frame: Frame): void {
    const cuts = this.#cuts;
    this.schedule.at(atUs, () => {
      if (cuts === this.#cuts) this.deliver(frame);
    });
  }
}
