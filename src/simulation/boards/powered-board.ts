import type { HelloResetCause } from '../../protocol/messages.generated.js';
import type { Schedule } from '../schedule.js';
import type { SeededChoices } from '../seeded-choices.js';
import type { CopyName } from './copy-name.js';

export type BoardCondition = 'off' | 'in-reset' | 'starting' | 'running' | 'halted';

/** What any board has, whatever runs in it: power, a RESET line, and one life after the other. */
export abstract class PoweredBoard {
  /** How often it has started; tells its lives apart. */
  life = 0;
  condition: BoardCondition = 'off';
  /** Its RESET line is held. */
  #isHeld = false;

  constructor(
    readonly id: CopyName,
    protected readonly schedule: Schedule,
    protected readonly random: SeededChoices,
    private readonly startUs: number,
  ) {}

  /** What its output pin shows; null while the pin floats, or is at its safe level. */
  abstract get level(): number | null;

  /** It has shut itself down, and says so. */
  get hasFailed(): boolean {
    return false;
  }

  /** It can do its work: nobody has to press a button. */
  abstract get isSound(): boolean;

  /** Everything that is wrong with it for good is mended. */
  abstract mend(): void;

  /** What it had in its memory is gone, and its pins float. `starts`: it begins anew; otherwise it has no power. */
  protected abstract lose(starts: boolean): void;

  /** Its program begins. */
  protected abstract begin(cause: HelloResetCause): void;

  powerOn(cause: HelloResetCause = 'powerOn'): void {
    const life = ++this.life;
    this.condition = this.#isHeld ? 'in-reset' : 'starting';
    this.lose(true);
    this.schedule.after(this.random.vary(this.startUs), () => {
      if (life === this.life && this.condition === 'starting') this.begin(cause);
    });
  }

  powerOff(): void {
    this.condition = 'off';
    this.life++;
    this.lose(false);
  }

  /** R13: its pins float for as long as it is held. */
  holdInReset(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    if (this.condition !== 'off') this.powerOn();
  }

  releaseReset(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.condition !== 'off') this.powerOn('external');
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  restart(cause: HelloResetCause = 'watchdog'): void {
    if (this.condition !== 'off') this.powerOn(cause);
  }

  /** Holds its pins and does nothing more (R13). */
  halt(): void {
    if (this.condition === 'running') this.condition = 'halted';
  }
}
