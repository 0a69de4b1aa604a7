import { modbusTcp } from '../../own-firmware/client-protocol.js';
import type { OwnFirmware } from '../../own-firmware/own-firmware-setup.js';

export const ADDRESS = 5;
export const HOLDING = { speed: 1, level: 2, gain: 3, resetS: 4, answerMs: 8, silenceMs: 9 } as const;
export const RUN = 0;
/** What of its registers nobody has written yet, from 0 on (apps/modbus/pump.c). */
export const FIRST_HOLDING: readonly number[] = [0, 0, 500, 200, 10, 0, 0, 0, 2, 1000];
const FULL_SPEED = 1000;
const FULL_DUTY = 255;

/** Two pumps behind Modbus, and a master over TCP that waits a second, as most do. */
export const MODBUS_PUMP: OwnFirmware = {
  image: 'modbus',
  board: { line: '19200-8E1', address: ADDRESS },
  baudRate: 19_200,
  format: { dataBits: 8, parity: 'even', stopBits: 1 },
  pins: { duty: 9, trip: 8, others: [7] },
  protocol: { profile: 'modbus-rtu', watch: { holding: '0-7', coils: '0-3' } },
  input: { framing: 'modbus-tcp', units: { [ADDRESS]: 'pair' }, writes: 'codes' },
  client: modbusTcp,
  warmUp: Uint8Array.of(ADDRESS, 3, 0, 0, 0, FIRST_HOLDING.length),
  timeoutUs: 1_000_000,
};

const words = (...values: number[]): number[] => values.flatMap((value) => [value >> 8, value & 0xff]);

/** Requests and answers as clients have them: the unit, then the PDU. */
export const pdu = {
  readCoils: (from: number, count: number) => Uint8Array.of(ADDRESS, 1, ...words(from, count)),
  readHolding: (from: number, count: number) => Uint8Array.of(ADDRESS, 3, ...words(from, count)),
  readInput: (from: number, count: number) => Uint8Array.of(ADDRESS, 4, ...words(from, count)),
  writeCoil: (at: number, on: boolean) => Uint8Array.of(ADDRESS, 5, ...words(at, on ? 0xff00 : 0)),
  writeRegister: (at: number, value: number) => Uint8Array.of(ADDRESS, 6, ...words(at, value)),
  /** The answer to a read of registers. */
  registers: (request: Uint8Array, values: readonly number[]) =>
    Uint8Array.of(ADDRESS, request[1] ?? 0, 2 * values.length, ...words(...values)),
};

/** Which speed a request sets; null: it is none that does. */
export function speedSetBy(request: Uint8Array): number | null {
  const [, code, , at, high = 0, low = 0] = request;
  return code === 6 && at === HOLDING.speed ? (high << 8) | low : null;
}

/** What the pump's pin shows at this speed. */
export function dutyAt(speed: number): number {
  return Math.floor((speed * FULL_DUTY) / FULL_SPEED);
}
