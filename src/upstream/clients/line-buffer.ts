const NEWLINE = 10;
/** Beyond so many pieces they become one: each costs some hundred bytes, and a client may send a byte at a time. */
const MAX_CHUNKS = 32;

/** Cuts a byte stream into lines, one at a time, so that whoever takes them may stop in between. Not bounded by itself: see `heldBytes`. */
export class LineBuffer {
  #chunks: Buffer[] = [];
  /** Chunks known to have no end of a line. */
  #searched = 0;
  /** Bytes not yet taken. */
  heldBytes = 0;

  /** @param end the byte that ends a line */
  constructor(private readonly end: number = NEWLINE) {}

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.heldBytes += chunk.length;
    if (this.#chunks.length <= MAX_CHUNKS) return;
    this.#chunks = [Buffer.concat(this.#chunks)];
    this.#searched = 0;
  }

  /** True when `next` would give a line. */
  get hasLine(): boolean {
    return this.#find() >= 0;
  }

  /** The next whole line without its end; null when there is none yet. */
  next(): Buffer | null {
    const at = this.#find();
    if (at < 0) return null;
    const chunk = this.#chunks[this.#searched] as Buffer; // where the end was found
    const line = Buffer.concat([...this.#chunks.slice(0, this.#searched), chunk.subarray(0, at)]);
    this.#chunks = [chunk.subarray(at + 1), ...this.#chunks.slice(this.#searched + 1)];
    this.#searched = 0;
    this.heldBytes -= line.length + 1;
    return line;
  }

  /** What is left when the stream has ended within a line. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#searched = 0;
    this.heldBytes = 0;
    return rest;
  }

  /** Where in the first chunk that has one the end of a line is; -1: nowhere. */
  #find(): number {
    for (; this.#searched < this.#chunks.length; this.#searched++) {
      const at = (this.#chunks[this.#searched] as Buffer).indexOf(this.end); // in range by the loop
      if (at >= 0) return at;
    }
    return -1;
  }
}
