type Name = 'a' | 'b';

/** Which board is plugged in at which port. The wires of the relay (and of RESET) lead to boards, whatever the cables do. */
export class Cables {
  #swapped = false;

  get areSwapped(): boolean {
    return this.#swapped;
  }

  swap(): void {
    this.#swapped = !this.#swapped;
  }

  boardAt(port: Name): Name {
    if (!this.#swapped) return port;
    return port === 'a' ? 'b' : 'a';
  }

  portOf(board: Name): Name {
    return this.boardAt(board);
  }
}
