type Name = 'a' | 'b';

/** Which board is plugged in at which port. The wires of the relay (and of RESET) lead to boards, whatever the cables do. */
export class Cables {
  #swapped = false;
  /** When they were last at the wrong ports; never: -∞. */
  swappedUntilUs = Number.NEGATIVE_INFINITY;

  get areSwapped(): boolean {
    return this.#swapped;
  }

  swap(atUs: number): void {
    this.#swapped = !this.#swapped;
    this.swappedUntilUs = this.#swapped ? Number.POSITIVE_INFINITY : atUs;
  }

  boardAt(port: Name): Name {
    if (!this.#swapped) return port;
    return port === 'a' ? 'b' : 'a';
  }

  portOf(board: Name): Name {
    return this.boardAt(board);
  }
}
