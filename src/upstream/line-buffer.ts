const NEWLINE = 10;

/** Cuts a byte stream into lines, one at a time, so that whoever takes them may stop in between. Not bounded by itself: see `heldBytes`. */
export class LineBuffer {
  #chunks: Buffer[] = [];
  /** Chunks known to have no newline. */
  #searched = 0;
  /** Bytes not yet taken. */
  heldBytes = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.heldBytes += chunk.length;
  }

  /** The next whole line without its newline; null when there is none yet. */
  next(): Buffer | null {
    for (; this.#searched < this.#chunks.length; this.#searched++) {
      const chunk = this.#chunks[this.#searched] as Buffer; // in range by the loop
      const at = chunk.indexOf(NEWLINE);
      if (at < 0) continue;
      const line = Buffer.concat([...this.#chunks.slice(0, this.#searched), chunk.subarray(0, at)]);
      this.#chunks = [chunk.subarray(at + 1), ...this.#chunks.slice(this.#searched + 1)];
      this.#searched = 0;
      this.heldBytes -= line.length + 1;
      return line;
    }
    return null;
  }

  /** What is left when the stream has ended without a newline. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#searched = 0;
    this.heldBytes = 0;
    return rest;
  }
}
