import { FUNCTION } from './function-codes.js';

/** Read device identification: MEI type 14 of function 43 (Modbus application protocol 1.1b3, 6.21). */
const READ_DEVICE_IDENTIFICATION = 14;
const BASIC = 1;
const AT_MORE = 4;
const AT_NEXT = 5;
const AT_COUNT = 6;
const AT_OBJECTS = 7;

export interface IdentificationObject {
  readonly id: number;
  readonly value: Uint8Array;
}

/** A request for the basic objects from this one on. */
export function identificationRequest(from: number): Uint8Array {
  return Uint8Array.of(FUNCTION.encapsulated, READ_DEVICE_IDENTIFICATION, BASIC, from);
}

/** What an answer to it has in it, and from which object on more is to be asked for; null: that is all. */
export function identificationIn(answer: Uint8Array): {
  readonly objects: readonly IdentificationObject[];
  readonly next: number | null;
} {
  const objects: IdentificationObject[] = [];
  let at = AT_OBJECTS;
  for (let left = answer[AT_COUNT] ?? 0; left > 0 && at + 1 < answer.length; left--) {
    const end = at + 2 + (answer[at + 1] ?? 0);
    objects.push({ id: answer[at] ?? 0, value: answer.slice(at + 2, end) });
    at = end;
  }
  return { objects, next: answer[AT_MORE] === 0xff ? (answer[AT_NEXT] ?? 0) : null };
}
