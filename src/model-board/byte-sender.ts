const bitsPerByte = 10;
const bufferBytes = 128;

/** A UART's sending half: a buffer that empties at the baud rate. Whoever writes asks for `room` first. */
export class ByteSender {
  /** When the byte on the line ends; Infinity while nothing is sent. */
  nextUs = Number.POSITIVE_INFINITY;
  #bytes: number[] = [];
  readonly #byteUs: number;

  constructor(
    baudRate: number,
    private readonly onSent: (byte: number, atUs: number) => void,
  ) {
    this.#byteUs = (bitsPerByte * 1e6) / baudRate;
  }

  get room(): number {
    return bufferBytes - this.#bytes.length;
  }

  send(bytes: Uint8Array, nowUs: number): void {
    this.#bytes.push(...bytes);
    if (this.nextUs === Number.POSITIVE_INFINITY) this.nextUs = nowUs + this.#byteUs;
  }

  /** The byte on the line has ended. */
  finishByte(): void {
    const byte = this.#bytes.shift();
    const atUs = this.nextUs;
    this.nextUs = this.#bytes.length === 0 ? Number.POSITIVE_INFINITY : atUs + this.#byteUs;
    if (byte !== undefined) this.onSent(byte, atUs);
  }

  clear(): void {
    this.#bytes = [];
    this.nextUs = Number.POSITIVE_INFINITY;
  }
}
