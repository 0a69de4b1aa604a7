import type { Clock } from '../../clock/clock.js';
import {
  type GpioChip,
  GpioError,
  type GpioHost,
  type HeldLine,
  type Level,
  type LineInfo,
} from '../gpio/gpio-chip.js';

/** The lines of the one relay that hangs on it. */
export const EMULATED_COIL = 'GPIO0';
export const EMULATED_FEEDBACK = 'GPIO1';

const NAMES = [EMULATED_COIL, EMULATED_FEEDBACK];
const PATH = 'emulated';

/**
 * A host with one chip of two lines, in memory: a coil, and a contact that reads where its armature stands. So an emulated
 * relay goes the whole way of a real one, from the command to the proof, and only the kernel's lines are made up.
 */
export class EmulatedRelayHost implements GpioHost {
  #coil: Level = 0;
  #contact: Level = 0;
  #cancelMove: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    /** From a change of the coil until the contact has moved. */
    private readonly operateUs: number,
  ) {}

  paths(): readonly string[] {
    return [PATH];
  }

  open(path: string): GpioChip {
    return {
      path,
      label: PATH,
      lineCount: NAMES.length,
      info: (offset) => this.#info(offset),
      request: (offset, request) => {
        if (request.direction === 'output') this.#energise(request.level);
        return this.#held(nameAt(offset));
      },
      close: () => undefined,
    };
  }

  #held(name: string): HeldLine {
    return {
      get: () => (name === EMULATED_COIL ? this.#coil : this.#contact),
      set: (level) => this.#energise(level),
      release: () => undefined,
    };
  }

  #info(offset: number): LineInfo {
    const name = nameAt(offset);
    return { name, consumer: '', isUsed: false, isOutput: name === EMULATED_COIL };
  }

  /** An armature that is called back in mid flight falls back without having been there. */
  #energise(level: Level): void {
    if (level === this.#coil) return;
    this.#coil = level;
    this.#cancelMove();
    this.#cancelMove = this.clock.alarm(this.clock.nowUs() + this.operateUs, () => {
      this.#contact = level;
    });
  }
}

function nameAt(offset: number): string {
  const name = NAMES[offset];
  if (name === undefined) throw new GpioError('EINVAL', `the emulated relay has no line ${offset}`);
  return name;
}
