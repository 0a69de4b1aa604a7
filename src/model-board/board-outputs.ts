import type { ScriptedOutput } from './board-application.js';

interface OutputLine extends ScriptedOutput {
  acted: number;
  written: number;
  /** What the pin shows: differs from `written` only by a fault. */
  shown: number;
}

/** The outputs of a scripted board: what was committed, what was written, what the pins show. */
export class BoardOutputs {
  readonly #lines: readonly OutputLine[];
  readonly #onChange: (pin: number, duty: number) => void;

  constructor(outputs: readonly ScriptedOutput[], onChange: (pin: number, duty: number) => void) {
    this.#onChange = onChange;
    this.#lines = outputs.map((output) => ({ ...output, acted: output.safeLevel, written: 0, shown: 0 }));
    this.makeSafe();
  }

  /** R7: the one level an output may take without a commit. */
  makeSafe(): void {
    for (const line of this.#lines) this.#show(line, line.safeLevel);
  }

  /** Back to what was last committed, when a gateway takes a parked board back. */
  restoreActed(): void {
    for (const line of this.#lines) this.#show(line, line.acted);
  }

  /** A fresh session begins with what the pins have now. */
  adoptWritten(): void {
    for (const line of this.#lines) line.acted = line.written;
  }

  /** Takes committed levels; null leaves an output alone. */
  take(levels: readonly (number | null)[]): void {
    for (const [index, level] of levels.entries()) {
      const line = this.#lines[index];
      if (line === undefined || level === null) continue;
      line.acted = level;
      this.#show(line, level);
    }
  }

  /** R29: a pin that shows something else than was written was changed by nobody who may. */
  get areIntact(): boolean {
    return this.#lines.every(({ shown, written }) => shown === written);
  }

  readBack(): number[] {
    return this.#lines.map(({ shown }) => shown);
  }

  acted(): number[] {
    return this.#lines.map(({ acted }) => acted);
  }

  /** 0 to 255, by pin. */
  duty(pin: number): number {
    const line = this.#lines.find((output) => output.pin === pin);
    return line === undefined ? 0 : dutyOf(line);
  }

  /** A fault: the pin shows another level than was written. */
  corrupt(pin: number, level: number): void {
    const line = this.#lines.find((output) => output.pin === pin);
    if (line === undefined) return;
    line.shown = level;
    this.#onChange(pin, dutyOf(line));
  }

  #show(line: OutputLine, level: number): void {
    const before = dutyOf(line);
    line.written = level;
    line.shown = level;
    if (dutyOf(line) !== before) this.#onChange(line.pin, dutyOf(line));
  }
}

const dutyOf = ({ kind, shown }: OutputLine) => (kind === 'pwm' ? shown : shown * 255);
