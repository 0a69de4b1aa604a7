/** What a slave in a test has in it: as many registers and coils as there can be, all of them 0 at first. */
export class RegisterMemory {
  readonly holding = new Uint16Array(0x10000);
  readonly input = new Uint16Array(0x10000);
  readonly coils = new Uint8Array(0x10000);
  /** Holding registers that are refused. */
  readonly refused = new Set<number>();

  /** What is said to a request; null: nothing, as to a function that is not known and not answered. */
  answer(pdu: Uint8Array): Uint8Array {
    const [code = 0] = pdu;
    const at = word(pdu, 1);
    const quantity = word(pdu, 3);
    if (code >= 3 && this.refused.has(at)) return Uint8Array.of(code | 0x80, 2);
    switch (code) {
      case 1: {
        const bytes = new Uint8Array(Math.ceil(quantity / 8));
        for (let index = 0; index < quantity; index++) {
          if (this.coils[at + index] === 1) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
        }
        return Uint8Array.of(code, bytes.length, ...bytes);
      }
      case 3:
      case 4: {
        const values = [...(code === 3 ? this.holding : this.input).subarray(at, at + quantity)];
        return Uint8Array.of(code, 2 * quantity, ...values.flatMap((value) => [value >> 8, value & 0xff]));
      }
      case 5:
        this.coils[at] = quantity === 0xff00 ? 1 : 0;
        return pdu;
      case 6:
        this.holding[at] = quantity;
        return pdu;
      case 15:
        for (let index = 0; index < quantity; index++) {
          this.coils[at + index] = ((pdu[6 + (index >> 3)] ?? 0) >> (index & 7)) & 1;
        }
        return pdu.slice(0, 5);
      case 16:
        for (let index = 0; index < quantity; index++) this.holding[at + index] = word(pdu, 6 + 2 * index);
        return pdu.slice(0, 5);
      default:
        return Uint8Array.of(code | 0x80, 1);
    }
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
