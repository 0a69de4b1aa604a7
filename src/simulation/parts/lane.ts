import type { Dice } from '../dice.js';
import type { Schedule } from '../schedule.js';

/** What befalls the next frames of a lane. */
interface Mishap {
  readonly kind: 'lost' | 'doubled' | 'late';
  left: number;
}

/** One direction of a link: frames keep their order, unless one comes late. */
export class Lane<Frame> {
  lost = 0;
  /** Frames that were to be lost or late since all was well. */
  disturbed = 0;
  #lastUs = 0;
  #cuts = 0;
  #mishaps: Mishap[] = [];

  constructor(
    private readonly schedule: Schedule,
    private readonly dice: Dice,
    private readonly delayUs: number,
    private readonly deliver: (frame: Frame) => void,
  ) {}

  push(frame: Frame): void {
    const kind = this.#mishap();
    if (kind === 'lost') {
      this.lost++;
      return;
    }
    const { nowUs } = this.schedule;
    if (kind === 'late') return this.#deliverAt(nowUs + this.dice.between(5_000, 80_000), frame);
    this.#lastUs = Math.max(this.#lastUs, nowUs + this.dice.vary(this.delayUs));
    this.#deliverAt(this.#lastUs, frame);
    if (kind === 'doubled') this.#deliverAt(this.#lastUs + this.dice.between(0, 20_000), frame);
  }

  /** A frame whose CRC does not hold counts as lost: nothing of it is believed. */
  disturb(kind: Mishap['kind'], frames: number): void {
    this.#mishaps.push({ kind, left: frames });
    if (kind !== 'doubled') this.disturbed += frames;
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

  #mishap(): Mishap['kind'] | null {
    const [mishap] = this.#mishaps;
    if (mishap === undefined) return null;
    mishap.left--;
    if (mishap.left <= 0) this.#mishaps.shift();
    return mishap.kind;
  }

  #deliverAt(atUs: number, frame: Frame): void {
    const cuts = this.#cuts;
    this.schedule.at(atUs, () => {
      if (cuts === this.#cuts) this.deliver(frame);
    });
  }
}
