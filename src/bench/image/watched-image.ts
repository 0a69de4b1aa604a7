import { ReplayBoard, type ReplayBoardOptions } from '../replay/replay-board.js';

/** The global interrupt flag. */
const SREG = 0x5f;
const SREG_I = 0x80;
const SAMPLES = 20;
const BETWEEN_SAMPLES_US = 997;
/** What every program does before main() takes longer. */
const LEAST_CYCLES = 50;
/** More passes are not looked at: each costs time. */
const MOST_SEEN = 100_000;

/** A board alone with an image, looked at for what a gateway would not see. */
export class WatchedImage {
  readonly replayed: ReplayBoard;
  #passesOfZero = 0;
  #passedAtCycle = Number.NEGATIVE_INFINITY;
  #seen = 0;

  constructor(options: ReplayBoardOptions) {
    this.replayed = new ReplayBoard(options);
    this.#watchZero();
  }

  get nowUs(): number {
    return this.replayed.board.nowUs;
  }

  /** How often it has come to address 0 by itself: not by a reset, but by a jump, or by a stack that was written over. */
  get jumpsToZero(): number {
    const { powerOn, external, watchdog } = this.replayed.board.starts;
    return this.#passesOfZero - (powerOn + external + watchdog);
  }

  /** Whether interrupts stay off: then it hears nothing. Its time goes on. */
  keepsInterruptsOff(): boolean {
    for (let sample = 0; sample < SAMPLES; sample++) {
      this.replayed.wait(BETWEEN_SAMPLES_US);
      const status = this.replayed.board.machine?.cpu.data[SREG] ?? SREG_I;
      if ((status & SREG_I) !== 0) return false;
    }
    return true;
  }

  #watchZero(): void {
    this.replayed.board.breakpointOnce(0, () => {
      const { cycles } = this.replayed.board.machine?.cpu ?? { cycles: 0 };
      // A program of one jump to itself does not begin anew.
      if (cycles - this.#passedAtCycle > LEAST_CYCLES) this.#passesOfZero++;
      this.#passedAtCycle = cycles;
      if (++this.#seen < MOST_SEEN) this.#watchZero();
    });
  }
}
