/** What has come of an answer so far. Holds `maxBytes` at most: of a longer one it is only known that it was too long. */
export class AnswerCollector {
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get isTooLong(): boolean {
    return this.#length > this.maxBytes;
  }

  add(...pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#length += piece.length;
      if (this.isTooLong) this.#pieces = [];
      else this.#pieces.push(piece);
    }
  }

  /** All of it; the next answer begins. */
  take(): Uint8Array {
    const whole = new Uint8Array(this.#pieces.reduce((sum, piece) => sum + piece.length, 0));
    let end = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, end);
      end += piece.length;
    }
    this.drop();
    return whole;
  }

  drop(): void {
    this.#pieces = [];
    this.#length = 0;
  }
}
